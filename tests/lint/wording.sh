#!/bin/sh
# What no committed file may hold. The patterns have brackets in them so that
# this file does not match itself.

. "$(dirname "$0")/lint-lib.sh"

# find_in <extended regexp> [<pathspec>...]: the places, as git grep says them.
find_in () {
	pattern=$1
	shift
	git grep --untracked -nIE "$pattern" -- "$@"
	test $? -le 1
}

open_ends () {
	find_in '\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\b' . ':!LICENSE'
}

machine_paths () {
	find_in '(^|[^a-zA-Z0-9_.*-])/(wor[k]|roo[t])/[a-zA-Z0-9]' .
	# Tests may make up a home.
	find_in '(^|[^a-zA-Z0-9_.*-])/hom[e]/[a-zA-Z0-9]' . ':!tests'
}

registries () {
	find_in 'registry\.npm[j]s|py[p]i\.org|crates\.[i]o|rubygems\.[o]rg|packagis[t]\.org|proxy\.golan[g]' .
}

comments () {
	find_in '(^|[[:space:];{})])/[/]( |$|[a-zA-Z])' '*.c' '*.h'
}

typedefs () {
	find_in '^[[:space:]]*typedef[[:space:]]+(struct|union|enum)' \
		'*.c' '*.h'
}

blanks () {
	find_in '[[:blank:]]$' . ':!*.md' ':!LICENSE'
}

# Library code returns what it has to say. mem.c ends the program when memory
# is used up, the agent is a program of its own.
printing () {
	find_in '\b(printf|puts|putchar|vprintf|perror|exit)[[:blank:]]*\(|[(,][[:blank:]]*(stdout|stderr)\)' \
		'common/*.c' 'git-*.c' \
		':!common/ui' ':!common/agent' ':!common/base/mem.c' \
		':!git-*/main.c' ':!git-*/cmd_*.c' |
		grep -vE ':[0-9]+:[[:blank:]]*(/?\*|//)'
	return 0
}

check 'nothing is left open' open_ends
check 'no path of one machine' machine_paths
check 'no package registry is named' registries
check 'comments are /* */' comments
check 'no struct hides behind a typedef' typedefs
check 'no blanks at the end of a line' blanks
check 'only commands print, only main ends the program' printing
lint_done
