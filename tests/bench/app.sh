#!/bin/sh
# The application that is released: about 30,000 files of real packages.
#
#	tests/bench/app.sh <cache directory>
#
# Makes <cache>/app.git with the annotated tags v1 (Debian's mediawiki and two
# npm packages), v2 (44 PHP files edited: a hot fix) and v3 (both npm packages
# move on); and <cache>/small.git and big.git, 3,000 and 30,000 of those files
# with v1 to v12, each of which changes the same 22 files. Made once.
set -e
cache=$1
test ! -e "$cache/app.done" || exit 0
mkdir -p "$cache/download" "$cache/tree"
cache=$(cd "$cache" && pwd)
rm -rf "$cache/app" "$cache"/*.git "$cache/tree"

export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME=bench GIT_AUTHOR_EMAIL=bench@example.com
export GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=bench@example.com
when=1767225600

tick () {
	when=$((when + 60))
	export GIT_AUTHOR_DATE="$when +0000" GIT_COMMITTER_DATE="$when +0000"
}

# npm_unpack <name> <version>
npm_unpack () {
	file=$(echo "$1" | sed 's,^@,,; s,/,-,')-$2.tgz
	test -f "$cache/download/$file" ||
		(cd "$cache/download" && npm pack --silent "$1@$2" >/dev/null)
	rm -rf "node_modules/$1"
	mkdir -p "node_modules/$1"
	tar -xzf "$cache/download/$file" -C "node_modules/$1" \
		--strip-components=1
}

commit () {
	tick
	git add -Af
	git commit -qm "Version ${1#v}"
	git tag -a -m "Version ${1#v}" "$1"
}

make_app () {
	ls "$cache"/download/mediawiki_*.deb >/dev/null 2>&1 ||
		(cd "$cache/download" && apt-get download -q mediawiki)
	dpkg -x "$cache"/download/mediawiki_*.deb "$cache/tree"
	git init -q -b production "$cache/app"
	git -C "$cache/app" config gc.auto 0
	cd "$cache/app"
	# Links that lead out of the package are left behind.
	cp -rL "$cache/tree/usr/share/mediawiki/." . 2>/dev/null || true
	npm_unpack date-fns 3.5.0
	npm_unpack @mui/material 5.15.14
	mkdir -p storage/logs public
	: >storage/logs/.gitkeep
	echo '<?php echo 1;' >public/index.php
	printf '%s\n' '[release]' '	environment = production' \
		'	recipe = plain' '[release "production"]' \
		'	shared = storage/' '	shared = .env' >.gitrelease
	commit v1
	# A clone came as a pack; what was committed since then is loose.
	git repack -adq
	find includes -name '*.php' | sort | awk 'NR % 20 == 0' | head -n 44 |
	while read -r file
	do
		sed -i '0,/return/s//return  /' "$file"
		printf '\n// hot fix of %s\n' "$file" >>"$file"
	done
	commit v2
	npm_unpack date-fns 3.6.0
	npm_unpack @mui/material 5.15.15
	commit v3
	cd "$cache"
	git clone -q --bare app app.git
	rm -rf app tree
}

# make_sized <name> <files>: that many files of v1, and twelve versions that
# swap the same 22 of them to and fro.
make_sized () {
	v1=$(git -C "$cache/app.git" rev-parse 'v1^{commit}')
	v2=$(git -C "$cache/app.git" rev-parse 'v2^{commit}')
	git clone -q --bare --shared "$cache/app.git" "$cache/$1.git"
	cd "$cache/$1.git"
	git tag -l | xargs git tag -d >/dev/null
	git diff --name-only "$v1" "$v2" | head -n 22 >hot
	git ls-tree -r "$v1" | grep -vFf hot | head -n $(($2 - 22)) >cold
	parent=
	for number in 1 2 3 4 5 6 7 8 9 10 11 12
	do
		from=$v1
		test $((number % 2)) = 1 || from=$v2
		rm -f index
		git ls-tree -r "$from" | grep -Ff hot | cat - cold |
			git update-index --add --index-info
		tick
		# shellcheck disable=SC2086
		parent=$(git commit-tree $parent -m "Version $number" \
			"$(git write-tree)")
		git tag -a -m "Version $number" "v$number" "$parent"
		git update-ref refs/heads/production "$parent"
		parent="-p $parent"
	done
	rm -f index hot cold
}

make_app
make_sized small 3000
make_sized big 30000
touch "$cache/app.done"
