# Installed as $(bashcompdir)/git-drift: git's own completion asks
# bash-completion for that file the first time "git drift <TAB>" is typed
# and then calls _git_drift. The words come from the program, so there is
# nothing here to keep in step.

_git_drift ()
{
	case "$cur" in
	--*)
		__gitcomp "$(git drift --git-completion-helper 2>/dev/null)"
		;;
	*)
		__git_complete_refs
		;;
	esac
}
