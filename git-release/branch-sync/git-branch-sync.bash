# Installed as $(bashcompdir)/git-branch-sync: git's own completion asks
# bash-completion for that file the first time "git branch-sync <TAB>" is typed
# and then calls _git_branch_sync. The words come from the program, so there is
# nothing here to keep in step.

__git_branch_sync_words ()
{
	__git branch-sync --completion "$1"
}

_git_branch_sync ()
{
	case "$prev" in
	--remote)
		__gitcomp_nl "$(__git_remotes)"
		return
		;;
	--tag)
		__gitcomp_nl "$(__git_tags)"
		return
		;;
	esac

	case "$cur" in
	--remote=*)
		__gitcomp_nl "$(__git_remotes)" "" "${cur#*=}"
		;;
	--tag=*)
		__gitcomp_nl "$(__git_tags)" "" "${cur#*=}"
		;;
	--from=*|--finish=*|--back-merge=*)
		__gitcomp_nl "$(__git_branch_sync_words branches)" "" "${cur#*=}"
		;;
	--*)
		__gitcomp "$(__git branch-sync --git-completion-helper)"
		;;
	*)
		__gitcomp_nl "$(__git_branch_sync_words branches)"
		;;
	esac
}
