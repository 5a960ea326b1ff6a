#!/bin/sh
test_description='git release tag and record: killed, or failing, at every step'

. "$(dirname "$0")/../lib/test-lib.sh"

# base/: a repository and its remote, copied for each run.
make_base () {
	make_app_repo app origin.git &&
	git -C app remote set-url origin ../origin.git &&
	printf "# Changelog\n\n## [Unreleased]\n\n- Gift cards\n" \
		>app/CHANGELOG.md &&
	echo "Production: no · Current Release: none" >app/ProjectCard.md &&
	git -C app add -A && test_tick && git -C app commit -q -m "Gift cards" &&
	git -C app push -q origin production &&
	mkdir base && mv app origin.git base
}

# faulty <n> <kind> <argument>...: in a fresh copy; sets $code.
faulty () {
	rm -rf run && cp -a base run && nr=$1 kind=$2 && shift 2 &&
	(
		cd run/app &&
		GIT_RELEASE_FAULT=client:$nr:$kind \
			GIT_RELEASE_FAULT_LOG=$TRASH/run/points \
			git-release "$@" >../out 2>../err </dev/null
	)
	code=$?
	# Writes are counted by themselves.
	case $kind in
	short|torn) grep "^client/write " run/points >steps ;;
	*) grep "^client " run/points >steps ;;
	esac
	failed_at=$(sed -n "${nr}p" steps)
	test -s steps
}

there () {
	git -C run/origin.git rev-parse -q --verify refs/tags/v1.3.0
}

here () {
	git -C run/app rev-parse -q --verify refs/tags/v1.3.0
}

says () {
	echo "$kind $nr: exit $code, $*"
	cat run/err
	return 1
}

# Whatever happened: no tag here that the remote does not have, and the same
# command finishes.
tag_holds () {
	if here >id.here
	then
		there >id.there && test_cmp id.there id.here ||
			says "a tag here alone" || return 1
	fi
	case $code in
	0)	here >id.here || says "no tag" ;;
	137|5)	: ;;
	*)	test -z "$(there; here)" || says "a tag is left" ;;
	esac || return 1
	there >id.was
	# A run that had done it all leaves nothing to finish.
	again=0
	{ here && test -z "$(git -C run/app for-each-ref refs/git-release)"; } \
		>left && again=1
	(cd run/app && test_expect_code $again git release tag v1.3.0 \
		>../out 2>../err) || says "again: failed" || return 1
	there >id.there && here >id.here && test_cmp id.there id.here || return 1
	# What the remote had once is what it still has.
	test ! -s id.was || test_cmp id.was id.there || return 1
	test -z "$(git -C run/app for-each-ref refs/git-release)" ||
		says "a mark is left" || return 1
	# The next one that makes a tag removes it.
	test "$failed_at" = "client remove tree" ||
	test -z "$(ls -A run/app/.git/git-release/tmp)" || says "a directory"
}

# Each file old or new, no other file, one commit or none, and the same command
# finishes.
record_holds () {
	git -C run/app status --porcelain >changes
	grep -v "^ M CHANGELOG.md$" changes | grep -v "^ M ProjectCard.md$" >odd
	test_must_be_empty odd || says "other changes" || return 1
	for file in CHANGELOG.md ProjectCard.md
	do
		cmp -s run/app/$file base/app/$file ||
		cmp -s run/app/$file recorded/app/$file ||
			says "$file is neither" || return 1
	done
	case $code in
	0)	git -C run/app diff --quiet recorded HEAD || says "not committed" ;;
	137)	: ;;
	*)	test ! -s changes && git -C run/app diff --quiet \
			refs/heads/production HEAD || says "not undone" ;;
	esac || return 1
	(cd run/app && git release record --commit v1.2.0 >../out 2>../err) ||
		says "again: failed" || return 1
	git -C run/app diff --quiet recorded HEAD || says "again: not done" || return 1
	test -z "$(git -C run/app status --porcelain)" || says "not clean" ||
		return 1
	test "$(git -C run/app rev-list --count production..HEAD)" = 1 ||
		says "more than one commit" || return 1
	test "$failed_at" = "client remove tree" ||
	test -z "$(ls -A run/app/.git/git-release/tmp)" || says "a directory"
}

# each_step <kind> <holds> <argument>...
each_step () {
	step_kind=$1 step_holds=$2 step=0
	shift 2
	while step=$((step + 1))
	do
		faulty $step $step_kind "$@" || says "no step" || return 1
		$step_holds || return 1
		test "$(wc -l <steps)" -ge $step || break
	done
	echo "$((step - 1)) steps"
	test $step -gt 2
}

test_expect_success 'setup' '
	make_base
'

# The quick form takes the kinds that tell most.
kinds="kill after fail enospc short torn"
test -z "$FAULT_QUICK" || kinds="kill fail"

for kind in $kinds
do
	test_expect_success "tag: $kind at every step" '
		each_step $kind tag_holds tag v1.3.0
	'
done

test_expect_success 'setup for record' '
	git -C base/app checkout -q -b develop && cp -a base recorded &&
	git -C recorded/app release record --commit v1.2.0 &&
	git -C base/app fetch -q ../../recorded/app develop:refs/tags/recorded
'

for kind in $kinds
do
	test_expect_success "record: $kind at every step" '
		each_step $kind record_holds record --commit v1.2.0
	'
done

test_done
