# Installed as $(bashcompdir)/git-serversync: git's own completion asks
# bash-completion for that file the first time "git serversync <TAB>" is typed
# and then calls _git_serversync. The words come from the program, so there is
# nothing here to keep in step.

__git_serversync_words ()
{
	__git serversync --completion "$1"
}

_git_serversync ()
{
	local verbs verb envs captures

	verbs="$(__git_serversync_words verbs)"
	verb="$(__git_find_on_cmdline "$verbs")"

	case "$verb,$cur" in
	,--*)
		__gitcomp "$(__git serversync --git-completion-helper)"
		;;
	*,--*)
		__gitcomp "$(__git serversync "$verb" --git-completion-helper)"
		;;
	check,*|reject,*)
		# Behind the branch files are named.
		captures="$(__git_serversync_words captures)"
		test -n "$(__git_find_on_cmdline "$captures")" ||
			__gitcomp_nl "$captures"
		;;
	*)
		envs="$(__git_serversync_words environments)"
		# A command is the first word, or there is none.
		test "$prev" = serversync || verbs=
		__gitcomp_nl "$verbs${verbs:+
}$envs"
		;;
	esac
}
