#!/bin/sh
# Every command explains itself on one screen.

. "$(dirname "$0")/lint-lib.sh"
need $(programs)

# usage_of <program> [<verb>]
usage_of () {
	if ! "$@" -h >"$lint_out.h" 2>"$lint_out.e"
	then
		echo "$* -h: does not exit 0"
	fi
	test ! -s "$lint_out.e" || echo "$* -h: writes on stderr"
	lines=$(wc -l <"$lint_out.h")
	test "$lines" -le 25 || echo "$* -h: $lines lines, 25 allowed"
	grep -q '^usage: git ' "$lint_out.h" || echo "$* -h: no usage line"
	awk -v cmd="$*" 'length > 80 {
		print cmd " -h: over 80 columns: " $0 }' "$lint_out.h"
	for word in $("$@" --git-completion-helper)
	do
		case $word in
		--*) grep -qe "${word%=}\\>" "$lint_out.h" ||
			echo "$*: $word is completed but not in -h" ;;
		esac
	done
	rm -f "$lint_out.h" "$lint_out.e"
}

for program in $(programs)
do
	check "$program -h" usage_of "$program"
	for verb in $("$program" --completion verbs)
	do
		check "$program $verb -h" usage_of "$program" "$verb"
	done
done
lint_done
