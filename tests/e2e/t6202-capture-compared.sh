#!/bin/sh

test_description='git serversync: what counts as changed, and what was captured before'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-serversync.sh"
test_require python3

test_expect_success 'all of a part of the tree is gone: STOP' '
	rm -rf app origin.git srv && make_app_repo app origin.git &&
	app_target app production "$TRASH/srv" &&
	printf "[serversync]\n\tgitOnly = app/Model8.php\n\tmaxDelete = 99\n[release]\n\tsubdirectory = app\n" \
		>app/.gitrelease && released v1.3.0 &&
	rm $live/Model1.php $live/Model8.php && captures 0 && test_grep "D  app/Model1.php" out &&
	find $live -name "*.php" -delete && captures 1 &&
	test_grep "STOP: none of the files" err && test_must_be_empty out
'

test_done
