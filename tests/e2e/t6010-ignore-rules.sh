#!/bin/sh

test_description='what .gitignore says, against git check-ignore'

. "$(dirname "$0")/../lib/test-lib.sh"
test_require python3

# asks_git <seed> <cases>
asks_git () {
	rm -rf tree && git init -q tree &&
	python3 "$TOP/tests/lib/random-ignore.py" "$1" "$2" \
		"$GIT_RELEASE_BUILD/tests/ignore-probe" tree >out ||
	{ cat out; return 1; }
}

# Each case is up to four files, asked about each path of an odd tree.
test_expect_success 'random patterns mean what git says' '
	asks_git 6010 700 && asks_git 6011 700
'

test_done
