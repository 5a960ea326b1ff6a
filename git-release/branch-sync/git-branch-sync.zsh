#compdef git-branch-sync

# Installed as $(zshcompdir)/_git-branch-sync, where zsh's own completion of git
# finds it. The words come from the program.

local -a words_left

case $words[CURRENT] in
-*)
	words_left=(${=$(git branch-sync --git-completion-helper 2>/dev/null)})
	compadd -S '' -- ${(M)words_left:#*=}
	compadd -- ${words_left:#*=}
	;;
esac
