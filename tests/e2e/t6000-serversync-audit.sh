#!/bin/sh

test_description='git serversync audit: clear_paths against GIT_ONLY_PATHS'

. "$(dirname "$0")/../lib/test-lib.sh"
test_require python3 php

workflow=.github/workflows/server-sync-production.yml

# project: a repository "app"; the body ends up in it.
project () {
	rm -rf "$TRASH/app" && git init -q -b main "$TRASH/app" &&
	cd "$TRASH/app" && mkdir -p .github/workflows
}

# deploys: stdin is what deploy.php says.
deploys () {
	{ echo "<?php" && echo "namespace Deployer;" && cat; } >deploy.php
}

# protects <word>...: one to a line, folded, as in every such workflow.
protects () {
	{
		echo "name: ServerSync production" && echo "env:" &&
		echo "  GIT_ONLY_PATHS: >-" && printf "    %s\n" "$@" &&
		echo "jobs:" && echo "  sync:" && echo "    runs-on: x"
	} >"${into:-$workflow}"
}

ok="OK — every clear_path is protected; safe to trigger production ServerSync"
stop="STOP — these clear_paths are NOT protected by GIT_ONLY_PATHS in $workflow:"

# audits <exit status> <arguments>, against stdin: all that it prints on stdout.
audits () {
	cat >../want
	want_code=$1
	shift
	test_expect_code "$want_code" git serversync audit "$@" \
		>../out 2>../err || { cat ../out ../err; return 1; }
	test_cmp ../want ../out
}

# unproven <place> <text>: no answer, and why.
unproven () {
	audits 1 </dev/null &&
	test_grep "^error: cannot prove symmetry at $1: .*$2" ../err &&
	test_grep "^hint: git help serversync" ../err
}

test_expect_success 'all is protected' '
	project &&
	echo "add(\"clear_paths\", [\"docs\", \".idea/\", \"./tests/unit\"]);" |
	deploys &&
	protects docs/ .idea tests &&
	echo "$ok" | audits 0 && test_must_be_empty ../err &&
	mkdir sub && cd sub && git serversync audit production >../../out &&
	echo "$ok" >../../want && test_cmp ../../want ../../out &&
	git -C "$TRASH/app" serversync audit -q >../../out 2>&1 &&
	test_must_be_empty ../../out
'

test_expect_success 'STOP: what is not, and nothing else' '
	project &&
	deploys <<-\EOF &&
	require "recipe/laravel.php";
	set("clear_paths", [
		"app",
		"storage/",
		"docs/*.md",
	]);
	EOF
	protects apple ./storage docs/a.md &&
	audits 1 <<-EOF &&
	$stop
	  app
	  docs/*.md
	EOF
	cat >../expect <<-\EOF &&
	warning: protected, but never cleared:
	warning:   apple
	hint: git serversync audit --fix production | git apply
	EOF
	test_cmp ../expect ../err &&
	audits 1 -v <<-EOF
	deploy.php:5  NOT protected  app
	deploy.php:6  protected      storage
	deploy.php:7  NOT protected  docs/*.md
	$stop
	  app
	  docs/*.md
	EOF
'

test_expect_success 'protected and never cleared only warns' '
	project && echo "set(\"clear_paths\", [\"a\"]);" | deploys &&
	protects a b/c && echo "$ok" | audits 0 &&
	test_grep "^warning: protected, but never cleared:" ../err &&
	test_grep "^warning:   b/c" ../err
'

test_expect_success 'nothing cleared, and that it says so' '
	project && echo "require \"recipe/common.php\";" | deploys && protects a &&
	echo "$ok" | audits 0 &&
	test_grep "^Nothing sets clear_paths: nothing is cleared" ../err &&
	echo "set(\"clear_paths\", []);" | deploys && echo "$ok" | audits 0 &&
	test_grep "^clear_paths is empty: nothing is cleared" ../err
'

test_expect_success 'what cannot be proven is never OK' '
	project && protects a b &&
	echo "set(\"clear_paths\", \$paths);" | deploys &&
	unproven deploy.php:3 "the value is in a variable" &&
	echo "if (\$x) { add(\"clear_paths\", [\"a\"]); }" | deploys &&
	unproven deploy.php:3 "not set in every case" &&
	echo "host(\"x\")->set(\"clear_paths\", [\"a\"]);" | deploys &&
	unproven deploy.php:3 "not read" &&
	for path in ../x /x "a b" "x;y" "{{x}}" "\$(id)" "~" . "" "{a,b}"
	do
		printf "add(\047clear_paths\047, [\n\047%s\047]);\n" "$path" |
		deploys && unproven deploy.php:4 "the path " || return 1
	done
'

test_expect_success 'what git cannot track needs no protection' '
	project && protects a &&
	echo "set(\"clear_paths\", [\".git\", \"./.git/hooks\", \"a\"]);" |
	deploys && echo "$ok" | audits 0
'

test_expect_success 'files that are included are read, too' '
	project && protects a b && mkdir deploy &&
	deploys <<-\EOF &&
	require_once "recipe/laravel.php";
	require __DIR__ . "/deploy/paths.php";
	import("deploy/more.php");
	EOF
	echo "<?php namespace Deployer; set(\"clear_paths\", [\"a\"]);" \
		>deploy/paths.php &&
	echo "<?php namespace Deployer; add(\"clear_paths\", [\"c\"]);" \
		>deploy/more.php &&
	audits 1 -v <<-EOF &&
	deploy/paths.php:1  protected      a
	deploy/more.php:1   NOT protected  c
	$stop
	  c
	EOF
	echo "<?php f(\$clear_paths);" >deploy/more.php &&
	unproven deploy/more.php:1 "in a variable" &&
	rm deploy/more.php && unproven deploy.php:5 "deploy/more.php. may set" &&
	ln -s paths.php deploy/more.php && test_expect_code 128 \
		git serversync audit 2>../err && test_grep "symbolic link" ../err &&
	echo "require __DIR__ . \"/../x.php\";" | deploys &&
	unproven deploy.php:3 "may set clear_paths" &&
	echo "require \"/etc/passwd\";" | deploys &&
	unproven deploy.php:3 "may set clear_paths" &&
	echo "require \"deploy.php\";" | deploys &&
	unproven deploy.php:3 "for the second time" &&
	echo "if (\$x) require \"deploy/paths.php\";" | deploys &&
	unproven deploy/paths.php:1 "not included in every case" &&
	echo "<?php return [\"x\" => 1];" >deploy/paths.php &&
	echo "$ok" | audits 0
'

test_expect_success 'recipes that clear paths themselves need a set() behind' '
	project && protects a &&
	deploys <<-\EOF &&
	require "recipe/symfony.php";
	add("clear_paths", ["a"]);
	EOF
	unproven deploy.php:3 "this recipe" &&
	deploys <<-\EOF &&
	require "recipe/symfony.php";
	set("clear_paths", ["a"]);
	EOF
	echo "$ok" | audits 0 &&
	deploys <<-\EOF &&
	require __DIR__ . "/vendor/deployer/deployer/recipe/laravel.php";
	require "contrib/php-fpm.php";
	EOF
	echo "$ok" | audits 0 &&
	echo "require \"recipe/unheard-of.php\";" | deploys &&
	unproven deploy.php:3 "recipe/unheard-of.php. may set"
'

test_expect_success 'broken, odd and large files: a sentence, file and line' '
	project && protects a &&
	printf "<?php\n\nset(\047clear_paths\047, [\047a]);" >deploy.php &&
	unproven deploy.php:3 "a string that begins here has no end" &&
	printf "<?php\n/* set" >deploy.php &&
	unproven deploy.php:2 "a comment that begins here has no end" &&
	: >deploy.php && unproven deploy.php:1 "no PHP code" &&
	printf "\377\376<\0?\0p\0" >deploy.php && unproven deploy.php:1 "no PHP" &&
	printf "<?php // \351t\351\r\nset(\047clear_paths\047,\r\n[\047a\047]);" \
		>deploy.php && echo "$ok" | audits 0 &&
	printf "<?php\nset(\047clear_paths\047, [\047\351\047]);" >deploy.php &&
	unproven deploy.php:2 "not readable UTF-8" &&
	printf "\357\273\277<?php set(\047clear_paths\047, [\047a\047]);" \
		>deploy.php && echo "$ok" | audits 0 &&
	head -c 10000000 /dev/zero | tr "\0" "\n" >>deploy.php &&
	test_expect_code 128 git serversync audit 2>../err &&
	echo "fatal: '\''deploy.php'\'' is too large" >../want &&
	test_cmp ../want ../err &&
	rm deploy.php && mkfifo deploy.php &&
	test_expect_code 128 git serversync audit 2>../err &&
	test_grep "deploy.php. is not a file" ../err
'

test_expect_success 'no deploy.php, no workflow: what to say instead' '
	project && protects a &&
	test_expect_code 128 git serversync audit 2>../err &&
	test_grep "^fatal: there is no file .deploy.php." ../err &&
	test_grep "^hint: .*serversync.deployFile" ../err &&
	git config serversync.gitOnly docs && echo "$ok" | audits 0 &&
	test_grep "^There is no deploy.php: nothing is cleared" ../err &&
	git config serversync.deployFile x.php &&
	test_expect_code 128 git serversync audit 2>../err &&
	test_grep "^fatal: there is no file .x.php." ../err &&
	git config --unset serversync.gitOnly &&
	echo "<?php add(\"clear_paths\", [\"a\"]);" >x.php &&
	echo "$ok" | audits 0 && rm "$workflow" &&
	test_expect_code 128 git serversync audit 2>../err &&
	test_grep "^fatal: no workflow for production: there is no file .$workflow" \
		../err &&
	test_grep "^hint: .*serversync.gitOnly" ../err
'

nothing="OK — there is no deploy.php: a release of git release clears nothing"

test_expect_success 'a project of git release needs neither' '
	project && test_expect_code 128 git serversync audit 2>../err &&
	git config release.production.url /srv/app &&
	echo "$nothing" | audits 0 && test_must_be_empty ../err &&
	audits 0 --fix </dev/null && audits 0 -q </dev/null &&
	git serversync audit --json >../out &&
	python3 -c "import json
doc = json.load(open(\"../out\"))
assert doc[\"verdict\"] == \"nothing\", doc
assert doc[\"cleared\"] == doc[\"protected\"] == [], doc
assert doc[\"cleared_by\"] is doc[\"protected_by\"] is doc[\"gap\"] is None" &&
	echo "on: push" >"$workflow" && echo "$nothing" | audits 0 &&
	git config release.staging.keep 2 &&
	test_expect_code 128 git serversync audit staging 2>../err &&
	test_grep "^fatal: there is no file .deploy.php." ../err
'

# Somebody has Deployer, whatever it is told.
test_expect_success 'but any sign of Deployer has to be explained' '
	project && git config release.production.url /srv/app &&
	protects a && test_expect_code 128 git serversync audit &&
	rm "$workflow" && mkdir "$workflow" &&
	test_expect_code 128 git serversync audit && rmdir "$workflow" &&
	>deploy.yaml && test_expect_code 128 git serversync audit &&
	rm deploy.yaml && echo "$nothing" | audits 0 &&
	ln -s nowhere deploy.php && test_expect_code 128 git serversync audit &&
	rm deploy.php && git config serversync.deployFile deploy.php &&
	test_expect_code 128 git serversync audit &&
	git config --unset serversync.deployFile &&
	git config serversync.gitOnly a && echo "$ok" | audits 0
'

test_expect_success 'serversync.gitOnly, in place of a workflow' '
	project && echo "set(\"clear_paths\", [\"a/b\", \"c\"]);" | deploys &&
	printf "[serversync]\n\tgitOnly = a/\n" >.gitrelease &&
	audits 1 <<-\EOF &&
	STOP — these clear_paths are NOT protected by serversync.gitOnly in .gitrelease:
	  c
	EOF
	test_grep "^hint: add them to serversync.gitOnly in .gitrelease" ../err &&
	audits 1 --fix </dev/null &&
	test_grep "^error: there is no workflow to change" ../err &&
	printf "\tgitOnly = c\n" >>.gitrelease && echo "$ok" | audits 0 &&
	printf "\tgitOnly = ../c\n" >>.gitrelease &&
	unproven .gitrelease:4 "gitOnly: .../c. has a .\.\.. in it"
'

test_expect_success 'each environment has its own' '
	project && echo "set(\"clear_paths\", [\"a\"]);" | deploys && protects a &&
	into=.github/workflows/server-sync-staging.yml protects b &&
	printf "[release \"%s\"]\n\turl = /srv/x\n" production staging \
		>.gitrelease &&
	echo "$ok" | audits 0 &&
	test_expect_code 1 git serversync audit staging >../out &&
	test_grep "in .github/workflows/server-sync-staging.yml:$" ../out &&
	test_expect_code 1 env GIT_RELEASE_ENV=staging git serversync audit &&
	git config release.environment staging &&
	test_expect_code 1 git serversync audit &&
	git config serversync.staging.workflow $workflow &&
	git serversync audit >../out && echo "$ok" | sed s/production/staging/ \
		>../want && test_cmp ../want ../out &&
	test_expect_code 128 git serversync audit prodction 2>../err &&
	test_grep "no environment is called .prodction.; configured: production" \
		../err &&
	git config --unset release.environment &&
	printf "[release \"x\"]\n\turl = /x\n[release \"y\"]\n\turl = /y\n" \
		>.gitrelease &&
	test_expect_code 128 git serversync audit 2>../err &&
	test_grep "^hint: name one of them" ../err
'

test_expect_success 'a bare repository is read from HEAD' '
	project && echo "set(\"clear_paths\", [\"a\"]);" | deploys && protects b &&
	git add -A && git commit -q -m files &&
	git clone -q --bare . ../bare.git && cd ../bare.git &&
	audits 1 <<-EOF &&
	$stop
	  a
	EOF
	git init -q --bare ../empty.git && cd ../empty.git &&
	test_expect_code 128 git serversync audit 2>../err &&
	test_grep "there is no file .deploy.php." ../err
'

test_expect_success 'a workflow that is not what it should be' '
	project && echo "set(\"clear_paths\", [\"a\"]);" | deploys &&
	printf "env:\n  x: \"y\n" >$workflow &&
	test_expect_code 128 git serversync audit 2>../err &&
	test_grep "^fatal: $workflow:3: not YAML: " ../err &&
	printf "env:\n  GIT_ONLY_PATHS: a\n  GIT_ONLY_PATHS: b\n" >$workflow &&
	test_expect_code 128 git serversync audit 2>../err &&
	test_grep "$workflow:3: .GIT_ONLY_PATHS. is there already, in line 2" ../err &&
	printf "env:\n  GIT_ONLY_PATHS: \${{ vars.PATHS }}\n" >$workflow &&
	unproven $workflow:2 "an expression" &&
	printf "env:\n  GIT_ONLY_PATHS: a\njobs:\n  j:\n    env:\n" >$workflow &&
	printf "      GIT_ONLY_PATHS: b\n" >>$workflow &&
	unproven $workflow:6 "not the same here as in line 2" &&
	printf "name: x\njobs: {}\n" >$workflow &&
	audits 1 <<-EOF
	$stop
	  a
	EOF
'

test_expect_success '--fix prints a patch that git applies' '
	project && echo "set(\"clear_paths\", [\"a\", \"b/c\", \"*.md\"]);" |
	deploys && protects x "# b/c" a &&
	cp $workflow ../before &&
	test_expect_code 1 git serversync audit --fix >../patch 2>../err &&
	echo "error: 2 clear_paths are not protected" >../want &&
	test_cmp ../want ../err && test_cmp ../before $workflow &&
	git apply ../patch && echo "$ok" | audits 0 &&
	printf "    %s\n" b/c "*.md" >../want &&
	{ diff ../before $workflow >../got || :; } &&
	sed -n "s/^> //p" ../got >../added && test_cmp ../want ../added &&
	audits 0 --fix </dev/null &&
	for value in "[x, y]" "\"x y\"" "x y" "" "
    - x" "|
    x y"
	do
		printf "env:\r\n  GIT_ONLY_PATHS: %s\r\njobs: {}" "$value" \
			>$workflow &&
		test_expect_code 1 git serversync audit --fix >../patch &&
		git apply ../patch && echo "$ok" | audits 0 || return 1
	done &&
	printf "jobs: {}\n" >$workflow &&
	test_expect_code 1 git serversync audit --fix >../patch &&
	git apply ../patch && echo "$ok" | audits 0 &&
	printf "env: {}\njobs: {}\n" >$workflow &&
	test_expect_code 128 git serversync audit --fix >../patch 2>../err &&
	test_must_be_empty ../patch && test_grep "is for you to say" ../err
'

test_expect_success '--json says all of it' '
	project && echo "set(\"clear_paths\", [\"a\", \"b\"]);" | deploys &&
	protects a c &&
	test_expect_code 1 git serversync audit --json >../out &&
	cat >../want <<-EOF &&
	{"environment": "production", "verdict": "stop",
	"cleared_by": "deploy.php", "protected_by": "$workflow",
	"cleared": [
	{"path": "a", "file": "deploy.php", "line": 3, "protected": true},
	{"path": "b", "file": "deploy.php", "line": 3, "protected": false}],
	"protected": [
	{"path": "a", "file": "$workflow", "line": 4, "cleared": true},
	{"path": "c", "file": "$workflow", "line": 5, "cleared": false}],
	"gap": null}
	EOF
	python3 -m json.tool ../want >../want.json &&
	python3 -m json.tool ../out >../out.json &&
	test_cmp ../want.json ../out.json &&
	echo "set(\"clear_paths\", x());" | deploys &&
	test_expect_code 1 git serversync audit --json >../out &&
	python3 -c "import json
doc = json.load(open(\"../out\"))
assert doc[\"verdict\"] == \"unproven\", doc
assert doc[\"gap\"][\"file\"] == \"deploy.php\" and doc[\"gap\"][\"line\"] == 3"
'

test_expect_success 'names with escapes are shown quoted' '
	project && protects a &&
	printf "set(\"clear_paths\", [\"\\\\x1b[2Jx\"]);\n" | deploys &&
	test_expect_code 1 git serversync audit >../out 2>&1 &&
	test_grep "033\[2Jx" ../out && test_grep ! "$(printf "\033")" ../out &&
	printf "require \"\\\\e[2J.php\";\n" | deploys &&
	test_expect_code 1 git serversync audit >../out 2>&1 &&
	test_grep ! "$(printf "\033")" ../out &&
	printf "env:\n  \"\\\\e[2J\": x\n  \"\\\\e[2J\": x\n" >$workflow &&
	echo "set(\"clear_paths\", [\"a\"]);" | deploys &&
	test_expect_code 128 git serversync audit >../out 2>&1 &&
	test_grep ! "$(printf "\033")" ../out &&
	test_expect_code 128 git serversync audit "$(printf "\033[2J")" \
		>../out 2>&1 && test_grep ! "$(printf "\033")" ../out &&
	echo "set(\"clear_paths\", [\"caf\\u{e9}\"]);" | deploys && protects a &&
	audits 1 <<-EOF
	$stop
	  "caf\\303\\251"
	EOF
'

# PHP is asked what the same files mean.
test_expect_success 'lists are what PHP makes of them' '
	project && protects a && mkdir ../lists &&
	python3 "$TOP/tests/lib/random-lists.py" 6000 200 ../lists &&
	i=0 && mkdir ../json && set -- &&
	while test $i != 200
	do
		cp ../lists/$i.php deploy.php || return 1
		git serversync audit --json >../json/$i 2>../err
		test $? -le 1 || { cat ../err; return 1; }
		set -- "$@" ../lists/$i.php
		i=$((i + 1))
	done &&
	python3 -c "
import json
for i in range(200):
    doc = json.load(open(\"../json/%d\" % i))
    print(doc[\"gap\"] or [c[\"path\"] for c in doc[\"cleared\"]])
" >../ours &&
	php -n "$TOP/tests/lib/deployer.php" "$@" >../theirs.json &&
	python3 -c "
import json
for line in open(\"../theirs.json\"):
    print(json.loads(line))" >../theirs &&
	test "$(wc -l <../theirs)" = 200 && test_cmp ../theirs ../ours &&
	test "$(grep -c "\[\]" ../theirs)" -lt 100
'

test_expect_success '-h, usage, completion' '
	git serversync -h >out && test_grep "^usage: git serversync" out &&
	test_expect_code 129 git -C app serversync audit a b &&
	test_expect_code 129 git -C app serversync audit --fix --json &&
	test_expect_code 128 git serversync audit 2>err &&
	git serversync --completion verbs >out && test_grep "^audit$" out &&
	git -C app config release.staging.url /x &&
	git -C app serversync --completion environments >out &&
	echo staging >want && test_cmp want out
'

test_done
