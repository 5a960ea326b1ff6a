# zsh -f complete.zsh <scratch> <line>: what zsh makes of <line> when TAB is
# typed behind it. Prints the line as it is then, in brackets, and every word
# that was offered, sorted.
#
# A zsh on a terminal of its own loads its whole completion system and is typed
# to. The words are those that calls of compadd accept, so that no layout of a
# list has to be read. $COMPLETIONS is the directory with our completion, and
# the current directory is in the repository.

zmodload zsh/zpty

export INNER=$1
mkdir -p $INNER || exit 1
rm -f $INNER/*(N)
cat >$INNER/rc.zsh <<'EOT'
PROMPT= PS2= RPROMPT=
fpath=($COMPLETIONS $fpath)
autoload -Uz compinit
compinit -u -d $INNER.dump
bindkey -e
bindkey '^I' complete-word
unsetopt list_beep beep

compadd () {
	local -a accepted

	# What fills an array of the caller offers nothing.
	if [[ ${*%% --*} != *-[ODA]* ]]
	then
		builtin compadd -O accepted "$@"
		(( ! $#accepted )) || print -rl -- $accepted >>$INNER/words
	fi
	builtin compadd "$@"
}
no_list () {
	compstate[list]=
}
comppostfuncs=(no_list)
show () {
	print -r -- "[$BUFFER]" >$INNER/line.new && mv $INNER/line.new $INNER/line
}
zle -N show
bindkey '^X' show
: >$INNER/ready
EOT

# Reads what the terminal shows, so that it is never full.
wait_for () {
	local i shown

	for i in {1..300}
	do
		[[ ! -e $1 ]] || return 0
		zpty -r -t inner shown || sleep 0.1
	done
	print -u2 "zsh never made $1"
	zpty -d inner
	exit 1
}

zpty inner zsh -f -i
zpty -w inner "source $INNER/rc.zsh"
wait_for $INNER/ready
zpty -w -n inner "$2"$'\t\C-x'
wait_for $INNER/line
zpty -d inner
cat $INNER/line
[[ ! -e $INNER/words ]] || sort -u $INNER/words
exit 0
