#!/bin/sh

test_description='the test library fails when it should'

. "$(dirname "$0")/../lib/test-lib.sh"

# try <name>: runs the script on stdin as a test script of its own, from a
# folder beside which the library lies as usual.
mkdir -p tree/tests/e2e && ln -s "$TOP/tests/lib" tree/tests/lib || exit 1
try () {
	{
		echo '#!/bin/sh'
		echo '. "$(dirname "$0")/../lib/test-lib.sh"'
		cat
	} >"tree/tests/e2e/$1.sh" &&
	TMPDIR=$TRASH sh "tree/tests/e2e/$1.sh" >"$1.out" 2>&1
}

test_expect_success 'passing bodies pass and leave nothing behind' '
	try pass <<-\EOT &&
	test_expect_success "one" "true && x=kept"
	test_expect_success "two" "test \$x = kept && cd /"
	test_expect_success "three" "test \"\$(pwd -P)\" = \"\$TRASH\""
	test_done
	EOT
	printf "ok 1 - one\nok 2 - two\nok 3 - three\n1..3\n" >expect &&
	test_cmp expect pass.out &&
	test_must_fail ls -d pass.??????
'

test_expect_success 'a failing body fails the script, which goes on' '
	test_expect_code 1 try fail <<-\EOT &&
	test_expect_success "one" "echo why && false"
	test_expect_success "two" "true"
	test_done
	EOT
	test_grep "^not ok 1 - one" fail.out &&
	test_grep "^# why" fail.out &&
	test_grep "^ok 2 - two" fail.out &&
	test_grep "^1..2" fail.out &&
	kept=$(sed -n "s/^# kept: //p" fail.out) &&
	test_path_is_dir "$kept"
'

test_expect_success 'a broken chain is found though everything works' '
	test_expect_code 1 try chain <<-\EOT &&
	test_expect_success "semicolon" "true; true"
	test_expect_success "lines" "true &&
		true
		true"
	test_expect_success "or" "true || true"
	test_done
	EOT
	test "$(grep -c "^not ok" chain.out)" = 3 &&
	test "$(grep -c "^# broken && chain" chain.out)" = 3
'

test_expect_success 'ending before test_done is a failure' '
	test_expect_code 1 try early <<-\EOT &&
	test_expect_success "one" "true"
	exit 0
	EOT
	test_grep "^not ok 2 - ended before test_done" early.out &&
	test_expect_code 1 try within <<-\EOT &&
	test_expect_success "one" "true"
	test_expect_success "two" "true && exit 0"
	test_done
	EOT
	test_grep "^not ok 2 - ended before test_done" within.out &&
	test_expect_code 1 try nothing <<-\EOT
	test_done
	EOT
'

test_expect_success 'a script that hangs is ended' '
	(
		TEST_TIMEOUT=1 && export TEST_TIMEOUT &&
		test_expect_code 124 try hang
	) <<-\EOT &&
	test_expect_success "one" "sleep 60"
	test_done
	EOT
	test_grep "^not ok 1 - not done after 1 seconds" hang.out
'

test_expect_success 'what was to be done at the end is done' '
	test_expect_code 3 try cleanup <<-\EOT &&
	test_at_done "echo first >>\"$TMPDIR/cleaned\""
	test_at_done "echo second >>\"$TMPDIR/cleaned\""
	test_expect_success "one" "exit 3"
	test_done
	EOT
	printf "second\nfirst\n" >expect &&
	test_cmp expect cleaned
'

test_expect_success 'test_must_fail wants a failure under control' '
	test_must_fail false &&
	test_must_fail sh -c "exit 128" &&
	! test_must_fail true &&
	! test_must_fail no-such-program &&
	! test_must_fail sh -c "kill -9 \$\$" &&
	! test_must_fail sh -c "kill -SEGV \$\$" &&
	! test_must_fail sh -c "exit 99"
'

test_expect_success 'the other judges judge' '
	echo a >a && echo b >b && >empty &&
	test_cmp a a && ! test_cmp a b && ! test_cmp a missing &&
	test_expect_code 3 sh -c "exit 3" &&
	! test_expect_code 3 sh -c "exit 4" &&
	test_grep a a && ! test_grep b a &&
	test_grep ! b a && ! test_grep ! a a &&
	test_must_be_empty empty && ! test_must_be_empty a &&
	! test_must_be_empty missing &&
	test_path_is_missing missing && ! test_path_is_missing a &&
	ln -s nowhere dangling && ! test_path_is_missing dangling &&
	test_path_is_file a && ! test_path_is_file . &&
	test_path_is_dir . && ! test_path_is_dir a &&
	test_wait_for 5 test -f a && ! test_wait_for 1 test -f missing
'

test_expect_success 'a missing tool is a failure, not a skip' '
	test_expect_code 1 try tool <<-\EOT &&
	test_require sh no-such-program
	test_expect_success "one" "true"
	test_done
	EOT
	test_grep "^not ok 1 - needs no-such-program" tool.out &&
	test_grep ! -i skip tool.out
'

test_expect_success 'the environment is sealed' '
	(
		GIT_DIR=/nowhere XDG_CONFIG_HOME=/nowhere SSH_AUTH_SOCK=/x \
		NO_COLOR=1 LANG=de_DE.UTF-8 && export GIT_DIR XDG_CONFIG_HOME \
			SSH_AUTH_SOCK NO_COLOR LANG &&
		try sealed
	) <<-\EOT
	test_expect_success "one" "
		test -z \"\$GIT_DIR\$XDG_CONFIG_HOME\$SSH_AUTH_SOCK\" &&
		test -z \"\$NO_COLOR\$LANG\" &&
		test \"\$HOME\" = \"\$TRASH/home\" &&
		test_must_fail git rev-parse --git-dir &&
		git release --version
	"
	test_done
	EOT
'

test_expect_success 'live_is sees every kind of difference' '
	make_app_repo app origin.git &&
	test "$(git -C origin.git tag | tr "\n" " ")" = "v1.0.0 v1.1.0 v1.2.0 " &&
	mkdir -p srv/releases/1 &&
	git -C app archive v1.1.0 | tar -xf - -C srv/releases/1 &&
	ln -s releases/1 srv/current &&
	test "$(live_release srv)" = 1 &&
	echo x >srv/current/REVISION &&
	live_is srv app v1.1.0 &&
	! live_is srv app v1.2.0 &&
	chmod +x srv/current/public/index.php &&
	! live_is srv app v1.1.0 &&
	chmod -x srv/current/public/index.php &&
	echo >srv/current/more &&
	! live_is srv app v1.1.0 &&
	live_is srv app v1.1.0 more &&
	ln -sfn ../elsewhere srv/current/public/storage &&
	! live_is srv app v1.1.0 more &&
	ln -sfn ../away srv/current &&
	! live_release srv
'

test_done
