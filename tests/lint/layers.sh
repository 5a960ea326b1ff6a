#!/bin/sh
# Dependencies point one way only: a layer may include itself and the layers
# on its line. Files are small, have one purpose, and a name that says which.

. "$(dirname "$0")/lint-lib.sh"

allowed () {
	case $1 in
	common/base)		echo "" ;;
	common/sys|common/text)	echo "base" ;;
	common/ui|common/git|common/net|common/wire)
				echo "base sys text" ;;
	common/agent)		echo "base sys text wire" ;;
	common/transport)	echo "base sys text wire" ;;
	common/host)		echo "base sys text wire transport" ;;
	common/model)		echo "base sys text git host" ;;
	common/forge)		echo "base sys text git net" ;;
	common/database)	echo "base sys text host model" ;;
	git-*)			echo "base sys text git net wire transport" \
					"host model forge database" ;;
	*)			echo "no-such-layer" ;;
	esac
}

# A path's layer is its folder: "common/x" or "git-x".
layer_of () {
	case $1 in
	common/*/*)	echo "${1%/*}" ;;
	git-*/*)	echo "${1%%/*}" ;;
	*)		echo "$1" ;;
	esac
}

includes () {
	sed -n 's/^#[[:blank:]]*include "\(.*\)".*$/\1/p' "$1"
}

layers () {
	for file in $(files 'common/*.[ch]' 'git-*.[ch]')
	do
		from=$(layer_of "$file")
		ok=$from
		for layer in $(allowed "$from")
		do
			ok="$ok common/$layer"
		done
		# Only commands and main() may talk to the person.
		case $file in
		git-*/cmd_*.[ch]|git-*/main.c) ok="$ok common/ui" ;;
		esac
		for inc in $(includes "$file")
		do
			to=$(layer_of "$inc")
			case " $ok " in
			*" $to "*) ;;
			*) echo "$file: may not include $inc" ;;
			esac
			test -f "$inc" || echo "$file: no file $inc"
		done
	done
}

# A library is known in its layer only; the agent must link without most.
libraries () {
	while read -r header where
	do
		grep -nE "^#[[:blank:]]*include <$header" \
			$(files 'common/*.[ch]' 'git-*.[ch]') /dev/null |
			grep -vE "^($where)/" | sed "s,\$, (only in $where),"
	done <<-'END'
	git2 common/git|common/model|git-[a-z]*
	libssh2 common/transport
	curl common/net
	jansson common/ui|common/model|common/forge|git-[a-z]*
	yaml common/git|common/model|git-[a-z]*
	zip git-drift
	zstd common/sys|common/wire
	openssl common/sys|common/transport|common/net
	END
}

base_first () {
	for file in $(files 'common/*.c' 'git-*.c' 'tests/*.c')
	do
		test "$(includes "$file" | head -n 1)" = common/base/base.h ||
			echo "$file: the first include is common/base/base.h"
	done
}

sizes () {
	for file in $(c_files)
	do
		lines=$(wc -l <"$file")
		test "$lines" -le 400 || echo "$file: $lines lines, 400 allowed"
	done
}

# Every program has a main.c.
unique () {
	c_files | sed 's,.*/,,' | grep -vx main.c | sort | uniq -d |
		sed 's/$/: more than one file has this name/'
}

names () {
	c_files | grep -E '/(util|utils|misc|common|helpers?)\.[ch]$'
	for file in $(c_files)
	do
		case ${file##*/} in
		*[!a-z0-9_.-]*) echo "$file: lower case and underscores" ;;
		esac
	done
	return 0
}

# #ifndef THING_H for thing.h, so that two headers never share a guard.
guards () {
	for file in $(files 'common/*.h' 'git-*.h' 'tests/*.h')
	do
		guard=$(basename "$file" .h | tr 'a-z-' 'A-Z_')_H
		test "$(sed -n '1s/^#ifndef //p' "$file")" = "$guard" ||
			echo "$file: starts with #ifndef $guard"
	done
}

check 'every #include follows the table of layers' layers
check 'libraries are used in their own layer only' libraries
check 'every .c file includes base.h first' base_first
check 'no file is longer than 400 lines' sizes
check 'file names are unique in the tree' unique
check 'file names say what is inside' names
check 'include guards are named after the file' guards
lint_done
