#!/bin/sh
test_description='git serversync reject: killed, or failing, at every step'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-captures.sh"

# run/ is always made from base/ in the same place, as work trees know where
# they are. The branch of the capture is on the remote, and checked out in tree,
# with a file of somebody's own; alone/ has only heard of the one on the remote.
make_base () {
	mkdir run && captures_make run/origin.git run/app && cd run/app &&
	captures_begin && mkdir plugins && echo a >plugins/a.php &&
	echo b >plugins/b.php && git rm -q old.txt &&
	captures_commit "Deletion-Reason: old.txt — nobody needs it" &&
	captures_push && git worktree add -q "$TRASH/run/tree" $capture &&
	echo mine >"$TRASH/run/tree/own" && cd "$TRASH" &&
	git clone -q run/origin.git run/alone &&
	git -C run/alone config serversync.target main &&
	mv run base && first=$(captures_tip base/app) && below=$first
}

# advance: somebody's commit is on the remote, and nowhere else.
advance () {
	rm -rf run && cp -a base run && git clone -q run/origin.git other &&
	git -C other switch -q $capture && echo more >other/more &&
	app_tag other more && git -C other push -q origin $capture &&
	below=$(captures_tip other) && rm -rf base && mv run base
}

says () {
	echo "$kind $nr ($failed_at): exit $code, $*"
	cat run/err
	return 1
}

# faulty <n> <kind> <directory> <argument>...: in a fresh copy; sets $code.
faulty () {
	rm -rf run && cp -a base run && nr=$1 kind=$2 at=$3 && shift 3 &&
	: >run/log &&
	(
		cd "run/$at" &&
		GIT_RELEASE_FAULT=client:$nr:$kind \
			GIT_RELEASE_FAULT_LOG=$TRASH/run/log \
			git-serversync reject "$@" >"$TRASH/run/out" \
			2>"$TRASH/run/err" </dev/null
	)
	code=$?
	grep "^client " run/log >run/points
	failed_at=$(sed -n "${nr}p" run/points)
	cat run/points >>points.all
}

# state <repository>: "old", "new" (without a.php, on top of what was below),
# or "none".
state () {
	tip=$(captures_tip "$1") || { echo none; return; }
	case $tip in
	"$first"|"$below")	echo old ;;
	*)	test "$(git -C "$1" rev-parse "$tip^")" = "$below" &&
		test "$(git -C "$1" diff --name-status "$tip^" "$tip")" = \
			"D	plugins/a.php" && echo new || echo torn ;;
	esac
}

# states: here and there
states () {
	echo "$(state "run/$at") $(state run/origin.git)"
}

no_locks () {
	find run -name '*.lock' >locks
	test_must_be_empty locks || says "a lock is left"
}

# Whatever happened: there and here, or nowhere; what the exit status says;
# nobody's file is gone; no lock is left; and the same command finishes.
both_hold () {
	states=$(states)
	case $code,$states in
	0,"new new"|1,"old old"|128,"old old") : ;;
	5,"old old"|5,"old new"|5,"new new") : ;;
	137,"old old"|137,"old new"|137,"new new") : ;;
	*)	says "here and there are: $states" || return 1 ;;
	esac
	test "$code" != 5 || grep -q "^hint:" run/err ||
		says "no word what to do" || return 1
	test "$(cat run/tree/own)" = mine || says "a file is gone" || return 1
	no_locks || return 1
	(cd "run/$at" && git serversync reject "$@" >"$TRASH/run/out" \
		2>"$TRASH/run/err") || says "again: failed" || return 1
	test "$(states)" = "new new" || says "again: $(states)" || return 1
	test "$(git -C run/tree status --porcelain)" = "?? own" ||
		says "again: not clean" || return 1
	git -C run/app fsck --strict >fsck.out 2>&1 || says "fsck"
}

# The branch is on the remote alone, and stays so.
there_holds () {
	states=$(states)
	case $code,$states in
	0,"none new"|1,"none old"|128,"none old") : ;;
	5,"none old"|5,"none new"|137,"none old"|137,"none new") : ;;
	*)	says "here and there are: $states" || return 1 ;;
	esac
	no_locks || return 1
	(cd "run/$at" && git serversync reject "$@" >"$TRASH/run/out" \
		2>"$TRASH/run/err") || says "again: failed" || return 1
	test "$(states)" = "none new" || says "again: $(states)"
}

# each_step <kind> <holds> <directory> <argument>...
each_step () {
	step_kind=$1 step_holds=$2 step_at=$3 step=0
	shift 3
	while step=$((step + 1))
	do
		faulty $step $step_kind "$step_at" "$@"
		$step_holds "$@" || return 1
		test "$(wc -l <run/points)" -ge $step || break
	done
	echo "$((step - 1)) steps"
	test $step -gt 2
}

test_expect_success 'setup' 'make_base'

kinds='kill fail'
test -n "$FAULT_QUICK" || kinds="$kinds after enospc"
for kind in $kinds
do
	test_expect_success "here, in a work tree, and there: $kind at every step" '
		each_step $kind both_hold app $capture plugins/a.php
	'
	test_expect_success "on the remote alone: $kind at every step" '
		each_step $kind there_holds alone $capture plugins/a.php
	'
done

test_expect_success 'the remote is ahead: killed at every step' '
	advance && each_step kill both_hold app $capture plugins/a.php &&
	each_step kill there_holds alone $capture plugins/a.php
'

test_expect_success 'every point in the source was reached' '
	grep -hoE "fault\(\"[^\"]+\"\)" "$TOP/git-serversync/branch_place.c" \
		"$TOP/git-serversync/capture_reject.c" |
		sed "s/.*\"\(.*\)\".*/\1/" | sort -u >names && test -s names &&
	cut -d" " -f2- points.all | sort -u >passed &&
	comm -23 names passed >never && test_must_be_empty never
'

test_done
