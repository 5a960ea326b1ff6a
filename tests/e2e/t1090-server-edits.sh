#!/bin/sh

test_description='what somebody edited on the server is not buried by a release

v1.1.0 has another public/index.php and app/Model3.php than v1.0.0, and
app/Added.php; v1.2.0 another index.php and bin/console, and no app/Model9.php.'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-sshd.sh"
test_at_done stop_all_sshd

CHECK=$BUILD/tests/root-check
L=srv/current

test_expect_success 'setup: v1.0.0 is live' '
	make_app_repo app &&
	app_target app production "$TRASH/srv" &&
	git -C app config release.preHook "touch $TRASH/hook-ran" &&
	git -C app release --no-sync v1.0.0
'

# again <version>: that one live, as it was packaged, and no hook has run.
again () {
	git -C app release --no-sync --again --allow-older \
		--discard-server-edits "$1" >/dev/null 2>&1 &&
	live_is srv app "$1" && rm -f hook-ran && live=$(live_release srv) &&
	ls srv/releases >listed
}

# refused <version> <line>...: exit 1, nothing was changed, nothing is left
# over, no hook ran, and these lines name the edited files.
refused () {
	refused_version=$1 &&
	shift &&
	printf "  %s\n" "$@" >expect &&
	"$CHECK" snapshot srv >before &&
	cp srv/deployment.log log.before &&
	test_expect_code 1 git -C app release --no-sync --again \
		"$refused_version" >out 2>err &&
	grep "^  [MAD?] " out >actual && test_cmp expect actual &&
	test_grep "^hint: capture them with git serversync production, or" err &&
	test_grep "discard-server-edits" err &&
	test "$(live_release srv)" = "$live" &&
	ls srv/releases >listed.now && test_cmp listed listed.now &&
	test_cmp log.before srv/deployment.log &&
	test_path_is_missing hook-ran &&
	"$CHECK" clean srv before
}

test_expect_success 'edited, added, deleted: refused, and named' '
	again v1.0.0 &&
	echo "// hot fix" >>$L/app/Model1.php &&
	echo new >$L/app/new.php && rm $L/app/Model2.php &&
	refused v1.1.0 "M app/Model1.php" "D app/Model2.php" "A app/new.php" &&
	test_grep "^error: 3 files were edited on the server: app/Model1.php, app/Model2.php, app/new.php$" err
'

test_expect_success 'one file, and a directory that went with all in it' '
	again v1.0.0 && echo >>$L/public/index.php &&
	refused v1.1.0 "M public/index.php" &&
	test_grep "^error: 1 file was edited on the server: public/index.php$" err &&
	rm -r $L/public/img &&
	refused v1.1.0 "D public/img/logo.png" "M public/index.php"
'

test_expect_success 'the name of more than three is not in the message' '
	again v1.0.0 &&
	for n in 1 2 3 4 5; do echo >>$L/app/Model$n.php || return 1; done &&
	test_expect_code 1 git -C app release --no-sync v1.1.0 >out 2>err &&
	test_grep "Model1.php, app/Model2.php, app/Model3.php and 2 more$" err
'

test_expect_success 'of very many a hundred are listed' '
	again v1.0.0 && mkdir $L/many &&
	for n in $(seq 120); do echo >$L/many/$n || return 1; done &&
	test_expect_code 1 git -C app release --no-sync v1.1.0 >out 2>err &&
	test_grep "^error: 120 files were edited" err &&
	test 100 = "$(grep -c "^  A many/" out)" &&
	test_grep "^  and 20 more$" out &&
	test_expect_code 1 git -C app release --no-sync -q v1.1.0 >out 2>err &&
	test_must_be_empty out
'

test_expect_success 'a program is one no more, a file is one now' '
	again v1.0.0 && chmod 755 $L/app/Model1.php &&
	chmod 644 $L/bin/console &&
	refused v1.1.0 "M app/Model1.php" "M bin/console"
'

test_expect_success 'other permissions alone bury nothing' '
	again v1.0.0 && chmod 600 $L/app/Model3.php $L/app/Model1.php &&
	chmod 700 $L/app && chmod 700 $L/bin/console &&
	git -C app release --no-sync v1.1.0 && live_is srv app v1.1.0
'

test_expect_success 'a link that leads elsewhere, a file in its place, and back' '
	again v1.0.0 && ln -sfn ../elsewhere $L/public/storage &&
	refused v1.1.0 "M public/storage" &&
	rm $L/public/storage && echo >$L/public/storage &&
	refused v1.1.0 "M public/storage" &&
	rm $L/public/storage && mkdir $L/public/storage &&
	echo >$L/public/storage/upload &&
	refused v1.1.0 "M public/storage" "A public/storage/upload" &&
	rm -r $L/public/storage && rm $L/app/Model1.php &&
	ln -s Model2.php $L/app/Model1.php &&
	refused v1.1.0 "M app/Model1.php" "D public/storage"
'

test_expect_success 'a pipe and an empty directory hold nothing' '
	again v1.0.0 && mkfifo $L/app/pipe $L/app/Added.php &&
	mkdir $L/app/empty &&
	git -C app release --no-sync v1.1.0
'

test_expect_success 'edited and restored: no edit, whatever its times' '
	again v1.0.0 && cp $L/app/Model1.php keep &&
	echo >>$L/app/Model1.php && mv keep $L/app/Model1.php &&
	echo >$L/x && rm $L/x && touch $L/app/Model2.php &&
	git -C app release --no-sync v1.1.0 && live_is srv app v1.1.0
'

test_expect_success 'edited to what the next release has: nothing is buried' '
	again v1.0.0 &&
	for file in app/Added.php app/Model3.php public/index.php
	do
		git -C app show "v1.1.0:$file" >$L/$file || return 1
	done &&
	git -C app release --no-sync v1.1.0 2>err && test_must_be_empty err &&
	again v1.1.0 && rm $L/app/Model9.php &&
	git -C app show v1.2.0:bin/console >$L/bin/console &&
	git -C app release --no-sync v1.2.0 && live_is srv app v1.2.0
'

test_expect_success 'the same content that is no program: an edit' '
	again v1.1.0 && git -C app show v1.2.0:bin/console >new &&
	cp new $L/bin/console && chmod 644 $L/bin/console &&
	refused v1.2.0 "M bin/console"
'

test_expect_success 'deleted here, in the next one: an edit' '
	again v1.1.0 && rm $L/app/Model9.php $L/app/Model8.php &&
	refused v1.2.0 "D app/Model8.php"
'

test_expect_success 'a directory that is gone, and a file in the next release' '
	again v1.0.0 && rm -r app/public/img && echo >app/public/img &&
	app_tag app v1.2.9 && rm -r $L/public/img &&
	git -C app release -n --no-sync v1.2.9 &&
	git -C app release --no-sync v1.2.9
'

test_expect_success 'what hooks made, and nobody packs: added or edited, an edit' '
	again v1.0.0 &&
	git -C app -c "release.midHook=echo 1 >made; echo 1 >gone" release \
		--no-sync v1.1.0 &&
	again v1.0.0 && git -C app -c "release.midHook=echo 1 >made; echo 1 >gone" \
		release --no-sync --again v1.0.0 && rm hook-ran &&
	live=$(live_release srv) && ls srv/releases >listed &&
	echo 2 >$L/made && rm $L/gone &&
	refused v1.1.0 "M made" &&
	rm $L/made && git -C app release --no-sync v1.1.0
'

test_expect_success 'what is excluded, also below the subdirectory' '
	again v1.0.0 && mkdir $L/cache &&
	echo >$L/cache/a && echo >$L/app/x.log && echo >>$L/app/Model1.php &&
	git -C app config serversync.exclude "*.log" &&
	git -C app config --add serversync.exclude /cache/ &&
	refused v1.1.0 "M app/Model1.php" &&
	git -C app config --add serversync.production.exclude /app/Model1.php &&
	refused v1.1.0 "A app/x.log" "A cache/a" &&
	git -C app config --add serversync.production.exclude "*.log" &&
	git -C app config --add serversync.production.exclude cache &&
	git -C app release --no-sync v1.1.0 && live_is srv app v1.1.0 &&
	git -C app config --remove-section serversync &&
	git -C app config --remove-section serversync.production
'

test_expect_success 'what is excluded is not read, however large it is' '
	again v1.0.0 && truncate -s 1T $L/app/x.log &&
	truncate -s 1T $L/app/Model1.php &&
	timeout 60 git -C app -c serversync.exclude="*.log" \
		-c serversync.exclude=/app/Model1.php release --no-sync v1.1.0 &&
	live_is srv app v1.1.0 && rm -rf srv &&
	git -C app release --no-sync v1.0.0
'

# comparing: somebody has the large file of the live release open.
comparing () {
	find /proc/[0-9]*/fd -lname "$TRASH/srv/releases/*/large" 2>/dev/null |
		grep -q .
}

# soon [!] <command>...: it comes true.
soon () {
	tries=200
	until if test "$1" = "!"; then ! "$2"; else "$@"; fi
	do
		tries=$((tries - 1))
		test $tries -gt 0 || return 1
		sleep 0.05
	done
}

test_expect_success 'stopped in the middle of a large file' '
	again v1.0.0 && "$CHECK" snapshot srv >before &&
	truncate -s 1T $L/large &&
	for signal in INT:130 TERM:143 KILL:137
	do
		(cd app && exec env --default-signal=INT git-release --no-sync \
			v1.1.0 >../out 2>../err </dev/null) & pid=$!
		soon comparing && kill -${signal%:*} $pid &&
		{ wait $pid; test $? = ${signal#*:}; } &&
		soon ! comparing || return 1
	done &&
	rm $L/large && "$CHECK" clean srv before && git -C app release --no-sync v1.1.0 &&
	live_is srv app v1.1.0
'

test_expect_success 'patterns are those of the paths that git has' '
	git clone -q app mono && mkdir mono/shop && (
		cd mono && git remote remove origin &&
		git mv app bin public storage shop &&
		git commit -qm "Move it" && git tag -am "Version 2" v2.0.0
	) &&
	app_target mono production "$TRASH/mono.srv" &&
	git -C mono config release.subdirectory shop &&
	git -C mono config serversync.exclude /shop/app/ &&
	git -C mono release --no-sync v2.0.0 &&
	echo >>mono.srv/current/app/Model1.php &&
	git -C mono release --no-sync --again v2.0.0 &&
	echo >>mono.srv/current/app/Model1.php &&
	test_expect_code 1 git -C mono -c serversync.exclude=/app/ release \
		--no-sync --again v2.0.0 2>err &&
	test_grep "^error: 1 file was edited on the server: app/Model1.php" err
'

test_expect_success 'what is writable' '
	again v1.0.0 && echo >>$L/app/Model1.php && echo >$L/app/new &&
	rm $L/app/Model2.php && echo >>$L/public/index.php &&
	git -C app config release.writable app/ &&
	refused v1.1.0 "M public/index.php" &&
	git -C app config --add release.writable public &&
	git -C app release --no-sync v1.1.0 && live_is srv app v1.1.0 &&
	git -C app config --unset-all release.writable
'

test_expect_success 'what is shared, and the links to it' '
	again v1.0.0 && git -C app config release.shared storage/ &&
	git -C app config --add release.shared .env &&
	git -C app release --no-sync --again v1.0.0 &&
	echo x >$L/storage/upload && echo SECRET=1 >$L/.env &&
	git -C app release --no-sync v1.1.0 &&
	echo x >$L/storage/more && rm $L/storage/upload &&
	git -C app release --no-sync v1.2.0 && live_is srv app v1.2.0 storage .env &&
	git -C app config --unset-all release.shared
'

# buried <version> <line>...: refused, with the way out; a dry run, which
# does not know what else was made in the release, names the same paths.
buried () {
	buried_version=$1 &&
	shift &&
	printf "  %s\n" "$@" >expect &&
	for dry in "" -n
	do
		test_expect_code 1 git -C app release --no-sync $dry \
			"$buried_version" >out 2>err &&
		grep "^  [MAD?] " out >actual &&
		if test -n "$dry"
		then
			sed -i "s/^  [MA] //" expect actual
		fi &&
		test_cmp expect actual || return 1
		test -n "$dry" || test_grep "^hint: copy what is below release.shared paths into shared/ on the server" err ||
			return 1
	done
}

test_expect_success 'a file in the place of a shared link is buried by none' '
	again v1.0.0 && rm -rf srv/shared/* srv/shared/.env &&
	git -C app config release.shared storage/ &&
	git -C app config --add release.shared .env &&
	git -C app release --no-sync --again v1.0.0 &&
	echo SECRET=1 >$L/.env && rm $L/.env && echo SECRET=2 >$L/.env &&
	rm $L/storage && mkdir $L/storage && echo x >$L/storage/x &&
	buried v1.1.0 "M .env" "A storage/x" &&
	cp $L/.env srv/shared/.env && buried v1.1.0 "A storage/x" &&
	cp $L/storage/x srv/shared/storage/x &&
	git -C app release -n --no-sync v1.1.0 &&
	git -C app release --no-sync v1.1.0 2>err && test_must_be_empty err &&
	live_is srv app v1.1.0 storage .env && test x = "$(cat $L/storage/x)" &&
	git -C app config --unset-all release.shared
'

test_expect_success 'a path that is shared from now on: what is in it stays' '
	rm -rf srv && git -C app release --no-sync v1.0.0 && again v1.0.0 &&
	echo 1 >$L/public/img/upload && echo 2 >$L/public/img/second &&
	git -C app config release.shared public/img/ &&
	buried v1.1.0 "A public/img/second" "A public/img/upload" &&
	test_path_is_missing srv/shared/public/img/upload &&
	mkdir -p srv/shared/public && cp -R $L/public/img srv/shared/public &&
	rm $L/public/img/logo.png && echo 3 >$L/public/img/second &&
	buried v1.1.0 "A public/img/second" &&
	cp $L/public/img/second srv/shared/public/img &&
	git -C app release -n --no-sync v1.1.0 &&
	git -C app release --no-sync v1.1.0 &&
	test 3 = "$(cat $L/public/img/second)" &&
	test 1 = "$(cat $L/public/img/upload)" &&
	git -C app config --unset-all release.shared
'

test_expect_success 'names that would steer a terminal are shown quoted' '
	rm -rf srv && git -C app release --no-sync v1.0.0 && again v1.0.0 &&
	echo >"$L/$(printf "evil\033]0;x\007")" &&
	echo >"$L/$(printf "two\nlines")" && echo >"$L/-rf" &&
	echo >"$L/$(printf "no utf\377")" && echo >"$L/a b é" &&
	refused v1.1.0 "A -rf" "A \"a b \\303\\251\"" \
		"A \"evil\\033]0;x\\a\"" "A \"no utf\\377\"" \
		"A \"two\\nlines\"" &&
	! LC_ALL=C grep "[[:cntrl:]]" out err &&
	test_grep "evil.033]0;x.a and 2 more$" err &&
	test_expect_code 1 git -C app -c core.quotePath=false release --no-sync \
		v1.1.0 >out 2>err &&
	test_grep "^  A a b é$" out
'

test_expect_success 'discarded: released, and told in all three places' '
	again v1.0.0 && was=$live &&
	echo "// hot fix" >>$L/app/Model1.php && rm $L/app/Model2.php &&
	echo >"$L/$(printf "evil\033")" &&
	git -C app release --no-sync --discard-server-edits v1.1.0 >out 2>err &&
	live_is srv app v1.1.0 && now=$(live_release srv) &&
	test_grep "^warning: 3 server edits were discarded: .release/log/$now on .* lists them, release $was still has them$" err &&
	grep "^server edit discarded: " srv/.release/log/$now >actual &&
	cat >expect <<-\EOF2 &&
	server edit discarded: M app/Model1.php
	server edit discarded: D app/Model2.php
	server edit discarded: A evil\033
	EOF2
	test_cmp expect actual &&
	test_grep "hot fix" srv/releases/$was/app/Model1.php &&
	git -C app release log >out &&
	test_grep "prepared .*3 server edits discarded$" out &&
	git -C app log -1 --notes=deployments v1.1.0 >out &&
	test_grep "\"release\":\"$now\".*\"discarded_edits\":3" out &&
	git -C app release log --records >out &&
	test_grep "$now .*3 server edits discarded$" out
'

test_expect_success 'the option without an edit says nothing' '
	git -C app release --no-sync --discard-server-edits v1.2.0 2>err &&
	test_must_be_empty err && now=$(live_release srv) &&
	! grep "discarded" srv/.release/log/$now &&
	git -C app log -1 --notes=deployments v1.2.0 >out &&
	test_grep ! "\"release\":\"$now\".*discarded" out
'

test_expect_success 'discarded by a release that fails: only the log says so' '
	again v1.0.0 && echo >>$L/app/Model1.php &&
	test_expect_code 4 git -C app -c release.midHook=false release --no-sync \
		--discard-server-edits v1.1.0 2>err &&
	test_grep ! "discarded" err &&
	test "$(live_release srv)" = "$live" &&
	rm -f hook-ran && refused v1.1.0 "M app/Model1.php"
'

test_expect_success 'edited in the middle of the run' '
	again v1.0.0 && echo >app/other && app_tag app v1.2.1 &&
	git -C app config release.build "echo x >>$TRASH/$L/app/Model1.php" &&
	git -C app config --unset release.preHook &&
	was=$(live_release srv) &&
	test_expect_code 1 git -C app release --no-sync v1.2.1 >out &&
	test_grep "^  M app/Model1.php$" out && test "$(live_release srv)" = $was &&
	git -C app config --unset release.build &&
	git -C app config release.preHook "touch $TRASH/hook-ran"
'

test_expect_success 'what is live already, again: guarded, too' '
	again v1.1.0 && echo >>$L/app/Model1.php &&
	git -C app release --no-sync v1.1.0 >out &&
	test_grep "v1.1.0 is live on production already" out &&
	refused v1.1.0 "M app/Model1.php"
'

test_expect_success 'a refused release uses up no release that is there' '
	again v1.0.0 && again v1.1.0 && again v1.0.0 && again v1.1.0 &&
	git -C app config release.recycleAfter 0s &&
	git -C app config release.keep 2 &&
	echo >>$L/app/Model1.php &&
	refused v1.2.0 "M app/Model1.php" &&
	git -C app release --no-sync --discard-server-edits v1.2.0 &&
	live_is srv app v1.2.0 && index_is_true srv &&
	git -C app config --unset release.recycleAfter &&
	git -C app config --unset release.keep
'

test_expect_success 'rollback and activate are not guarded' '
	again v1.0.0 && again v1.1.0 && echo >>$L/app/Model1.php &&
	git -C app release rollback --no-sync && live_is srv app v1.0.0 &&
	again v1.2.0 && echo >>$L/app/Model1.php &&
	git -C app release activate --no-sync v1.0.0 && live_is srv app v1.0.0
'

test_expect_success '--json: the edits as a document, refused or discarded' '
	again v1.0.0 && echo >>$L/app/Model1.php && rm $L/app/Model2.php &&
	test_expect_code 1 git -C app release --no-sync --json v1.1.0 >out 2>err &&
	python3 - <<-\EOF2 &&
	import json
	d = json.load(open("out"))
	assert d["server_edits"] == 2 and d["release"] is None, d
	assert d["server_edited"] == [
	    {"status": "M", "path": "app/Model1.php"},
	    {"status": "D", "path": "app/Model2.php"}], d
	EOF2
	git -C app release --no-sync --json --discard v1.1.0 >out 2>err &&
	python3 - <<-\EOF2 &&
	import json
	d = json.load(open("out"))
	assert d["server_edits"] == 2 and d["release"], d
	EOF2
	git -C app release --no-sync --json v1.2.0 >out 2>err &&
	python3 -c "import json
d = json.load(open(\"out\"))
assert d[\"server_edits\"] == 0 and d[\"server_edited\"] == [], d"
'

# listing: all there is, and when it was written.
listing () {
	find srv -printf "%P %y %m %s %T@ %C@ %l\n" | sort
}

test_expect_success 'a dry run finds the same, and writes nothing' '
	again v1.0.0 && git -C app config serversync.exclude "*.log" &&
	echo >>$L/app/Model1.php && rm $L/app/Model2.php &&
	echo >"$L/$(printf "two\nlines")" && echo >$L/x.log &&
	git -C app show v1.1.0:public/index.php >$L/public/index.php &&
	chmod 600 $L/app/Model3.php && mkdir $L/dir &&
	mkfifo $L/pipe $L/app/Added.php &&
	listing >was &&
	test_expect_code 1 git -C app release --dry-run --no-sync v1.1.0 \
		>out 2>err &&
	test_grep "^  guard  *would stop because of 3 server edits" out &&
	grep "^  [MAD?] " out >actual &&
	printf "  %s\n" "M app/Model1.php" "D app/Model2.php" \
		"A \"two\\nlines\"" >expect &&
	test_cmp expect actual && test_grep ! "would send" out &&
	test_grep "^error: 3 files were edited on the server$" err &&
	test_grep "^hint: capture them with git serversync production" err &&
	git -C app release -n --no-sync --discard-server-edits v1.1.0 >out &&
	test_grep "^  guard  *would discard 3 server edits" out &&
	test_grep "would send" out &&
	test_expect_code 1 git -C app release -n --no-sync --json v1.1.0 >out &&
	python3 -c "import json
assert json.load(open(\"out\"))[\"server_edits\"] == 3" &&
	listing >now && test_cmp was now &&
	git -C app release -n --no-sync v1.0.0 >out &&
	test_grep "v1.0.0 is live on production already" out &&
	rm "$L/$(printf "two\nlines")" &&
	git -C app show v1.0.0:app/Model1.php >$L/app/Model1.php &&
	git -C app show v1.0.0:app/Model2.php >$L/app/Model2.php &&
	git -C app release -n --no-sync v1.1.0 >out 2>err &&
	test_grep ! "^  guard" out && test_must_be_empty err &&
	git -C app release --no-sync v1.1.0 &&
	git -C app config --remove-section serversync
'

test_expect_success 'what cannot be compared is not buried' '
	again v1.0.0 && printf x | dd of=srv/.release/index/$live bs=1 seek=99 \
		conv=notrunc 2>/dev/null &&
	test_expect_code 1 git -C app release --no-sync v1.1.0 2>err &&
	test_grep "^error: cannot tell whether files were edited on the server: the index of .$live. is damaged" err &&
	test "$(live_release srv)" = "$live" &&
	git -C app release --no-sync --discard-server-edits v1.1.0 2>err &&
	test_grep "^warning: what was edited on the server is not known" err &&
	live_is srv app v1.1.0 && again v1.0.0 &&
	rm srv/.release/index/$live &&
	git -C app release -n --no-sync v1.1.0 2>err &&
	test_grep "^warning: cannot tell whether files were edited" err &&
	test_expect_code 1 git -C app release --no-sync v1.1.0 2>err &&
	test_grep "^error: cannot tell whether files were edited" err &&
	git -C app release --no-sync --discard-server-edits v1.1.0
'

test_expect_success 'a release of another tool is not compared, and that is said' '
	mkdir -p old/releases/1 && echo x >old/releases/1/file &&
	mkdir old/shared old/repo && ln -s releases/1 old/current &&
	app_target app old "$TRASH/old" &&
	git -C app release -n --no-sync --to old v1.0.0 >out 2>err &&
	test_grep "release 1 was not made by git release: what was" out &&
	git -C app release --no-sync --to old v1.0.0 >out 2>err &&
	test_grep "release 1 was not made by git release: what was edited there is not looked for, as git serversync old would" out &&
	git -C app release --no-sync --to old v1.1.0 >out 2>err &&
	test_grep ! "was not made by" out
'

# captured <command>...: git in a repository that has a root of its own.
captured () {
	git -C capt "$@"
}

# live_anew: v1.0.0 as it was packaged, and the branch there, without captures.
live_anew () {
	C=capt.srv/current &&
	captured reset -q --hard v1.0.0 && captured clean -qfdx &&
	captured for-each-ref --format="delete %(refname)" \
		refs/heads/serversync "refs/tags/v9*" \
		"refs/releases/v9*" >refs &&
	captured update-ref --stdin <refs &&
	captured release --no-sync --again --allow-older \
		--discard-server-edits v1.0.0 >/dev/null 2>&1 &&
	live_is capt.srv capt v1.0.0
}

# capture [<option>...]: its branch is $branch.
capture () {
	captured serversync --no-push "$@" production >capture.out \
		2>capture.err || { cat capture.out capture.err; return 1; }
	branch=$(captured for-each-ref --format="%(refname:short)" \
		--sort=-refname --count=1 refs/heads/serversync) &&
	test -n "$branch"
}

# merged [<branch>]
merged () {
	test_tick &&
	captured merge -q --no-ff -m "Merge it" "${1:-$branch}"
}

# go_on [<line>...]: released as v9.0.0, refused for these or, without one,
# released; a dry run says the same.
go_on () {
	test_tick && captured add -A &&
	captured commit -q --allow-empty -m "Version 9" &&
	captured tag -a -m "Version 9" v9.0.0 || return 1
	if test $# = 0
	then
		captured release -n --no-sync v9.0.0 >out 2>err &&
		test_grep ! "^  guard" out && test_must_be_empty err &&
		captured release --no-sync v9.0.0 >out 2>err &&
		test_must_be_empty err && live_is capt.srv capt v9.0.0
		return
	fi
	printf "  %s\n" "$@" >expect &&
	for dry in -n ""
	do
		test_expect_code 1 captured release --no-sync $dry v9.0.0 \
			>out 2>err && grep "^  [MAD?] " out >actual &&
		test_cmp expect actual || return 1
	done
}

test_expect_success 'captured, merged and changed again: nothing is buried' '
	make_app_repo capt && app_target capt production "$TRASH/capt.srv" &&
	captured release --no-sync v1.0.0 && live_anew &&
	echo "// hot fix" >>$C/app/Model1.php && echo new >$C/app/new.php &&
	chmod 644 $C/bin/console && ln -sfn ../elsewhere $C/public/storage &&
	capture && merged && go_on &&
	live_anew &&
	echo "// hot fix" >>$C/app/Model1.php && echo new >$C/app/new.php &&
	chmod 644 $C/bin/console && ln -sfn ../elsewhere $C/public/storage &&
	capture && merged && echo "// better" >>capt/app/Model1.php &&
	rm capt/app/new.php && chmod 755 capt/bin/console &&
	echo x >>capt/bin/console && ln -sfn ../more capt/public/storage &&
	go_on
'

test_expect_success 'captured, and not merged: all of it stops the release' '
	live_anew && echo "// hot fix" >>$C/app/Model1.php && capture &&
	echo "// better" >>capt/app/Model1.php && go_on "M app/Model1.php"
'

test_expect_success 'captured content that was edited once more stops it' '
	live_anew && echo "// hot fix" >>$C/app/Model1.php &&
	echo new >$C/app/new.php && echo run >$C/app/run && capture && merged &&
	echo "// better" >>capt/app/Model1.php &&
	echo more >>capt/app/new.php && rm capt/app/run &&
	echo "// again" >>$C/app/Model1.php && chmod 755 $C/app/run &&
	rm $C/app/Model2.php && cp $C/app/new.php $C/app/other.php &&
	go_on "M app/Model1.php" "D app/Model2.php" "A app/other.php" \
		"A app/run"
'

test_expect_success 'what was captured, and is gone since, is no deletion of git' '
	live_anew && echo "// hot fix" >>$C/app/Model1.php && capture && merged &&
	echo "// better" >>capt/app/Model1.php && rm $C/app/Model1.php &&
	go_on "D app/Model1.php"
'

test_expect_success 'a deletion that was captured with its reason' '
	live_anew && rm $C/app/Model1.php $C/app/Model2.php &&
	capture --delete "app/Model1.php=nobody uses it" && merged &&
	echo back >capt/app/Model1.php && go_on "D app/Model2.php" &&
	live_anew && rm $C/app/Model1.php &&
	capture --delete "app/Model1.php=nobody uses it" && merged &&
	echo back >capt/app/Model1.php && go_on
'

test_expect_success 'a deletion that says no reason is none of a capture' '
	live_anew && rm $C/app/Model1.php &&
	capture --delete "app/Model1.php=nobody uses it" &&
	captured checkout -q "$branch" &&
	captured log -1 --format=%B | sed "/^Deletion-Reason/d" >message &&
	captured commit -q --amend -F ../message &&
	captured checkout -q production && merged &&
	echo back >capt/app/Model1.php && go_on "D app/Model1.php"
'

test_expect_success 'what was rejected stops it still' '
	live_anew && echo "// hot fix" >>$C/app/Model1.php &&
	echo "// bad" >>$C/app/Model2.php && echo bad >$C/app/bad.php &&
	rm $C/app/Model3.php && capture --delete app/Model3.php=unused &&
	captured serversync reject --no-push "$branch" app/Model2.php \
		app/Model3.php app/bad.php && merged &&
	echo "// better" >>capt/app/Model1.php &&
	go_on "M app/Model2.php" "D app/Model3.php" "A app/bad.php"
'

# What --update makes: a capture beside what was rejected, and both merged.
test_expect_success 'rejected, and in a capture beside it: stops it still' '
	live_anew && echo "// hot fix" >>$C/app/Model1.php &&
	echo "// bad" >>$C/app/Model2.php && capture && first=$branch &&
	captured serversync reject --no-push "$first" app/Model2.php &&
	echo "// and more" >>$C/app/Model1.php && sleep 1 && capture &&
	test "$branch" != "$first" && captured checkout -q "$first" &&
	captured merge -q -s ours -m "Go on" "$branch" &&
	captured checkout -q "$branch" -- app/Model1.php &&
	captured commit -q --amend -m "Go on" &&
	captured checkout -q production && merged "$first" &&
	echo "// better" >>capt/app/Model1.php && go_on "M app/Model2.php"
'

test_expect_success 'rejected once, and captured upon that: it is known' '
	live_anew && echo "// bad" >>$C/app/Model1.php && capture &&
	captured serversync reject --no-push "$branch" app/Model1.php &&
	captured checkout -q "$branch" &&
	cp $C/app/Model1.php capt/app/Model1.php &&
	captured commit -qam "Capture it again" --trailer "Server: web1" \
		--trailer "Release: 1" --trailer "Captured-At: now" \
		--trailer "Rejected: app/Model1.php" &&
	captured checkout -q production && merged &&
	echo "// better" >>capt/app/Model1.php && go_on
'

test_expect_success 'one commit of it all, as a forge squashes' '
	live_anew && echo "// hot fix" >>$C/app/Model1.php &&
	echo "// bad" >>$C/app/Model2.php && capture &&
	captured serversync reject --no-push "$branch" app/Model2.php &&
	{
		echo "Server edits (#1)" && echo &&
		captured log --reverse --format="%(trailers)" v1.0.0.."$branch" |
			sed "/^$/d"
	} >message &&
	captured merge -q --squash "$branch" && captured commit -qF ../message &&
	echo "// better" >>capt/app/Model1.php && go_on "M app/Model2.php"
'

test_expect_success 'what went live since is known no more' '
	live_anew && echo "// hot fix" >>$C/app/Model1.php &&
	cp $C/app/Model1.php fixed && capture && merged &&
	echo "// better" >>capt/app/Model1.php && app_tag capt v9.0.1 &&
	captured release --no-sync v9.0.1 && cp fixed $C/app/Model1.php &&
	go_on "M app/Model1.php"
'

test_expect_success 'below the subdirectory' '
	live_anew && mkdir capt/shop &&
	captured mv app bin public storage shop &&
	captured config release.subdirectory shop &&
	app_tag capt v9.0.2 && captured release --no-sync v9.0.2 &&
	echo "// hot fix" >>$C/app/Model1.php &&
	echo "// hot fix" >>$C/app/Model2.php && capture &&
	captured serversync reject --no-push "$branch" shop/app/Model2.php &&
	merged && echo "// better" >>capt/shop/app/Model1.php &&
	cp $C/app/Model2.php keep &&
	captured show v9.0.2:shop/app/Model2.php >$C/app/Model2.php &&
	app_tag capt v9.0.3 && cp keep $C/app/Model2.php &&
	test_expect_code 1 captured release --no-sync v9.0.3 >out &&
	test_grep "^  M app/Model2.php$" out && test_grep ! "Model1" out &&
	captured show v9.0.2:shop/app/Model2.php >$C/app/Model2.php &&
	captured release --no-sync v9.0.3 2>err && test_must_be_empty err &&
	captured config --unset release.subdirectory
'

if test "$(id -u)" = 0 && command -v setpriv >/dev/null
then
	test_expect_success 'what may not be read is not buried' '
		chmod 755 . && mkdir away && chmod 777 away &&
		GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory \
			GIT_CONFIG_VALUE_0="*" &&
		export GIT_CONFIG_COUNT GIT_CONFIG_KEY_0 GIT_CONFIG_VALUE_0 &&
		cp -a app nobody.app && chown -R nobody nobody.app &&
		app_target nobody.app production "$TRASH/away/srv" &&
		git -C nobody.app config --unset release.preHook &&
		as_nobody () {
			setpriv --reuid=nobody --regid=nogroup --clear-groups \
				env HOME="$TRASH/away" "$@"
		} &&
		as_nobody git -C nobody.app release --no-sync v1.0.0 &&
		mkdir away/srv/current/closed &&
		echo >away/srv/current/closed/x &&
		chmod 700 away/srv/current/closed &&
		test_expect_code 1 as_nobody git -C nobody.app release --no-sync \
			v1.1.0 >out 2>err &&
		test_grep "^  ? closed$" out &&
		test_grep "^error: 1 file was edited on the server, or cannot be read there: closed$" err &&
		as_nobody git -C nobody.app -c serversync.exclude=closed/ release \
			--no-sync v1.1.0
	'
fi

# over <command>...: git release through sshd.
over () {
	GIT_SSH_COMMAND="ssh -F $SSH_DIR/ssh_config" git -C app "$@"
}

test_expect_success 'over ssh: refused while much is on its way, then discarded' '
	start_sshd && app_target app far "web1:far" &&
	over release --no-sync --to far v1.0.0 && far=$SSH_HOME/far &&
	over release --no-sync --to far v1.1.0 &&
	for i in 1 2 3
	do
		over release --no-sync --to far --again v1.2.0 || return 1
	done &&
	echo hot >>$far/current/app/Model1.php &&
	live=$(live_release "$far") && "$CHECK" snapshot "$far" >before &&
	head -c 40000000 /dev/urandom >app/large && app_tag app v1.3.0 &&
	ls "$far/releases" >listed &&
	for settings in keep=5 "keep=2 -c release.recycleAfter=0s"
	do
		rm -f hook-ran &&
		test_expect_code 1 over -c release.$settings release --no-sync \
			--to far v1.3.0 >out 2>err &&
		test_grep "^  M app/Model1.php$" out &&
		test_grep "^error: 1 file was edited on the server" err &&
		test_path_is_missing hook-ran &&
		test "$(live_release "$far")" = "$live" &&
		ls "$far/releases" >listed.now && test_cmp listed listed.now &&
		"$CHECK" clean "$far" before || return 1
	done &&
	over release --no-sync --to far --discard-server-edits v1.3.0 2>err &&
	test_grep "^warning: 1 server edit was discarded" err &&
	live_is "$far" app v1.3.0
'

test_done
