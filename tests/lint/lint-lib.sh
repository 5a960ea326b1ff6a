# Sourced by every lint. A lint is a TAP script, so that "prove" runs and
# counts it like any other test: each check names a rule, and what the check
# prints are the places where the tree breaks it.

cd "$(dirname "$0")/../.." || exit 1
TOP=$(pwd -P)
BUILD=${GIT_RELEASE_BUILD:-$TOP/build}
PATH=$BUILD/bin:$PATH
LC_ALL=C
export LC_ALL PATH
lint_nr=0 lint_failed=0
lint_out=$(mktemp) || exit 1
trap 'rm -f "$lint_out"' EXIT
trap 'exit 143' HUP INT TERM

# check <rule> <command>...: passes when the command prints nothing and works.
check () {
	lint_nr=$((lint_nr + 1))
	lint_what=$1
	shift
	if "$@" >"$lint_out" 2>&1 </dev/null && ! test -s "$lint_out"
	then
		echo "ok $lint_nr - $lint_what"
		return
	fi
	lint_failed=$((lint_failed + 1))
	echo "not ok $lint_nr - $lint_what"
	head -n "${LINT_LINES:-60}" "$lint_out" | sed 's/^/# /'
}

# A missing tool is a failure with the way to get it, never a skip.
need () {
	for lint_tool
	do
		command -v "$lint_tool" >/dev/null && continue
		echo "not ok 1 - needs $lint_tool"
		echo "# .ci/deps installs it"
		echo "1..1"
		exit 1
	done
}

lint_done () {
	echo "1..$lint_nr"
	test "$lint_nr" != 0 && test "$lint_failed" = 0
	exit
}

# What is ours: everything git would commit, work in progress included.
files () {
	git ls-files -co --exclude-standard -- "$@" | while read -r name
	do
		test ! -f "$name" || printf '%s\n' "$name"
	done
}

c_files () {
	files 'common/*.c' 'common/*.h' 'git-*.c' 'git-*.h' 'tests/*.c' \
		'tests/*.h'
}

# The programs, a folder with a main.c each: "git-release/branch-sync" is
# git-branch-sync.
programs () {
	for lint_main in $(files 'git-*/main.c')
	do
		lint_main=${lint_main%/main.c}
		lint_main=${lint_main##*/}
		echo "git-${lint_main#git-}"
	done
}
