# Sourced by every tests/e2e/t*.sh. Speaks TAP, so "prove" can run them.
#
#	#!/bin/sh
#	test_description='what this script proves'
#	. "$(dirname "$0")/../lib/test-lib.sh"
#
#	test_expect_success 'it works' '
#		git release v1.0.0 &&
#		test_path_is_dir srv/releases
#	'
#	test_done
#
# A body is a list of commands joined by &&; it runs in this shell (variables
# stay), starting in the scratch directory $TRASH, its stdin empty. Flags of a
# script: -v shows what passing bodies print, -x traces them, -i stops at the
# first failure. $TEST_TIMEOUT (seconds) bounds the whole script.

if test -z "$TEST_INNER"
then
	# The outer half: it survives whatever the script does, so a script
	# that hangs, dies or stops early is a failure with a name.
	TRASH=$(mktemp -d "${TMPDIR:-/tmp}/$(basename "$0" .sh).XXXXXX") ||
		exit 1
	TRASH=$(cd "$TRASH" && pwd -P) || exit 1
	TEST_INNER=$$ TRASH=$TRASH timeout -k 10 "${TEST_TIMEOUT:-300}" \
		sh "$0" "$@"
	code=$?
	if ! test -f "$TRASH/.done"
	then
		nr=$(cat "$TRASH/.nr" 2>/dev/null)
		what="ended before test_done (exit $code)"
		test $code != 124 ||
			what="not done after ${TEST_TIMEOUT:-300} seconds"
		echo "not ok $((${nr:-0} + 1)) - $what"
		test ! -s "$TRASH/.log" || sed 's/^/# /' "$TRASH/.log"
		test $code != 0 || code=1
	fi
	if test $code = 0
	then
		chmod -R u+rwX "$TRASH" 2>/dev/null
		rm -rf "$TRASH"
	else
		echo "# kept: $TRASH"
	fi
	exit $code
fi

TOP=$(cd "$(dirname "$0")/../.." && pwd -P)
BUILD=${GIT_RELEASE_BUILD:-$TOP/build}
case $BUILD in
/*) ;;
*) BUILD=$TOP/$BUILD ;;
esac

# A sealed environment: what the person running the tests has set up must not
# matter, and nothing of it may be changed.
for var in $(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p')
do
	case $var in
	GIT_*|XDG_*|SSH_*|LC_*|LANG|LANGUAGE|*_proxy|*_PROXY|NO_COLOR|\
	PAGER|LESS|EDITOR|VISUAL|EMAIL|CDPATH|GREP_OPTIONS|TAR_OPTIONS|\
	COMPOSER_*|npm_*|NODE_*|MAKEFLAGS|MFLAGS|MAKELEVEL|GNUPGHOME|\
	ZSTD_*|RSYNC_*|CI|POSIXLY_CORRECT)
		unset "$var" ;;
	esac
done
PATH=$BUILD/bin:$PATH
HOME=$TRASH/home
LC_ALL=C TZ=UTC TERM=dumb
GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 GIT_EDITOR=:
GIT_CEILING_DIRECTORIES=$(dirname "$TRASH")
GIT_AUTHOR_NAME='A U Thor' GIT_AUTHOR_EMAIL=author@example.com
GIT_COMMITTER_NAME='C O Mitter' GIT_COMMITTER_EMAIL=committer@example.com
# A finding of a sanitizer is death by signal, which no test expects.
ASAN_OPTIONS=abort_on_error=1:exitcode=99:detect_leaks=1:fast_unwind_on_malloc=0
UBSAN_OPTIONS=abort_on_error=1:exitcode=99:print_stacktrace=1
LSAN_OPTIONS=exitcode=99:suppressions=$TOP/tests/lib/lsan.supp:print_suppressions=0
GIT_RELEASE_BUILD=$BUILD
export PATH HOME LC_ALL TZ TERM GIT_CONFIG_NOSYSTEM GIT_TERMINAL_PROMPT \
	GIT_EDITOR GIT_CEILING_DIRECTORIES GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL \
	GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL ASAN_OPTIONS UBSAN_OPTIONS \
	LSAN_OPTIONS GIT_RELEASE_BUILD
unset TEST_INNER
umask 022

test_nr=0 test_failed=0 test_cleanup=: test_verbose='' test_trace=''
test_stop=''
for arg
do
	case $arg in
	-v) test_verbose=t ;;
	-x) test_trace=t test_verbose=t ;;
	-i) test_stop=t ;;
	*) echo "Bail out! unknown flag $arg"; exit 1 ;;
	esac
done

mkdir -p "$HOME" && cd "$TRASH" || exit 1
trap 'code=$?; trap "" TERM; cd "$TRASH"; eval "$test_cleanup"; exit $code' EXIT
trap 'exit 143' HUP INT TERM

# A program of the same name that happens to be installed must not be tested.
if ! test -x "$BUILD/bin/git-release"
then
	echo "Bail out! $BUILD/bin/git-release is not built"
	exit 1
fi

# Prints the log of a body as TAP comments, without control characters.
test_show_log () {
	tr -d '\000-\010\013-\037' <.log | sed 's/^/# /'
}

# A function of its own, so that "|| return 1" in a body ends only the body.
test_eval () {
	eval "$1"
}

# test_expect_success <what> <body>
test_expect_success () {
	test_nr=$((test_nr + 1))
	: >.log
	# If every command is joined by &&, a failing first one skips them
	# all and its status comes out at the end.
	(eval "(exit 117) && $2") </dev/null >.log 2>&1
	if test $? != 117
	then
		echo 'broken && chain' >>.log
		false
	else
		test -z "$test_trace" || set -x
		test_eval "$2" </dev/null >.log 2>&1
	fi
	test_code=$?
	{ set +x; } 2>/dev/null
	cd "$TRASH" || exit 1
	echo "$test_nr" >.nr
	if test $test_code = 0
	then
		echo "ok $test_nr - $1"
		test -z "$test_verbose" || test_show_log
		return 0
	fi
	test_failed=$((test_failed + 1))
	echo "not ok $test_nr - $1"
	test_show_log
	test -z "$test_stop" || test_done
}

# Runs at the end however the script ends, the newest first.
test_at_done () {
	test_cleanup="$1; $test_cleanup"
}

# Ends every script.
test_done () {
	echo "1..$test_nr"
	: >"$TRASH/.done"
	test "$test_nr" != 0 || exit 1
	test "$test_failed" = 0
	exit
}

# test_require <program>...: a missing tool is a failure, never a skip.
test_require () {
	for test_program
	do
		command -v "$test_program" >/dev/null && continue
		test_nr=$((test_nr + 1)) test_failed=$((test_failed + 1))
		echo "not ok $test_nr - needs $test_program (see .ci/deps)"
		test_done
	done
}

# test_expect_code 129 git release --bogus
test_expect_code () {
	test_want=$1
	shift
	"$@"
	test_got=$?
	test "$test_got" = "$test_want" && return 0
	echo "exit $test_got, wanted $test_want: $*"
	return 1
}

# Fails in a controlled way: not found, killed and sanitized do not count.
test_must_fail () {
	"$@"
	test_got=$?
	case $test_got in
	0) echo "succeeded, but must fail: $*" ;;
	99|126|127) echo "exit $test_got, could not run: $*" ;;
	*)
		test $test_got -le 129 && return 0
		test $test_got -gt 192 && return 0
		echo "exit $test_got, died by a signal: $*"
		;;
	esac
	return 1
}

# test_cmp <expect> <actual>
test_cmp () {
	diff -u "$1" "$2"
}

test_must_be_empty () {
	test -f "$1" || { echo "no file $1"; return 1; }
	test ! -s "$1" || { echo "$1 is not empty:"; cat "$1"; return 1; }
}

# test_grep [!] <pattern> <file>: grep that shows the file when it fails.
test_grep () {
	if test "$1" = !
	then
		grep "$2" "$3" || return 0
		echo "$3 must not hold '$2'"
		return 1
	fi
	grep "$1" "$2" && return 0
	echo "nothing like '$1' in $2:"
	cat "$2"
	return 1
}

test_path_is_file () {
	test -f "$1" || { echo "not a file: $1"; return 1; }
}

test_path_is_dir () {
	test -d "$1" || { echo "not a directory: $1"; return 1; }
}

test_path_is_missing () {
	if test -e "$1" || test -L "$1"
	then
		echo "exists: $1"
		return 1
	fi
}

# test_wait_for <seconds> <command>...: polls until it works.
test_wait_for () {
	test_tries=$(($1 * 10))
	shift
	until "$@"
	do
		test_tries=$((test_tries - 1))
		test $test_tries -gt 0 || { echo "never: $*"; return 1; }
		sleep 0.1
	done
}

. "$TOP/tests/lib/lib-app.sh"
