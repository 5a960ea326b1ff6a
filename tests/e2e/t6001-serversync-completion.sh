#!/bin/sh

test_description='bash, zsh and fish complete "git serversync"'

. "$(dirname "$0")/../lib/test-lib.sh"

test_require bash zsh fish

test_expect_success 'setup' '
	git init -q app && git -C app config release.staging.url /srv/staging &&
	git -C app config release.production.url /srv/app &&
	make -s -o all -C "$TOP" install DESTDIR="$TRASH/inst" prefix=/usr \
		BUILD="$BUILD" &&
	share=$TRASH/inst/usr/share &&
	git serversync --completion verbs >verbs && test_grep "^audit$" verbs &&
	git serversync audit --git-completion-helper | tr " " "\n" >audit &&
	test_grep "^--fix$" audit &&
	printf "production\nstaging\n" >environments &&
	echo staging >staging && echo audit >au && echo serversync >word
'

# offers <line> <file>...: exactly the lines of the files.
offers () {
	offers_line=$1
	shift
	cat "$@" | sort >expect && complete_in app "$offers_line" >actual &&
	test_cmp expect actual || { echo "for: $offers_line"; return 1; }
}

# What all three have in common.
offers_all () {
	offers "git serversync " verbs &&
	offers "git serversync au" au &&
	offers "git serversync audit " environments &&
	offers "git serversync audit st" staging &&
	offers "git -C . serversync audit st" staging &&
	offers "git serversync audit --" audit
}

# The last word may be empty.
complete_in () {
	(
		cd "$1" &&
		case $2 in
		*" ") set -- $2 "" ;;
		*) set -- $2 ;;
		esac &&
		COMPLETIONS=$share/bash-completion/completions \
			bash "$TOP/tests/lib/complete.bash" "$@" | sed '/^$/d'
	)
}

test_expect_success 'bash: commands, environments, options' '
	offers_all && offers "git serv" word
'

complete_in () {
	(
		cd "$1" && COMPLETIONS=$share/zsh/site-functions \
			zsh -f "$TOP/tests/lib/complete.zsh" "$TRASH/zsh" \
			"$2" >"$TRASH/shown"
	) &&
	sed 1d shown
}

test_expect_success 'zsh: commands, environments, options' '
	offers_all && offers "git serv" word
'

complete_in () {
	(
		cd "$1" && XDG_DATA_DIRS=$share:/usr/share \
			fish -c "complete -C \$argv[1]" "$2"
	) | sed 's/	.*//' | grep -v "^--help$" | sort
}

test_expect_success 'fish: commands, environments, options' '
	offers_all &&
	complete_in app "git serv" >actual && test_grep "^serversync$" actual
'

test_done
