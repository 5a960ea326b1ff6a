#!/bin/sh
test_description='a ledger that lost lines never leads to a wrong deletion'
. "$(dirname "$0")/../lib/test-lib.sh"

# nothing_goes <what was done to it>: each run mends; none may remove.
nothing_goes () {
	(cd app && git release --no-sync v1.2.0 >../out 2>../err)
	code=$?
	ls srv/releases >now
	# One that the ledger knows nothing of may have to be made anew.
	comm -23 all now >gone
	test $code = 0 && test_must_be_empty gone && return
	echo "$1: exit $code"
	cat out err
	return 1
}

fresh () {
	rm -rf srv && cp -a three srv
}

every_line_damaged () {
	for n in $(seq "$lines")
	do
		fresh && sed -i "${n}s/2/#/" srv/.release/journal &&
		nothing_goes "line $n damaged" || return 1
	done
}

every_end_lost () {
	for n in $(seq 0 "$lines")
	do
		fresh && head -n "$n" three/.release/journal \
			>srv/.release/journal &&
		nothing_goes "cut after line $n" || return 1
	done
}

test_expect_success 'three releases' '
	make_app_repo app && app_target app production "$PWD/srv" &&
	for v in v1.0.0 v1.1.0 v1.2.0
	do
		(cd app && git release --no-sync $v) || return 1
	done &&
	ls srv/releases >all &&
	mv srv three && lines=$(wc -l <three/.release/journal) &&
	test $lines -gt 15
'

test_expect_success 'any one line is damaged' 'every_line_damaged'
test_expect_success 'any part of its end is lost' 'every_end_lost'

test_expect_success 'it is gone' '
	fresh && rm srv/.release/journal && nothing_goes gone
'

test_expect_success 'its last line is torn: blanked, and nothing is damaged' '
	fresh && printf "99	torn" >>srv/.release/journal &&
	nothing_goes torn && ! grep torn srv/.release/journal &&
	(cd app && git release rollback --no-sync) &&
	! grep torn srv/.release/journal &&
	(cd app && git release status) >out && test_grep ! damaged out
'

test_expect_success 'it is too large: nothing runs, nothing changes' '
	fresh && truncate -s 100M srv/.release/journal && cd app &&
	test_expect_code 128 git release --no-sync v1.1.0 &&
	cd .. && ls srv/releases >now && test_cmp all now
'

test_expect_success 'what the ledger lost is not pruned' '
	fresh && sed -i "4s/2/#/" srv/.release/journal &&
	(cd app && git release prune --keep 1) &&
	ls srv/releases >now && test_cmp all now
'

test_done
