#!/bin/sh
test_description='a server that lies about what was changed on it'

. "$(dirname "$0")/../lib/test-lib.sh"

# ask <lie>: what the client makes of it, in "out"; nobody waits for long.
ask () {
	mkdir -p srv taken && rm -rf taken/* &&
	LIE=$1 timeout 60 "$BUILD/tests/scan-drive" -o taken \
		"$BUILD/tests/lying-agent" "$TRASH/srv" >out 2>err
}

# refused <lie>...: an error that may be shown, and nothing was given.
refused () {
	for lie
	do
		test_expect_code 1 ask "$lie" &&
		test_grep "^error -[13]: " out && test_must_be_empty err &&
		! LC_ALL=C grep -q "[[:cntrl:]]" out &&
		test -z "$(ls taken)" || { echo "# $lie"; return 1; }
	done
}

test_expect_success 'without a lie it is taken' '
	ask take-honest && test_grep "^took 1 " out &&
	test "$(cat taken/0)" = hello
'

test_expect_success 'paths that lead out' '
	refused scan-up scan-up-deep scan-absolute scan-dot scan-slashes \
		scan-unknown
'

test_expect_success 'lists that contradict themselves' '
	refused scan-unsorted scan-twice scan-place scan-directory scan-sum \
		scan-other scan-plain scan-revision scan-target
'

test_expect_success 'an index that the client does not have' '
	refused scan-base && ask_cached () {
		LIE=$1 timeout 60 "$BUILD/tests/scan-drive" -c cache \
			"$BUILD/tests/lying-agent" "$TRASH/srv" >out 2>err
	} &&
	ask_cached scan-foreign && test $(ls cache | wc -l) = 1 &&
	test_expect_code 1 ask_cached scan-base &&
	test_grep "^error -1: the scan builds upon what there is not" out
'

test_expect_success 'bytes that are no scan, or without end' '
	refused scan-nothing scan-empty scan-text scan-cut scan-more \
		scan-garbage scan-endless scan-bomb scan-close
'

test_expect_success 'a size that nobody can take' '
	refused scan-huge && test_grep "too large to be taken" out
'

test_expect_success 'contents that are not those that were named' '
	refused take-wrong take-short take-nothing
'

test_expect_success 'contents out of order, or without end' '
	refused take-many take-none take-old take-olds take-chunk \
		take-garbage take-empty take-endless take-close &&
	# Refused for what was said: a liar that died says nothing.
	refused take-olds && test_grep "not in order" out &&
	# What came before these was in order.
	for lie in take-long take-twice take-cut
	do
		test_expect_code 1 ask $lie && test_grep "^error -1: " out || return 1
	done
'

test_expect_success 'a bomb of zeros' '
	refused take-bomb
'

test_expect_success 'its words are quoted where they are shown, its code kept' '
	test_expect_code 1 ask scan-error && test_grep "^error -3: no" out &&
	test_expect_code 1 ask take-error && test_grep "^error -3: no" out
'

test_expect_success 'names that only the caller can judge come as they are' '
	ask scan-git && test_grep " .git/hooks/x$" out &&
	ask scan-escapes && test_grep "a.033.0;owned.a.r.nb" out
'

test_done
