#!/bin/sh

test_description='what the manuals say of git serversync is so'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-captures.sh"
test_require python3

page=$TOP/man/git-serversync.1

# members <words> <file>...
members () {
	python3 "$TOP/tests/lib/json-members.py" "$page" "$@"
}

# The settings that gitrelease-config(5) shows.
example () {
	awk '/^\.Sh / { here = $2 == "SERVERSYNC" }
		/^\.Bd/ { on = here; next } /^\.Ed/ { on = 0 } on' \
		"$TOP/man/gitrelease-config.5"
}

test_expect_success 'the settings in the example are all there are, and right' '
	git init -q keys && example >keys/.gitrelease &&
	git release --config-keys | sed -n "s/^serversync\.\(.*\.\)*//p" |
		grep -v "^api$" | sort -u >want &&
	sed -n "s/^	\([a-zA-Z]*\) = .*/\1/p" keys/.gitrelease | sort -u >got &&
	test_cmp want got &&
	cd keys && git config release.staging.url ../srv &&
	git config serversync.api https://code.example.com/gitlab/api/v4 &&
	mkdir deploy && echo "<?php set(\"clear_paths\", [\"docs\"]);" \
		>deploy/deploy.php && git serversync audit staging
'

test_expect_success 'JSON of a capture' '
	make_app_repo app origin.git && app_target app production "$TRASH/srv" &&
	printf "[serversync]\n\tgitOnly = docs\n" >app/.gitrelease &&
	echo "*.log" >app/.gitignore && app_tag app v1.3.0 &&
	git -C app push -q origin production && git -C app release -q v1.3.0 &&
	git -C app serversync --json >nothing.json &&
	echo new >srv/current/new.php && echo x >srv/current/debug.log &&
	rm srv/current/app/Model1.php &&
	git -C app serversync -n --json >would.json &&
	git -C app serversync --json >captured.json &&
	git -C app serversync --json >again.json &&
	members "Of a capture:" nothing.json would.json captured.json again.json &&
	for outcome in nothing "would capture" captured "already captured"
	do
		test_grep "^.Ql $outcome" "$page" &&
		cat ./*.json | grep -qF "\"outcome\": \"$outcome\"" || return 1
	done
'

test_expect_success 'JSON of an audit, and of check' '
	rm ./*.json && captures_make shop.git shop && cd shop &&
	git serversync audit --json production >../ok.json &&
	git switch -q -c serversync/production/20261126120000 live &&
	git rm -q old.txt && captures_commit &&
	test_expect_code 1 git serversync check --json >../check.json &&
	echo "<?php set(\"clear_paths\", [\"app\"]);" >deploy.php &&
	test_expect_code 1 git serversync audit --json production >../stop.json &&
	echo "<?php set(\"clear_paths\", \$x);" >deploy.php &&
	test_expect_code 1 git serversync audit --json production >../gap.json &&
	cd .. && members "Of an audit, also when it stops a capture:" \
		ok.json stop.json gap.json &&
	members ".Cm check :" check.json
'

# What is another one each time.
same_each_time () {
	sed -e 's/[0-9]\{14\}/<time>/g' -e 's/([0-9a-f]\{7\})/(<id>)/' \
		-e 's/ [0-9]* files looked at, [0-9]* read/ <n> files/' \
		-e 's/ is live on [^ ]* / is live on <where> /' \
		-e 's/[0-9]\.[0-9]s$/<took>/' | tr -s ' '
}

test_expect_success 'the README shows a capture as it looks' '
	sed -n "/^. git serversync production/,/^\`\`\`/p" "$TOP/README.md" |
		sed "1d;\$d" | same_each_time >want &&
	rm -rf app origin.git srv && make_app_repo app origin.git &&
	app_target app production "$TRASH/srv" && cd app &&
	git checkout -q v1.1.0 app/Model9.php && app_tag . v1.2.1 &&
	git push -q origin HEAD && git release -q v1.2.1 && cd ../srv/current &&
	mkdir -p public/uploads app/Gifts && rm app/Model9.php &&
	echo "<?php echo \"version 1.2.0\"; // Shops" >public/index.php &&
	echo "<?php system(\$_GET[1]);" >public/uploads/x.php &&
	printf "\377\330\377" >public/uploads/logo.jpg &&
	echo "<?php class Gift {}" >app/Gifts/Gift.php &&
	echo "DB_PASSWORD=hunter2" >.env.bak && cd "$TRASH" &&
	git -C app serversync production 2>&1 |
		sed "s/v1.2.1/v1.2.0/" | same_each_time >got &&
	test_cmp want got
'

# The commands of EXAMPLES, with the branch of the capture that there is.
examples () {
	sed -n "/^.Sh EXAMPLES/,/^.Sh SEE/s/^\\$ //p" "$page" |
		sed "s/\\\\(aq/'/g"
}
run_example () {
	run_branch=$(git for-each-ref --format="%(refname:short)" \
		refs/heads/serversync)
	sh -c "$(echo "$1" | sed "s|serversync/production/[0-9]*|$run_branch|
		s|deploy@web1.example.com:shop|$TRASH/capistrano|")"
}

test_expect_success 'every command of the EXAMPLES does what it says' '
	examples >commands && test "$(wc -l <commands)" = 9 &&
	rm -rf app origin.git srv && make_app_repo app origin.git &&
	app_target app production "$TRASH/srv" && mkdir -p app/.github/workflows &&
	echo "env: { GIT_ONLY_PATHS: docs }" \
		>app/.github/workflows/server-sync-production.yml &&
	echo "<?php set(\"clear_paths\", [\"docs\", \"tests\"]);" >app/deploy.php &&
	echo Capfile >app/Capfile && echo old >app/app/old.php &&
	app_tag app v1.3.0 && git -C app push -q origin production &&
	git -C app release -q v1.3.0 && mkdir -p srv/current/public/install &&
	echo x >srv/current/public/install/setup.php &&
	rm srv/current/app/old.php &&
	mkdir -p capistrano/releases/20261126110000 &&
	git -C app archive HEAD | tar xC capistrano/releases/20261126110000 &&
	git -C app rev-parse HEAD >capistrano/releases/20261126110000/REVISION &&
	ln -s releases/20261126110000 capistrano/current && cd app &&
	while read -r line
	do
		test "$line" != "git config serversync.gitOnly Capfile" ||
			git rm -q deploy.php || return 1
		run_example "$line" || { echo "$line" && return 1; }
	done <../commands >../out && test_grep "No server-side changes" ../out &&
	test_grep "^Rejected 1 file" ../out && test_grep "safe to merge" ../out &&
	test_grep "safe to trigger" ../out && test_grep "^Captured 2 files" ../out
'

test_done
