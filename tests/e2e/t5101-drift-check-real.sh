#!/bin/sh

test_description='git drift check on a real application, edited for real'

TEST_TIMEOUT=600
. "$(dirname "$0")/../lib/test-lib.sh"
test_require python3

# The first 40 files of each kind that people edit in place, of ten lines or
# more.
edited () {
	for kind in php js css html sql
	do
		git ls-files -s "*.$kind" | sed -n "s/^100644 [^	]*	//p" |
			grep -v '^"' | xargs wc -l | sed '/ total$/d' |
			awk '$1 > 9 { print $2 }' | head -n 40 || return 1
	done
}

commit () {
	test_tick && git add -A -f && git commit -q -m "$1"
}

test_expect_success 'setup: a Debian package as the vendor' '
	test_require apt-get npm dpkg &&
	HOME=$BUILD sh "$TOP/tests/lib/real-app.sh" "$TOP/build/cache/real-app" \
		>files &&
	git clone -q "$TOP/build/cache/real-app/app.git" app && cd app &&
	git checkout -q -b ours v1.0.0 && git tag -a -m v author-v1.6.0 v1.0.0 &&
	edited >../edited && test "$(wc -l <../edited)" -gt 100 &&
	git drift check >../out && test_must_be_empty ../out
'

# Each file gets a block in the middle and, every other one, another in the
# place of its last three lines.
test_expect_success 'blocks in files of five languages are all covered' '
	cd app &&
	python3 - <../edited <<-\END 3<../edited &&
	import os
	MARKS = {"php": ("/* ", " */"), "js": ("// ", ""), "css": ("/*", "*/"),
	         "html": ("<!-- ", " -->"), "sql": ("-- ", "")}
	def block(kind, nr, end):
	    a, b = (x.encode() for x in MARKS[kind])
	    return [a + b"ZAJ:BEGIN MOD-%03d" % nr + b + end, b"ours" + end,
	            a + b"ZAJ:END MOD-%03d" % nr + b + end]
	for nr, path in enumerate(os.fdopen(3).read().splitlines(), 1):
	    kind = path.rsplit(".", 1)[1]
	    lines = open(path, "rb").read().splitlines(True)
	    if not lines or not lines[-1].endswith(b"\n"):
	        lines.append(b"")
	    end = b"\r\n" if lines[0].endswith(b"\r\n") else b"\n"
	    if nr % 2 and len(lines) > 8:
	        lines[-3:] = block(kind, nr, end)
	    middle = len(lines) // 2
	    lines[middle:middle] = block(kind, nr, end)
	    open(path, "wb").write(b"".join(lines))
	END
	commit marked && git drift check >../out 2>../err &&
	test "$(wc -l <../out)" = "$(wc -l <../edited)" &&
	test_grep ! -v " note  covered; no entry for MOD-[0-9]*$" ../out &&
	test_grep "0 not explained$" ../err
'

test_expect_success 'a line changed outside is told in each of them' '
	cd app && git checkout -q -b more &&
	while read -r file
	do
		sed -i "1s/^/x/" "$file" || return 1
	done <../edited && commit "outside" &&
	test_expect_code 1 git drift check -z >../out 2>../err &&
	tr "\0" "\n" <../out | sed -n "s/^error outside-markers 1-1 //p" |
		sort >../told &&
	sort ../edited >../want && test_cmp ../want ../told
'

test_expect_success 'the lines that are told are those of git diff' '
	cd app && git checkout -q -B random v1.0.0 &&
	python3 - <<-\END &&
	import random
	random.seed(1)
	for path in open("../edited").read().splitlines():
	    lines = open(path, "rb").read().splitlines(True)
	    for _ in range(random.randint(1, 4)):
	        at = random.randrange(len(lines))
	        how = random.randrange(3)
	        if how == 0:
	            del lines[at:at + random.randint(1, 3)]
	        elif how == 1:
	            lines[at:at] = [b"new\n"] * random.randint(1, 3)
	        else:
	            lines[at] = b"x" + lines[at]
	    open(path, "wb").write(b"".join(lines))
	END
	commit random &&
	test_expect_code 1 git drift check --json >../json 2>../err &&
	git -c diff.indentHeuristic=false diff -U0 v1.0.0 random >../diff &&
	python3 - <<-\END
	import json, re
	want, path = {}, None
	for line in open("../diff", encoding="latin-1"):
	    if line.startswith("+++ b/"):
	        path = line[6:].rstrip("\n\t")
	    hunk = re.match(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@", line)
	    if hunk:
	        nr = int(hunk[2] or 1)
	        first = max(int(hunk[1]), 1)
	        want.setdefault(path, []).append(
	            f"{first}-{first + nr - 1}" if nr > 1 else f"{first}")
	told = {f["path"]: f["message"] for f in json.load(open("../json"))["findings"]}
	assert len(told) == len(want) > 100
	for path, ranges in want.items():
	    word = "lines" if len(ranges) > 1 or "-" in ranges[0] else "line"
	    assert told[path] == ("modified and not recorded: "
	        + word + " " + ", ".join(ranges)), (path, ranges, told[path])
	END
'

test_expect_success 'the edits of a release: proposed, completed, explained' '
	cd app && git checkout -q -B ours v1.0.1 &&
	git diff --name-only v1.0.0 v1.0.1 >../changed &&
	test_expect_code 1 git drift check -z >../out 2>../err &&
	tr "\0" "\n" <../out | sed -n "s/^error unrecorded [0-9-]* //p" >../told &&
	test_cmp ../changed ../told &&
	test_expect_code 1 git drift check --fix >../patch 2>../err &&
	git apply ../patch && commit "not complete" &&
	test_expect_code 1 git drift check >../out 2>../err &&
	sed -i "s/ ? | ? / a fix | none /" _CUSTOMIZATIONS.md &&
	commit complete && git drift check -v >../out &&
	grep -c ": recorded$" ../out >../nr && wc -l <../changed >../want &&
	test_cmp ../want ../nr
'

test_expect_success 'the next version of the vendor: what has become untrue' '
	cd app && git tag -a -m v author-v1.6.1 v1.0.1 &&
	test_expect_code 1 git drift check >../out 2>../err &&
	test "$(grep -c "is stale: .* is as the vendor has it$" ../out)" = \
		"$(wc -l <../changed)"
'

test_done
