#!/bin/sh
test_description='git serversync, and what others do at the same moment'

. "$(dirname "$0")/../lib/test-lib.sh"

# project: a repository "app" with origin.git, released to srv, where it was
# edited; $live is what is live there.
project () {
	rm -rf app origin.git srv &&
	make_app_repo app origin.git && app_target app production "$TRASH/srv" &&
	printf "[serversync]\n\tgitOnly = docs\n" >app/.gitrelease &&
	app_tag app v1.3.0 && git -C app push -q origin production v1.3.0 &&
	git -C app release -q v1.3.0 && live=srv/$(readlink srv/current) &&
	echo x >$live/new.php && echo "// hot" >>$live/app/Model1.php
}

captures () {
	want_code=$1
	shift
	(cd app && test_expect_code "$want_code" git serversync "$@" \
		>../out 2>../err) || { cat out err; return 1; }
}

branches () {
	git -C "$1" for-each-ref --format="%(objectname) %(refname)" \
		refs/heads/serversync/
}

# beside <name> <repository>: a capture that goes on meanwhile.
beside () {
	(
		cd "$2" && git serversync >"../out.$1" 2>"../err.$1"
		echo $? >"../code.$1"
	) &
	beside_pid=$!
}

test_expect_success 'several in one repository at once: one branch' '
	project && for round in 1 2 3
	do
		git -C app for-each-ref --format="delete %(refname)" \
			refs/heads/serversync | git -C app update-ref --stdin &&
		git -C origin.git for-each-ref --format="delete %(refname)" \
			refs/heads/serversync |
		git -C origin.git update-ref --stdin || return 1
		pids= &&
		for nr in 1 2 3
		do
			beside $nr app && pids="$pids $beside_pid" || return 1
		done &&
		wait $pids && cat err.1 err.2 err.3 && cat code.1 code.2 code.3 >codes &&
		printf "0\n0\n0\n" | test_cmp - codes &&
		branches app >here && branches origin.git | test_cmp here - &&
		test "$(cut -d" " -f1 here | sort -u | wc -l)" = "$(wc -l <here)" &&
		git -C app fsck --strict --no-dangling || return 1
	done
'

test_expect_success 'in two repositories: nothing is overwritten' '
	project && git clone -q origin.git other &&
	git -C other checkout -q v1.3.0 &&
	app_target other production "$TRASH/srv" &&
	beside 1 app && first=$beside_pid &&
	GIT_COMMITTER_NAME=other GIT_AUTHOR_NAME=other beside 2 other &&
	wait $first $beside_pid && cat err.1 err.2 && cat code.1 code.2 >codes &&
	test_grep 0 codes && test_grep ! 5 codes &&
	branches origin.git >there && test -s there &&
	(cd app && git serversync) && (cd other && git serversync) >out &&
	test_grep "^Already captured" out && branches origin.git | test_cmp there -
'

# pruned <shell command>: runs at once behind git commit-tree.
pruned () {
	real=$(command -v git) && mkdir -p fake && cat >fake/git <<-EOF2 &&
	#!/bin/sh
	"$real" "\$@"
	code=\$?
	case "\$*" in *commit-tree*) cd "$TRASH/app" && $1 ;; esac
	exit \$code
	EOF2
	chmod 755 fake/git &&
	(
		cd app && PATH=$TRASH/fake:$PATH &&
		test_expect_code 128 git-serversync --no-push >../out 2>../err
	)
}

test_expect_success 'git gc --prune=now takes what has no branch yet' '
	project && pruned "git prune --expire=now" &&
	test_grep "^fatal: what was captured was removed" err &&
	test_grep "^hint: git serversync again" err && test_must_be_empty out &&
	branches app >got && test_must_be_empty got &&
	git -C app fsck --strict --no-dangling && captures 0
'

test_expect_success 'or a part of it' '
	project && blob=$(git hash-object $live/new.php | sed "s,..,&/,") &&
	pruned "rm .git/objects/$blob" &&
	test_grep "^fatal: what was captured was removed" err &&
	branches app >got && test_must_be_empty got &&
	git -C app fsck --strict --no-dangling && captures 0 &&
	git -C app fsck --strict --no-dangling
'

# A power cut must not leave a branch of empty files.
test_expect_success 'the objects are on the disk before the branch' '
	if strace -o trace true 2>/dev/null
	then
		project &&
		(
			cd app && ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 \
				strace -f -o ../trace \
				-e trace=syncfs,link,rename,renameat,renameat2 \
				git-serversync --no-push
		) &&
		sed -n "s/.*objects\/.*/object/p; s/.*syncfs.*/sync/p; \
			s/.*refs\/heads\/serversync.*/branch/p" trace |
		uniq >got && printf "object\nsync\nbranch\n" | test_cmp - got
	fi
'

# Somebody has the very name already, and wins.
test_expect_success 'another push of the same branch at the same moment' '
	project && cat >app/.git/hooks/pre-push <<-EOF2 &&
	#!/bin/sh
	read -r here id there old
	env -u GIT_DIR git -C "$TRASH/origin.git" update-ref \$there v1.2.0^0
	EOF2
	chmod 755 app/.git/hooks/pre-push && captures 1 &&
	test_grep "was refused" err && test_grep "^hint: .*pushes it" err &&
	test_must_be_empty out && branches origin.git >there &&
	test "$(cut -d" " -f1 there)" = "$(git -C app rev-parse v1.2.0^0)" &&
	rm app/.git/hooks/pre-push && captures 0 && test_grep "^Pushed" out &&
	branches origin.git >now && test "$(grep -cxFf there now)" = 1 &&
	test "$(wc -l <now)" = 2
'

test_expect_success 'a release at the same moment' '
	project && for round in 1 2 3
	do
		echo $round >$live/new.php &&
		(
			cd app && git release -q --again --discard-server-edits \
				v1.3.0 >../released 2>&1
		) & pid=$! &&
		beside 1 app && wait $pid && wait $beside_pid &&
		live=srv/$(readlink srv/current) &&
		git -C app fsck --strict --no-dangling &&
		case $(cat code.1) in
		0)	: ;;
		1)	grep "^error: " err.1 ;;
		*)	cat err.1; false ;;
		esac || return 1
	done
'

# full <KiB>: in a repository that has so much room left.
full () {
	mount -t tmpfs -o size=20m tmpfs full && cp -a bare full/app.git &&
	used=$(df -k --output=used full | tail -n 1) &&
	mount -o "remount,size=$((used + $1))k" full &&
	(
		cd full/app.git &&
		git serversync --no-push >../../out 2>../../err
	)
	full_code=$?
	git -C full/app.git fsck --strict --no-dangling &&
	git -C full/app.git for-each-ref refs/heads/serversync >refs &&
	! find full -name "*.lock" | grep . &&
	case $full_code in
	0)	test -s refs ;;
	128)	test_must_be_empty refs && test_must_be_empty out &&
		test_grep "No space left\|couldn.t write" err ;;
	*)	cat err; false ;;
	esac &&
	mount -o remount,size=20m full &&
	(cd full/app.git && git serversync --no-push) &&
	git -C full/app.git fsck --strict --no-dangling
	full_held=$?
	umount full
	return $full_held
}

test_expect_success 'a disk that is full at any moment' '
	project && git clone -q --bare app bare &&
	git -C bare remote remove origin && git -C bare config gc.auto 0 &&
	git -C bare config serversync.gitOnly docs && rm -rf bare/hooks &&
	app_target bare production "$TRASH/srv" && mkdir full &&
	seen= && for room in 4 8 12 16 20 24 28 32 36 40 44 48 52 56 60 80 160
	do
		full $room || { echo "# $room"; return 1; }
		seen="$seen $full_code"
	done &&
	echo "$seen" && test_grep "128.* 0" - <<-EOF2
	$seen
	EOF2
'

read_only () {
	mkdir read-only && mount --bind app read-only &&
	mount -o remount,bind,ro read-only &&
	(
		cd read-only && test_expect_code 128 git serversync 2>../err &&
		git serversync -n >../out
	)
	read_only_held=$?
	umount read-only
	return $read_only_held
}

test_expect_success 'a repository that cannot be written' '
	project && read_only && test_grep "Read-only file system" err &&
	test_grep "^Would capture" out
'

test_done
