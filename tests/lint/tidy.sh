#!/bin/sh
# clang-tidy looks for bugs, as .clang-tidy says. It takes seconds for a file,
# so what passed is remembered in build/lint under a key made of the file as
# the preprocessor leaves it: only what changed is looked at again.

. "$(dirname "$0")/lint-lib.sh"
need clang-tidy clang timeout sha256sum

flags='-std=gnu17 -I. -O2'
passed=$BUILD/lint/tidy
mkdir -p "$passed" || exit 1

tidy_one () {
	key=$({
		cat .clang-tidy
		echo "$1 $flags"
		clang $flags -E "$1"
	} | sha256sum | cut -d' ' -f1)
	test ! -e "$passed/$key" || return 0
	if timeout "${LINT_TIMEOUT:-120}" \
		clang-tidy --quiet "$1" -- $flags 2>&1
	then
		: >"$passed/$key"
	else
		echo "$1: clang-tidy does not pass"
	fi | grep -vE '^[0-9]+ warnings? (generated|treated)'
}

# Two at a time, what each finds in one piece.
tidy () {
	slot=0
	for file in $(files 'common/*.c' 'git-*.c')
	do
		slot=$((slot + 1))
		tidy_one "$file" >"$lint_out.$slot" &
		test $((slot % 2)) != 0 || wait
	done
	wait
	for log in "$lint_out".[0-9]*
	do
		test ! -f "$log" || cat "$log"
		rm -f "$log"
	done
}

check 'clang-tidy finds nothing' tidy
lint_done
