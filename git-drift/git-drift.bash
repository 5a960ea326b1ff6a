# Installed as $(bashcompdir)/git-drift: git's own completion asks
# bash-completion for that file the first time "git drift <TAB>" is typed
# and then calls _git_drift. The words come from the program, so there is
# nothing here to keep in step.

__git_drift_words ()
{
	__git drift --completion "$1"
}

_git_drift ()
{
	local verbs verb

	verbs="$(__git_drift_words verbs)"
	verb="$(__git_find_on_cmdline "$verbs")"

	case "$prev,$verb" in
	--baseline,*)
		__gitcomp_nl "$(__git_drift_words baselines)"
		return
		;;
	--commit,*)
		__git_complete_refs
		return
		;;
	-o,*|--output,*|--apply,*)
		return
		;;
	esac

	case "$verb,$cur" in
	,--*)
		__gitcomp "$(__git drift --git-completion-helper)"
		;;
	*,--*)
		__gitcomp "$(__git drift "$verb" --git-completion-helper)"
		;;
	,*)
		# A command is the first word, or there is none.
		test "$prev" = drift || verbs=
		__gitcomp_nl "$verbs
$(__git_drift_words revisions)"
		;;
	between,*)
		__gitcomp_nl "$(__git_drift_words environments)"
		;;
	check,*|predict,*)
		# Of nothing at all bash makes file names.
		__gitcomp_nl "$(__git_drift_words revisions)"
		;;
	esac
}
