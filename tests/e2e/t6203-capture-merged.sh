#!/bin/sh

test_description='git serversync: what was captured and merged waits for the next release'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-serversync.sh"
test_require python3

branches () {
	git -C app branch --list "serversync/*" | wc -l
}

# merged: the capture, in the branch that reviews are against.
merged () {
	git -C app merge -q --no-edit "$(branch)" &&
	git -C app push -q origin production
}

test_expect_success 'captured, and merged: nothing is captured again' '
	project && echo x >$live/new.php && echo y >>$live/app/Model1.php &&
	rm $live/app/Model2.php &&
	captures 0 --delete app/Model2.php=replaced && merged &&
	captures 0 && test_grep "^3 files are in origin/production already" out &&
	test_grep "^Nothing to capture$" out && test "$(branches)" = 1 &&
	captures 0 --json && test "$(says "[\"outcome\"]")" = nothing &&
	test "$(says "[\"merged\"]")" = 3 &&
	test "$(says "[\"target\"]")" = origin/production
'

test_expect_success 'nor in another clone, when the branch is gone' '
	git -C app push -q origin ":$(branch)" && git -C app branch -D "$(branch)" &&
	captures 0 && test_grep "^Nothing to capture$" out && test "$(branches)" = 0
'

test_expect_success 'what was done since is captured alone' '
	echo z >$live/later.php && captures 0 && test "$(branches)" = 1 &&
	printf "A\tlater.php\n" >want && changes >got && test_cmp want got &&
	test_grep "^3 files are in origin/production already" out
'

test_expect_success 'the same files edited once more are captured once more' '
	echo more >>$live/new.php && captures 0 &&
	printf "A\tlater.php\nA\tnew.php\n" >want && changes >got && test_cmp want got
'

test_expect_success 'a target that is behind what is live has nothing merged' '
	project && git -C app branch old v1.3.0 && git -C app push -q origin old &&
	echo new >>app/app/Model1.php && released v1.4.0 &&
	git -C app config serversync.target old &&
	git -C app show v1.3.0:app/Model1.php >$live/app/Model1.php &&
	captures 0 && test_grep "^Captured 1 file" out
'

test_done
