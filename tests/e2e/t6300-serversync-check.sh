#!/bin/sh

test_description='git serversync check: what has to hold before a merge'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-captures.sh"
test_require python3

# project: a capture that is fine, on its branch here and on the remote; main
# is checked out.
project () {
	cd "$TRASH" && rm -rf origin.git app second &&
	captures_make origin.git app && cd app && captures_begin &&
	echo '<?php class User { public $fix; }' >app/Models/User.php &&
	mkdir plugins && echo a >plugins/a.php && git rm -q old.txt &&
	captures_commit 'Deletion-Reason: old.txt — nobody needs it' &&
	captures_push
}

ok="OK — 3 files of $capture, 1 deleted for a reason; safe to merge"

# checks <exit status> [<argument>...]: stdin is all that it prints on stdout.
checks () {
	cat >"$TRASH/want"
	checks_code=$1
	shift
	test_expect_code "$checks_code" git serversync check "$@" \
		>"$TRASH/out" 2>"$TRASH/err" || {
		cat "$TRASH/out" "$TRASH/err"
		return 1
	}
	test_cmp "$TRASH/want" "$TRASH/out"
}

# change: the commands on stdin make one more commit of a person on the branch.
change () {
	git switch -q $capture && eval "$(cat)" && test_tick && git add -A &&
	git commit -q --allow-empty -m "By hand" && git switch -q main
}

test_expect_success 'a capture that is fine; nothing is changed by looking' '
	project && git for-each-ref >../before &&
	echo "$ok" | checks 0 $capture && test_must_be_empty ../err &&
	git for-each-ref >../after && test_cmp ../before ../after &&
	checks 0 -q $capture </dev/null &&
	git switch -q $capture && echo "$ok" | checks 0 &&
	cd docs && echo "$ok" | checks 0
'

test_expect_success 'as a CI has it: detached, on the remote only, merged' '
	project && git branch -q -D $capture &&
	echo "$ok" | sed "s,of ,of origin/," >../want.remote &&
	checks 0 $capture <../want.remote &&
	checks 0 origin/$capture <../want.remote &&
	git switch -q --detach origin/$capture &&
	echo "$ok" | sed "s,of [^ ]*\,,of HEAD\,," >../want.head &&
	checks 0 <../want.head &&
	git switch -q --detach main && echo newer >newer.txt && app_tag . newer &&
	git push -q origin HEAD:main && git merge -q -m merge origin/$capture &&
	checks 0 <../want.head &&
	git rm -q newer.txt && app_tag . drop && echo "$capture" &&
	checks 1 <<-\EOF &&
	newer.txt: is deleted without a reason
	EOF
	git clone -q --bare ../origin.git ../second && cd ../second &&
	git config serversync.target main &&
	echo "$ok" | checks 0 $capture
'

test_expect_success 'no capture: it could not be checked' '
	project && git branch plain live &&
	for name in "" main plain
	do
		checks 128 $name </dev/null && test_grep "no capture" ../err ||
			return 1
	done &&
	git switch -q main && git merge -q --ff-only $capture &&
	git push -q origin main &&
	checks 128 $capture </dev/null &&
	test_grep "still to be merged" ../err &&
	for name in nothing serversync/production/2 "a b" ..
	do
		checks 128 "$name" </dev/null &&
		test_grep "no branch" ../err || return 1
	done &&
	checks 129 a b </dev/null &&
	cd .. && rm -rf empty && git init -q empty && cd empty &&
	checks 128 </dev/null && test_grep "no commit yet" ../err
'

test_expect_success 'every deletion has its reason' '
	project && echo "git rm -q older.txt" | change &&
	checks 1 $capture <<-\EOF &&
	older.txt: is deleted without a reason
	EOF
	test_grep "^hint: a reason is a trailer" ../err &&
	git switch -q $capture && test_tick &&
	git commit -q --amend -m "By hand" \
		-m "Deletion-Reason: older.txt — it is even older" &&
	git switch -q main &&
	echo "OK — 4 files of $capture, 2 deleted for a reason; safe to merge" |
	checks 0 $capture &&
	git switch -q $capture && git commit -q --amend -m "By hand" \
		-m "$(printf "Deletion-Reason: older.txt — \302\240")" &&
	checks 1 <<-\EOF &&
	older.txt: is deleted without a reason
	EOF
	captures_begin && git rm -q old.txt older.txt public/index.php &&
	captures_commit "Deletion-Reason: \"old.txt\" — \"\"" \
		"Deletion-Reason: older.txt - no dash" \
		"Deletion-Reason: public — all of it" &&
	git switch -q main && hex=$(git rev-parse $capture | cut -c1-7) &&
	checks 1 $capture <<-EOF
	$hex: its trailer cannot be read: Deletion-Reason: older.txt - no dash
	old.txt: is deleted without a reason
	older.txt: is deleted without a reason
	public/index.php: is deleted without a reason
	EOF
'

test_expect_success 'what is rejected needs no reason, and has none any more' '
	project && captures_begin && git rm -q old.txt older.txt &&
	captures_commit "Deletion-Reason: older.txt — gone" &&
	git push -q -f origin $capture && git switch -q main &&
	checks 1 $capture <<-\EOF &&
	old.txt: is deleted without a reason
	EOF
	git serversync reject $capture old.txt older.txt &&
	echo "OK — 0 files of $capture; safe to merge" | checks 0 $capture &&
	echo "git rm -q older.txt" | change &&
	checks 1 $capture <<-\EOF
	older.txt: is deleted without a reason
	EOF
'

test_expect_success 'the audit is made again, in the work tree' '
	project && echo "set(\"clear_paths\", [\"docs\", \"tools\", \"*.md\"]);" \
		>>deploy.php &&
	checks 1 $capture <<-\EOF &&
	tools: is cleared by every deploy (deploy.php:3), and not protected by .github/workflows/server-sync-production.yml
	EOF
	test_grep "^hint: git serversync audit production$" ../err &&
	echo "set(\"clear_paths\", \$x);" >>deploy.php &&
	checks 1 $capture <<-\EOF &&
	deploy.php: cannot prove symmetry at line 4: the value is in a variable
	EOF
	rm .github/workflows/*.yml && git checkout -q deploy.php &&
	checks 128 $capture </dev/null
'

test_expect_success 'nothing comes back that a deploy clears' '
	project && captures_begin && mkdir -p docs/new &&
	echo x >docs/new/a.txt && echo x >README.md && echo x >docs/manual.txt &&
	echo x >"docs/a[1].md" && echo x >mydocs && echo x >.md &&
	captures_commit && git switch -q main &&
	checks 1 $capture <<-\EOF
	README.md: is cleared by every deploy (deploy.php:2), so that no server has it for long
	docs/a[1].md: is cleared by every deploy (deploy.php:2), so that no server has it for long
	docs/manual.txt: is cleared by every deploy (deploy.php:2), so that no server has it for long
	docs/new/a.txt: is cleared by every deploy (deploy.php:2), so that no server has it for long
	EOF
'

test_expect_success 'no secret, by name or by content' '
	project && captures_begin && mkdir -p config &&
	echo APP_DEBUG=true >.env &&
	ssh-keygen -q -t rsa -b 1024 -m PEM -N "" -f config/deploy.txt &&
	rm config/deploy.txt.pub &&
	captures_commit && git switch -q main &&
	test_expect_code 1 git serversync check $capture >../out &&
	cat ../out && test $(wc -l <../out) = 2 &&
	test_grep "^.env: is a secret: ." ../out &&
	test_grep "^config/deploy.txt: is a secret: ." ../out &&
	key=$(git show $capture:config/deploy.txt | sed -n 2p) &&
	test_grep ! "$key" ../out
'

test_expect_success 'no secret in its history either, which a merge would bring' '
	project && echo "echo APP_DEBUG=true >.env && cp .env .env.local" |
	change && hex=$(git rev-parse --short=7 $capture) &&
	echo "git rm -q .env .env.local && echo x >x.php" | change &&
	checks 1 $capture <<-EOF &&
	.env: is a secret in the history of the branch ($hex): an environment file, by its name
	.env.local: is a secret in the history of the branch ($hex): an environment file, by its name
	EOF
	test_grep "^hint: .*take it out of the history" ../err &&
	git switch -q -c other $capture && git reset -q --soft live &&
	git commit -q -C $capture~2 && git switch -q main &&
	echo "OK — 4 files of other, 1 deleted for a reason; safe to merge" |
	checks 0 other
'

test_expect_success 'what the target has had is no secret of the branch' '
	project && echo "echo APP_DEBUG=true >.env" >../make &&
	eval "$(cat ../make)" && app_tag . env && git push -q origin main &&
	git switch -q $capture && git merge -q -m merge main &&
	git rm -q .env && git commit -q -m "By hand" \
		-m "Deletion-Reason: .env — no secrets in git" &&
	eval "$(cat ../make)" && app_tag . back && git switch -q main &&
	echo "$ok" | checks 0 $capture
'

test_expect_success 'nothing that a capture refuses' '
	project && captures_begin && mkdir -p a/.GitHub/x vendor &&
	echo x >a/.GitHub/x/y && echo "* filter=x" >.gitattributes &&
	ln -s /etc/passwd plugins-etc && ln -s ../../x vendor/up &&
	ln -s ../app vendor/app && echo x >.github/more.yml &&
	head -c 3000 /dev/zero >large.bin && mkdir sub &&
	git update-index --add --cacheinfo 160000,$(git rev-parse live^0),sub &&
	captures_commit && git config serversync.maxFileSize 2k &&
	git switch -q -f main &&
	checks 1 $capture <<-\EOF
	.gitattributes: steers git, in which no server has a say
	.github/more.yml: steers git, in which no server has a say
	a/.GitHub/x/y: steers git, in which no server has a say
	large.bin: is larger than serversync.maxFileSize: 2.9 KiB
	plugins-etc: is a symbolic link that may lead out: /etc/passwd
	sub: is a submodule
	vendor/up: is a symbolic link that may lead out: ../../x
	EOF
'

test_expect_success 'nor what another system takes for a file of git' '
	project && captures_begin && mkdir vendor &&
	echo x >"vendor/$(printf ".g\342\200\214itattributes")" &&
	echo x >vendor/gitmod~1 &&
	captures_commit && git switch -q main && checks 1 $capture <<-\EOF
	"vendor/.g\342\200\214itattributes": steers git, in which no server has a say
	vendor/gitmod~1: steers git, in which no server has a say
	EOF
'

test_expect_success 'names of any bytes end no line and steer no terminal' '
	project && captures_begin &&
	name=$(printf "x\ny\033[2J\351") && echo x >"./$name" &&
	app_tag . odd && git rm -q old.txt "./$name" &&
	captures_commit && git switch -q main &&
	git push -q origin odd^0:main &&
	checks 1 $capture <<-\EOF &&
	old.txt: is deleted without a reason
	"x\ny\033[2J\351": is deleted without a reason
	EOF
	tree=$(printf "100644 blob $(git rev-parse live:old.txt)\t..\n" |
		git mktree) &&
	tree=$({ git ls-tree live && printf "040000 tree $tree\tup\n"; } |
		git mktree) &&
	git update-ref refs/heads/$capture $(git log -1 --format=%B $capture |
		git commit-tree -p live^0 $tree) &&
	checks 1 $capture <<-\EOF
	up/..: is no name that a work tree can hold
	EOF
'

test_expect_success '--json' '
	project && git serversync check --json $capture >../json &&
	python3 - $capture $(git rev-parse $capture live^0) <<-\END &&
	import json, sys
	doc = json.load(open("../json"))
	assert doc == {"branch": sys.argv[1], "commit": sys.argv[2],
	    "environment": "production", "target": "origin/main",
	    "base": sys.argv[3], "captures": [sys.argv[2]],
	    "verdict": "ok", "findings": []}, doc
	END
	echo "git rm -q older.txt" | change &&
	test_expect_code 1 git serversync check --json $capture >../json &&
	python3 - <<-\END
	import json
	doc = json.load(open("../json"))
	assert doc["verdict"] == "findings"
	assert doc["findings"] == [{"kind": "deletion", "path": "older.txt",
	    "what": "is deleted without a reason"}], doc
	END
'

test_expect_success 'the environment is that of the capture' '
	project && mv .github/workflows/server-sync-production.yml \
		.github/workflows/server-sync-staging.yml &&
	git config serversync.production.gitOnly x &&
	checks 1 $capture <<-\EOF &&
	docs: is cleared by every deploy (deploy.php:2), and not protected by serversync.gitOnly in file:.git/config
	*.md: is cleared by every deploy (deploy.php:2), and not protected by serversync.gitOnly in file:.git/config
	EOF
	git branch -m $capture renamed &&
	test_expect_code 1 git serversync check renamed >../out &&
	git switch -q renamed && test_tick &&
	git log -1 --format=%B | sed "1s/production/staging/" >../message &&
	git commit -q --amend -F ../message && git switch -q main &&
	checks 0 renamed <<-\EOF &&
	OK — 3 files of renamed, 1 deleted for a reason; safe to merge
	EOF
	sed "1s/.*/Nicer/" ../message >../nicer && git switch -q renamed &&
	git commit -q --amend -F ../nicer && checks 128 </dev/null &&
	test_grep "does not name its environment any more" ../err &&
	git branch -m serversync/staging/1 && checks 0 <<-\EOF
	OK — 3 files of serversync/staging/1, 1 deleted for a reason; safe to merge
	EOF
'

test_expect_success 'a shallow clone cannot tell' '
	project && cd .. && git clone -q --depth 1 -b $capture \
		"file://$TRASH/origin.git" second && cd second &&
	checks 128 </dev/null && test_grep "shallow clone" ../err &&
	test_grep "^hint: git fetch --unshallow" ../err &&
	git fetch -q --unshallow && checks 0 <<-EOF
	$ok
	EOF
'

test_expect_success 'without a target: against what was live' '
	project && git config --unset serversync.target &&
	git remote remove origin && echo "$ok" | checks 0 $capture &&
	git switch -q $capture && git merge -q --no-ff -m merge main &&
	echo "$ok" | checks 0 &&
	git config serversync.target gone && checks 128 </dev/null &&
	test_grep "target, branch .gone., is neither here" ../err
'

# What lies below the commit of a person was not looked at at all.
test_expect_success 'several captures, and no target to tell which of them count' '
	project && git config --unset serversync.target &&
	git remote remove origin && git switch -q $capture &&
	echo two >plugins/two.php && captures_commit &&
	echo "$ok" | sed "s/3 files/4 files/" | checks 0 &&
	git rm -q older.txt && test_tick && git commit -q -m "By hand" &&
	echo three >plugins/three.php && captures_commit &&
	checks 128 </dev/null &&
	test_grep "not known without the review.s target" ../err &&
	test_grep "^hint: git config serversync.target" ../err &&
	test_expect_code 128 git serversync reject $capture old.txt &&
	git config serversync.target main && checks 1 <<-\EOF
	older.txt: is deleted without a reason
	EOF
'

# The n-th example of the manual's chapter on CIs.
example () {
	sed -n '/^[.]Sh IN A CI/,/^[.]Sh JSON/p' "$TOP/man/git-serversync.1" |
		awk -v n="$1" '/^[.]Bd/ { i++; on = 1; next } /^[.]Ed/ { on = 0 }
			on && i == n'
}

# The commands of its job that checks: a line each, as a CI's shell gets them.
commands () {
	example "$1" | sed -n 's/^ *- //; s/^run: //; /^target=/p
		/^git fetch /p; /serversync check$/p'
}

test_expect_success 'the examples for CIs: in the clones that they have' '
	project && export GITHUB_BASE_REF=main &&
	export CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main &&
	export BITBUCKET_PR_DESTINATION_BRANCH=main &&
	for n in 1 3 4
	do
		commands $n >../commands.sh && cat ../commands.sh &&
		test_grep "serversync check$" ../commands.sh &&
		rm -rf ../second && git init -q ../second &&
		cd ../second && git remote add origin "$TRASH/origin.git" &&
		case $n in
		1) git fetch -q origin ;;
		*) git fetch -q origin $capture ;;
		esac && git checkout -q --detach "$(captures_tip ../origin.git)" &&
		sh -e ../commands.sh >../out 2>../err || {
			cat ../out ../err
			return 1
		}
		test_grep "^OK — 3 files of HEAD" ../out && cd ../app || return 1
	done
'

test_expect_success 'the example for a capture: the audit finds its paths' '
	project && example 2 >.github/workflows/server-sync-production.yml &&
	test_grep GIT_ONLY_PATHS .github/workflows/server-sync-production.yml &&
	printf "%s\n" "<?php namespace Deployer;" \
		"set(\"clear_paths\", [\"docs\", \"tests/unit\"]);" >deploy.php &&
	git serversync audit >../out 2>../err && test_grep "^OK" ../out &&
	test_must_be_empty ../err
'

test_done
