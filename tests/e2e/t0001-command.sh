#!/bin/sh

test_description='git release: finding verbs, help, versions, completion'

. "$(dirname "$0")/../lib/test-lib.sh"

test_expect_success 'setup' '
	make_app_repo app &&
	git -C app config release.staging.url /srv/staging &&
	printf "[release \"production\"]\n\turl = /srv/app\n" \
		>app/.gitrelease &&
	mkdir app/sub
'

test_expect_success '--version says whose it is' '
	git release --version >out &&
	test_grep "^git-release (git-native release tools) [0-9]" out
'

test_expect_success '-h prints the usage on stdout' '
	git release -h >out 2>err &&
	test_must_be_empty err &&
	test_grep "^usage: git release" out &&
	test "$(wc -l <out)" -le 25
'

test_expect_success 'wrong usage is 129, on stderr, nothing on stdout' '
	test_expect_code 129 git release --bogus >out 2>err &&
	test_must_be_empty out &&
	test_grep "^error: unknown option .--bogus." err &&
	test_grep "^usage:" err
'

test_expect_success 'options before a command are told from a version' '
	test_expect_code 129 git -C app release --to staging rollback \
		>out 2>err &&
	test_must_be_empty out &&
	test_grep "^error: the command comes before .*git release rollback" err
'

test_expect_success 'what was typed is shown without control sequences' '
	test_expect_code 129 git release "--$(printf "\033[2Jx\nerror: y")" \
		2>err &&
	test_grep "033\[2Jx" err &&
	test_grep ! "$(printf "\033")" err
'

test_expect_success 'a verb that is to come is not available yet' '
	for verb in harden monitor governance seed-db
	do
		test_expect_code 128 git release $verb 2>err || return 1
		echo "fatal: '\''git release $verb'\'' is not available yet" \
			>expect
		test_cmp expect err || return 1
	done
'

test_expect_success 'an option that is to come is no typing error' '
	for option in no-cache plan-file skip-gate reason cache no-plan-file
	do
		for form in "--$option=x" "--$option x"
		do
			test_expect_code 128 git -C app release $form \
				v1.0.0 >out 2>err || return 1
			echo "fatal: option '\''--$option'\'' is not" \
				"available yet" >expect
			test_cmp expect err || return 1
			test_must_be_empty out || return 1
		done
	done &&
	test_expect_code 128 git release --skip 2>err &&
	test_grep "skip-gate.*not available yet" err &&
	git release -h >out &&
	test_grep ! "cache\|plan-file\|skip-gate\|reason" out &&
	git release --git-completion-helper >out &&
	test_grep ! "cache\|plan-file\|skip-gate\|reason" out
'

test_expect_success 'without anything configured, init is explained' '
	git init -q bare-start &&
	(
		cd bare-start &&
		test_expect_code 128 git release 2>../err
	) &&
	test_grep "^fatal: no environment is configured" err &&
	test_grep "^hint: .*git release init" err
'

test_expect_success 'without a version, one is asked for' '
	test_expect_code 129 git -C app release 2>err &&
	test_grep "^error: .*version" err
'

test_expect_success 'a full disk is not success' '
	test_expect_code 128 git release -h >/dev/full 2>err &&
	test_grep "^fatal: cannot write the output" err
'

test_expect_success 'closed descriptors do no harm' '
	git release --version >&- 2>&- <&-
'

test_expect_success 'completion lists verbs, environments, tags, releases' '
	git -C app release --completion environments | sort >actual &&
	printf "production\nstaging\n" >expect &&
	test_cmp expect actual &&
	git -C app/sub release --completion environments | sort >actual &&
	test_cmp expect actual &&
	git -C app release --completion tags >actual &&
	printf "v1.0.0\nv1.1.0\nv1.2.0\n" >expect &&
	test_cmp expect actual &&
	git -C app update-ref refs/releases/v1.1.0 v1.1.0 &&
	git -C app release --completion releases >actual &&
	echo v1.1.0 >expect &&
	test_cmp expect actual &&
	test_expect_code 129 git -C app release --completion nonsense
'

test_expect_success 'a bare repository completes from HEAD' '
	git -C app add .gitrelease &&
	git -C app commit -q -m "Release to production" &&
	git clone -q --bare app app.git &&
	git -C app.git release --completion environments >actual &&
	echo production >expect &&
	test_cmp expect actual
'

test_done
