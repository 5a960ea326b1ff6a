#compdef git-drift
#description list what was changed in a vendor's code

# Installed as $(zshcompdir)/_git-drift, where zsh's own completion of git
# finds it. The words come from the program.

local -a verbs words_left
local verb

verbs=(${(f)"$(git drift --completion verbs 2>/dev/null)"})
# A command is the first word, or there is none.
(( CURRENT > 2 )) && verb=${(M)verbs:#$words[2]}

case $words[CURRENT-1] in
--baseline)
	words_left=(${(f)"$(git drift --completion baselines 2>/dev/null)"})
	compadd -a words_left
	return
	;;
--commit)
	words_left=(${(f)"$(git drift --completion revisions 2>/dev/null)"})
	compadd -a words_left
	return
	;;
-o|--output)
	_files
	return
	;;
--apply)
	return
	;;
esac

case $words[CURRENT] in
-*)
	words_left=(${=$(git drift $verb --git-completion-helper 2>/dev/null)})
	compadd -S '' -- ${(M)words_left:#*=}
	compadd -- ${words_left:#*=}
	;;
*)
	case $verb in
	''|check|predict)
		words_left=(${(f)"$(git drift --completion revisions 2>/dev/null)"})
		(( CURRENT > 2 )) || words_left+=($verbs)
		;;
	between)
		words_left=(${(f)"$(git drift --completion environments 2>/dev/null)"})
		;;
	esac
	compadd -a words_left
	[[ $verb != baseline && $verb != predict ]] || _files
	;;
esac
