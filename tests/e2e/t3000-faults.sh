#!/bin/sh
test_description='no step of a release can fail and leave something broken'
TEST_TIMEOUT=${TEST_TIMEOUT:-300}
export TEST_TIMEOUT
. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-faults.sh"

test_expect_success 'a repository with five versions' '
	make_app_repo app &&
	rm -r app/.git/hooks &&
	echo more >app/more.txt && app_tag app v1.3.0 &&
	echo much >app/more.txt && app_tag app v1.4.0 &&
	app_target app production ../srv &&
	git -C app config release.shared storage/ &&
	git -C app config --add release.shared .env &&
	git -C app config release.recycleAfter 0s
'

test_expect_success 'the scenarios' '
	fault_base first v1.0.0 "git release --no-sync v1.0.0" &&
	(cd app && git release --no-sync v1.0.0) &&
	echo SECRET=x >srv/shared/.env &&
	fault_base second v1.1.0 "git release --no-sync v1.1.0" &&
	(cd app && git release --no-sync v1.1.0) &&
	(cd app && git release --no-sync v1.2.0) &&
	git -C app config release.keep 2 &&
	fault_base recycled v1.3.0 "git release --no-sync v1.3.0"
'

for kind in fail kill enospc after
do
	test_expect_success "first release: $kind" '
		fault_loop first agent $kind'
	test_expect_success "next release: $kind" '
		fault_loop second agent $kind'
	test_expect_success "recycled release: $kind" '
		fault_loop recycled agent $kind'
done

test_expect_success 'the client fails' '
	fault_loop first client fail kill after &&
	fault_loop second client fail kill after
'

test_done
