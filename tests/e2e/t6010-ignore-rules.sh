#!/bin/sh

test_description='what .gitignore and .gitattributes say, against git'

. "$(dirname "$0")/../lib/test-lib.sh"
test_require python3

# asks_git <seed> <cases> [attributes]
asks_git () {
	rm -rf tree && git init -q tree &&
	python3 "$TOP/tests/lib/random-ignore.py" "$1" "$2" \
		"$GIT_RELEASE_BUILD/tests/ignore-probe" tree ${3:+"$3"} >out ||
	{ cat out; return 1; }
}

# Each case is up to four files, asked about each path of an odd tree.
test_expect_success 'random patterns mean what git says' '
	asks_git 6010 500 && asks_git 6011 500
'

test_expect_success 'random attributes mean what git says' '
	asks_git 6012 250 attributes && asks_git 6013 250 attributes
'

test_done
