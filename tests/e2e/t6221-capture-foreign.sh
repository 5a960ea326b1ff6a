#!/bin/sh

test_description='git serversync: roots of Deployer, and a plain checkout'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-sshd.sh"
. "$TOP/tests/lib/lib-capture.sh"
test_require python3
test_at_done stop_all_sshd

# deployer_release <number> <tag> <target> <strategy>: as recipe/common.php
# makes it: files by archive or clone, links that are relative, one line in
# the log with what was asked for.
deployer_release () {
	to=$srv/releases/$1 &&
	mkdir -p "$srv/.dep" "$srv/shared/storage" "$to" &&
	: >>"$srv/shared/.env" &&
	case $4 in
	archive) git -C origin.git archive "$2" | tar -xf - -C "$to" ;;
	clone) git clone -q -l origin.git "$to" && git -C "$to" checkout -qf "$2" ;;
	esac &&
	git -C app rev-parse "$2^{commit}" >"$to/REVISION" &&
	rm -rf "$to/storage" && ln -s ../../shared/storage "$to/storage" &&
	ln -s ../../shared/.env "$to/.env" &&
	printf "{\"created_at\":\"%s\",\"release_name\":\"%s\",\"user\":\"dev\",\"target\":\"%s\"}\n" \
		"2026-11-26T10:0$1:00+0000" "$1" "$3" >>"$srv/.dep/releases_log" &&
	echo "$1" >"$srv/.dep/latest_release" &&
	ln -s "releases/$1" "$srv/release" &&
	mv -T "$srv/release" "$srv/current"
}

# deployer_root: releases 1 and 2 of it; the caller makes the third.
deployer_root () {
	rm -rf "$srv" && deployer_release 1 v1.0.0 v1.0.0 archive &&
	deployer_release 2 v1.1.0 v1.1.0 archive
}

forget_captures () {
	git -C app for-each-ref --format="delete %(refname)" \
		refs/heads/serversync | git -C app update-ref --stdin
}

# captured <directory> <kind> <base> [<option>...]: edits and captures it.
captured () {
	edited=$1 kind=$2 base=$3 capture_watched=$1
	shift 3
	forget_captures && capture_edits "$edited" &&
	capture_state "$srv" >before.all && grep -v "\.release/" before.all >before &&
	capture_run --json "$@" production &&
	capture_is app "$edited" "$kind" "$base" && capture_told "$kind" out &&
	capture_state "$srv" >after.all && grep -v "\.release/" after.all >after &&
	test_cmp before after && capture_keeps_secrets app out err &&
	capture_run --json "$@" production && capture_read_nothing
}

test_expect_success 'setup' '
	start_sshd && srv=$SSH_HOME/srv &&
	make_capture_repo app origin.git &&
	git -C app config serversync.gitOnly assets &&
	app_target app production web1:srv
'

# paths_of <directory>: every path with what it is, quoted as git does it.
paths_of () {
	python3 - "$1" <<-\END
	import hashlib, os, stat, subprocess, sys
	top = os.fsencode(sys.argv[1])
	def told(path):
	    st = os.lstat(path)
	    what = [st.st_mode, st.st_uid]
	    if stat.S_ISLNK(st.st_mode):
	        what.append(os.readlink(path))
	    elif stat.S_ISREG(st.st_mode):
	        with open(path, 'rb') as f:
	            what.append(hashlib.file_digest(f, 'sha256').hexdigest())
	    return what
	def quoted(name):
	    text = ''.join('\\n' if c == 10 else '\\%03o' % c
	                   if c < 32 or c > 126 else chr(c) for c in name)
	    return f'"{text}"' if '\\' in text else text
	for where, dirs, files in os.walk(top):
	    for name in files + [d for d in dirs if
	                         os.path.islink(os.path.join(where, d))]:
	        path = os.path.join(where, name)
	        print(quoted(os.path.relpath(path, top)), *told(path), sep='\t')
	END
}

test_expect_success 'what is edited is what is expected' '
	git clone -q origin.git plain && git -C plain checkout -q v1.0.0 &&
	rm -rf plain/.git && paths_of plain | sort >before &&
	capture_edits plain && paths_of plain | sort >after &&
	{ diff before after | sed -n "s/^[<>] //p" | cut -f 1; } |
		sed "s,^vendor/.*,vendor/,; s,^public/build/.*,public/build/," |
		sort -u >got &&
	capture_expect foreign | cut -f 4 | sort >want && test_cmp want got
'

test_expect_success 'Deployer: REVISION in a release with a number' '
	deployer_root && deployer_release 3 v1.0.0 production archive &&
	capture_finds_nothing production &&
	captured "$srv/releases/3" foreign v1.0.0
'

test_expect_success 'Deployer: no REVISION, but a commit in .dep' '
	deployer_root && id=$(git -C app rev-parse "v1.0.0^{commit}") &&
	deployer_release 3 v1.0.0 "$id" archive &&
	rm "$srv/current/REVISION" && capture_finds_nothing production &&
	captured "$srv/releases/3" foreign v1.0.0
'

test_expect_success 'Deployer: no REVISION, but a tag in .dep' '
	deployer_root && deployer_release 3 v1.0.0 v1.0.0 archive &&
	rm "$srv/current/REVISION" && capture_finds_nothing production
'

test_expect_success 'Deployer: a branch is no commit; --base says it' '
	deployer_root && deployer_release 3 v1.0.0 production archive &&
	rm "$srv/current/REVISION" &&
	test_expect_code 128 capture_status production &&
	test_grep "^hint: .*--base" err &&
	capture_finds_nothing --base v1.0.0 production &&
	git -C app config serversync.base v1.0.0 &&
	capture_finds_nothing production &&
	git -C app config --unset serversync.base
'

# Of a clone, .git is no change, nor is what git archive would not have made.
test_expect_success 'Deployer: by clone' '
	deployer_root && deployer_release 3 v1.0.0 production clone &&
	test_path_is_file "$srv/current/tests/ATest.php" &&
	capture_finds_nothing production &&
	captured "$srv/releases/3" foreign v1.0.0
'

# What is in git is not what a checkout or an archive of it holds.
test_expect_success 'what git itself converts on the way out is no change' '
	git clone -q -b production origin.git converted &&
	printf "%s\n" "*.bat text eol=crlf" "*.id ident" \
		>>converted/.gitattributes &&
	printf "@echo off\r\necho 1\r\n" >converted/run.bat &&
	echo "\$Id\$" >converted/app/x.id && app_tag converted v2.0.0 &&
	git -C converted push -q origin v2.0.0 &&
	git -C app fetch -q origin tag v2.0.0 && deployer_root &&
	for how in archive clone
	do
		rm -rf "$srv/releases/3" && deployer_release 3 v2.0.0 x $how &&
		grep -q "$(printf "\r")" "$srv/current/run.bat" &&
		grep "Id: [0-9a-f]" "$srv/current/app/x.id" &&
		capture_finds_nothing production || return 1
	done &&
	printf "echo 2\r\n" >>"$srv/current/run.bat" && forget_captures &&
	capture_run production && branch=$(capture_branch app) &&
	git -C app diff --name-only v2.0.0 "$branch" >got &&
	echo run.bat >want && test_cmp want got
'

test_expect_success 'nor does what an archive fills in come back' '
	echo "version.txt export-subst" >>converted/.gitattributes &&
	echo "\$Format:%H\$" >converted/version.txt &&
	app_tag converted v2.1.0 && git -C converted push -q origin v2.1.0 &&
	git -C app fetch -q origin tag v2.1.0 && deployer_root &&
	deployer_release 3 v2.1.0 x archive && forget_captures &&
	capture_run production && test -z "$(capture_branch app)" &&
	test_grep "M *version.txt .*export-subst" out
'

test_expect_success 'a REVISION that is none: not believed, and shown quoted' '
	deployer_root && deployer_release 3 v1.0.0 production archive &&
	for text in "$(printf "\033[2J")" "" HEAD production \
		"../../etc/passwd" "$(head -c 100000 /dev/zero | tr "\0" a)"
	do
		printf "%s\n" "$text" >"$srv/current/REVISION" &&
		test_expect_code 128 capture_status production &&
		test_grep "^hint: .*--base" err &&
		! grep "$(printf "\033")" out err || return 1
	done &&
	echo 2222222222222222222222222222222222222222 \
		>"$srv/current/REVISION" &&
	test_expect_code 128 capture_status production &&
	test_grep "2222222, is not in this repository" err
'

# A checkout in a directory: no releases/, no current.
plain_checkout () {
	rm -rf "$srv" && git clone -q origin.git "$srv" &&
	git -C "$srv" checkout -q "$@"
}

test_expect_success 'plain: nothing was edited, nothing is written there' '
	plain_checkout v1.0.0 && capture_state "$srv" >before &&
	capture_finds_nothing production &&
	capture_state "$srv" >after && test_cmp before after &&
	test_path_is_missing "$srv/.release"
'

test_expect_success 'plain: a detached HEAD, edited in place' '
	captured "$srv" plain v1.0.0 && test_path_is_missing "$srv/.release"
'

test_expect_success 'plain: on a branch, loose and packed' '
	plain_checkout -B live v1.0.0 && capture_finds_nothing production &&
	git -C "$srv" pack-refs --all && capture_finds_nothing production &&
	captured "$srv" plain v1.0.0
'

test_expect_success 'plain: a .git that leads elsewhere is not followed' '
	plain_checkout v1.0.0 && mv "$srv/.git" "$SSH_HOME/elsewhere" &&
	echo "gitdir: $SSH_HOME/elsewhere" >"$srv/.git" &&
	test_expect_code 128 capture_status production &&
	test_grep "^hint: .*--base" err &&
	capture_finds_nothing --base v1.0.0 production &&
	rm "$srv/.git" && ln -s "$SSH_HOME/elsewhere" "$srv/.git" &&
	test_expect_code 128 capture_status production &&
	rm "$srv/.git" && mv "$SSH_HOME/elsewhere" "$srv/.git" &&
	rm "$srv/.git/HEAD" && ln -s /etc/passwd "$srv/.git/HEAD" &&
	test_expect_code 128 capture_status production &&
	test_grep ! root: err
'

test_expect_success 'a file where a directory was, and the other way round' '
	plain_checkout v1.0.0 && forget_captures &&
	rm "$srv/app/Model5.php" && mkdir "$srv/app/Model5.php" &&
	echo "<?php" >"$srv/app/Model5.php/index.php" &&
	rm -r "$srv/docs" && echo "moved" >"$srv/docs" &&
	capture_run production && test_grep app/Model5.php out &&
	test_grep docs out && branch=$(capture_branch app) &&
	git -C app fsck --strict &&
	capture_run --delete app/Model5.php=moved --delete docs/a.md=moved \
		--delete docs/b.md=moved production &&
	branch=$(capture_branch app) &&
	git -C app ls-tree -r --name-only "$branch" >got &&
	test_grep "^app/Model5.php/index.php$" got && test_grep "^docs$" got
'

test_done
