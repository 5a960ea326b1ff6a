#!/bin/sh

test_description='git drift check: every change recorded, or between markers'

. "$(dirname "$0")/../lib/test-lib.sh"
test_require python3

# vendor: a repository "app" with a baseline. The body ends up in it.
vendor () {
	rm -rf "$TRASH/app" && git init -q -b main "$TRASH/app" &&
	cd "$TRASH/app" && git config drift.custom packages/Ours &&
	mkdir -p app lib &&
	for file in app/User.php app/Kernel.php lib/a.js lib/b.js
	do
		seq 1 20 | sed "s|^|$file |" >$file || return 1
	done &&
	printf "\211PNG\0\1" >logo.png &&
	git add -A && commit vendor && git tag -a -m vendor author-v1.0.0
}

commit () {
	test_tick && git add -A && git commit -q -m "$1"
}

# records <row>...: the customizations hold these rows.
records () {
	{
		printf "# What we changed\n\n" &&
		echo "| ID | File | Problem | Impact | First added |" &&
		echo "|----|------|---------|--------|-------------|" &&
		for row
		do
			printf "%s\n" "$row" || return 1
		done
	} >_CUSTOMIZATIONS.md
}

# marked <file> <line> <id> <text>: a marked block below that line.
marked () {
	sed -i "$2a\\
# ZAJ:BEGIN $3\\
$4\\
# ZAJ:END $3" "$1"
}

# disguise <how>: the table of the customizations is none any more.
disguise () {
	case $1 in
	indented) sed -i "s/^/    /" _CUSTOMIZATIONS.md ;;
	quoted) sed -i "s/^/> /" _CUSTOMIZATIONS.md ;;
	fenced) sed -i "1i\\
\`\`\`" _CUSTOMIZATIONS.md ;;
	hidden) sed -i "1i\\
<!--" _CUSTOMIZATIONS.md ;;
	listed) sed -i "3s/^/- /; 4,\$s/^/  /" _CUSTOMIZATIONS.md ;;
	bare) sed -i "s/\`//g" _CUSTOMIZATIONS.md ;;
	esac
}

# checked <exit status> <git drift check arguments>, against the lines of
# stdin: what the table says.
checked () {
	cat >../want
	want_code=$1
	shift
	test_expect_code "$want_code" git drift check "$@" >../out 2>../err
	code=$?
	sed "s/   *\(error\|note\)   */ \1 /" ../out >../got
	test_cmp ../want ../got && test $code = 0 || { cat ../err; return 1; }
}

test_expect_success 'nothing changed: nothing to explain' '
	vendor &&
	checked 0 </dev/null &&
	cat >../expect <<-\EOF &&
	author-v1.0.0..HEAD: 0 changes to the vendor'"'"'s files, 0 recorded, 0 covered by markers, 0 not explained
	EOF
	test_cmp ../expect ../err
'

test_expect_success 'every kind of change needs its entry' '
	vendor &&
	sed -i "3s/.*/three/; 7,8d" app/User.php &&
	rm app/Kernel.php && ln -s a.js lib/link && rm lib/b.js &&
	ln -s a.js lib/b.js && chmod +x lib/a.js && echo new >lib/new.js &&
	printf "\211PNG\0\2" >logo.png && commit ours &&
	checked 1 <<-\EOF &&
	app/Kernel.php error deleted, and no entry says why
	app/User.php:3 error modified and not recorded: lines 3, 6
	lib/a.js error modified, mode 644 to 755 and not recorded
	lib/b.js error turned from a file into a link and not recorded
	lib/link error added and not recorded
	lib/new.js error added and not recorded
	logo.png error modified and not recorded (binary)
	EOF
	cat >../expect <<-\EOF &&
	author-v1.0.0..HEAD: 7 changes to the vendor'"'"'s files, 0 recorded, 0 covered by markers, 7 not explained
	error: 7 changes are not explained
	hint: git drift check --fix | git apply
	EOF
	test_cmp ../expect ../err &&
	records "| MOD-001 | \`app/Kernel.php\` | never used | none | 1.0 |" \
		"| MOD-002 | \`app/User.php\` | login | users | 1.0 |" \
		"| MOD-003 | \`lib/a.js\`, \`lib/b.js\` | x | y | 1.0 |" \
		"| MOD-004 | \`lib/link\` and \`lib/new.js\` | x | y | 1.0 |" \
		"| MOD-005 | \`logo.png\` | our logo | none | 1.0 |" &&
	commit records && checked 0 </dev/null &&
	test_grep "7 recorded, 0 covered by markers, 0 not explained" ../err
'

test_expect_success 'our own places need no entry, what is like them does' '
	vendor &&
	mkdir -p packages/Ours packages/OursToo &&
	echo x >packages/Ours/x && echo x >packages/OursToo/x &&
	echo "[drift]" >.gitrelease && mkdir sub && echo >sub/.gitrelease &&
	records && commit ours &&
	checked 1 <<-\EOF
	packages/OursToo/x error added and not recorded
	sub/.gitrelease error added and not recorded
	EOF
'

test_expect_success 'only a row of a table is an entry, for one exact file' '
	vendor &&
	echo x >>app/User.php && echo x >app/User.php.bak &&
	for entry in "In MOD-001 we changed \`app/User.php\`." \
		"| MOD-001 | \`app/User.php\` | p | i | d |" \
		"MOD-001 \`app/User.php\` p i d"
	do
		printf "# C\n\n%s\n" "$entry" >_CUSTOMIZATIONS.md &&
		git add -A && commit prose &&
		test_expect_code 1 git drift check -z >../out 2>../err &&
		tr "\0" "\n" <../out >../got &&
		test_grep "^error unrecorded 21-21 app/User.php$" ../got ||
			return 1
	done &&
	for how in indented quoted fenced hidden listed bare
	do
		records "| MOD-001 | \`app/User.php\` | p | i | d |" \
			"| MOD-002 | \`app/User.php.bak\` | p | i | d |" &&
		disguise $how && commit $how &&
		test_expect_code 1 git drift check -z >../out 2>../err &&
		tr "\0" "\n" <../out >../got &&
		test_grep "^error unrecorded 21-21 app/User.php$" ../got &&
		test_grep "^error unrecorded 0-0 app/User.php.bak$" ../got ||
			return 1
	done &&
	records "| MOD-002 | \`app/User.php.bak\` | p | i | d |" &&
	commit "the other one" &&
	checked 1 <<-\EOF &&
	app/User.php:21 error modified and not recorded: line 21
	EOF
	records "| MOD-001 | \`app/User.php\` | p | i | d |" &&
	commit "and the other" &&
	checked 1 <<-\EOF &&
	app/User.php.bak error added and not recorded
	EOF
	records "| MOD-001 | \`app\` | p | i | d |" \
		"| MOD-002 | \`app/\` | p | i | d |" && commit "a directory" &&
	checked 1 <<-\EOF
	_CUSTOMIZATIONS.md:5 error MOD-001: app is a directory, name its files
	_CUSTOMIZATIONS.md:6 error '"'app/'"' is no path of a file
	app/User.php:21 error modified and not recorded: line 21
	app/User.php.bak error added and not recorded
	EOF
'

test_expect_success 'entries that are not true, or not complete' '
	vendor &&
	rm app/Kernel.php && sed -i 1d app/User.php &&
	records "| MOD-001 | \`lib/a.js\` | p | i | d |" \
		"| MOD-002 | \`lib/gone.js\` | p | i | d |" \
		"| MOD-003 | \`app/Kernel.php\` | - | i | d |" \
		"| MOD-004 | \`app/User.php\` | p | ? |" \
		"| MOD-004 | app/User.php | p | i | d |" \
		"| | \`app/User.php\` | p | i | d |" \
		"| MOD-006 | \`app/User.php\` | a|b | i | d |" \
		"" "> | MOD-007 | \`app/User.php\` | p | i | d |" \
		"" "| ID | File | Problem |" "|--|--|--|" \
		"| MOD-008 | \`app/User.php\` | p |" && commit ours &&
	checked 1 <<-\EOF &&
	_CUSTOMIZATIONS.md:5 error MOD-001 is stale: lib/a.js is as the vendor has it
	_CUSTOMIZATIONS.md:6 error MOD-002: there is no file lib/gone.js
	_CUSTOMIZATIONS.md:7 error MOD-003 has not filled in: Problem
	_CUSTOMIZATIONS.md:8 error MOD-004 has not filled in: Impact, First added
	_CUSTOMIZATIONS.md:9 error MOD-004 is already at _CUSTOMIZATIONS.md:8
	_CUSTOMIZATIONS.md:9 error MOD-004 has no path in backticks
	_CUSTOMIZATIONS.md:10 error a row without MOD- and a number is no entry
	_CUSTOMIZATIONS.md:11 error MOD-006 has 6 cells, its table 5 columns: write | as \|
	_CUSTOMIZATIONS.md:13 note MOD-007 is no entry: this is not a row of a table
	_CUSTOMIZATIONS.md:17 error MOD-008 is no entry: its table has no column '"'Impact'"'
	app/User.php:1 error modified and not recorded: line 1
	EOF
	git drift check -z 2>../err | tr "\0" "\n" | cut -d" " -f2-3 >../got &&
	cat >../want <<-\EOF &&
	entry-stale 5-5
	entry-without-file 6-6
	deleted-without-reason 7-7
	entry-malformed 8-8
	entry-duplicate-id 9-9
	entry-malformed 9-9
	entry-malformed 10-10
	entry-malformed 11-11
	entry-unread 13-13
	entry-malformed 17-17
	unrecorded 1-1
	EOF
	test_cmp ../want ../got
'

test_expect_success 'stale entries alone are a finding' '
	vendor && records "| MOD-001 | \`lib/a.js\` | p | i | d |" &&
	commit ours &&
	checked 1 <<-\EOF &&
	_CUSTOMIZATIONS.md:5 error MOD-001 is stale: lib/a.js is as the vendor has it
	EOF
	test_grep "^error: 1 finding, although every change is explained$" ../err
'

test_expect_success 'all changed lines between markers, in any comment' '
	vendor &&
	marked app/User.php 5 MOD-001 "login();" &&
	sed -i "s|^# ZAJ.*|/* & */|" app/User.php &&
	marked app/Kernel.php 20 MOD-002 "at the end" &&
	sed -i "s|^# \(ZAJ.*\)|<!--\1-->|" app/Kernel.php &&
	sed -i "1,3d" lib/a.js && sed -i "1i\\
{{-- ZAJ:BEGIN MOD-003 why --}}\\
three lines less, one more\\
{{-- ZAJ:END --}}" lib/a.js &&
	marked lib/b.js 10 MOD-003 x && marked lib/b.js 2 MOD-004 y &&
	printf "%s\n" "-- ZAJ:BEGIN MOD-005" x "-- ZAJ:END" >lib/c.sql &&
	records "| MOD-003 | \`lib/a.js\` | p | i | d |" && commit ours &&
	checked 0 <<-\EOF &&
	app/Kernel.php:21 note covered; no entry for MOD-002
	app/User.php:6 note covered; no entry for MOD-001
	lib/b.js:3 note covered; no entry for MOD-004
	lib/c.sql:1 note covered; no entry for MOD-005
	EOF
	test_grep "5 changes .*1 recorded, 4 covered by markers, 0 not" ../err
'

test_expect_success 'a change outside the markers of a marked file' '
	vendor &&
	marked app/User.php 5 MOD-001 "login();" &&
	sed -i "2s/.*/two/; 12,14s/^/x/; 18,19d" app/User.php &&
	marked app/Kernel.php 5 MOD-001 x && chmod +x app/Kernel.php &&
	marked lib/a.js 20 MOD-001 x && printf "" >>lib/a.js &&
	marked lib/b.js 5 MOD-001 x && sed -i "s/$/\r/" lib/b.js &&
	{ echo "<?php" && printf "# ZAJ:BEGIN MOD-001\n# ZAJ:END\n"; } >lib/c.php &&
	printf "\0# ZAJ:BEGIN MOD-001\n# ZAJ:END\n" >logo.png &&
	commit ours &&
	git drift check 2>/dev/null | grep -v note >../out &&
	sed "s/   *error  */ error /" ../out >../got &&
	cat >../want <<-\EOF &&
	app/Kernel.php:6-8 error modified, mode 644 to 755 and not recorded: lines 6-8
	app/User.php:2 error changed outside the markers
	app/User.php:12-14 error changed outside the markers
	app/User.php:17 error 2 lines removed below, outside the markers
	lib/b.js:1-5 error changed outside the markers
	lib/b.js:9-23 error changed outside the markers
	lib/c.php:1 error changed outside the markers
	logo.png error modified and not recorded (binary)
	EOF
	test_cmp ../want ../got
'

test_expect_success 'a pair that the vendor has already, and what borders it' '
	vendor && marked app/User.php 5 MOD-001 "one\\
two" && marked lib/a.js 5 MOD-001 x && commit v && git tag -f author-v1.0.0 &&
	sed -i "/^two/d; 1s/^/x/" app/User.php &&
	sed -i "5d; 20s/^/x/" lib/a.js && commit ours &&
	checked 1 <<-\EOF &&
	app/User.php:1 error changed outside the markers
	app/User.php:6 note no entry for MOD-001
	lib/a.js:5 note no entry for MOD-001
	lib/a.js:19 error changed outside the markers
	EOF
	git checkout -q HEAD~1 && sed -i 5d lib/a.js && commit border &&
	checked 0 <<-\EOF
	lib/a.js:5 note covered; no entry for MOD-001
	EOF
'

test_expect_success 'markers that are not in order' '
	vendor &&
	sed -i "3a# ZAJ:BEGIN MOD-001" app/User.php &&
	sed -i "3a# ZAJ:END MOD-001" app/Kernel.php &&
	marked lib/a.js 5 MOD-001 x && sed -i "s/ZAJ:END.*/ZAJ:END MOD-002/" lib/a.js &&
	marked lib/b.js 5 MOD-001 "# ZAJ:BEGIN MOD-002\\
# ZAJ:END" &&
	printf "# ZAJ:BEGIN\r\n# ZAJ:END\r\n" >lib/c &&
	records "| MOD-001 | \`lib/c\` | p | i | d |" \
		"| MOD-002 | \`lib/b.js\` | p | i | d |" && commit ours &&
	checked 1 <<-\EOF
	app/Kernel.php:4 error modified and not recorded, its markers are not in order: line 4
	app/Kernel.php:4 error ZAJ:END MOD-001 has no ZAJ:BEGIN
	app/User.php:4 error modified and not recorded, its markers are not in order: line 4
	app/User.php:4 error ZAJ:BEGIN MOD-001 has no ZAJ:END
	lib/a.js:6-8 error modified and not recorded, its markers are not in order: lines 6-8
	lib/a.js:8 error ZAJ:END MOD-002 is not the id that begins at line 6
	lib/b.js:7 error ZAJ:BEGIN MOD-002 is inside of what begins at line 6
	lib/c:1 error ZAJ:BEGIN names no id
	EOF
'

test_expect_success 'line ends: CRLF, and none at the end of a file' '
	vendor &&
	sed "s/$/\r/" lib/a.js >x && mv x lib/a.js &&
	printf "no end" >lib/b.js && printf "no end" >app/User.php &&
	commit vendor && git tag -f author-v1.0.0 &&
	marked lib/a.js 5 MOD-001 x && sed -i "6,8s/$/\r/" lib/a.js &&
	printf "\n# ZAJ:BEGIN MOD-001\n# ZAJ:END" >>lib/b.js &&
	printf "# ZAJ:BEGIN MOD-001\n# ZAJ:END\nno end" >app/User.php &&
	commit ours &&
	checked 1 <<-\EOF
	app/User.php:1 note covered; no entry for MOD-001
	lib/a.js:6 note covered; no entry for MOD-001
	lib/b.js:1 error changed outside the markers
	lib/b.js:2 note no entry for MOD-001
	EOF
'

test_expect_success 'one line of 20 MB, and one between markers' '
	vendor &&
	head -c 20000000 /dev/zero | tr "\0" x >lib/long.js && commit v &&
	git tag -f author-v1.0.0 &&
	{ echo "// ZAJ:BEGIN a" && echo "// ZAJ:END a" && cat lib/long.js; } >x &&
	mv x lib/long.js &&
	{ printf "// ZAJ:BEGIN b ZAJ:END b;" && head -c 19000000 \
		/dev/zero | tr "\0" x; } >lib/all.js && commit ours &&
	checked 0 <<-\EOF &&
	lib/all.js:1 note covered; no entry for b
	lib/long.js:1 note covered; no entry for a
	EOF
	echo y >>lib/long.js && cat lib/all.js lib/all.js lib/all.js lib/all.js \
		>lib/huge.js && commit more &&
	git drift check 2>/dev/null | grep error >../out &&
	test_grep "^lib/long.js:3 " ../out &&
	test_grep "^lib/huge.js  *error  added and not recorded (too large " \
		../out
'

test_expect_success 'nothing the repository configures has a say or runs' '
	vendor &&
	printf "* diff=evil merge=evil -text filter=evil\n*.php binary\n" \
		>.gitattributes && cp .gitattributes .git/info/attributes &&
	printf "#!/bin/sh\n: >%s\nexit 1\n" "$TRASH/ran" >../evil &&
	chmod +x ../evil &&
	for key in diff.evil.command diff.evil.textconv diff.external \
		filter.evil.smudge merge.evil.driver core.fsmonitor
	do
		git config $key "$TRASH/evil" || return 1
	done &&
	marked app/User.php 5 MOD-001 x && sed -i 2d app/User.php &&
	commit ours && rm -f ../ran &&
	checked 1 <<-\EOF &&
	.gitattributes error added and not recorded
	app/User.php:1 error 1 line removed below, outside the markers
	app/User.php:5 note no entry for MOD-001
	EOF
	test_path_is_missing ../ran
'

test_expect_success 'odd names, quoted in tables and in the record' '
	vendor &&
	tab=$(printf "a\tb") && nl=$(printf "a\nb") && esc=$(printf "a\033[2J") &&
	for name in "$tab" "$nl" "$esc" "a|b" "a\`b" "a\\b" " lead" "-rf" \
		"é" "q\"q" "trail " "#" "a b"
	do
		echo x >"$name" || return 1
	done &&
	commit ours &&
	test_expect_code 1 git drift check >../out 2>../err &&
	test "$(wc -l <../out)" = 13 &&
	test_grep "^\"a.nb\"  *error  added" ../out &&
	test_grep "^\"a.033\[2J\"  *error  added" ../out &&
	test_expect_code 1 git -c core.quotePath=false drift check >../out \
		2>../err &&
	test_grep "^é" ../out &&
	test_expect_code 1 git drift check --fix >../patch 2>../err &&
	git apply ../patch && sed -i "s/| ? | ? |/| p | i |/" _CUSTOMIZATIONS.md &&
	commit records && checked 0 </dev/null &&
	cat >../expect <<-\EOF &&
	# Customizations

	| ID | File | Problem | Impact | First added |
	|---|---|---|---|---|
	| MOD-001 | `" lead"` | p | i | 2026-01-01 |
	| MOD-002 | `#` | p | i | 2026-01-01 |
	| MOD-003 | `-rf` | p | i | 2026-01-01 |
	| MOD-004 | `"a\tb"` | p | i | 2026-01-01 |
	| MOD-005 | `"a\nb"` | p | i | 2026-01-01 |
	| MOD-006 | `"a\033[2J"` | p | i | 2026-01-01 |
	| MOD-007 | `a b` | p | i | 2026-01-01 |
	| MOD-008 | `"a\\b"` | p | i | 2026-01-01 |
	| MOD-009 | `"a\140b"` | p | i | 2026-01-01 |
	| MOD-010 | `"a\174b"` | p | i | 2026-01-01 |
	| MOD-011 | `"q\"q"` | p | i | 2026-01-01 |
	| MOD-012 | `"trail "` | p | i | 2026-01-01 |
	| MOD-013 | `é` | p | i | 2026-01-01 |
	EOF
	test_cmp ../expect _CUSTOMIZATIONS.md
'

test_expect_success '--fix: a patch for the table that is there' '
	vendor &&
	printf "%s\r\n" "# Ours" "" \
		"| Files | Who | Impact | # | First Added | Problem |" \
		"|-------|-----|--------|---|-------------|---------|" \
		"| \`app/User.php\` | me | i | MOD-041 | d | p |" \
		"" "The end" >_CUSTOMIZATIONS.md &&
	echo x >>app/User.php && echo x >>lib/a.js && rm lib/b.js &&
	marked app/Kernel.php 5 MOD-050 x && commit ours &&
	test_expect_code 1 git drift check --fix >../patch 2>../err &&
	test_grep "^error: 2 changes are not explained" ../err &&
	test_grep ! "^hint:" ../err &&
	git status --porcelain >../status && test_must_be_empty ../status &&
	git apply ../patch && git diff --stat >../stat &&
	test_grep "1 file changed, 2 insertions(+)$" ../stat &&
	printf "%s\r\n" \
		"| \`app/User.php\` | me | i | MOD-041 | d | p |" \
		"| \`lib/a.js\` |  | ? | MOD-051 | 2026-01-01 | ? |" \
		"| \`lib/b.js\` |  | ? | MOD-052 | 2026-01-01 | ? |" "" >../want &&
	sed -n 5,8p _CUSTOMIZATIONS.md >../got && test_cmp ../want ../got &&
	commit "not filled in" &&
	checked 1 <<-\EOF &&
	_CUSTOMIZATIONS.md:6 error MOD-051 has not filled in: Problem, Impact
	_CUSTOMIZATIONS.md:7 error MOD-052 has not filled in: Problem, Impact
	app/Kernel.php:6 note covered; no entry for MOD-050
	lib/a.js:21 error modified and not recorded: line 21
	EOF
	test_expect_code 1 git drift check --fix >../patch 2>/dev/null &&
	test_must_be_empty ../patch &&
	sed -i "s/ ? / said /g" _CUSTOMIZATIONS.md && commit "filled in" &&
	git drift check --fix >../patch && test_must_be_empty ../patch
'

test_expect_success '--fix: where no table can be added' '
	vendor && echo x >>lib/a.js &&
	printf "# Ours\n\n\`\`\`\nnever closed\n" >_CUSTOMIZATIONS.md && commit o &&
	test_expect_code 128 git drift check --fix >../out 2>../err &&
	test_must_be_empty ../out &&
	test_grep "would not be read: something is not closed" ../err &&
	printf "# Ours\n\ntext" >_CUSTOMIZATIONS.md && commit o &&
	test_expect_code 1 git drift check --fix >../patch 2>../err &&
	git apply ../patch && sed -i "s/ ? / said /g" _CUSTOMIZATIONS.md &&
	commit done && checked 0 </dev/null
'

test_expect_success 'random trees: what is proposed, once filled in, is enough' '
	rm -rf random && git init -q random && cd random &&
	python3 "$TOP/tests/lib/random-trees.py" 7 40 | git fast-import --quiet &&
	for n in 10 20 30 39
	do
		test_expect_code 1 git drift check -z t0 t$n >../out 2>../err &&
		git drift -q -z t0 t$n | tr -dc "\000" >../changes &&
		grep -zc "^error" ../out >../nr &&
		test "$(wc -c <../changes)" = $((2 * $(cat ../nr))) &&
		test_expect_code 1 git drift check --fix t0 t$n >../patch \
			2>../err &&
		git read-tree t$n && git apply --cached ../patch &&
		git cat-file blob :_CUSTOMIZATIONS.md |
			sed "s/| ? | ? |/| p | i |/" >../c.md &&
		blob=$(git hash-object -w ../c.md) &&
		git update-index --cacheinfo "100644,$blob,_CUSTOMIZATIONS.md" &&
		commit=$(git commit-tree -m x $(git write-tree)) &&
		git drift check t0 $commit >../out 2>../err &&
		test_must_be_empty ../out || return 1
	done
'

test_expect_success 'several files of customizations, another marker' '
	vendor &&
	mkdir docs && records "| MOD-001 | \`lib/a.js\` | p | i | d |" &&
	mv _CUSTOMIZATIONS.md docs/a.md &&
	records "| MOD-001 | \`lib/b.js\` | p | i | d |" &&
	mv _CUSTOMIZATIONS.md docs/b.md && echo x >>lib/a.js &&
	echo x >>lib/b.js && marked app/User.php 3 x y &&
	sed -i s/ZAJ/OUR-1/ app/User.php &&
	printf "[drift]\n\tcustomizations = docs/a.md\n" >.gitrelease &&
	printf "\tcustomizations = ./docs//b.md\n\tmarker = OUR-1\n" >>.gitrelease &&
	commit ours &&
	checked 1 <<-\EOF &&
	app/User.php:4 note covered; no entry for x
	docs/b.md:5 error MOD-001 is already at docs/a.md:5
	EOF
	for word in "" "a b" "a:b"
	do
		test_expect_code 128 git -c drift.marker="$word" drift check \
			2>../err &&
		test_grep "drift.marker" ../err || return 1
	done
'

test_expect_success 'a record that is no file, or not readable' '
	vendor && ln -s lib/a.js _CUSTOMIZATIONS.md && commit ours &&
	test_expect_code 128 git drift check 2>../err &&
	test_grep "_CUSTOMIZATIONS.md.*is not a file" ../err &&
	rm _CUSTOMIZATIONS.md && mkdir _CUSTOMIZATIONS.md &&
	echo x >_CUSTOMIZATIONS.md/x && commit ours &&
	test_expect_code 128 git drift check 2>../err &&
	test_grep "_CUSTOMIZATIONS.md.*is not a file" ../err &&
	rm -r _CUSTOMIZATIONS.md && head -c 5000000 /dev/zero >_CUSTOMIZATIONS.md &&
	commit ours && test_expect_code 128 git drift check 2>../err &&
	test_grep "_CUSTOMIZATIONS.md.*is too large" ../err &&
	rm _CUSTOMIZATIONS.md && echo x >>lib/a.js && commit ours &&
	gone=$(git rev-parse HEAD:lib/a.js) &&
	rm -f .git/objects/$(echo "$gone" | sed "s,^..,&/,") &&
	test_expect_code 128 git drift check 2>../err && test_grep "$gone" ../err
'

test_expect_success 'two commits, a folder, a bare repository' '
	vendor && echo x >>lib/a.js && commit one && echo y >>lib/b.js &&
	commit two &&
	checked 1 HEAD~1 <<-\EOF &&
	lib/b.js:21 error modified and not recorded: line 21
	EOF
	checked 1 1.0.0 HEAD~1 <<-\EOF &&
	lib/a.js:21 error modified and not recorded: line 21
	EOF
	(cd lib && test_expect_code 1 git drift check -q HEAD~1 HEAD \
		>../../got 2>../../err) && cat ../err &&
	git clone -q --bare . ../bare.git &&
	test_expect_code 1 git --git-dir=../bare.git drift check -q HEAD~1 HEAD \
		>../out && test_cmp ../out ../got && rm -rf ../bare.git &&
	test_expect_code 128 git drift check no/such 2>../err &&
	test_expect_code 129 git drift check a b c 2>../err &&
	test_expect_code 129 git drift check --json -z 2>../err &&
	test_expect_code 129 git drift check --fix --sarif 2>../err
'

test_expect_success '-q, -v and -z' '
	vendor && echo x >>lib/a.js && marked lib/b.js 3 MOD-1 x &&
	records "| MOD-002 | \`app/User.php\` | p | i | d |" &&
	echo x >>app/User.php && commit ours &&
	test_expect_code 1 git drift check -q >../out 2>../err &&
	test "$(wc -l <../out)" = 2 && cat >../expect <<-\EOF &&
	error: 1 change is not explained
	hint: git drift check --fix | git apply
	EOF
	test_cmp ../expect ../err &&
	test_expect_code 1 git drift check -v >../out 2>../err &&
	{
		printf "A\t_CUSTOMIZATIONS.md: custom directory\n" &&
		printf "M\tapp/User.php: recorded\n" &&
		printf "M\tlib/a.js: not explained\n" &&
		printf "M\tlib/b.js: covered by markers\n"
	} >../expect && head -n 4 ../out >../got && test_cmp ../expect ../got &&
	test_expect_code 1 git drift check -z >../out 2>../err &&
	tr "\0" "\n" <../out >../got && cat >../expect <<-\EOF &&
	error unrecorded 21-21 lib/a.js
	note marker-unrecorded 4-4 lib/b.js
	EOF
	test_cmp ../expect ../got
'

test_expect_success '--json and --sarif say the same, always alike' '
	test_expect_code 1 git -C app drift check --json >json 2>err &&
	test_expect_code 1 git -C app drift check --json >again 2>err &&
	test_cmp json again &&
	test_expect_code 1 git -C app drift check --sarif >sarif 2>err &&
	test_expect_code 1 git -C app drift check --sarif >again 2>err &&
	test_cmp sarif again &&
	cat >expect <<-\EOF &&
	unrecorded error lib/a.js 21 21 modified and not recorded: line 21
	marker-unrecorded note lib/b.js 4 4 covered; no entry for MOD-1
	EOF
	python3 -c "
import json
d = json.load(open(\"json\"))
assert not d[\"passed\"]
assert [d[k] for k in (\"recorded\", \"covered\", \"unexplained\", \"custom\")] \
	== [1, 1, 1, 1]
assert [(c[\"status\"], c[\"path\"], c[\"verdict\"]) for c in d[\"changes\"]][1] \
	== (\"M\", \"app/User.php\", \"recorded\")
for f in d[\"findings\"]:
    print(f[\"rule\"], f[\"level\"], f[\"path\"], f[\"first_line\"],
          f[\"last_line\"], f[\"message\"])" >out &&
	test_cmp expect out &&
	python3 "$TOP/tests/lib/sarif-check.py" sarif >out &&
	test_cmp expect out
'

test_expect_success 'paths in SARIF are exact URIs' '
	cd app && rm -f ../sarif &&
	for name in "a b" "c:d" "100%" "#x?y" "é" "$(printf "n\nl")"
	do
		echo x >"$name" || return 1
	done && commit odd &&
	test_expect_code 1 git drift check --sarif >../sarif 2>../err &&
	python3 "$TOP/tests/lib/sarif-check.py" ../sarif >../out &&
	test_grep " added and not recorded" ../out &&
	for uri in "a%20b" "c%3Ad" "100%25" "%23x%3Fy" "%C3%A9" "n%0Al"
	do
		grep -F "\"uri\": \"$uri\"" ../sarif || return 1
	done
'

test_expect_success 'standard output that is full is a failure' '
	cd app && test_expect_code 1 git drift check >/dev/full 2>../err &&
	vendor && test_expect_code 128 git drift check --json >/dev/full 2>../err
'

test_done
