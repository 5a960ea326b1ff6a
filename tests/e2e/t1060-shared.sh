#!/bin/sh
test_description='shared paths and links inside a release'

. "$(dirname "$0")/../lib/test-lib.sh"

make_app_repo app || exit 1
app_target app production "$TRASH/srv"
config () {
	git -C app config --add "release.production.$1" "$2"
}

test_expect_success 'a shared directory starts as it is in the package' '
	config shared storage/ && config shared .env &&
	git -C app release v1.0.0 >out 2>err &&
	test_path_is_file srv/shared/storage/.gitkeep &&
	test "$(readlink srv/current/storage)" = ../../shared/storage &&
	test "$(readlink srv/current/.env)" = ../../shared/.env
'

test_expect_success 'a shared file that is missing is made, 640, and said' '
	test_grep "^warning: shared/.env did not exist and is empty now" err &&
	test_must_be_empty srv/shared/.env &&
	test "$(stat -c %a srv/shared/.env)" = 640
'

test_expect_success 'what is shared is never written again' '
	echo secret >srv/shared/.env && chmod 600 srv/shared/.env &&
	echo user >srv/shared/storage/upload && rm srv/shared/storage/.gitkeep &&
	git -C app release v1.1.0 2>err && test_must_be_empty err &&
	test "$(cat srv/current/.env)" = secret &&
	test "$(stat -c %a srv/shared/.env)" = 600 &&
	test "$(cat srv/current/storage/upload)" = user &&
	test_path_is_missing srv/shared/storage/.gitkeep &&
	live_is srv app v1.1.0 storage .env
'

test_expect_success 'a rollback finds the same shared data' '
	git -C app release rollback &&
	test "$(cat srv/current/storage/upload)" = user
'

test_expect_success 'a path below another directory' '
	config shared public/uploads/ &&
	git -C app release v1.1.0 &&
	test "$(readlink srv/current/public/uploads)" = \
		../../../shared/public/uploads &&
	test_path_is_dir srv/shared/public/uploads &&
	test_path_is_file srv/current/public/index.php
'

test_expect_success 'links, relative, into what is shared' '
	config link public/files:storage/app &&
	git -C app release --again v1.1.0 &&
	test "$(readlink srv/current/public/files)" = ../storage/app &&
	mkdir -p srv/shared/storage/app && echo x >srv/shared/storage/app/x &&
	test "$(cat srv/current/public/files/x)" = x &&
	git -C app release verify -q
'

test_expect_success 'a shared file that is a directory there is refused' '
	before=$(readlink srv/current) &&
	config shared config.php && mkdir srv/shared/config.php &&
	test_must_fail git -C app release --again v1.1.0 2>err &&
	test_grep "shared/config.php is a directory on the server" err &&
	test_grep "^hint: .*config.php/" err &&
	test "$before" = "$(readlink srv/current)" &&
	ls -A srv/.release/tmp >left && test_must_be_empty left &&
	git -C app config --unset release.production.shared config.php
'

test_expect_success 'wrong entries are told with file and line' '
	git -C app config --remove-section release.production &&
	for bad in /etc .. a/../b . .git/hooks
	do
		cat >app/.gitrelease <<-EOF &&
		[release "production"]
			url = $TRASH/srv9
			shared = storage/
			shared = "$bad"
		EOF
		git -C app add -A && app_tag app "v2.0.$((bad_nr = ${bad_nr:-0} + 1))" &&
		test_expect_code 128 git -C app release "v2.0.$bad_nr" 2>err &&
		test_grep "^fatal: .*\.gitrelease:4: release.production.shared" \
			err || return 1
	done &&
	test_path_is_missing srv9
'

test_expect_success 'one inside the other, and the same twice' '
	for bad in storage/oauth.key ./storage/ storage
	do
		cat >app/.gitrelease <<-EOF &&
		[release "production"]
			url = $TRASH/srv9
			shared = storage/
			shared = $bad
		EOF
		app_tag app "v2.1.$((pair_nr = ${pair_nr:-0} + 1))" &&
		test_expect_code 128 git -C app release "v2.1.$pair_nr" 2>err &&
		test_grep "^fatal: v2.1.$pair_nr:.gitrelease:4: " err || return 1
	done &&
	test_path_is_missing srv9
'

test_expect_success 'the settings are those of the tag, not of the work tree' '
	cat >app/.gitrelease <<-EOF &&
	[release "production"]
		url = $TRASH/srv9
	EOF
	app_tag app v3.0.0 &&
	echo "[release \"production\"]" >app/.gitrelease &&
	echo "	url = $TRASH/wrong" >>app/.gitrelease &&
	git -C app release v3.0.0 && test_path_is_dir srv9/current &&
	test_path_is_missing wrong
'

test_done
