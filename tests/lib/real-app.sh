#!/bin/sh
# real-app.sh <cache folder>: makes <cache folder>/app.git, once: a real PHP
# application from a Debian package with two versions of a large npm package
# in it. v1.0.0 -> v1.0.1 edits some of its files, v1.0.1 -> v1.1.0 moves the
# npm package on. Prints the number of files. Nothing of it is ever committed.

set -e
mkdir -p "$1"
cd "$1"
if test -d app.git
then
	git -C app.git ls-tree -r v1.0.0 | wc -l
	exit 0
fi
rm -rf work && mkdir -p work/deb && cd work
apt-get download -qq roundcube-core >/dev/null 2>&1
dpkg -x roundcube-core_*.deb deb

mkdir app
# Some of the package's links lead to other packages: those are left out.
cp -RL deb/usr/share/roundcube/. app/ 2>/dev/null || :
rm -rf app/.git
# Never the repository that we happen to be in.
GIT_CEILING_DIRECTORIES=$PWD
export GIT_CEILING_DIRECTORIES
git init -q -b production app

# npm_version <version>
npm_version () {
	rm -rf package app/node_modules/date-fns
	npm pack --silent "date-fns@$1" >/dev/null
	tar -xzf "date-fns-$1.tgz"
	mkdir -p app/node_modules
	cp -R package app/node_modules/date-fns
}

# commit <tag>
commit () {
	git -C app add -A -f
	git -C app commit -q -m "$1"
	git -C app tag -a -m "$1" "$1"
}

npm_version 3.5.0
commit v1.0.0
find app/program -name '*.php' | sort | awk 'NR % 9 == 0' | head -n 25 |
while read -r file
do
	printf '\n// a fix\n' >>"$file"
	sed -i '0,/return/s//return  /' "$file"
done
commit v1.0.1
npm_version 3.6.0
commit v1.1.0
git clone -q --bare app ../app.git
git -C app ls-tree -r v1.0.0 | wc -l
