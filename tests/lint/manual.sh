#!/bin/sh
# Manual pages are clean mdoc, and each program and file format has one.

. "$(dirname "$0")/lint-lib.sh"
need mandoc

# Whether the pages that ours refer to are installed here, and whether a
# database of them was built, says nothing about ours.
pages () {
	for page in $(files 'man/*.[1-8]')
	do
		mandoc -Tlint -W style "$page" 2>&1 |
			grep -v 'STYLE: referenced manual not found' |
			grep -v '^mandoc: outdated mandoc.db lacks'
	done
	return 0
}

present () {
	for program in $(programs)
	do
		test -f "man/$program.1" || echo "man/$program.1 is missing"
	done
}

check 'mandoc finds nothing' pages
check 'every program has its page' present
lint_done
