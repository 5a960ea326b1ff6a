#compdef git-release
#description release a tag to an environment

# Installed as $(zshcompdir)/_git-release, where zsh's own completion of git
# finds it. The words come from the program.

local -a verbs words_left
local verb

verbs=(${(f)"$(git release --completion verbs 2>/dev/null)"})
# A command is the first word, or there is none.
(( CURRENT > 2 )) && verb=${(M)verbs:#$words[2]}

if [[ $words[CURRENT-1] == --to ]]
then
	words_left=(${(f)"$(git release --completion environments 2>/dev/null)"})
	compadd -a words_left
	return
fi

case $words[CURRENT] in
--to=*)
	words_left=(${(f)"$(git release --completion environments 2>/dev/null)"})
	compadd -P --to= -a words_left
	;;
-*)
	words_left=(${=$(git release $verb --git-completion-helper 2>/dev/null)})
	compadd -S '' -- ${(M)words_left:#*=}
	compadd -- ${words_left:#*=}
	;;
*)
	case $verb in
	''|build|pending|record|tag)
		words_left=(${(f)"$(git release --completion tags 2>/dev/null)"})
		(( CURRENT > 2 )) || words_left+=($verbs)
		;;
	activate|rollback|show|verify)
		words_left=(${(f)"$(git release --completion releases 2>/dev/null)"})
		;;
	esac
	compadd -a words_left
	;;
esac
