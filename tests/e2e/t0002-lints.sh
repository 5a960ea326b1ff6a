#!/bin/sh

test_description='the lints find what they are there to find'

. "$(dirname "$0")/../lib/test-lib.sh"

test_expect_success 'setup: a small tree that is clean' '
	mkdir -p tree/common/base tree/common/text tree/git-release &&
	mkdir -p tree/tests tree/man &&
	cp -R "$TOP/tests/lint" tree/tests/lint &&
	cp "$TOP/.clang-format" tree/ &&
	git -C tree init -q &&
	cd tree &&
	for header in base/base text/thing
	do
		guard=$(basename $header | tr a-z A-Z)_H &&
		printf "#ifndef %s\n#define %s\n\n#endif\n" $guard $guard \
			>common/$header.h || return 1
	done &&
	printf "#include \"common/base/base.h\"\n#include \"%s\"\n" \
		common/text/thing.h >common/text/thing.c
'

# lint <name>: runs it in the tree.
lint () {
	sh tree/tests/lint/$1.sh >out
}

# finds <lint> <pattern>: it fails, and says so.
finds () {
	test_expect_code 1 lint "$1" && test_grep "$2" out
}

test_expect_success 'a clean tree is clean' '
	lint layers && lint wording && lint format && lint map && lint shell
'

test_expect_success 'layers' '
	echo "#include \"common/text/thing.h\"" >>tree/common/base/base.h &&
	finds layers "common/base/base.h: may not include common/text/thing" &&
	sed -i "\$d" tree/common/base/base.h &&
	echo "#include <git2.h>" >>tree/common/text/thing.h &&
	finds layers "only in common/git" &&
	sed -i "\$d" tree/common/text/thing.h &&
	lint layers
'

test_expect_success 'only commands may include ui' '
	mkdir -p tree/common/ui &&
	printf "#ifndef SAY_H\n#define SAY_H\n\n#endif\n" \
		>tree/common/ui/say.h &&
	printf "#include \"common/base/base.h\"\n#include \"%s\"\n" \
		common/ui/say.h >tree/git-release/cmd_thing.c &&
	lint layers &&
	mv tree/git-release/cmd_thing.c tree/git-release/other.c &&
	finds layers "git-release/other.c: may not include" &&
	rm tree/git-release/other.c
'

test_expect_success 'sizes and names' '
	seq 401 | sed "s/.*/int x&;/" >tree/common/text/long.c &&
	finds layers "401 lines" &&
	finds layers "long.c: the first include" &&
	rm tree/common/text/long.c &&
	cp tree/common/text/thing.c tree/common/text/util.c &&
	finds layers "util.c" &&
	mv tree/common/text/util.c tree/git-release/thing.c &&
	finds layers "thing.c: more than one file" &&
	rm tree/git-release/thing.c &&
	lint layers
'

test_expect_success 'wording' '
	for text in "TO""DO later" "see /wo""rk/main" "/ro""ot/x" \
		"https://py""pi.org/x" "blank at the end "
	do
		echo "$text" >tree/man/page.1 &&
		test_expect_code 1 lint wording || return 1
	done &&
	rm tree/man/page.1 &&
	for text in "int x; // why" "typedef struct x y;" "	puts(x);"
	do
		echo "$text" >tree/common/text/bad.c &&
		finds wording bad.c || return 1
	done &&
	rm tree/common/text/bad.c &&
	lint wording
'

test_expect_success 'format' '
	printf "int  x;\n" >tree/common/text/bad.c &&
	finds format bad.c &&
	rm tree/common/text/bad.c
'

test_expect_success 'shell' '
	printf "#!/bin/sh\nif true\n" >tree/tests/bad.sh &&
	finds shell bad.sh &&
	printf "#!/bin/sh\nread x\necho \$((x[1]))\n" >tree/tests/bad.sh &&
	finds shell bad.sh &&
	rm tree/tests/bad.sh
'

test_expect_success 'the code map' '
	cat >tree/README.md <<-\EOT &&
	## Code map
	```
	common/        shared
	  base/        memory
	  text/        parsers
	  ui/          the person
	tests/         tests
	  lint/        rules
	```
	EOT
	lint map &&
	sed -i "s/ui\//gone\//" tree/README.md &&
	finds map "names a folder that is not there: common/gone" &&
	finds map "does not name the folder common/ui"
'

# Stands in for the program: its words, its usage, its keys.
test_expect_success 'manual and options' '
	echo "#include \"common/base/base.h\"" >tree/git-release/main.c &&
	mkdir bin && cat >bin/git-release <<-\EOT && chmod +x bin/git-release &&
	#!/bin/sh
	case $* in
	"--completion verbs") echo prune ;;
	"--config-keys") printf "release.keep\nrelease.url\n" ;;
	"--git-completion-helper") echo --to= --dry-run --quiet ;;
	"prune --git-completion-helper") echo --keep= --quiet ;;
	esac
	EOT
	cat >tree/man/git-release.1 <<-\EOT &&
	.Sh OPTIONS
	.It Fl \-to Ar env
	.It Fl n , Fl \-dry-run
	.It Fl q , Fl \-quiet
	.Ss prune
	.It Fl \-keep Ar n
	.Sh EXIT STATUS
	EOT
	printf ".Sh RELEASE\n.It Cm keep\n.It Cm url\n" \
		>tree/man/gitrelease-config.5 &&
	sync_lint () {
		GIT_RELEASE_BUILD=$PWD lint mansync
	} &&
	sync_lint &&
	sed -i "/keep/d" tree/man/git-release.1 &&
	test_expect_code 1 sync_lint &&
	test_grep "Ss prune: does not describe --keep" out &&
	sed -i "s/-to/-too/" tree/man/git-release.1 &&
	test_expect_code 1 sync_lint &&
	test_grep "OPTIONS: describes what is not there: --too" out &&
	sed -i "/url/d" tree/man/gitrelease-config.5 &&
	test_expect_code 1 sync_lint &&
	test_grep "gitrelease-config.5: does not describe url" out
'

test_done
