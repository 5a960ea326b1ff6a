#!/bin/sh
test_description='git branch-sync: killed, or failing, at every step'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-branches.sh"

# run/ is always made from base/ in the same place, as work trees know where
# they are. main is checked out in app, develop in tree2; both have a file of
# somebody's own.
make_base () {
	mkdir run && branches_make run/origin.git run/app &&
	git -C run/app checkout -q main &&
	git -C run/app worktree add -q "$TRASH/run/tree2" develop &&
	echo mine >run/app/own && echo mine >run/tree2/own &&
	old=$(git -C run/app rev-parse c1) && staged=$(git -C run/app rev-parse c3) &&
	new=$(git -C run/app rev-parse c4) &&
	mv run base
}

says () {
	echo "$kind $nr ($failed_at): exit $code, $*"
	cat run/err
	return 1
}

# faulty <n> <kind> <argument>...: in a fresh copy; sets $code.
faulty () {
	rm -rf run && cp -a base run && nr=$1 kind=$2 && shift 2 &&
	: >run/log &&
	(
		cd run/app &&
		GIT_RELEASE_FAULT=client:$nr:$kind \
			GIT_RELEASE_FAULT_LOG=$TRASH/run/log \
			git-branch-sync "$@" >../out 2>../err </dev/null
	)
	code=$?
	grep "^client " run/log >run/points
	failed_at=$(sed -n "${nr}p" run/points)
	cat run/points >>points.all
}

# "old" or "new"; anything else is a breach.
remote_state () {
	case $(git -C run/origin.git rev-parse main staging | tr '\n' ' '
		git -C run/origin.git rev-parse -q --verify 'v1.0.0^{}') in
	"$old $staged ")	echo old ;;
	"$new $new $new"|"$new $new ")	echo new ;;
	*)	echo torn ;;
	esac
}

local_state () {
	case $(git -C run/app rev-parse main develop | tr '\n' ' ') in
	"$old $old ")	echo old ;;
	"$new $new ")	echo new ;;
	*)	echo torn ;;
	esac
}

# Whatever happened: all or none, what the exit status says, nobody's file is
# gone, no lock is left, and the same command finishes.
sync_holds () {
	state="$(remote_state) $(local_state)"
	case $code,$state in
	0,"new new"|1,"old old"|128,"old old"|5,"new old"|5,"old old"|5,"new new") : ;;
	137,"old old"|137,"new old"|137,"new new") : ;;
	*)	says "remote and local are: $state" || return 1 ;;
	esac
	test "$code" != 5 || grep -q "^hint:" run/err ||
		says "no word what to do" || return 1
	test "$(cat run/app/own run/tree2/own)" = "mine
mine" || says "somebody's file is gone" || return 1
	find run/app/.git -name '*.lock' >locks
	test_must_be_empty locks || says "a lock is left" || return 1
	(cd run/app && git branch-sync "$@" >../out 2>../err) ||
		says "again: failed" || return 1
	test "$(remote_state) $(local_state)" = "new new" ||
		says "again: $(remote_state) $(local_state)" || return 1
	test "$(git -C run/app status --porcelain)" = "?? own" &&
	test "$(git -C run/tree2 status --porcelain)" = "?? own" ||
		says "again: not clean" || return 1
	git -C run/app fsck --strict >fsck.out 2>&1 || says "fsck" || return 1
	test -z "$(ls -A run/app/.git/git-release/tmp 2>/dev/null)" ||
		says "a directory is left"
}

tag_holds () {
	sync_holds "$@" || return 1
	test "$(git -C run/app rev-parse v1.0.0)" = \
		"$(git -C run/origin.git rev-parse v1.0.0)" || says "the tag"
}

review_holds () {
	git -C run/origin.git for-each-ref refs/heads/back-merge >there
	test "$code" != 0 || test -s there || says "not there" || return 1
	case $code in
	1|128) test_must_be_empty there || says "there" || return 1 ;;
	esac
	test "$(remote_state) $(local_state)" = "old old" ||
		says "something moved" || return 1
	(cd run/app && git branch-sync "$@" >../out 2>../err) ||
		says "again: failed"
}

# Nobody would want the commands run twice by themselves: 5 and a hint.
finish_holds () {
	state="$(remote_state) $(local_state)"
	case $code,$state in
	0,"new new"|137,*|1,"old old"|128,"old old"|5,"new old"|5,"new new") : ;;
	5,"old old") : ;;
	*)	says "remote and local are: $state" || return 1 ;;
	esac
	(cd run/app && git branch-sync "$@" >../out 2>../err) ||
		says "again: failed" || return 1
	test "$(git -C run/app symbolic-ref HEAD)" = refs/heads/staging ||
		says "again: not on the branch"
}

# each_step <kind> <holds> <argument>...
each_step () {
	step_kind=$1 step_holds=$2 step=0
	shift 2
	while step=$((step + 1))
	do
		faulty $step $step_kind "$@"
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
	test_expect_success "branches: $kind at every step" '
		each_step $kind sync_holds
	'
	test_expect_success "branches and a tag: $kind at every step" '
		each_step $kind tag_holds --tag 1.0.0
	'
	test_expect_success "back-merge: $kind at every step" '
		each_step $kind review_holds --back-merge staging
	'
	test_expect_success "finish: $kind at every step" '
		each_step $kind finish_holds --finish staging
	'
done

test_expect_success 'every point in the source was reached' '
	grep -rhoE "fault\(\"[^\"]+\"\)" "$TOP/git-release/branch-sync" \
		"$TOP/common/git/checkout.c" |
		sed "s/.*\"\(.*\)\".*/\1/" | sort -u >names &&
	cut -d" " -f2- points.all | sort -u >passed &&
	comm -23 names passed >never && test_must_be_empty never
'

test_done
