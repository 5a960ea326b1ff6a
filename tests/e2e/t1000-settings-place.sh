#!/bin/sh

test_description='git release: where the settings of a release come from'

. "$(dirname "$0")/../lib/test-lib.sh"

test_expect_success 'setup' '
	make_app_repo app &&
	mkdir -p app/sub/deeper
'

test_expect_success 'a tag older than .gitrelease says what to do' '
	printf "[release \"production\"]\n\turl = ../srv\n" \
		>app/.gitrelease &&
	test_expect_code 128 git -C app release v1.0.0 2>err &&
	test_grep "^fatal: the commit that .v1.0.0. names has no" err &&
	test_grep "^hint: commit .gitrelease before you tag" err &&
	test_path_is_missing srv
'

test_expect_success 'git config serves such a tag' '
	git -C app config release.production.url ../srv &&
	git -C app release v1.0.0 &&
	test_path_is_dir srv/current &&
	git -C app config --unset release.production.url
'

test_expect_success 'a relative url is seen from the top of the work tree' '
	app_tag app v2.0.0 &&
	(
		cd app/sub/deeper &&
		git release v2.0.0
	) &&
	test_path_is_missing app/sub/srv &&
	test "$(cat srv/current/REVISION)" = \
		"$(git -C app rev-parse v2.0.0^0)"
'

test_expect_success 'a version without a tag names commands there are' '
	test_expect_code 128 git -C app release v9.9.9 2>err &&
	test_grep "^fatal: there is no tag .v9.9.9." err &&
	test_grep "^hint: git fetch --tags, or git tag -a v9.9.9" err
'
test_done
