# A small application to release, and what a test asks about a release root.
# Sourced by test-lib.sh.

# Every commit and tag gets its own, always the same, time.
test_tick () {
	test_time=$((${test_time:-1767225600} + 60))
	GIT_AUTHOR_DATE="$test_time +0000" GIT_COMMITTER_DATE="$test_time +0000"
	export GIT_AUTHOR_DATE GIT_COMMITTER_DATE
}

# app_tag <repo> <tag>: commits everything and tags it, annotated.
app_tag () {
	test_tick &&
	git -C "$1" add -A &&
	git -C "$1" commit -q -m "Version ${2#v}" &&
	git -C "$1" tag -a -m "Version ${2#v}" "$2"
}

# make_app_repo <dir> [<bare origin>]: branch production with the annotated
# tags v1.0.0, v1.1.0 and v1.2.0, one minute apart. Holds what real ones do:
# many files of one kind, a binary, a program, a symlink, odd names.
make_app_repo () {
	git init -q -b production "$1" &&
	mkdir -p "$1/app" "$1/bin" "$1/public/img" "$1/storage" &&
	echo '<?php echo "version 1.0.0";' >"$1/public/index.php" &&
	printf '\211PNG\r\n\032\n\000\001\002' >"$1/public/img/logo.png" &&
	printf '#!/bin/sh\necho console\n' >"$1/bin/console" &&
	chmod 755 "$1/bin/console" &&
	ln -s ../storage/app "$1/public/storage" &&
	: >"$1/storage/.gitkeep" &&
	: >"$1/app/with space and é.php" &&
	for n in 1 2 3 4 5 6 7 8 9
	do
		seq "$n" 200 >"$1/app/Model$n.php" || return 1
	done &&
	app_tag "$1" v1.0.0 &&

	echo '<?php echo "version 1.1.0";' >"$1/public/index.php" &&
	sed 's/^100$/one hundred/' "$1/app/Model3.php" >"$1/tmp" &&
	mv "$1/tmp" "$1/app/Model3.php" &&
	seq 50 90 >"$1/app/Added.php" &&
	app_tag "$1" v1.1.0 &&

	echo '<?php echo "version 1.2.0";' >"$1/public/index.php" &&
	rm "$1/app/Model9.php" &&
	printf '#!/bin/sh\necho new console\n' >"$1/bin/console" &&
	app_tag "$1" v1.2.0 &&

	if test -n "$2"
	then
		git init -q --bare -b production "$2" &&
		git -C "$1" remote add origin "$(cd "$2" && pwd)" &&
		git -C "$1" push -q origin production v1.0.0 v1.1.0 v1.2.0 &&
		git -C "$1" fetch -q origin
	fi
}

# app_target <repo> <env> <url>: where an environment is, in git config.
app_target () {
	git -C "$1" config "release.$2.url" "$3"
}

# The name of the live release: what "current" leads to.
live_release () {
	link=$(readlink "$1/current") || return 1
	case $link in
	releases/*/*) echo "odd link $link" >&2; return 1 ;;
	releases/?*) echo "${link#releases/}" ;;
	*) echo "odd link $link" >&2; return 1 ;;
	esac
}

# tree_list <dir>: one line for each path: kind, executable or not, content.
tree_list () {
	(
		cd "$1" || exit 1
		find . -mindepth 1 -type l -printf 'l - %l %P\n'
		find . -mindepth 1 -type f -perm -u+x -printf '%P\0' |
			xargs -0r sha256sum -- | sed 's/^/x /'
		find . -mindepth 1 -type f ! -perm -u+x -printf '%P\0' |
			xargs -0r sha256sum -- | sed 's/^/f /'
	) | sort
}

# live_is <root> <repo> <tag> [<path>...]: every file that is live is that of
# the tag and nothing is missing; REVISION, release.json and the given paths
# (shared ones, made ones) aside.
live_is () {
	live_root=$1 live_repo=$2 live_tag=$3
	shift 3
	rm -rf "$TRASH/.expect" "$TRASH/.actual" &&
	mkdir "$TRASH/.expect" "$TRASH/.actual" &&
	git -C "$live_repo" archive "$live_tag" |
		tar -xf - -C "$TRASH/.expect" &&
	cp -a "$live_root/current/." "$TRASH/.actual/" &&
	for live_path in REVISION release.json "$@"
	do
		rm -rf "$TRASH/.expect/$live_path" "$TRASH/.actual/$live_path"
	done &&
	tree_list "$TRASH/.expect" >"$TRASH/.expect.list" &&
	tree_list "$TRASH/.actual" >"$TRASH/.actual.list" &&
	test_cmp "$TRASH/.expect.list" "$TRASH/.actual.list"
}

# index_is_true <root>: the index of the live release lists what is there, each
# with the stat it has. (The format is in gitrelease-layout(5).)
index_is_true () {
	python3 - "$1" <<-'END'
	import os, struct, sys
	root = sys.argv[1]
	live = os.path.join(root, os.readlink(root + '/current'))
	with open(f'{root}/.release/index/{os.path.basename(live)}', 'rb') as f:
	    data = f.read()
	listed, at = {}, len(b'git-release index 2\n')
	end = data.rindex(b'\0') + 1
	while at < end:
	    *times, mode, size = struct.unpack_from('<QQQQII', data, at)
	    path = data[at + 60:at + 60 + size]
	    listed[path] = (*times, mode)
	    at += 61 + size
	there = {}
	for top, dirs, files in os.walk(os.fsencode(live)):
	    for name in dirs + files:
	        path = os.path.join(top, name)
	        st = os.lstat(path)
	        is_dir = st.st_mode & 0o170000 == 0o040000
	        there[os.path.relpath(path, os.fsencode(live))] = (
	            0 if is_dir else st.st_size, st.st_mtime_ns,
	            st.st_ctime_ns, st.st_ino, st.st_mode)
	for path in sorted(listed.keys() | there.keys()):
	    if listed.get(path) != there.get(path):
	        sys.exit(f'{path}: {listed.get(path)}, is {there.get(path)}')
	END
}
