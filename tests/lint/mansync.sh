#!/bin/sh
# The manuals list exactly the options the programs have, and the settings
# page exactly the keys. Options of the verbs are in the program's page under
# ".Ss <verb>", those of the main job under ".Sh OPTIONS"; -h, -q and -v, which
# all commands share, may be described once, under OPTIONS.

. "$(dirname "$0")/lint-lib.sh"
need $(programs)

keys_page=man/gitrelease-config.5

# section <page> <macro and title>: up to the next heading of its kind.
section () {
	awk -v want="$2" '
		$0 == want { on = 1; next }
		/^\.S[hs] / && on { exit }
		on' "$1"
}

page_options () {
	section "$page" "$1" |
		sed -n '/^\.It Fl/s/.*Fl \\*-\([a-z][a-z-]*\).*/--\1/p' |
		sort -u
}

program_options () {
	"$@" --git-completion-helper | tr ' ' '\n' |
		sed -n 's/^\(--[a-z][a-z-]*\)=*$/\1/p' | sort -u
}

# compare <heading> <program> [<verb>]
compare () {
	heading=$1
	shift
	page_options '.Sh OPTIONS' | grep -xE -e '--(quiet|verbose)' \
		>"$lint_out.shared"
	page_options "$heading" >"$lint_out.p"
	program_options "$@" >"$lint_out.c"
	if test "$heading" != '.Sh OPTIONS'
	then
		grep -vxF -f "$lint_out.shared" "$lint_out.c" >"$lint_out.d"
		mv "$lint_out.d" "$lint_out.c"
	fi
	comm -23 "$lint_out.c" "$lint_out.p" |
		sed "s|^|$page, $heading: does not describe |"
	comm -13 "$lint_out.c" "$lint_out.p" |
		sed "s|^|$page, $heading: describes what is not there: |"
	rm -f "$lint_out".?  "$lint_out.shared"
}

# "section.key" or "section.<env>.key" is ".It Cm key" under ".Sh section".
keys () {
	git-release --config-keys | sort -u >"$lint_out.c"
	awk '/^\.Sh / { sub(/^\.Sh /, ""); sh = tolower($0) }
		/^\.It Cm / { for (i = 3; i <= NF; i++)
			if ($i ~ /^[a-zA-Z]+$/ && $i != "Cm") print $i }' \
		"$keys_page" | sort -u >"$lint_out.p"
	sed 's/.*\.//' "$lint_out.c" | sort -u >"$lint_out.d"
	comm -23 "$lint_out.d" "$lint_out.p" |
		sed "s|^|$keys_page: does not describe |"
	comm -13 "$lint_out.d" "$lint_out.p" |
		sed "s|^|$keys_page: describes what is not there: |"
	rm -f "$lint_out".?
}

for program in $(programs)
do
	page=man/$program.1
	check "$program: OPTIONS are those of the main job" \
		compare '.Sh OPTIONS' "$program"
	for verb in $("$program" --completion verbs)
	do
		check "$program: options of $verb" \
			compare ".Ss $verb" "$program" "$verb"
	done
done
if test -f "$keys_page"
then
	check 'every setting is in the manual, and no other' keys
else
	check "$keys_page is there when there are settings" \
		test -z "$(git-release --config-keys)"
fi
lint_done
