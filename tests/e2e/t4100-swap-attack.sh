#!/bin/sh

test_description='root releases where somebody else swaps directories for links

Whoever owns a directory may exchange what is in it for a link at any moment.
Root links, prunes and recycles there all the same: nothing outside the root
may change, go away, or get in. Without root the attacker is we ourselves; the
kernel does the same for both.'

. "$(dirname "$0")/../lib/test-lib.sh"

if test "$(id -u)" = 0
then
	chmod 755 "$TRASH"
	as='setpriv --reuid=65534 --regid=65534 --clear-groups --'
	give='chown -hR 65534:65534'
else
	as='' give=:
fi

# What is outside, and must stay as it is: also its modes.
outside () {
	find "$TRASH/victim" -printf '%P %y %m %U %s %T@ %n %l\n' | sort &&
	find "$TRASH/victim" -type f -exec sha256sum {} +
}

SWAP_STOP=$TRASH/stop
export SWAP_STOP

# swap <seconds> <directory> <prefix>...
swap () {
	swap_for=$1 swap_in=$2
	shift 2
	$as "$BUILD/tests/swapper" "$swap_for" "$swap_in" "$TRASH/victim" "$@" &
	swappers="$swappers $!"
}

# The rubbish that an attack leaves is the attacker's.
sweep () {
	: >stop
	wait $swappers
	swappers=
	rm stop
	find srv/shared srv/releases -name '.bait-*' -exec rm -rf {} +
	find srv/shared srv/releases -type l -lname "$TRASH/victim" -delete
}

test_expect_success 'setup' '
	mkdir -p victim/a/storage victim/app victim/public victim/b &&
	echo SECRET >victim/a/key && chmod 600 victim/a/key &&
	echo SECRET >victim/app/Model1.php && echo SECRET >victim/index.php &&
	chmod 700 victim/a && chmod 711 victim &&
	make_app_repo app &&
	for n in 1 2 3 4 5 6 7 8
	do
		git -C app config --add release.shared made$n/a/deep$n/ &&
		git -C app config --add release.shared file$n/settings ||
		return 1
	done &&
	git -C app config release.keep 2 &&
	git -C app config release.recycleAfter 0s &&
	app_target app production "$TRASH/srv" &&
	git -C app release --no-sync v1.0.0 &&
	outside >before
'

round () {
	rm -rf srv/shared/made* srv/shared/file* &&
	$give srv/shared srv/releases &&
	chmod 755 srv &&
	test_code_of=$(
		cd app && timeout 30 git release --no-sync --again \
			--allow-older "$1" >../out 2>&1
		echo $?
	)
	cat out
	case $test_code_of in
	0|1|4|128) ;;
	*) echo "exit $test_code_of"; return 1 ;;
	esac
	outside >after
	test_cmp before after
}

test_expect_success 'shared directories become links while they are made' '
	swap 8 srv/shared made1 made2 made3 made4 file1 file2 file3 file4 &&
	swap 8 srv/shared made8 made7 made6 made5 file8 file7 file6 file5 &&
	for n in 1 2 3 4 5 6 7 8 9 10 11 12
	do
		round v1.1.0 || break
	done &&
	sweep &&
	test_cmp before after
'

test_expect_success 'releases and what is in them become links' '
	git -C app config --unset-all release.shared &&
	for n in 1 2 3
	do
		git -C app release --no-sync --again v1.2.0 || return 1
	done &&
	$give srv/releases &&
	for dir in srv/releases/*
	do
		swap 6 $dir app public bin || return 1
	done &&
	swap 6 srv/releases 2 &&
	for v in v1.0.0 v1.1.0 v1.2.0 v1.0.0 v1.1.0 v1.2.0
	do
		round $v || break
	done &&
	sweep &&
	test_cmp before after
'

test_expect_success 'nothing from outside got in' '
	sweep &&
	! grep -r SECRET srv/releases srv/.release
'

test_done
