#!/bin/sh
test_description='git drift: killed, or failing, at every step that writes'

. "$(dirname "$0")/../lib/test-lib.sh"

test_expect_success 'a vendor, the list that was kept, and the next version' '
	git init -q -b main base && cd base && echo a >a && git add a &&
	git commit -q -m v && git drift baseline 1.0 && echo b >>a &&
	git config drift.output out/%v.txt && mkdir out && echo old >out/1.0.txt &&
	git add a && git commit -q -m ours && mkdir ../next && echo c >../next/a &&
	git rev-parse author >../old && printf "M\ta\n" >../new.txt &&
	echo old >../old.txt
'

# strike <n> <kind> <argument>...: in a fresh copy; sets $code.
strike () {
	rm -rf run && cp -a base run && : >points && nr=$1 kind=$2 && shift 2 &&
	(
		cd run && GIT_RELEASE_FAULT=client:$nr:$kind \
			GIT_RELEASE_FAULT_LOG=$TRASH/points \
			git-drift "$@" >../out 2>../err </dev/null
	)
	code=$?
}

# each <what must hold> <argument>...: until a run has not come so far.
each () {
	holds=$1 && shift && : >struck &&
	for kind in fail enospc kill after
	do
		nr=1
		while :
		do
			strike $nr $kind "$@" &&
			test -n "$(sed -n "${nr}p" points)" || break
			sed -n "${nr}p" points >>struck
			if ! $holds "$@"
			then
				echo "$kind at $nr: exit $code"; cat points err
				return 1
			fi
			nr=$((nr + 1))
			test $nr -lt 50 || return 1
		done
		test $code = 0 && $holds "$@" || return 1
	done
}

# The list is the old one or the new one, whole; the command works again.
list_holds () {
	{ cmp -s old.txt run/out/1.0.txt || cmp -s new.txt run/out/1.0.txt; } &&
	{ test $code != 0 || cmp -s new.txt run/out/1.0.txt; } &&
	{ test $kind != fail || test $code = 128 || test $code = 0; } &&
	git -C run drift -q -o >again && cmp new.txt run/out/1.0.txt &&
	{ test $kind != fail || test "$(ls -A run/out)" = 1.0.txt; }
}

test_expect_success 'git drift -o' '
	each list_holds -q -o -- 1.0 &&
	for point in create write sync rename
	do
		test_grep "^client $point output$" struck || return 1
	done
'

# Tag and branch are both as they were, or both new; nothing else has moved.
refs_hold () {
	{
		tag=$(git -C run rev-parse -q --verify "author-v2.0^0")
		branch=$(git -C run rev-parse author)
		if test -n "$tag"
		then
			test "$tag" = "$branch"
		else
			test "$branch" = "$(cat old)" && test $code != 0
		fi
	} &&
	git -C run fsck --no-dangling >checked 2>&1 && ! find run/.git -name "*.lock" |
		grep . && git -C run diff --quiet HEAD &&
	git -C run drift baseline 2.0 "$TRASH/next" >again 2>&1 &&
	test "$(git -C run rev-parse "author-v2.0^0")" = \
		"$(git -C run rev-parse author)"
}

test_expect_success 'git drift baseline' '
	each refs_hold baseline 2.0 "$TRASH/next" &&
	test_grep "^client set baseline refs$" struck
'

test_done
