#!/bin/sh
test_description='no step of a release can fail and leave something broken'
TEST_TIMEOUT=${TEST_TIMEOUT:-900}
export TEST_TIMEOUT
. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-faults.sh"

test_expect_success 'a repository with five versions' '
	fault_room && mkdir app && seq 20000 >app/large && make_app_repo app &&
	rm -r app/.git/hooks &&
	echo more >app/more.txt && app_tag app v1.3.0 &&
	echo much >app/more.txt && app_tag app v1.4.0 &&
	app_target app production ../srv &&
	git -C app config release.shared storage/ &&
	git -C app config --add release.shared .env &&
	git -C app config release.recycleAfter 0s
'

test_expect_success 'the scenarios' '
	cd ram && fault_base first v1.0.0 "git-release --no-sync v1.0.0" &&
	git -C app config release.postHook "false" &&
	fault_base firstbad v1.0.0 "git-release --no-sync v1.0.0" &&
	echo 4 >base/firstbad/expect && echo first >base/firstbad/like &&
	git -C app config --unset release.postHook &&
	(cd app && git release --no-sync v1.0.0) &&
	echo SECRET=x >srv/shared/.env &&
	fault_base second v1.1.0 "git-release --no-sync v1.1.0" &&
	mv srv srv.keep && cp -a srv.keep srv &&
	echo hot >>srv/current/app/Model1.php && rm srv/current/app/Model2.php &&
	fault_base edited v1.1.0 "git-release --no-sync v1.1.0" &&
	echo 1 >base/edited/expect && echo second >base/edited/like &&
	fault_base buried v1.1.0 \
		"git-release --no-sync --discard-server-edits v1.1.0" &&
	echo second >base/buried/like &&
	rm -rf srv && mv srv.keep srv &&
	git -C app config release.preHook "echo hello" &&
	git -C app config release.postHook "false" &&
	git -C app config release.failHook "echo oh" &&
	fault_base hooks v1.1.0 "git-release --no-sync v1.1.0" &&
	echo 4 >base/hooks/expect && echo second >base/hooks/like &&
	git -C app config --unset release.preHook &&
	git -C app config --unset release.postHook &&
	git -C app config --unset release.failHook &&
	(cd app && git release --no-sync v1.1.0) &&
	(cd app && git release --no-sync v1.2.0) &&
	fault_base rollback v1.1.0 "git-release rollback --no-sync" &&
	: >base/rollback/once &&
	fault_base named v1.0.0 "git-release rollback --no-sync v1.0.0" &&
	git -C app config release.postHook "false" &&
	fault_base backbad v1.1.0 "git-release rollback --no-sync" &&
	echo 4 >base/backbad/expect && echo rollback >base/backbad/like &&
	git -C app config --unset release.postHook &&
	cp -a app app.keep &&
	git -C app config release.build "seq 9 >built" &&
	git -C app config release.keepPackages 2 &&
	fault_base built v1.3.0 "git-release --no-sync v1.3.0" &&
	git -C app config --unset release.build &&
	git -C app config --unset release.keepPackages &&
	git -C app config release.keep 2 &&
	fault_base recycled v1.3.0 "git-release --no-sync v1.3.0" &&
	git -C app config release.recycleAfter 1h &&
	(cd app && git release --no-sync v1.3.0) &&
	git -C app config --unset release.keep &&
	fault_base prune v1.3.0 "git-release prune --keep 1" &&
	echo 2 >base/prune/count
'

test_expect_success 'a root of another tool' '
	cd ram && rm -rf srv app && mv app.keep app && mkdir -p srv/releases srv/shared &&
	mkdir srv/repo srv/releases/20250101000000 &&
	git -C app archive v1.0.0 | tar -xf - -C srv/releases/20250101000000 &&
	git -C app rev-parse v1.0.0^{} >srv/releases/20250101000000/REVISION &&
	ln -s ./releases/20250101000000 srv/current &&
	fault_base adopt v1.1.0 "git-release --no-sync v1.1.0" &&
	echo none >base/adopt/like &&
	(cd app && git release --no-sync v1.1.0) &&
	fault_base foreign v1.0.0 \
		"git-release rollback --no-sync 20250101000000" &&
	echo none >base/foreign/like
'

for scenario in first second edited buried recycled rollback named prune \
	firstbad hooks backbad adopt foreign
do
	for kind in fail kill enospc after hang short torn
	do
		test_expect_success "$scenario: $kind" '
			cd ram && fault_loop $scenario agent $kind'
	done
done

for scenario in built second named
do
	test_expect_success "$scenario: the client fails" '
		cd ram && fault_loop $scenario client \
			fail kill enospc after hang short torn'
done

test_expect_success 'every point in the source was struck, in every way' '
	fault_names >names && sort names >wanted &&
	fault_passed >passed &&
	comm -23 wanted passed >never &&
	test_must_be_empty never
'

test_done
