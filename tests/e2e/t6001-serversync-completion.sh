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
	git serversync --git-completion-helper | tr " " "\n" >options &&
	git serversync reject --git-completion-helper | tr " " "\n" >reject &&
	test_grep "^--no-push$" reject &&
	git serversync audit --git-completion-helper | tr " " "\n" >audit &&
	test_grep "^--fix$" audit &&
	printf "production\nstaging\n" >environments &&
	echo staging >staging && echo audit >au && echo serversync >word
'

# Here, on two remotes, on both, and what is no capture.
test_expect_success 'captures' '
	cd app && git commit -q --allow-empty -m one && git branch serversync/staging/20261126120000 &&
	git branch serversync/staging/20261126120000-2 &&
	git branch serversync/mine && git branch x/serversync/staging/1 &&
	for ref in origin/serversync/production/20261127120000 \
		a/b/serversync/production/20261128120000 \
		origin/serversync/staging/20261126120000
	do
		git update-ref refs/remotes/$ref HEAD || return 1
	done && cd .. &&
	cat >captures <<-\EOF &&
	serversync/production/20261127120000
	serversync/production/20261128120000
	serversync/staging/20261126120000
	serversync/staging/20261126120000-2
	EOF
	(cd app && git serversync --completion captures) >actual &&
	test_cmp captures actual && grep production captures >production &&
	>app/some-file && echo some-file >file && : >none
'

# offers <line> <file>...: exactly the lines of the files.
offers () {
	offers_line=$1
	shift
	cat "$@" | sort >expect && complete_in app "$offers_line" >actual &&
	test_cmp expect actual || { echo "for: $offers_line"; return 1; }
}

# What all three have in common; in bash readline completes files by itself.
# offers_all <options of the main job> <files>
offers_all () {
	offers "git serversync " verbs environments &&
	offers "git serversync au" au &&
	offers "git serversync st" staging &&
	offers "git serversync -n st" staging &&
	offers "git serversync audit " environments &&
	offers "git serversync audit st" staging &&
	offers "git -C . serversync audit st" staging &&
	offers "git serversync audit --" audit &&
	for verb in check reject
	do
		grep -qx $verb verbs || continue
		offers "git serversync $verb " captures &&
		offers "git serversync $verb serversync/p" production &&
		offers "git serversync $verb $(sed 1q captures) so" "$2" ||
			return 1
	done &&
	offers "git serversync reject --" reject &&
	{ ! grep -q . options || offers "git serversync --" "$1"; }
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
	offers_all options none && offers "git serv" word
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
	offers_all options file && offers "git serv" word
'

complete_in () {
	(
		cd "$1" && XDG_DATA_DIRS=$share:/usr/share \
			fish -c "complete -C \$argv[1]" "$2"
	) | sed 's/	.*//' | grep -v "^--help$" | sort
}

test_expect_success 'fish: commands, environments, options' '
	sed "s/=$//" options >options.fish && offers_all options.fish file &&
	complete_in app "git serv" >actual && test_grep "^serversync$" actual
'

test_done
