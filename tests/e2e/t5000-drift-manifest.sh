#!/bin/sh
test_description='git drift lists what git diff --name-status lists'
. "$(dirname "$0")/../lib/test-lib.sh"
test_require python3

# same <git drift arguments> -- <git diff arguments>: byte for byte.
same () {
	ours='' gits=''
	while test "$1" != --
	do
		ours="$ours $1"
		shift
	done
	shift
	git $config drift -q $ours >../ours &&
	git $config diff --name-status --no-renames "$@" >../gits &&
	cmp ../gits ../ours
}
config=

# vendor <file>...: a repository "app" with a baseline of these files.
vendor () {
	rm -rf app && git init -q -b main app && cd app &&
	for file
	do
		mkdir -p "$(dirname "$file")" && echo "$file" >"$file" ||
			return 1
	done &&
	git add -A && git commit -q -m vendor &&
	git tag -a -m vendor author-v5.2.1
}

test_expect_success 'added, modified, deleted, of another type' '
	vendor a b/c d e f &&
	echo more >>a && rm b/c && ln -sf a d && chmod +x e &&
	mkdir b/c && echo x >b/c/x && echo new >"a new file" &&
	git add -A && git commit -q -m ours &&
	git drift -q >../out &&
	cat >../expect <<-\END &&
	M	a
	A	a new file
	D	b/c
	A	b/c/x
	T	d
	M	e
	END
	test_cmp ../expect ../out &&
	same -- author-v5.2.1 HEAD &&
	same -z -- -z author-v5.2.1 HEAD
'

test_expect_success 'the summary goes to stderr, custom directories apart' '
	cd app &&
	git config drift.custom b && git config --add drift.custom no/such &&
	git drift >../out 2>../err &&
	test_cmp ../expect ../out &&
	cat >../expect-err <<-\END &&
	6 files differ from author-v5.2.1 in HEAD
	  vendor'"'"'s files  1 added, 2 modified, 1 of another type
	  b               1 added, 1 deleted
	END
	test_cmp ../expect-err ../err &&
	git drift --stat >../out 2>../err &&
	test_cmp ../expect ../out &&
	cat >../expect-err <<-\END &&
	6 files differ from author-v5.2.1 in HEAD
	  vendor'"'"'s files  1 added, 2 modified, 1 of another type  +3 -1
	  b               1 added, 1 deleted                      +1 -1
	END
	test_cmp ../expect-err ../err &&
	git drift -q >../out 2>../err && test_must_be_empty ../err
'

test_expect_success 'nothing differs' '
	cd app &&
	git drift HEAD >../out 2>../err && test_must_be_empty ../out &&
	test_grep "^No file differs from HEAD in HEAD$" ../err &&
	git drift --exit-code -q HEAD HEAD &&
	test_expect_code 1 git drift --exit-code -q >../out &&
	test_cmp ../expect ../out
'

test_expect_success 'any two commits, from a subfolder, bare, linked, -C' '
	cd app &&
	git tag -a -m x author-v5.3.0 && echo 6 >g && git add g &&
	git commit -q -m more &&
	same -- author-v5.3.0 HEAD &&
	same 5.2.1 -- author-v5.2.1 HEAD &&
	same author-v5.2.1 HEAD~1 -- author-v5.2.1 HEAD~1 &&
	same HEAD author-v5.2.1 -- HEAD author-v5.2.1 &&
	printf "A\tg\n" >../expect &&
	(cd b && git drift -q >../../out) && test_cmp ../expect ../out &&
	(cd .. && git -C app drift -q >out) && test_cmp ../expect ../out &&
	git worktree add -q ../linked && (cd ../linked && git drift -q >../out) &&
	test_cmp ../expect ../out &&
	git clone -q --bare . ../bare.git &&
	git --git-dir=../bare.git drift -q >../out && test_cmp ../expect ../out
'

test_expect_success 'every odd name, quoted as git quotes it' '
	rm -rf odd && git init -q odd && cd odd &&
	python3 "$TOP/tests/lib/random-trees.py" 1 60 |
		git fast-import --quiet &&
	for n in $(seq 1 59)
	do
		old=t$((n - 1)) new=t$n
		same $old $new -- $old $new &&
		same -z $old $new -- -z $old $new &&
		same $new $old -- $new $old || return 1
	done &&
	config="-c core.quotePath=false" && same t0 t59 -- t0 t59 &&
	config= && test "$(git drift -q t0 t59 | wc -l)" -gt 20
'

test_expect_success 'the lines are those of git diff --numstat' '
	cd odd &&
	for n in $(seq 1 59)
	do
		git diff --no-renames --numstat t$((n - 1)) t$n |
		awk "{ a += \$1; r += \$2; b += \$1 == \"-\" }
			END { print a + 0, r + 0, b + 0 }" >../expect &&
		git drift -q --json t$((n - 1)) t$n |
		python3 -c "
import json, sys
t = json.load(sys.stdin)[\"totals\"]
print(t[\"lines_added\"], t[\"lines_removed\"], t[\"binary\"])" >../out &&
		test_cmp ../expect ../out || return 1
	done
'

test_expect_success 'renames are told when asked for' '
	vendor one two three && seq 1 40 >one && seq 50 90 >two &&
	git add -A && git commit -q -m v && git tag -f author-v5.2.1 &&
	mkdir moved && git mv one moved/one && git mv two moved/two &&
	seq 91 93 >>moved/two && git add -A && git commit -q -m ours &&
	same -- author-v5.2.1 HEAD &&
	git drift -q --renames >../out &&
	git diff --name-status -M author-v5.2.1 HEAD >../expect &&
	sed "s/^R[0-9]*/R/" ../expect >../e && sed "s/^R[0-9]*/R/" ../out >../o &&
	test_cmp ../e ../o && grep "^R100	one	moved/one$" ../out &&
	git drift -q -z --renames >../out &&
	git diff -z --name-status -M author-v5.2.1 HEAD >../expect &&
	test "$(tr -dc "\000" <../out | wc -c)" = \
		"$(tr -dc "\000" <../expect | wc -c)"
'

test_expect_success 'line ends, a line of 20 MB, a path of 4,000 bytes' '
	vendor unix long && printf "a\nb\n" >unix &&
	head -c 20000000 /dev/zero | tr "\0" x >long &&
	git add -A && git commit -q -m v && git tag -f author-v5.2.1 &&
	printf "a\r\nb\r\n" >unix && printf y >>long &&
	deep=$(printf "d%.0s" $(seq 200)) &&
	deep=$(printf "$deep/%.0s" $(seq 19)) &&
	mkdir -p "$deep" && echo x >"${deep}f" &&
	git add -A && git commit -q -m ours &&
	same -- author-v5.2.1 HEAD &&
	git drift -q --json >../out && python3 - ../out <<-\END
	import json, sys
	for c in json.load(open(sys.argv[1]))["changes"]:
	    want = {"unix": (2, 2), "long": (1, 1)}.get(c["path"], (1, 0))
	    assert (c["added"], c["removed"]) == want, c
	END
'

test_expect_success '100,000 paths' '
	rm -rf many && git init -q many && cd many &&
	python3 - <<-\END | git fast-import --quiet &&
	print("blob\nmark :1\ndata 2\na\n\nblob\nmark :2\ndata 2\nb\n")
	for n in 1, 2:
	    print(f"commit refs/tags/t{n}\ncommitter C <c@example.com> {n} +0000")
	    print("data 1\nx")
	    for i in range(100000):
	        print(f"M 644 :{n} d{i % 300}/f{i}")
	    print()
	END
	same t1 t2 -- t1 t2 && test "$(git drift -q t1 t2 | wc -l)" = 100000
'

test_expect_success 'no baseline, none reachable, no such revision' '
	rm -rf new && git init -q -b main new && cd new &&
	test_expect_code 128 git drift 2>../err &&
	test_grep "there is no commit yet" ../err &&
	echo a >a && git add a && git commit -q -m a &&
	test_expect_code 128 git drift 2>../err &&
	test_grep "author-v\*. is the name of no tag" ../err &&
	test_grep "^hint: git drift baseline <version> <directory>$" ../err &&
	test_expect_code 128 git drift nonsense 2>../err &&
	test_grep "nonsense. is no revision" ../err &&
	git checkout -q --orphan author && echo b >b && git add b &&
	git commit -q -m b && git tag author-v1.0 && git checkout -q main &&
	git drift >../out 2>../err && printf "D\tb\n" >../expect &&
	test_cmp ../expect ../out &&
	test_grep "^warning: .author-v1.0. is not in the history" ../err
'

test_expect_success 'wrong usage' '
	cd app &&
	test_expect_code 129 git drift a b c &&
	test_expect_code 129 git drift --json -z &&
	test_expect_code 129 git drift --json --html &&
	test_expect_code 129 git drift --nonsense
'

test_expect_success 'repositories that cannot be read are told plainly' '
	git init -q --object-format=sha256 other && cd other &&
	test_expect_code 128 git drift 2>../err &&
	test_grep "another object format than SHA-1" ../err && cd .. &&
	vendor a && echo b >b && git add b && git commit -q -m b &&
	git commit -q --allow-empty -m c && cd .. &&
	git clone -q --depth=1 "file://$PWD/app" shallow &&
	git -C shallow fetch -q --depth=1 origin tag author-v5.2.1 &&
	cd shallow && test_expect_code 128 git drift 2>../err &&
	test_grep "this is a shallow clone" ../err &&
	same author-v5.2.1 -- author-v5.2.1 HEAD &&
	mkdir ../none && cd ../none &&
	GIT_CEILING_DIRECTORIES=$TRASH test_expect_code 128 git drift
'

test_expect_success 'a partial clone has the list, and says what it lacks' '
	git -C app config uploadpack.allowFilter true &&
	git clone -q --bare --filter=blob:none "file://$PWD/app" blobless.git &&
	cd blobless.git && printf "A\tb\n" >../expect &&
	git drift -q 5.2.1 HEAD >../out && test_cmp ../expect ../out &&
	test_expect_code 128 git drift --stat 5.2.1 HEAD 2>../err &&
	test_grep "was left out of this partial clone" ../err &&
	test_grep "^hint: git fetch --refetch" ../err
'

test_expect_success 'output that cannot be written is a failure' '
	cd app && test_must_fail git drift >/dev/full
'

test_done
