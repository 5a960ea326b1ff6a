#!/bin/sh
# The other compiler, whole-program checks of cppcheck and the paths that gcc's
# analyzer follows.

. "$(dirname "$0")/lint-lib.sh"
need cppcheck gcc clang make

# -O1 gives the analyzer inlined cleanup functions, -S stops it before the
# assembler. -Wno-analyzer-too-complex: giving up is no finding.
# -Wno-analyzer-use-of-uninitialized-value: does not know that a negative code
# means "output untouched"; clang's analyzer, which does, looks for the same.
gcc_analyzer () {
	for file in $(files 'common/*.c' 'git-*.c')
	do
		gcc -std=gnu17 -I. -O1 -fanalyzer -Werror \
			-Wno-analyzer-too-complex \
			-Wno-analyzer-use-of-uninitialized-value -S -o /dev/null "$file"
	done
}

cppcheck_all () {
	cppcheck -q -j2 --std=c11 --enable=warning,performance,portability \
		--inline-suppr --suppressions-list=tests/lint/cppcheck.txt \
		--error-exitcode=1 -I. -D__GNUC__=12 \
		$(files 'common/*.c' 'git-*.c')
}

# The tests are compiled, too; only what make itself says is left out.
other_compiler () {
	(
		unset MAKEFLAGS MFLAGS MAKELEVEL GIT_RELEASE_BUILD BUILD
		make -s -j2 CC=clang BUILD=build/clang all units
	) 2>&1 | grep -vE '^    [A-Z]+ +[^ ]+$'
	return 0
}

check 'clang compiles everything without a warning' other_compiler
check 'cppcheck finds nothing' cppcheck_all
check "gcc's analyzer finds nothing" gcc_analyzer
lint_done
