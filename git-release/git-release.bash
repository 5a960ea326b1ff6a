# Installed as $(bashcompdir)/git-release: git's own completion asks
# bash-completion for that file the first time "git release <TAB>" is typed and
# then calls _git_release. The words come from the program, so there is nothing
# here to keep in step.

__git_release_words ()
{
	__git release --completion "$1"
}

_git_release ()
{
	local verbs verb

	verbs="$(__git_release_words verbs)"
	verb="$(__git_find_on_cmdline "$verbs")"

	case "$prev" in
	--to)
		__gitcomp_nl "$(__git_release_words environments)"
		return
		;;
	--commit)
		# Of "tag"; the switch of "record" has no value.
		if test "$verb" = tag
		then
			__git_complete_refs
			return
		fi
		;;
	esac

	case "$verb,$cur" in
	*,--to=*)
		__gitcomp_nl "$(__git_release_words environments)" "" \
			"${cur##--to=}"
		;;
	,--*)
		__gitcomp "$(__git release --git-completion-helper)"
		;;
	*,--*)
		__gitcomp "$(__git release "$verb" --git-completion-helper)"
		;;
	,*)
		# A command is the first word, or there is none.
		test "$prev" = release || verbs=
		__gitcomp_nl "$verbs
$(__git_release_words tags)"
		;;
	activate,*|rollback,*|show,*|verify,*)
		__gitcomp_nl "$(__git_release_words releases)"
		;;
	build,*|pending,*|record,*|tag,*)
		__gitcomp_nl "$(__git_release_words tags)"
		;;
	esac
}
