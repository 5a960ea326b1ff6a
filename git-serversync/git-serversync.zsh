#compdef git-serversync
#description bring back what happened on a server

# Installed as $(zshcompdir)/_git-serversync, where zsh's own completion of git
# finds it. The words come from the program.

local -a verbs words_left
local verb

verbs=(${(f)"$(git serversync --completion verbs 2>/dev/null)"})
# A command is the first word, or there is none.
(( CURRENT > 2 )) && verb=${(M)verbs:#$words[2]}

case $words[CURRENT] in
-*)
	words_left=(${=$(git serversync $verb --git-completion-helper 2>/dev/null)})
	compadd -S '' -- ${(M)words_left:#*=}
	compadd -- ${words_left:#*=}
	;;
*)
	case $verb in
	(check|reject)
		words_left=(${(f)"$(git serversync --completion captures 2>/dev/null)"})
		# Behind the branch files are named.
		if [[ -n ${words_left:*words} ]]; then
			_files
			return
		fi
		;;
	*)
		words_left=(${(f)"$(git serversync --completion environments 2>/dev/null)"})
		(( CURRENT > 2 )) || words_left+=($verbs)
		;;
	esac
	compadd -a words_left
	;;
esac
