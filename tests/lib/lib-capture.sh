# An application, what happens to it on a server, and what git serversync has
# to make of each of these changes. Sourced by tests that capture.
#
#	make_capture_repo app origin.git	v1.0.0, a clone and its origin
#	capture_edits <release directory>	all changes at once
#	capture_expect <kind>			what must come of them

CAPTURE_NL='
'

# Strings that no object, message or review may hold (SAFETY.md, I15).
CAPTURE_CANARY=canary-7f3a9c51e8
# The same in base64, as keys are written: 51 and 32 bytes of it.
CAPTURE_PEM=$(printf %s "$CAPTURE_CANARY$CAPTURE_CANARY$CAPTURE_CANARY" |
	base64)
CAPTURE_KEY=$(printf %.32s "$CAPTURE_CANARY$CAPTURE_CANARY" | base64)

# capture_put <file> <text>: a file that was written just now.
capture_put () {
	mkdir -p "$(dirname -- "$1")" && printf '%s\n' "$2" >"$1"
}

# make_capture_repo <dir> [<bare origin>]: branch production with the tags
# v1.0.0 and v1.1.0, which edits two files. Build products, dependencies and
# the local .env are ignored; tests/ is not exported.
make_capture_repo () {
	git init -q -b production "$1" &&
	mkdir -p "$1/app" "$1/bin" "$1/public/img" "$1/storage" "$1/config" &&
	for capture_n in 1 2 3 4 5 6 7 8 9
	do
		{ echo '<?php' && seq "$capture_n" 200; } \
			>"$1/app/Model$capture_n.php" || return 1
	done &&
	capture_put "$1/public/index.php" '<?php echo "version 1.0.0";' &&
	printf '\211PNG\r\n\032\n\000\001\002' >"$1/public/img/logo.png" &&
	printf '#!/bin/sh\necho console\n' >"$1/bin/console" &&
	chmod 755 "$1/bin/console" &&
	ln -s img/logo.png "$1/public/link" &&
	: >"$1/storage/.gitkeep" &&
	capture_put "$1/docs/a.md" '# A' && capture_put "$1/docs/b.md" '# B' &&
	capture_put "$1/tests/ATest.php" '<?php // not exported' &&
	capture_put "$1/config/app.php" \
		"<?php return ['name' => 'shop', 'key' => env('APP_KEY')];" &&
	capture_put "$1/config/database.php" \
		"<?php return ['password' => env('DB_PASSWORD')];" &&
	printf '%s\n' '*.php text eol=lf' '/tests export-ignore' \
		>"$1/.gitattributes" &&
	printf '%s\n' /vendor/ /public/build/ /.env >"$1/.gitignore" &&
	app_tag "$1" v1.0.0 &&

	capture_put "$1/public/index.php" '<?php echo "version 1.1.0";' &&
	echo 201 >>"$1/app/Model1.php" &&
	app_tag "$1" v1.1.0 &&
	if test -n "$2"
	then
		git init -q --bare -b production "$2" &&
		git -C "$1" remote add origin "$(cd "$2" && pwd)" &&
		git -C "$1" push -q origin production v1.0.0 v1.1.0 &&
		git -C "$1" fetch -q origin
	fi
}

# capture_edits <release directory>. The clock ticks before it ends: what was
# written in the moment of a scan is read again by the next one.
capture_edits () {
	(cd "$1" && capture_hot_fixes && capture_additions &&
		capture_suspects && capture_secrets && capture_refusals &&
		capture_odd_names && capture_deletions) && sleep 0.1
}

capture_hot_fixes () {
	sed 's/^100$/one hundred/' app/Model3.php >app/.new &&
	cat app/.new >app/Model3.php && rm app/.new &&
	printf '\003\004' >>public/img/logo.png &&
	chmod 644 bin/console &&
	rm public/link && ln -s ../docs public/link
}

capture_additions () {
	capture_put app/installed '2026-11-26 12:00:00' &&
	capture_put config/shop.php "<?php return ['currency' => 'EUR'];" &&
	capture_put public/vendor/widgets/widget.js 'window.widget = {};' &&
	capture_put public/vendor/widgets/widget.css '.widget { margin: 0 }' &&
	ln -s img/logo.png public/favicon.png &&
	capture_put bootstrap/cache/services.php '<?php return [];' &&
	capture_put logs/error.log '[2026-11-26] local.ERROR: it broke' &&
	mkdir -p public/uploads &&
	printf '\377\330\377\340\000\020JFIF\000' >public/uploads/photo.jpg &&
	capture_put vendor/acme/tool/Tool.php '<?php class Tool {}' &&
	capture_put vendor/acme/tool/README.md '# Tool' &&
	mkdir -p public/build && echo '// edited' >>public/build/app.js
}

capture_suspects () {
	capture_put public/uploads/shell.php '<?php echo 1;' &&
	capture_put app/Packed.php \
		'<?php eval(base64_decode("ZWNobyAxOw=="));' &&
	capture_put app/Open.php '<?php // anybody may write here' &&
	chmod 666 app/Open.php &&
	capture_put app/Stale.php '<?php // older than its directory entry' &&
	touch -d '2001-01-01 00:00:00 UTC' app/Stale.php &&
	if test "$(id -u)" = 0
	then
		capture_put app/Foreign.php '<?php // of another user' &&
		chown 65534:65534 app/Foreign.php
	fi
}

capture_secrets () {
	capture_put .env.production "MAIL_PASSWORD=$CAPTURE_CANARY" &&
	capture_put config/server.pem "-----BEGIN PRIVATE KEY-----
$CAPTURE_PEM
-----END PRIVATE KEY-----" &&
	capture_put config/app.php \
		"<?php return ['name' => 'shop', 'key' => 'base64:$CAPTURE_KEY'];" &&
	capture_put config/installed.env.php \
		"<?php putenv('APP_KEY=base64:$CAPTURE_KEY');" &&
	capture_put config/database.php \
		"<?php return ['password' => '$CAPTURE_CANARY'];"
}

capture_refusals () {
	echo '*.php filter=x' >>.gitattributes &&
	capture_put public/.gitignore '*' &&
	capture_put app/.git/hooks/post-checkout '#!/bin/sh' &&
	ln -s /etc/passwd public/out &&
	ln -s ../../../../etc/passwd public/up &&
	mkfifo app/pipe &&
	truncate -s 100M dump.bin
}

capture_odd_names () {
	capture_put "app/new${CAPTURE_NL}line.php" '<?php // 1' &&
	capture_put "$(printf 'app/esc\033[31m.php')" '<?php // 2' &&
	capture_put './-rf' 'leading dash' &&
	capture_put "$(printf 'app/\377\376.php')" '<?php // 3'
}

capture_deletions () {
	rm app/Model8.php && rm -r docs
}

# capture_expect <kind>: status, class, fate and path of everything that is to
# be told, with a tab between them; paths as "git diff --name-status" quotes
# them. Fates: taken into the commit; listed, with a reason, and left out;
# ignored by the project's own rules. "-" is not for this list to say.
# Kinds: sealed (by git release, public/build/app.js from its build), foreign,
# plain (a checkout: what is in .git, wherever it is, is its own).
capture_expect () {
	capture_rows "$1" | sed 's/  */\t/; s/  */\t/; s/  */\t/' |
		sort -t "$(printf '\t')" -k 4
}

capture_rows () {
	cat <<-\END
	M hot-fix taken app/Model3.php
	M hot-fix taken public/img/logo.png
	M hot-fix taken bin/console
	M hot-fix taken public/link
	A installer taken app/installed
	A installer taken config/shop.php
	A installer taken public/vendor/widgets/widget.js
	A installer taken public/vendor/widgets/widget.css
	A installer taken public/favicon.png
	A generated taken bootstrap/cache/services.php
	A generated taken logs/error.log
	A upload taken public/uploads/photo.jpg
	A suspicious taken public/uploads/shell.php
	A suspicious taken app/Packed.php
	A suspicious taken app/Open.php
	A suspicious taken app/Stale.php
	A secret listed .env.production
	A secret listed config/server.pem
	M secret listed config/app.php
	A secret listed config/installed.env.php
	M secret listed config/database.php
	M - listed .gitattributes
	A - listed public/.gitignore
	A - listed app/.git/hooks/post-checkout
	A - listed public/out
	A - listed public/up
	A - listed app/pipe
	A - listed dump.bin
	A installer taken "app/new\nline.php"
	A installer taken "app/esc\033[31m.php"
	A installer taken -rf
	A installer taken "app/\377\376.php"
	D - listed app/Model8.php
	D - listed docs/a.md
	D - listed docs/b.md
	- - ignored vendor/
	END
	test "$(id -u)" != 0 || echo 'A suspicious taken app/Foreign.php'
	case $1 in
	sealed) echo 'A generated taken public/build/app.js' ;;
	*) echo '- - ignored public/build/' ;;
	esac
}

# capture_branch <repo>: the newest capture of production, or nothing.
capture_branch () {
	git -C "$1" for-each-ref --sort=-refname --count=1 \
		--format='%(refname:short)' refs/heads/serversync/production
}

# capture_is <repo> <release directory> <kind> <base>: the newest branch is one
# commit on top of base that does what is expected and nothing else, each file
# with the bytes and the mode it has on the server.
capture_is () {
	capture_got=$(capture_branch "$1") && test -n "$capture_got" &&
	git -C "$1" rev-parse "$capture_got^" >capture.parent &&
	git -C "$1" rev-parse "$4^{commit}" >capture.base &&
	test_cmp capture.base capture.parent &&
	capture_expect "$3" | awk -F'\t' '$3 == "taken" { print $1 "\t" $4 }' |
		sort >capture.want &&
	git -C "$1" diff --name-status --no-renames "$4" "$capture_got" |
		sort >capture.got &&
	test_cmp capture.want capture.got &&
	capture_bytes_are "$@"
}

capture_bytes_are () {
	python3 - "$1" "$2" "$4" "$capture_got" <<-\END
	import os, subprocess, sys
	repo, live, base, branch = map(os.fsencode, sys.argv[1:])
	def git(*words):
	    return subprocess.run([b'git', b'-C', repo, *words], check=True,
	                          stdout=subprocess.PIPE).stdout
	changes = git(b'diff', b'--raw', b'-z', b'--no-abbrev', b'--no-renames',
	              base, branch).split(b'\0')[:-1]
	for what, path in zip(changes[::2], changes[1::2]):
	    _, mode, _, oid, status = what.split()
	    if status == b'D':
	        continue
	    there = os.path.join(live, path)
	    if mode == b'120000':
	        content = os.readlink(there)
	    else:
	        with open(there, 'rb') as f:
	            content = f.read()
	        run = os.stat(there).st_mode & 0o100
	        assert mode == (b'100755' if run else b'100644'), (path, mode)
	    assert git(b'cat-file', b'blob', oid) == content, path
	END
}

# capture_told <kind> <json>: the document tells all of it, and nothing else.
capture_told () {
	capture_expect "$1" >capture.rows &&
	python3 "$TOP/tests/lib/capture-told.py" capture.rows "$2"
}

# capture_keeps_secrets <repo> <file>...: neither in an object nor in a file.
capture_keeps_secrets () {
	capture_repo=$1
	# Both in base64 begin alike.
	capture_any="$CAPTURE_CANARY\\|$(printf %.40s "$CAPTURE_KEY")"
	shift
	if grep -l "$capture_any" "$@"
	then
		echo "a secret is in what was printed"
		return 1
	fi
	git -C "$capture_repo" cat-file --batch-all-objects --batch \
		--buffer >capture.objects || return 1
	! grep -a -c "$capture_any" capture.objects
}

# Runs, with the repository in app/ and a server of lib-sshd.sh.

# capture_status <arguments>: stdout in out, stderr in err. Which files of the
# directory $capture_watched are opened meanwhile is in opened.
capture_status () {
	GIT_SSH_COMMAND="ssh -F $SSH_DIR/ssh_config" \
		python3 "$TOP/tests/lib/opened.py" opened \
		"${capture_watched:-$SSH_HOME}/" \
		git -C app serversync --no-push "$@" >out 2>err
}

# The same, must work, and shows both if it does not.
capture_run () {
	capture_status "$@" || { cat out err; return 1; }
}

# Nothing was there to capture.
capture_finds_nothing () {
	capture_run "$@" && echo "No server-side changes" >want &&
		test_cmp want out
}

# capture_read_nothing: of what is in the release, by the account of --json and
# by that of the kernel. What says which commit is live is no part of it; and of
# a secret nothing is ever kept.
capture_read_nothing () {
	python3 -c "import json
doc = json.load(open('out'))
assert doc['files_read'] == 0 and doc['files_looked_at'], doc['files_read']" &&
	{ echo REVISION && capture_expect sealed |
		awk -F'\t' '$2 == "secret" { print $4 }'; } >capture.may &&
	grep -v '^\.git/' opened | grep -vxF -f capture.may >capture.got
	test_must_be_empty capture.got || { cat capture.got; return 1; }
}

# capture_state <directory>...: everything that a capture must leave alone,
# those on the server and app/, where only its own branches may appear.
capture_state () {
	for capture_dir
	do
		tree_list "$capture_dir/" || return 1
		find "$capture_dir/" ! -type d -printf '%P %m %U %T@\n' | sort
	done
	git -C app status --porcelain --ignored &&
	git -C app for-each-ref | grep -v refs/heads/serversync/ &&
	git -C app symbolic-ref HEAD && sha256sum app/.git/index app/.git/config
}
