#!/bin/sh
test_description='roots that other tools made are taken over in place'

. "$(dirname "$0")/../lib/test-lib.sh"

make_app_repo app || exit 1
app_target app production "$TRASH/srv"

# foreign_release <root> <name> <text>
foreign_release () {
	mkdir -p "$1/releases/$2/public" &&
	echo "$3" >"$1/releases/$2/public/index.php"
}

# As Capistrano leaves it: absolute link, repo/, revisions.log.
capistrano_root () {
	rm -rf srv &&
	foreign_release srv 20240101000000 one &&
	foreign_release srv 20240102000000 two &&
	mkdir -p srv/repo srv/shared/storage && echo keep >srv/shared/storage/x &&
	echo "Branch main" >srv/revisions.log &&
	ln -s "$PWD/srv/releases/20240102000000" srv/current
}

# As Deployer leaves it: numbers, .dep/, relative link.
deployer_root () {
	rm -rf srv &&
	foreign_release srv 1 one && foreign_release srv 2 two &&
	mkdir -p srv/.dep srv/shared && echo 2 >srv/.dep/latest_release &&
	ln -s releases/2 srv/current
}

check_root () {
	git -C app release list >out &&
	test_grep "^0 releases, 2 foreign on production$" out &&
	test_grep "^\*  *$2 .*foreign" out &&
	test_path_is_missing srv/.release &&
	git -C app release v1.1.0 >out 2>err &&
	live_is srv app v1.1.0 &&
	git -C app release list >out &&
	test_grep "^1 release, 2 foreign on production$" out &&
	git -C app release rollback >out 2>err &&
	test_grep "^Rolled back to $2 on production" out &&
	test_grep "^warning: .*$2 was not made by git release" err &&
	test "$(live_release srv)" = "$2" &&
	test_must_fail git -C app rev-parse -q --verify \
		refs/deployments/production &&
	git -C app release rollback "$1" 2>err &&
	test "$(live_release srv)" = "$1" &&
	echo one >expect && test_cmp expect srv/current/public/index.php &&
	git -C app release activate v1.1.0 &&
	live_is srv app v1.1.0 &&
	test_path_is_dir "srv/releases/$1" && test_path_is_dir "srv/releases/$2"
}

test_expect_success 'made by Capistrano' '
	capistrano_root && check_root 20240101000000 20240102000000 &&
	echo keep >expect && test_cmp expect srv/shared/storage/x
'

test_expect_success 'made by Deployer' '
	deployer_root && check_root 1 2
'

test_expect_success 'foreign releases are never pruned' '
	git -C app release prune --keep 1 >out &&
	test_path_is_dir srv/releases/1 && test_path_is_dir srv/releases/2
'

test_expect_success 'there is nothing to verify in a foreign one' '
	test_expect_code 1 git -C app release verify 1 2>err &&
	test_grep "was not sealed by git release" err
'

test_expect_success 'other files make it no root: --adopt is the way' '
	rm -rf srv && mkdir srv && echo mine >srv/mine.txt &&
	test_expect_code 128 git -C app release v1.1.0 2>err &&
	test_grep "holds other files (.mine.txt.)" err &&
	test_grep "^hint: .*git release init --adopt" err &&
	ls -A srv >left && echo mine.txt >expect && test_cmp expect left &&
	git -C app release init --adopt production >out &&
	test_path_is_dir srv/.release &&
	git -C app release v1.1.0 && live_is srv app v1.1.0 &&
	test_path_is_file srv/mine.txt
'

test_expect_success 'current that is a directory is not touched' '
	rm -rf srv && mkdir -p srv/releases srv/current/x &&
	test_expect_code 128 git -C app release v1.1.0 2>err &&
	test_grep "current.* is not a link" err &&
	test_path_is_dir srv/current/x
'

test_expect_success 'current that leads outside is not touched' '
	rm -rf srv && mkdir -p srv/releases elsewhere &&
	ln -s "$PWD/elsewhere" srv/current &&
	test_expect_code 128 git -C app release v1.1.0 2>err &&
	test_grep "leads outside" err &&
	test "$(readlink srv/current)" = "$PWD/elsewhere"
'

test_done
