#!/bin/sh
test_description='git drift writes where it is told to, and nowhere else'
. "$(dirname "$0")/../lib/test-lib.sh"
test_require python3

PATTERN='Admin-Local/3-Versions/1-v%v/2-Modifications/vendor-drift-v%v.txt'
WRITTEN=Admin-Local/3-Versions/1-v5.2.1/2-Modifications/vendor-drift-v5.2.1.txt

test_expect_success 'a vendor, and work on top' '
	git init -q -b main app && cd app && echo a >a && echo b >b &&
	git add -A && git commit -q -m vendor &&
	git tag -a -m vendor author-v5.2.1 &&
	echo c >>a && echo d >d && git rm -q b &&
	git config -f .gitrelease drift.output "$PATTERN" &&
	git config -f .gitrelease drift.custom Admin-Local/ &&
	git add -A && git commit -q -m ours &&
	git diff --name-status --no-renames author-v5.2.1 HEAD >../expect
'

test_expect_success '-o writes where drift.output says, and prints the path' '
	cd app && git drift -q -o >../out &&
	echo "$WRITTEN" >../expect-out && test_cmp ../expect-out ../out &&
	test_cmp ../expect "$WRITTEN" &&
	test "$(stat -c %a "$WRITTEN")" = 644 &&
	echo stale >"$WRITTEN" && mkdir -p sub && cd sub &&
	git drift -q -o && test_cmp ../../expect "../$WRITTEN" &&
	cd .. && test "$(find Admin-Local -type f | wc -l)" = 1 &&
	git drift -q -o author-v5.2.1 >../out && test_path_is_file author-v5.2.1 &&
	rm author-v5.2.1 && git drift -q -o -- 5.2.1 >../out &&
	test_cmp ../expect-out ../out
'

test_expect_success '-o <file> writes there' '
	cd app && git drift -q -o ../drift.txt >../out &&
	test_cmp ../expect ../drift.txt && echo ../drift.txt >../expect-out &&
	test_cmp ../expect-out ../out &&
	git drift -q -z --output=../drift.z &&
	git diff -z --name-status --no-renames author-v5.2.1 HEAD >../expect-z &&
	cmp ../expect-z ../drift.z &&
	test_expect_code 128 git drift -o ../no/such/file &&
	test_path_is_missing ../no
'

test_expect_success 'a pipe, a device and a link are written to, not replaced' '
	cd app && mkfifo ../pipe && { cat ../pipe >../piped & } &&
	reader=$! && git drift -q -o ../pipe >../out && wait $reader &&
	test -p ../pipe &&
	test_cmp ../expect ../piped &&
	git drift -q -o /dev/stdout >../out && cp ../expect ../expect-out &&
	echo /dev/stdout >>../expect-out && test -L /dev/stdout &&
	git drift -q -o /dev/stdout | cmp ../expect-out - &&
	echo old >../real && ln -s real ../link &&
	git drift -q -o ../link && test -L ../link && test_cmp ../expect ../real &&
	git drift -q --html=/dev/null >../out && test -c /dev/null &&
	test_expect_code 128 git drift -q -o /dev/full 2>../err &&
	test_grep "cannot write ./dev/full.: No space" ../err && test -c /dev/full
'

# escapes <pattern> <message>
escapes () {
	test_expect_code 128 git -c "drift.output=$1" drift -o 2>../err &&
	test_grep "$2" ../err
}

test_expect_success 'drift.output cannot lead out of the work tree' '
	cd app && mkdir -p ../outside &&
	escapes "../outside/%v" "has a .\.\.. in it" &&
	escapes "x/../../outside/%v" "has a .\.\.. in it" &&
	escapes "/tmp/drift-%v" "is absolute" &&
	escapes ".git/hooks/%v" "leads into .\.git." &&
	escapes "a/.GIT/%v" "leads into .\.git." &&
	escapes "out/" "names a directory" &&
	escapes "%x" "neither %v nor %%" &&
	escapes "%" "neither %v nor %%" &&
	escapes "$(printf "a\033b")" "holds a control character" &&
	ln -s ../outside link && escapes "link/%v" "cannot write" &&
	ln -s . here && escapes "here/%v" "cannot write" &&
	mkdir isdir && escapes "isdir" "cannot write" &&
	test_expect_code 128 git -c drift.output=%v drift -o -- HEAD 2>../err &&
	test_grep "needs the version of a baseline" ../err &&
	git tag author-v5/6 && test_expect_code 128 git drift -o -- 5/6 2>../err &&
	test_grep "cannot be part of a file" ../err &&
	test -z "$(find ../outside -type f)"
'

test_expect_success 'a link in the place of the file is replaced, not followed' '
	cd app && echo precious >../precious && rm "$WRITTEN" &&
	ln -s "$TRASH/precious" "$WRITTEN" && git drift -q -o -- 5.2.1 &&
	echo precious >../expect-p && test_cmp ../expect-p ../precious &&
	test ! -L "$WRITTEN" && test_path_is_file "$WRITTEN"
'

test_expect_success 'what cannot be written leaves what was there' '
	cd app && mkdir ro && echo old >ro/5.2.1 && chmod 555 ro &&
	if test "$(id -u)" != 0
	then
		escapes "ro/%v" "cannot write"
	fi &&
	chmod 755 ro && echo old >../expect-old &&
	test_cmp ../expect-old ro/5.2.1 && test "$(ls -A ro)" = 5.2.1
'

test_expect_success 'without drift.output, and without a work tree' '
	git clone -q --bare app bare.git &&
	test_expect_code 128 git --git-dir=bare.git drift -o -- 5.2.1 2>err &&
	test_grep "there is no work tree" err &&
	git --git-dir=bare.git drift -q -o drift.bare 5.2.1 &&
	test_cmp expect drift.bare && rm app/.gitrelease && cd app &&
	test_expect_code 128 git -c drift.output= drift -o 2>../err &&
	git checkout -q author-v5.2.1 && test_expect_code 128 git drift -o 2>../err &&
	test_grep "drift.output is not set" ../err && git checkout -q -f main
'

test_expect_success '--json is one document that says what the list says' '
	cd app && git drift -q --json >../out.json && python3 - <<-\END &&
	import json, subprocess
	doc = json.load(open("../out.json"))
	assert list(doc) == ["old", "new", "totals", "vendor", "custom", "changes"]
	assert doc["old"]["name"] == "author-v5.2.1"
	assert doc["old"]["version"] == "5.2.1"
	assert doc["new"]["version"] is None
	out = lambda *a: subprocess.check_output(("git",) + a).decode()
	assert doc["new"]["commit"] == out("rev-parse", "HEAD").strip()
	assert doc["old"]["tree"] == out("rev-parse", "author-v5.2.1^{tree}").strip()
	raw = out("diff", "--raw", "--no-abbrev", "--no-renames",
	          "author-v5.2.1", "HEAD").splitlines()
	zero = lambda s: None if not s.strip("0") else s
	for line, c in zip(raw, doc["changes"], strict=True):
	    meta, path = line[1:].split("\t")
	    modes = meta.split()
	    assert [c["old_mode"], c["new_mode"], c["old_id"], c["new_id"]] == \
	        [zero(x) for x in modes[:4]], c
	    assert (c["status"], c["path"]) == (modes[4], path)
	assert doc["totals"]["files"] == len(raw) == 4
	assert doc["vendor"] | {"files": 3} == doc["vendor"]
	END
	git drift --json >../again.json 2>/dev/null && cmp ../out.json ../again.json
'

test_done
