#!/bin/sh
test_description='what may not be released is refused before any contact'

. "$(dirname "$0")/../lib/test-lib.sh"

make_app_repo app || exit 1
# Nothing is ever there: whatever is refused late would say so.
app_target app production "$TRASH/srv"

# refused <code> <message> <version>: the whole first line, and no contact.
refused () {
	test_expect_code "$1" git -C app release -- "$3" >out 2>err &&
	test_must_be_empty out &&
	sed -n 1p err >first &&
	printf "%s\n" "$2" >expect &&
	test_cmp expect first &&
	test_path_is_missing srv
}

test_expect_success 'a tag that a shell would run' '
	git -C app tag -a -m x "v1;reboot" &&
	refused 128 "fatal: '\''v1;reboot'\'' is not a version" "v1;reboot"
'

test_expect_success 'HEAD, @, -- and names that look like options' '
	refused 128 "fatal: '\''HEAD'\'' is not a version" HEAD &&
	test_expect_code 129 git -C app release -- 2>err &&
	test_expect_code 129 git -C app release --exec=x 2>err &&
	test_path_is_missing srv
'

test_expect_success '300 bytes' '
	long=$(printf %300s "" | tr " " 1) &&
	test_expect_code 128 git -C app release "$long" 2>err &&
	test_grep "^fatal: .*1111" err &&
	test "$(wc -c <err)" -lt 400 &&
	test_path_is_missing srv
'

test_expect_success 'one that does not exist' '
	test_expect_code 128 git -C app release v9.9.9 2>err &&
	test_grep "^fatal: .*v9.9.9" err &&
	test_path_is_missing srv
'

test_expect_success 'a branch of the same name' '
	git -C app branch v1.0.0 v1.0.0 &&
	test_expect_code 1 git -C app release v1.0.0 2>err &&
	test_grep "^error: .*v1.0.0.* branch" err &&
	git -C app branch -D v1.0.0 &&
	test_path_is_missing srv
'

test_expect_success 'a tag of a blob' '
	git -C app tag -a -m x v2.0.0 HEAD:public/index.php &&
	test_expect_code 1 git -C app release v2.0.0 2>err &&
	test_grep "^error: .*v2.0.0" err &&
	test_path_is_missing srv
'

test_expect_success 'a lightweight tag' '
	git -C app tag v2.1.0 &&
	test_expect_code 1 git -C app release v2.1.0 2>err &&
	test_grep "^error: .*v2.1.0.*annotated" err &&
	test_path_is_missing srv
'

test_expect_success 'a tag that carries another name in its object' '
	git -C app update-ref refs/tags/v2.2.0 \
		"$(git -C app rev-parse refs/tags/v1.0.0)" &&
	test_expect_code 1 git -C app release v2.2.0 2>err &&
	test_grep "^error: .*v2.2.0" err &&
	test_path_is_missing srv
'

test_expect_success 'a tag that is not on the release branch' '
	git -C app checkout -q -b side v1.0.0 &&
	echo side >app/side && app_tag app v2.3.0 &&
	git -C app checkout -q production &&
	test_expect_code 1 git -C app release v2.3.0 2>err &&
	test_grep "^error: .*v2.3.0.*production" err &&
	test_path_is_missing srv
'

test_expect_success 'names are shown quoted' '
	test_must_fail git -C app release "v1$(printf "\033[31m")" 2>err &&
	! LC_ALL=C grep "$(printf "\033")" err &&
	test_path_is_missing srv
'

test_expect_success 'a tag that moved since it was built' '
	git -C app release v1.0.0 &&
	git -C app tag -f -a -m moved v1.0.0 v1.1.0^{} &&
	old=$(readlink srv/current) &&
	test_expect_code 1 git -C app release --again v1.0.0 2>err &&
	test_grep "^error: .*v1.0.0.* moved" err &&
	test "$old" = "$(readlink srv/current)"
'

test_done
