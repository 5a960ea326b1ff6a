#!/bin/sh

test_description='bash, zsh and fish complete "git drift", each by itself'

. "$(dirname "$0")/../lib/test-lib.sh"

test_require bash zsh fish

test_expect_success 'setup' '
	git init -q -b main app && cd app && echo a >a && git add a &&
	git commit -q -m a && git tag author-v5.2.1 && git tag other &&
	git update-ref refs/deployments/staging HEAD &&
	git update-ref refs/deployments/production HEAD && cd .. &&
	make -s -o all -C "$TOP" install DESTDIR="$TRASH/inst" prefix=/usr \
		BUILD="$BUILD" &&
	share=$TRASH/inst/usr/share &&
	git drift --completion verbs >verbs && test_grep "^between$" verbs &&
	git drift --git-completion-helper | tr " " "\n" >options &&
	git drift baseline --git-completion-helper | tr " " "\n" >baseline &&
	printf "author-v5.2.1\nmain\nother\n" >revisions &&
	echo author-v5.2.1 >author && echo between >word_between &&
	printf "production\nstaging\n" >environments && echo staging >staging
'

test_expect_success 'the program names them' '
	git -C app drift --completion baselines >actual &&
	test_cmp author actual &&
	git -C app drift --completion revisions | sort >actual &&
	test_cmp revisions actual &&
	git -C app drift --completion environments | sort >actual &&
	test_cmp environments actual &&
	test_expect_code 129 git -C app drift --completion nonsense
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
	offers "git drift " verbs revisions &&
	offers "git drift bet" word_between &&
	offers "git drift aut" author &&
	offers "git drift author-v5.2.1 mai" main_only &&
	offers "git drift between " environments &&
	offers "git drift between production st" staging &&
	offers "git drift predict --baseline " author &&
	offers "git drift predict --commit mai" main_only &&
	offers "git -C . drift between st" staging
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

test_expect_success 'bash' '
	echo main >main_only && offers_all &&
	offers "git drift --" options &&
	offers "git drift baseline --" baseline
'

complete_in () {
	(
		cd "$1" && COMPLETIONS=$share/zsh/site-functions \
			zsh -f "$TOP/tests/lib/complete.zsh" "$TRASH/zsh" \
			"$2" >"$TRASH/shown"
	) &&
	sed 1d shown
}

test_expect_success 'zsh' '
	offers_all &&
	offers "git drift --" options &&
	offers "git drift baseline --" baseline
'

complete_in () {
	(
		cd "$1" && XDG_DATA_DIRS=$share:/usr/share \
			fish -c "complete -C \$argv[1]" "$2"
	) | sed 's/	.*//' | grep -v "^--help$" | sort
}

test_expect_success 'fish' '
	offers_all &&
	sed "s/=$//" options >options.fish &&
	offers "git drift --" options.fish &&
	sed "s/=$//" baseline >baseline.fish &&
	offers "git drift baseline --" baseline.fish
'

test_done
