#!/bin/sh
test_description='the agent finds what was done to a live release, and gives it'

. "$(dirname "$0")/../lib/test-lib.sh"

agent=$BUILD/libexec/git-release/agent-$(uname -m)
as=''
if test "$(id -u)" = 0
then
	chmod 755 "$TRASH"
	as='setpriv --reuid=65534 --regid=65534 --clear-groups --'
fi

make_app_repo app || exit 1
app_target app production "$TRASH/srv"

drive () {
	"$BUILD/tests/scan-drive" "$@"
}

# scan [<option>...]: of srv; the files it names are in "found".
scan () {
	drive "$@" "$agent" "$TRASH/srv" >out &&
	sed 1d out >found
}

# The line on top has this.
says () {
	head -n 1 out | grep -e "$1" >/dev/null ||
		{ head -n 1 out; false; }
}

id () {
	git hash-object --stdin --no-filters | cut -c 1-10
}

# What changed within a tick of the clock before a scan is read again by the
# next one.
settle () {
	sleep 0.1
}

fresh () {
	rm -rf srv && git -C app release -q v1.0.0 &&
	git -C app release -q v1.1.0 && live=$(readlink -f srv/current) && settle
}

test_expect_success 'a release as it was made: nothing' '
	fresh && scan && says "^sealed looked=18 " && test_must_be_empty found
'

test_expect_success 'and the second look reads nothing' '
	scan && says " read=0 " && test_must_be_empty found
'

test_expect_success 'every kind of edit, with type, mode and id' '
	(
		cd "$live" && echo edited >>app/Model2.php && echo new >app/new.php &&
		rm app/Model1.php bin/console public/storage && mkdir bin/console &&
		echo deep >bin/console/x && chmod +x public/index.php &&
		ln -s /etc/passwd public/storage && rm app/Model4.php &&
		ln -s Model5.php app/Model4.php && mkfifo fifo && mkdir empty
	) &&
	settle && scan && cat >expect <<-END &&
	000000 0000000000 app/Model1.php
	100644 $(id <"$live/app/Model2.php") app/Model2.php
	120777 $(printf Model5.php | id) app/Model4.php
	100644 $(echo new | id) app/new.php
	000000 0000000000 bin/console
	100644 $(echo deep | id) bin/console/x
	010644 0000000000 fifo
	100755 $(id <"$live/public/index.php") public/index.php
	120777 $(printf /etc/passwd | id) public/storage
	END
	test_cmp expect found
'

test_expect_success 'what was read is kept: the next look reads nothing' '
	scan && says " read=0 " && test_cmp expect found &&
	test_path_is_file srv/.release/scan/$(live_release srv) &&
	touch "$live/app/new.php" && settle && scan && says " read=1 " &&
	test_cmp expect found && scan && says " read=0 "
'

test_expect_success 'its REVISION is told to who asks' '
	scan -r && says " read=0 revision=$(git -C app rev-parse v1.1.0^0) "
'

if strace -o trace true 2>/dev/null
then
	test_expect_success 'and opens no file of the release' '
		ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 \
			strace -f -o trace -e trace=open,openat,openat2 \
			"$BUILD/tests/scan-drive" "$agent" "$TRASH/srv" >out &&
		sed 1d out >found && test_cmp expect found &&
		test_grep "releases" trace &&
		grep -v O_DIRECTORY trace >files &&
		! grep -E "Model|console|index.php|new.php|REVISION|logo" files
	'
fi

test_expect_success 'nothing but that is written' '
	echo again >"$live/app/new.php" &&
	find srv -printf "%p %i %T@ %C@\n" | grep -v "/scan" | sort >before &&
	scan && says " read=1 " &&
	find srv -printf "%p %i %T@ %C@\n" | grep -v "/scan" | sort >after &&
	test_cmp before after
'

test_expect_success 'nothing at all where that is asked for' '
	rm srv/.release/scan/* && touch "$live/app/new.php" && settle &&
	find srv -printf "%p %i %T@ %C@\n" | sort >before &&
	scan -n -c cache && says " read=[1-9]" && scan -n -c cache &&
	says " read=[1-9]" && find srv -printf "%p %i %T@ %C@\n" | sort >after &&
	test_cmp before after && test_path_is_missing cache
'

test_expect_success 'what is skipped is neither new nor deleted' '
	scan -s app -s bin/console && cut -d" " -f3 found >paths &&
	printf "fifo\npublic/index.php\npublic/storage\n" >expect &&
	test_cmp expect paths
'

test_expect_success 'contents, proven, with what older releases have as prefix' '
	fresh && mkdir out.d out2.d &&
	git -C app archive v1.0.0 >old.tar && mkdir old && tar -xf old.tar -C old &&
	sed -i "s/^150\$/edited/" "$live/app/Model1.php" &&
	echo >>"$live/app/Model7.php" && : >"$live/none" &&
	ln -s none "$live/link" &&
	scan -o out.d && tail -n 1 out >plain && test_grep "^took 4 in" plain &&
	cmp out.d/0 "$live/app/Model1.php" && cmp out.d/1 "$live/app/Model7.php" &&
	test "$(cat out.d/2)" = none && test_path_is_file out.d/3 &&
	scan -o out2.d -O old && tail -n 1 out >short &&
	for i in 0 1 2 3
	do
		cmp out.d/$i out2.d/$i || return 1
	done &&
	test $(cut -d" " -f4 short) -lt $(($(cut -d" " -f4 plain) / 2))
'

test_expect_success 'an old release that was edited itself is no prefix' '
	first=$(ls srv/releases | head -n 1) &&
	size=$(wc -c <srv/releases/$first/app/Model1.php) &&
	seq 700 900 | head -c $size >srv/releases/$first/app/Model1.php &&
	cat srv/releases/$first/app/Model1.php >>"$live/app/Model1.php" &&
	cp "$live/app/Model1.php" out.d/0 &&
	echo longer >>srv/releases/$first/app/Model7.php &&
	rm -rf out2.d && mkdir out2.d && scan -o out2.d -O old &&
	cmp out.d/0 out2.d/0 && cmp out.d/1 out2.d/1 && tail -n 1 out >long &&
	test $(cut -d" " -f4 long) -gt $(cut -d" " -f4 short)
'

test_expect_success 'a file that changed after the scan is refused' '
	rm -rf out2.d && mkdir out2.d &&
	test_expect_code 1 drive -o out2.d -a "echo x >>$live/app/Model7.php" \
		"$agent" "$TRASH/srv" >out &&
	test_grep "^error -3: .app/Model7.php. has changed since" out &&
	test_grep "^hint: nothing was changed" out &&
	sed -i "s/^150\$/xxxxxx/; s/edited/EDITED/" "$live/app/Model1.php" &&
	rm -rf out2.d && mkdir out2.d &&
	test_expect_code 1 drive -o out2.d \
		-a "sed -i s/xxxxxx/yyyyyy/\;s/EDITED/edited/ $live/app/Model1.php" \
		"$agent" "$TRASH/srv" >out &&
	test_grep "^error -3: .app/Model1.php. has changed since" out
'

test_expect_success 'a deploy in between: refused, before and after' '
	first=$(ls srv/releases | head -n 1) && last=$(live_release srv) &&
	test_expect_code 1 drive -b "ln -sfn releases/$first srv/current" \
		"$agent" "$TRASH/srv" >out &&
	test_grep "^error -3: a release was activated meanwhile" out &&
	test_grep "^hint: nothing was changed" out &&
	echo x >>srv/releases/$first/app/Model2.php && rm -rf out2.d &&
	mkdir out2.d &&
	test_expect_code 1 drive -o out2.d -a "ln -sfn releases/$last srv/current" \
		"$agent" "$TRASH/srv" >out &&
	test_grep "^error -3: a release was activated meanwhile" out
'

test_expect_success 'what is kept of releases that are gone is removed' '
	fresh && echo x >"$live/new" && scan && old=$(live_release srv) &&
	test_path_is_file srv/.release/scan/$old && rm "$live/new" &&
	git -C app config release.production.keep 1 &&
	git -C app config release.production.recycleAfter 0 &&
	git -C app release -q v1.2.0 && git -C app release -q --again v1.2.0 &&
	git -C app release -q --again v1.2.0 &&
	test_path_is_missing srv/releases/$old && scan &&
	test_path_is_missing srv/.release/scan/$old &&
	git -C app config --unset release.production.keep &&
	git -C app config --unset release.production.recycleAfter
'

test_expect_success 'damaged, what is kept counts as absent' '
	fresh && echo x >"$live/new" && settle && scan && cp found expect &&
	kept=srv/.release/scan/$(live_release srv) &&
	printf x | dd of=$kept bs=1 seek=40 conv=notrunc 2>/dev/null &&
	scan && says " read=[1-9]" && test_cmp expect found &&
	scan && says " read=0 " && test_cmp expect found
'

test_expect_success 'names that are not for terminals, and .git' '
	(
		cd "$live" && mkdir .git .git/hooks && echo x >.git/hooks/x &&
		echo x >"a
b" && echo x >"$(printf "\033]0;x")" && echo x >" " && echo x >-rf &&
		echo x >"$(printf "\377")" && mkdir "\"" && echo x >"\"/x"
	) &&
	scan && sed "s/^[0-9]* [0-9a-f]* //" found >paths &&
	echo " " >expect && cat >>expect <<-\END &&
	"\033]0;x"
	-rf
	.git/hooks/x
	"\"/x"
	"a\nb"
	new
	"\377"
	END
	sort expect >expect.s && sort paths >paths.s &&
	test_cmp expect.s paths.s
'

test_expect_success 'emptied, or gone: refused, nothing is deleted' '
	fresh && find "$live" -mindepth 1 -delete && echo x >"$live/other" &&
	test_expect_code 1 drive "$agent" "$TRASH/srv" >out &&
	test_grep "^error -3: none of the files of the live release" out &&
	test_grep "^hint: nothing was taken for deleted" out &&
	rm "$live/other" && rmdir "$live" &&
	test_expect_code 1 drive "$agent" "$TRASH/srv" >out &&
	test_grep "^error -3: the live release .* cannot be opened: No such file" out
'

test_expect_success 'nothing is live' '
	rm -rf srv && test_expect_code 1 drive "$agent" "$TRASH/srv" >out &&
	test_grep "^error -2: nothing is live$" out &&
	mkdir srv && mkdir srv/releases srv/shared &&
	test_expect_code 1 drive "$agent" "$TRASH/srv" >out &&
	test_grep "^error -2: nothing is live$" out
'

test_expect_success 'a directory that may not be read is unknown' '
	fresh && echo x >"$live/app/new.php" && chmod 600 "$live/bin/console" &&
	if test -n "$as"
	then
		chown -R 65534:65534 srv && chown 0:0 "$live/app/new.php" &&
		chmod 644 "$live/app/new.php"
	fi &&
	chmod 0 "$live/public" "$live/bin/console" &&
	$as "$BUILD/tests/scan-drive" "$agent" "$TRASH/srv" >out &&
	sed 1d out >found && other= && { test -z "$as" || other=" other-owner"; } &&
	cat >expect <<-END &&
	100644$other $(echo x | id) app/new.php
	? permission denied: bin/console
	? permission denied: public
	END
	test_cmp expect found && chmod 755 "$live/public"
'

test_expect_success 'what lies too deep to be named is unknown' '
	fresh && python3 - "$live" <<-\END &&
	import os, sys
	at = os.open(sys.argv[1], os.O_RDONLY)
	for i in range(16):
	    os.mkdir("n" * 240, dir_fd=at)
	    at = os.open("n" * 240, os.O_RDONLY, dir_fd=at)
	for name in "x", "y" * 240, "z" * 240:
	    os.close(os.open(name, os.O_CREAT | os.O_WRONLY, dir_fd=at))
	END
	scan && long=$(printf "%0240d" 0 | tr 0 n) && all=$long &&
	for i in $(seq 15); do all=$all/$long; done &&
	sed "s/^[0-9]* [0-9a-f]* //" found >paths &&
	printf "%s\n" "$all/x" "? lies too deep: $all" >expect &&
	test_cmp expect paths
'

# agent_of <command>...: its agent writes down who it is.
agent_of () {
	cat >agent.sh <<-END &&
	#!/bin/sh
	echo \$\$ >"$TRASH/agent.pid"
	exec "$agent" "\$@"
	END
	chmod +x agent.sh && rm -f agent.pid && "$@" &
	client=$!
	wait_until test -s agent.pid
}

wait_until () {
	tries=200
	until "$@" 2>/dev/null
	do
		tries=$((tries - 1))
		test $tries -gt 0 || return 1
		sleep 0.05
	done
}

over () {
	! kill -0 "$1"
}

test_expect_success 'a client that is killed: the agent ends, in any file' '
	fresh && truncate -s 1T "$live/large" &&
	agent_of "$BUILD/tests/scan-drive" "$TRASH/agent.sh" "$TRASH/srv" &&
	server=$(cat agent.pid) &&
	wait_until eval "ls -l /proc/$server/fd | grep -q large" &&
	kill -9 $client &&
	{ wait_until over $server || { kill -9 $server; false; }; } &&
	test_path_is_missing srv/.release/scan
'

mounts='unshare -m --propagation private'
test "$(id -u)" = 0 || mounts='unshare -rm --propagation private'
if $mounts true 2>/dev/null
then
	test_expect_success 'a mount point is unknown, and what is below it' '
		fresh && mkdir there && echo x >there/x &&
		$mounts sh -c "mount --bind there \"$live/app\" &&
			\"$BUILD/tests/scan-drive\" \"$agent\" \"$TRASH/srv\"" >out &&
		sed 1d out >found &&
		echo "? something is mounted there: app" >expect &&
		test_cmp expect found
	'

	test_expect_success 'a live release that is a mount: refused' '
		test_expect_code 1 $mounts sh -c "mount --bind there \"$live\" &&
			\"$BUILD/tests/scan-drive\" \"$agent\" \"$TRASH/srv\"" >out &&
		test_grep "^error -3: the live release .* is another file system" out
	'
fi

# As Capistrano leaves it, with links into shared/.
capistrano_root () {
	rm -rf srv && mkdir -p srv/releases/1/config srv/repo srv/shared/log &&
	echo log >srv/shared/log/x && echo secret >srv/shared/.env &&
	ln -s "$PWD/srv/releases/1" srv/current &&
	(
		cd srv/releases/1 && echo one >one && echo two >config/two &&
		git -C "$TRASH/app" rev-parse v1.0.0^0 >REVISION &&
		ln -s "$TRASH/srv/shared/log" log && ln -s ../../shared/.env .env &&
		ln -s ../../../shared/nothing config/none &&
		ln -s ../one config/inside && mkdir .git && echo x >.git/config
	)
}

test_expect_success 'a release of another tool: everything, and REVISION' '
	capistrano_root && settle && scan -c cache &&
	says "^foreign looked=7 read=3 revision=$(git -C app rev-parse v1.0.0^0) " &&
	cat >expect <<-END &&
	120777 shared $(printf ../../shared/.env | id) .env
	100644 $(id <srv/releases/1/REVISION) REVISION
	120777 $(printf ../one | id) config/inside
	120777 shared $(printf ../../../shared/nothing | id) config/none
	100644 $(echo two | id) config/two
	120777 shared $(printf "%s" "$TRASH/srv/shared/log" | id) log
	100644 $(echo one | id) one
	END
	test_cmp expect found && test_path_is_file srv/.release/scan/1 &&
	scan && says " read=0 " && test_cmp expect found
'

test_expect_success 'what it kept makes the root no root of ours' '
	echo x >srv/strange && test_expect_code 1 drive "$agent" "$TRASH/srv" >out &&
	test_grep "was never a release root" out && rm srv/strange &&
	cp -a srv saved && (cd app && git release v1.2.0) &&
	test_path_is_dir srv/.release/trash && test_path_is_dir srv/.release/index &&
	rm -rf srv && mv saved srv
'

# As somebody who may not write there.
scan_only () {
	$as "$BUILD/tests/scan-drive" "$@" "$agent" "$TRASH/srv" >out &&
	sed 1d out >found
}

test_expect_success 'its index is kept here, and only differences come' '
	rm -rf srv/.release cache && mkdir -m 777 cache && chmod 555 srv &&
	scan_only -n -c cache && says " read=3 " && test -z "$(ls cache)" &&
	scan_only -c cache && test $(ls cache | wc -l) = 1 &&
	scan_only -n -c cache && says " read=0 " &&
	test_cmp expect found && scan_only -c cache && says " read=0 " &&
	test_cmp expect found &&
	rm srv/releases/1/config/two && echo three >srv/releases/1/three &&
	settle && scan_only -c cache && says " read=1 " && grep -v two expect >left &&
	echo "100644 $(echo three | id) three" >>left && sort -k3 left >left.s &&
	sort -k3 found >found.s && test_cmp left.s found.s && cp found expect &&
	scan_only -c cache && says " read=0 " && test_cmp expect found &&
	test_path_is_missing srv/.release
'

test_expect_success 'a cache that is damaged, or of another release, is none' '
	for file in cache/*
	do
		printf x | dd of=$file bs=1 seek=200 conv=notrunc 2>/dev/null || return 1
	done &&
	scan_only -c cache && says " read=3 " && test_cmp expect found &&
	chmod 755 srv && mv srv/releases/1 srv/releases/2 &&
	ln -sfn releases/2 srv/current && chmod 555 srv &&
	scan_only -c cache && says " read=3 " && test_cmp expect found
'

test_expect_success 'once it can be kept on the server, it is' '
	chmod 755 srv && scan -c cache &&
	says " read=0 " && test_path_is_file srv/.release/scan/2 &&
	scan && says " read=0 " && test_cmp expect found &&
	scan -c cache && says " read=0 " && test_cmp expect found &&
	echo 3 >srv/releases/2/three && settle && scan -c cache && says " read=1 " &&
	scan -c cache && says " read=0 " && rm srv/releases/2/three &&
	scan -c cache && grep -v three expect >left && test_cmp left found
'

test_expect_success 'an emptied one is refused, though the cache knows it' '
	rm -rf srv/releases/2 && mkdir srv/releases/2 &&
	test_expect_code 1 drive -c cache "$agent" "$TRASH/srv" >out &&
	test_grep "^error -3: .2. is empty$" out &&
	test_grep "^hint: nothing was taken for deleted" out
'

test_expect_success 'a release of Deployer: what its log says' '
	rm -rf srv && mkdir -p srv/.dep srv/releases/7 srv/shared &&
	ln -s releases/7 srv/current && echo x >srv/releases/7/x &&
	cat >srv/.dep/releases_log <<-\END &&
	{"created_at":"2024-01-01T00:00:00+0000","release_name":"6","user":"a","target":"v0"}
	{"created_at":"2024-01-02T00:00:00+0000","release_name":"7","user":"\"a\\","target":"v1.0.0"}
	{"created_at":"2024-01-03T00:00:00+0000","release_name":"70","user":"a","target":"v2"}
	garbage
	END
	scan && says "^foreign looked=1 read=1 revision= target=v1.0.0$" &&
	commit=$(git -C app rev-parse v1.1.0^0) &&
	echo "{\"release_name\":\"7\",\"target\":\"$commit\"}" >>srv/.dep/releases_log &&
	scan && says " revision=$commit target=$commit$"
'

test_expect_success 'a plain checkout is looked at when that is asked for' '
	rm -rf srv && git clone -q app srv && echo x >srv/new &&
	mkdir srv/releases && echo current >srv/current && settle &&
	test_expect_code 1 drive "$agent" "$TRASH/srv" >out &&
	test_grep "was never a release root" out &&
	commit=$(git -C app rev-parse HEAD) && rm -rf cache &&
	scan -p -c cache && says "^plain .* revision=$commit target=production$" &&
	test_grep " new$" found && ! grep -F .git/ found && test_grep " current$" found &&
	git -C srv pack-refs --all && scan -p -c cache &&
	says " read=0 revision=$commit target=production$" &&
	git -C srv checkout -q --detach v1.0.0 && scan -p -c cache &&
	says " revision=$(git -C app rev-parse v1.0.0^0) target=$" &&
	rm -rf out.d && mkdir out.d && scan -p -o out.d -s app &&
	test_grep "^took" out
'

test_expect_success 'its HEAD does not lead outside' '
	git -C app rev-parse v1.2.0^0 >secret && rm -f srv/.git/packed-refs &&
	echo "ref: refs/../../../secret" >srv/.git/HEAD && scan -p &&
	says " revision= " && echo "ref: refs/heads/x" >srv/.git/HEAD &&
	ln -s ../../../../secret srv/.git/refs/heads/x && scan -p &&
	says " revision= target=x$" && mv srv/.git .g && ln -s "$TRASH/.g" srv/.git &&
	rm .g/refs/heads/x && cp secret .g/refs/heads/x && scan -p &&
	says " revision= target=$" && scan -p -s .g && ! grep -F .g/ found
'

test_done
