#compdef git-branch-sync
#description fast-forward branches to the release branch

# Installed as $(zshcompdir)/_git-branch-sync, where zsh's own completion of git
# finds it. The words come from the program.

local -a words_left

case $words[CURRENT-1] in
--remote)
	words_left=(${(f)"$(git remote 2>/dev/null)"})
	compadd -a words_left
	return
	;;
--tag)
	words_left=(${(f)"$(git tag 2>/dev/null)"})
	compadd -a words_left
	return
	;;
esac

case $words[CURRENT] in
--from=*|--finish=*|--back-merge=*)
	words_left=(${(f)"$(git branch-sync --completion branches 2>/dev/null)"})
	compadd -P "${words[CURRENT]%%=*}=" -a words_left
	;;
-*)
	words_left=(${=$(git branch-sync --git-completion-helper 2>/dev/null)})
	compadd -S '' -- ${(M)words_left:#*=}
	compadd -- ${words_left:#*=}
	;;
*)
	words_left=(${(f)"$(git branch-sync --completion branches 2>/dev/null)"})
	compadd -a words_left
	;;
esac
