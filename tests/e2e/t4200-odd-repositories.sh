#!/bin/sh

test_description='repositories that people rarely have, and attackers make'

. "$(dirname "$0")/../lib/test-lib.sh"

# odd_tag <tag> <tree line>...: a tag of a tree that git add would not make.
odd_tag () {
	odd_name=$1
	shift
	test_tick &&
	odd_tree=$(printf '%b\n' "$@" | git -C app mktree --missing) &&
	git -C app tag -a -m odd "$odd_name" \
		"$(git -C app commit-tree -m odd "$odd_tree")"
}

# refused <exit status> <tag> <message>
refused () {
	readlink srv/current >was &&
	test_expect_code "$1" git -C app release --no-sync --allow-older \
		"$2" 2>err &&
	test_grep "$3" err &&
	readlink srv/current >is &&
	test_cmp was is
}

test_expect_success 'setup' '
	make_app_repo app &&
	git -C app branch -m production main &&
	app_target app production "$TRASH/srv" &&
	git -C app release --no-sync v1.0.0 &&
	blob=$(echo x | git -C app hash-object -w --stdin) &&
	sub=$(git -C app rev-parse v1.0.0:bin)
'

test_expect_success 'settings that are a link or a directory are no settings' '
	link=$(printf "[release \"production\"]\n\turl = /tmp/x\n" |
		git -C app hash-object -w --stdin) &&
	odd_tag v3.0.0 "120000 blob $link\t.gitrelease" &&
	refused 128 v3.0.0 "v3.0.0:.gitrelease is not a file" &&
	odd_tag v3.0.1 "040000 tree $sub\t.gitrelease" &&
	refused 128 v3.0.1 "v3.0.1:.gitrelease is not a file"
'

test_expect_success 'names that are ours, as a file and as a directory' '
	odd_tag v3.1.0 "100644 blob $blob\tREVISION" &&
	refused 1 v3.1.0 "has a file .REVISION." &&
	odd_tag v3.1.1 "040000 tree $sub\trelease.json" &&
	refused 1 v3.1.1 "has a file .release.json."
'

test_expect_success 'names that lead elsewhere' '
	odd_tag v3.2.0 "100644 blob $blob\t.." &&
	refused 1 v3.2.0 "is no name for a file" &&
	odd_tag v3.2.1 "040000 tree $sub\t.git" &&
	refused 1 v3.2.1 "is no name for a file" &&
	link=$(printf /etc/passwd | git -C app hash-object -w --stdin) &&
	odd_tag v3.2.2 "120000 blob $link\tlink" &&
	refused 1 v3.2.2 "lead out of the package"
'

test_expect_success 'a path through more directories than can be walked' '
	deep=$(printf "%0300d" 0 | sed "s,0,d/,g")file &&
	git -C app update-index --add --cacheinfo "100644,$blob,$deep" &&
	test_tick && git -C app commit -q -m deep &&
	git -C app tag -a -m deep v3.3.0 &&
	git -C app reset -q --hard v1.2.0 &&
	readlink srv/current >was &&
	test_must_fail git -C app release --no-sync v3.3.0 2>err &&
	readlink srv/current >is &&
	test_cmp was is
'

test_expect_success 'a repository that lacks a file: words, and no waiting' '
	git -C app release --no-sync -n v1.1.0 &&
	gone=$(git -C app rev-parse v1.1.0:public/index.php) &&
	file=app/.git/objects/$(echo "$gone" | sed "s,^..,&/,") &&
	mv "$file" kept &&
	test_expect_code 128 timeout 20 git -C app release --no-sync v1.1.0 \
		2>err &&
	test_grep "object $gone is missing" err &&
	test_wait_for 10 rmdir srv/.release/tmp &&
	mv kept "$file" &&
	git -C app release --no-sync v1.1.0
'

test_expect_success 'a repository of another user' '
	cp -a app other &&
	if test "$(id -u)" = 0
	then
		chown -R 65534:65534 other &&
		(
			cd other &&
			test_expect_code 128 git-release --no-sync v1.1.0 \
				2>../err
		) &&
		test_grep "belongs to another user" err &&
		test_grep "safe.directory" err
	fi
'

# A version may turn anything into anything; live is always just the version.
change () {
	case $1 in
	file) echo "file $2" >app/thing ;;
	other) echo "other $2" >app/thing && chmod 755 app/thing ;;
	empty) : >app/thing ;;
	link) ln -s bin/console app/thing ;;
	dir) mkdir app/thing && echo "$2" >app/thing/a && : >app/thing/b ;;
	deep) mkdir -p app/thing/a/b && echo "$2" >app/thing/a/b/c ;;
	none) ;;
	esac
}

for after in 100d 0s
do
	test_expect_success "anything becomes anything, recycled after $after" '
		git -C app config release.recycleAfter $after &&
		git -C app config release.keep 3 &&
		nr=0 &&
		for kind in file dir link file link dir file none link deep \
			dir deep file empty other file other link none deep \
			none file
		do
			nr=$((nr + 1)) &&
			rm -rf app/thing &&
			change $kind $nr &&
			test_tick &&
			git -C app add -A &&
			git -C app commit -q --allow-empty -m $nr &&
			git -C app tag -a -m $nr v5-$after-$nr &&
			git -C app release --no-sync v5-$after-$nr &&
			live_is srv app v5-$after-$nr &&
			index_is_true srv || return 1
		done
	'
done

test_expect_success 'the second half did recycle' '
	test_grep recycled srv/.release/journal
'

test_expect_success 'what was done in the old release is undone' '
	mkdir -p app/deep/er app/deep-er &&
	for name in deep/a deep/b deep/er/c deep/er/d deep-er/e
	do
		echo $name >app/$name || return 1
	done &&
	git -C app add -A && git -C app commit -q -m deep &&
	for nr in 1 2 3 4 5
	do
		git -C app tag -a -m $nr v6-$nr &&
		git -C app release --no-sync --again v6-$nr || return 1
	done &&
	old=$(ls srv/releases | head -n 1) &&
	inode=$(stat -c %i srv/releases/$old) &&
	(
		cd srv/releases/$old &&
		echo stray >deep/stray && mkdir -p deep/er/empty/dirs none &&
		echo DEEP/A >deep/a && rm deep/er/c && mkdir deep/er/c &&
		rm -r deep-er && echo file >deep-er && chmod 600 deep/b
	) &&
	git -C app tag -a -m 6 v6-6 &&
	git -C app release --no-sync --again v6-6 &&
	test $inode = "$(stat -L -c %i srv/current)" &&
	live_is srv app v6-6 && index_is_true srv &&
	(cd app && git release verify)
'

# Some that are in no doubt: their release was recycled before.
test_expect_success 'directories that change are recorded anew' '
	mkdir -p app/solo/dir && : >app/solo/keep && : >app/solo/dir/file &&
	for nr in 1 2 3 4 5 6 7 8 9 10 11 12
	do
		echo $nr >app/deep/b && echo $nr >app/deep/er/new-$nr &&
		{ test $nr != 9 || rm -r app/solo/dir; } &&
		git -C app add -A && git -C app commit -q -m $nr &&
		git -C app tag -a -m $nr v7-$nr &&
		git -C app release --no-sync v7-$nr &&
		live_is srv app v7-$nr && index_is_true srv || return 1
	done
'

test_expect_success 'nor does what a hook left come along' '
	git -C app config release.midHook "mkdir -p left/over" &&
	git -C app tag -a -m 7 v6-7 &&
	git -C app release --no-sync --again v6-7 &&
	index_is_true srv &&
	git -C app config --unset release.midHook &&
	left=$(readlink srv/current) &&
	test_path_is_dir srv/$left/left/over &&
	inode=$(stat -c %i srv/$left) &&
	for nr in 8 9 10
	do
		git -C app tag -a -m $nr v6-$nr &&
		git -C app release --no-sync --again v6-$nr || return 1
	done &&
	test $inode = "$(stat -L -c %i srv/current)" &&
	test_path_is_missing srv/current/left &&
	live_is srv app v6-10 && index_is_true srv
'

test_done
