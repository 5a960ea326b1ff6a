#!/bin/sh

test_description='bash, zsh and fish complete "git branch-sync"'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-branches.sh"

test_require bash zsh fish

test_expect_success 'setup' '
	branches_make origin.git app && git -C app tag v1.2.0 c4 &&
	make -s -o all -C "$TOP" install DESTDIR="$TRASH/inst" prefix=/usr \
		BUILD="$BUILD" &&
	share=$TRASH/inst/usr/share &&
	printf "develop\nmain\nproduction\nstaging\n" >branches &&
	echo staging >staging && echo v1.2.0 >tag && echo origin >remotes &&
	echo branch-sync >word &&
	git branch-sync --git-completion-helper | tr " " "\n" >options
'

test_expect_success 'the program lists the branches of its remotes' '
	git -C app branch-sync --completion branches | sort >actual &&
	test_cmp branches actual &&
	test_expect_code 129 git -C app branch-sync --completion nonsense
'

# offers <line> <file>...: exactly the lines of the files.
offers () {
	offers_line=$1
	shift
	cat "$@" | sort >expect && complete_in app "$offers_line" >actual &&
	test_cmp expect actual || { echo "for: $offers_line"; return 1; }
}

offers_all () {
	offers "git branch-sync " branches &&
	offers "git branch-sync main st" staging &&
	offers "git branch-sync --from st" staging &&
	offers "git branch-sync --tag v" tag &&
	offers "git branch-sync --remote " remotes &&
	complete_in app "git branch-s" >actual && test_cmp word actual
}

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
	offers_all && offers "git branch-sync --" options &&
	offers "git branch-sync --finish=st" staging
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
	offers_all && offers "git branch-sync --" options
'

complete_in () {
	(
		cd "$1" && XDG_DATA_DIRS=$share:/usr/share \
			fish -c "complete -C \$argv[1]" "$2"
	) | sed 's/	.*//' | grep -v "^--help$" | sort
}

test_expect_success 'fish' '
	sed "s/=$//" options >options.fish &&
	offers_all && offers "git branch-sync --" options.fish &&
	offers "git-branch-sync st" staging
'

test_done
