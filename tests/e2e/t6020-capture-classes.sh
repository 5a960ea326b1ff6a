#!/bin/sh

test_description='git serversync: what the files of a capture are told to be'

. "$(dirname "$0")/../lib/test-lib.sh"
test_require python3

# What looks like a break-in or a secret is written in two pieces: it is none
# here. What must never be seen anywhere has "canary" in it.
run='ev''al(base64_de''code("ZWNobyAxOw=="));'
request='$_G''ET["c"]'
begin='-----BEGIN RSA PRIV''ATE KEY-----'
token='gh''p_1a2B3canaryF7g8H9i0JkLmNoPqRsTuVwXyZ'

# captures <exit status> [<option>...]: in app; its output in out and err.
captures () {
	want_code=$1
	shift
	(cd app && test_expect_code "$want_code" git serversync "$@" \
		>../out 2>../err) || { cat out err; return 1; }
}

# php <file> [<line>...]: a file of PHP.
php () {
	php_file=$1
	shift
	mkdir -p "$(dirname "$php_file")" &&
	printf '%s\n' '<?php' "$@" >"$php_file"
}

# media <file>...: something that is no text.
media () {
	for media_file
	do
		mkdir -p "$(dirname "$media_file")" &&
		printf '\211PNG\r\n\032\n\000\001\002' >"$media_file" || return 1
	done
}

# What --json says of each file: its class, whether it is taken, and why.
classes () {
	python3 - <<-\EOF
	import json
	for f in sorted(json.load(open("out"))["files"],
	                key=lambda f: (f["class"], f["path"])):
	    print(f["class"], "+" if f["taken"] else "-", f["path"],
	          "(" + f["why"] + ")" if f["why"] else "")
	EOF
}

test_expect_success 'a release, with a password that git has' '
	make_app_repo app origin.git &&
	app_target app production "$TRASH/srv" &&
	printf "[serversync]\n\tgitOnly = docs\n" >app/.gitrelease &&
	php app/config/mail.php "return [" "\"pass""word\" => \"long-known\"," \
		"\"from\" => \"a\"," "];" &&
	php app/app/Shell.php "// old" "$run" &&
	php app/src/cache/Store.php "class Store {}" &&
	app_tag app v1.3.0 && git -C app push -q origin production v1.3.0 &&
	git -C app release -q v1.3.0 && live=srv/$(readlink srv/current)
'

hot_fixes () {
	echo "// hot" >>"$live/app/Model1.php" &&
	sed -i 's/"a"/"b"/; s/"pass/    &/' "$live/config/mail.php" &&
	sed -i 's/old/new/' "$live/app/Shell.php" &&
	echo "// hot" >>"$live/src/cache/Store.php"
}

installed () {
	php "$live/wp-content/plugins/shop/shop.php" "echo 1;" &&
	echo "password: your-password" >"$live/wp-content/plugins/shop/README.md" &&
	php "$live/uploads/index.php" "// Silence is golden." &&
	printf 'DB_PASSWORD=\nAPP_KEY=\n' >"$live/.env.example"
}

generated () {
	mkdir -p "$live/var/cache" "$live/public/js" &&
	php "$live/bootstrap/cache/packages.php" "return [];" &&
	echo x >"$live/var/cache/container.txt" &&
	echo "{}" >"$live/public/js/app.js.map" &&
	echo "PHP Notice" >"$live/error_log"
}

uploaded () {
	media "$live/wp-content/uploads/2026/11/a.png" \
		"$live/public/uploads/b.PDF" "$live/userfiles/c.mp4" \
		"$live/avatars/1.gif"
}

suspect () {
	php "$live/wp-content/uploads/2026/x.php" "echo 1;" &&
	printf 'GIF89a;\n<?php sys''tem(%s); ?>\n' "$request" \
		>"$live/public/img/d.gif" &&
	echo "$run" >>"$live/app/Model2.php" && sed -i "1i <?php" \
		"$live/app/Model2.php" &&
	echo "AddType application/x-httpd-php .jpg" >"$live/uploads/.htaccess" &&
	echo x >"$live/open.css" && chmod 666 "$live/open.css"
}

secrets () {
	echo "MAIL_PASSWORD=canary" >"$live/.env" && chmod 600 "$live/.env" &&
	{
		echo "$begin" && printf canary &&
		head -c 900 /dev/zero | base64 | tr A k
	} >"$live/notes.txt" &&
	php "$live/config/database.php" "return [" \
		"\"pass""word\" => \"canary\"];" &&
	echo "// $token" >>"$live/app/Model3.php"
}

cat >want.classes <<\EOF
generated + bootstrap/cache/packages.php
generated + error_log
generated + public/js/app.js.map
generated + var/cache/container.txt
hot-fix + app/Model1.php
hot-fix + app/Shell.php
hot-fix + config/mail.php
hot-fix + src/cache/Store.php
installer + .env.example
installer + uploads/index.php
installer + wp-content/plugins/shop/README.md
installer + wp-content/plugins/shop/shop.php
secret - .env (an environment file, by its name)
secret - app/Model3.php (a GitHub token in line 199)
secret - config/database.php (a password or secret in line 3)
secret - notes.txt (a private key in line 1)
suspicious + app/Model2.php (code that runs an encoded text in line 201)
suspicious + open.css (anybody may write to it)
suspicious + public/img/d.gif (PHP in a picture or document in line 2)
suspicious + uploads/.htaccess (makes PHP of other files in line 1)
suspicious + wp-content/uploads/2026/x.php (PHP among uploads in line 1)
upload + avatars/1.gif
upload + public/uploads/b.PDF
upload + userfiles/c.mp4
upload + wp-content/uploads/2026/11/a.png
EOF

test_expect_success '25 changes, each of its class' '
	hot_fixes && installed && generated && uploaded && suspect && secrets &&
	test "$(wc -l <want.classes)" = 25 &&
	captures 0 -n --json && classes | sed "s/ \$//" >got &&
	test_cmp want.classes got
'

test_expect_success 'what is taken is on the branch, and nothing else' '
	captures 0 --json && classes | sed "s/ \$//" >got.classes &&
	branch=$(git -C app for-each-ref --format="%(refname)" \
		refs/heads/serversync/) &&
	git -C app diff --no-renames --name-only v1.3.0 "$branch" -- >got &&
	sed -n "s/^[a-z-]* + \([^ ]*\).*/\1/p" want.classes |
	LC_ALL=C sort >want.taken && test_cmp want.taken got &&
	test_cmp want.classes got.classes
'

test_expect_success 'no secret is in an object, or was shown' '
	for repo in app origin.git
	do
		git -C $repo cat-file --batch --batch-all-objects >objects &&
		test_must_fail grep -aq canary objects || return 1
	done &&
	test_must_fail grep -q canary out err
'

test_done
