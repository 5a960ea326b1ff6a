#!/bin/sh

test_description='bash, zsh and fish complete "git release", each by itself'

. "$(dirname "$0")/../lib/test-lib.sh"

test_require bash zsh fish

test_expect_success 'setup' '
	make_app_repo app &&
	git -C app config release.staging.url /srv/staging &&
	git -C app config release.production.url /srv/app &&
	git -C app update-ref refs/releases/v1.1.0 v1.1.0 &&
	make -s -o all -C "$TOP" install DESTDIR="$TRASH/inst" prefix=/usr \
		BUILD="$BUILD" &&
	share=$TRASH/inst/usr/share &&
	git release --completion verbs >verbs && test_grep "^verify$" verbs &&
	git release --git-completion-helper | tr " " "\n" >options &&
	git release rollback --git-completion-helper | tr " " "\n" >rollback &&
	printf "v1.0.0\nv1.1.0\nv1.2.0\n" >tags &&
	printf "production\nstaging\n" >environments
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
	offers "git release " verbs tags &&
	offers "git release v1.2" v120 &&
	offers "git release roll" word_rollback &&
	offers "git release --to " environments &&
	offers "git release --to st" staging &&
	offers "git release --to staging v" tags &&
	offers "git release rollback " releases &&
	offers "git release verify " releases &&
	offers "git release build " tags &&
	offers "git release tag v1.2" v120 &&
	offers "git release record v1.2" v120 &&
	offers "git release pending --to p" production &&
	offers "git release pending v1.2" v120 &&
	offers "git release list " none &&
	offers "git release rollback --to p" production &&
	offers "git -C . release --to st" staging &&
	offers "git checkout v1.2" v120
}

test_expect_success 'the words that are expected' '
	echo v1.2.0 >v120 && echo v1.1.0 >releases && : >none &&
	echo rollback >word_rollback && echo release >word_release &&
	echo staging >staging &&
	echo production >production
'

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

test_expect_success 'bash: commands, tags, environments, releases, options' '
	offers_all &&
	offers "git release --" options &&
	offers "git release rollback --" rollback &&
	offers "git release --to=" environments &&
	offers "git rel" word_release &&
	mkdir apart && ln -s ../app apart/there &&
	complete_in apart "git -C there release --to s" >actual &&
	test_cmp staging actual
'

complete_in () {
	(
		cd "$1" && COMPLETIONS=$share/zsh/site-functions \
			zsh -f "$TOP/tests/lib/complete.zsh" "$TRASH/zsh" \
			"$2" >"$TRASH/shown"
	) &&
	sed 1d shown
}

# becomes <line> <what TAB makes of it>
becomes () {
	complete_in app "$1" && echo "[$2]" >expect &&
	sed -n 1p shown >actual && test_cmp expect actual
}

test_expect_success 'zsh: commands, tags, environments, releases, options' '
	offers_all &&
	offers "git release --" options &&
	offers "git release rollback --" rollback &&
	offers "git release --to=" environments &&
	offers "git rel" word_release
'

test_expect_success 'zsh: the word is put in as it must be' '
	becomes "git release --to=st" "git release --to=staging " &&
	becomes "git release --t" "git release --to=" &&
	becomes "git release list" "git release list " &&
	becomes "git-release v1.2" "git-release v1.2.0 "
'

complete_in () {
	(
		cd "$1" && XDG_DATA_DIRS=$share:/usr/share \
			fish -c "complete -C \$argv[1]" "$2"
	) | sed 's/	.*//' | grep -v "^--help$" | sort
}

test_expect_success 'fish: commands, tags, environments, releases, options' '
	offers_all &&
	sed "s/=$//" options >options.fish &&
	offers "git release --" options.fish &&
	sed "s/=$//" rollback >rollback.fish &&
	offers "git release rollback --" rollback.fish &&
	sed "s/^/--to=/" environments >values &&
	offers "git release --to=" values &&
	complete_in app "git rel" >actual && test_grep "^release$" actual &&
	offers "git-release rollback --" rollback.fish &&
	offers "git-release v1.2" v120
'

test_done
