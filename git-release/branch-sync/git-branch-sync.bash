# Installed as $(bashcompdir)/git-branch-sync: git's own completion asks
# bash-completion for that file the first time "git branch-sync <TAB>" is typed
# and then calls _git_branch_sync. The words come from the program, so there is
# nothing here to keep in step.

_git_branch_sync ()
{
	case "$cur" in
	--*)
		__gitcomp "$(git branch-sync --git-completion-helper 2>/dev/null)"
		;;
	*)
		__git_complete_refs
		;;
	esac
}
