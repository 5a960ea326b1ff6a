#!/bin/sh
test_description='git drift between: two live environments'
. "$(dirname "$0")/../lib/test-lib.sh"

test_expect_success 'two releases of a build, each live somewhere' '
	git init -q -b production app && cd app && echo 1 >source &&
	git config -f .gitrelease release.build "cp source built; echo x >same" &&
	git config -f .gitrelease release.staging.url ../staging &&
	git config -f .gitrelease release.production.url ../production &&
	app_tag . v1.0.0 && echo 2 >source && app_tag . v1.1.0 &&
	git release -q --no-sync --to production v1.0.0 &&
	git release -q --no-sync --to staging v1.1.0
'

test_expect_success 'files that the build made are listed, too' '
	cd app && git drift between production staging >../out 2>../err &&
	printf "M\tbuilt\nM\tsource\n" >../expect && test_cmp ../expect ../out &&
	test_grep "^2 files differ from production in staging$" ../err &&
	git diff --name-status --no-renames refs/deployments/production \
		refs/deployments/staging >../expect &&
	test_cmp ../expect ../out
'

test_expect_success 'the forms are those of git drift' '
	cd app && git drift between -q -z production staging >../out &&
	printf "M\0built\0M\0source\0" >../expect && cmp ../expect ../out &&
	git drift between -q --json production staging >../out &&
	test_grep "\"name\": \"production\"" ../out &&
	test_expect_code 1 git drift between --exit-code production staging &&
	git drift between --exit-code production production &&
	git drift between -q -o ../list production staging >../out &&
	echo ../list >../expect && test_cmp ../expect ../out
'

test_expect_success 'what is live nowhere, and what is no environment' '
	cd app &&
	test_expect_code 128 git drift between production testing 2>../err &&
	test_grep "nothing is known to be live on .testing." ../err &&
	test_grep "^hint: git fetch origin" ../err &&
	test_expect_code 128 git drift between production ../heads/x 2>../err &&
	test_grep "cannot be the name of an environment" ../err &&
	test_expect_code 129 git drift between production 2>../err &&
	test_grep "name two environments" ../err &&
	test_expect_code 129 git drift between a b c
'

test_done
