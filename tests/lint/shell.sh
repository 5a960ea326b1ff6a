#!/bin/sh
# Shell scripts are POSIX sh, but for the completions.

. "$(dirname "$0")/lint-lib.sh"
need shellcheck bash

scripts () {
	files '*.sh'
	files '.ci/*' | while read -r name
	do
		head -n 1 "$name" | grep -q '^#!.*sh$' && echo "$name"
	done | grep -v '\.sh$'
}

syntax () {
	for file in $(scripts)
	do
		case $(head -n 1 "$file") in
		*bash) bash -n "$file" ;;
		*) sh -n "$file" ;;
		esac
	done
	for file in $(files '*.bash')
	do
		bash -n "$file"
	done
}

# SC2016: test bodies are quoted on purpose. SC1090, SC1091: sourced files.
# SC2034, SC2154: variables that the test library and its users share.
# SC2015: "a && b || { complain; }" is the idiom here. SC2046, SC2086: lists of
# our own file names, which hold no blanks, are split on purpose.
# SC2317, SC2329: functions that are called by name.
careful () {
	for file in $(scripts)
	do
		# What is sourced has no first line that says what it is.
		shell=
		head -n 1 "$file" | grep -q '^#!' || shell='-s sh'
		shellcheck $shell -f gcc -S info \
			-e SC2016,SC1090,SC1091,SC2034,SC2154,SC2015 \
			-e SC2046,SC2086,SC2317,SC2329 "$file"
	done
	return 0
}

executable () {
	for file in $(files 'tests/e2e/*.sh' 'tests/lint/*.sh' '.ci/*')
	do
		case $file in
		*-lib.sh) continue ;;
		esac
		test -x "$file" || echo "$file: not executable"
	done
}

check 'scripts parse' syntax
check 'shellcheck finds nothing' careful
check 'programs are executable' executable
lint_done
