#!/bin/sh
# The code map of the README names every folder, and no folder that is gone.
# It is the fenced block behind the heading "Code map": one line for each
# folder, "name/" and what it is for, a folder's own folders below it with two
# more blanks in front. Two levels, and no folder that starts with a dot.

. "$(dirname "$0")/lint-lib.sh"

in_map () {
	awk '
	/^#+ / { on = tolower($0) ~ /code map/ }
	on && /^```/ { block = !block; next }
	on && block && match($0, /^ */) {
		depth = int(RLENGTH / 2)
		name = $1
		if (name !~ /\/$/) next
		if (depth == 0) top = name
		print depth == 0 ? name : top name
	}' README.md | sed 's,/$,,' | sort -u
}

in_tree () {
	files | grep / | grep -v '^\.' | awk -F/ '
		{ print $1 } NF > 2 { print $1 "/" $2 }' | sort -u
}

map () {
	in_map >"$lint_out.m"
	in_tree >"$lint_out.t"
	comm -23 "$lint_out.m" "$lint_out.t" |
		sed 's/^/README.md names a folder that is not there: /'
	comm -13 "$lint_out.m" "$lint_out.t" |
		sed 's/^/README.md does not name the folder /'
	rm -f "$lint_out.m" "$lint_out.t"
}

if test -f README.md
then
	check 'the code map is the tree' map
else
	echo "# no README.md yet"
	check 'there is a tree to map' true
fi
lint_done
