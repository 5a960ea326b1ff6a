# bash complete.bash <word>...: what bash offers for the last of these words of
# a command line, by git's own completion, as it is typed with TAB behind it.
# $COMPLETIONS is the directory with our completions.

for file in /usr/share/bash-completion/completions/git \
	/usr/local/share/bash-completion/completions/git \
	/usr/share/git/completion/git-completion.bash
do
	test ! -f "$file" || break
done
. "$file" || exit 1
for ours in "$COMPLETIONS"/git-*
do
	. "$ours" || exit 1
done

COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
COMP_LINE="$*"
COMP_POINT=${#COMP_LINE}
COMP_TYPE=9
COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
__git_wrap__git_main
printf '%s\n' "${COMPREPLY[@]}" | sed 's/ $//' | sort
