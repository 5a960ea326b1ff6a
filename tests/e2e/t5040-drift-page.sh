#!/bin/sh
test_description='the page of git drift --html, in a browser'
. "$(dirname "$0")/../lib/test-lib.sh"
test_require python3 chromium chromedriver

# in_browser <python>: b is a browser, URL the page.
in_browser () {
	{
		cat <<-END
		import os, sys
		sys.path.insert(0, "$TOP/tests/lib")
		from browser import Browser
		URL = "file://$TRASH/page.html"
		WIDE = """
		    return document.documentElement.scrollWidth -
		        document.documentElement.clientWidth;"""
		SHOWN = """
		    return [...document.querySelectorAll(".file")]
		        .filter(f => f.offsetParent !== null)
		        .map(f => f.dataset.path);"""
		with Browser("$TRASH") as b:
		END
		printf '%s\n' "$1" | sed 's/^/    /'
		echo '    assert not b.errors(), b.errors()'
	} >check.py && python3 check.py
}

test_expect_success 'a vendor whose files try everything' '
	git init -q -b main app && cd app &&
	mkdir -p app/Http packages/Mine lib && seq 60 >app/Http/A.php &&
	printf "<?php\nnamespace App\\\\Http;\n" >app/x.php && echo a >gone.txt &&
	printf "\211PNG\0" >logo.png && head -c 300000 /dev/zero |
		tr "\0" x >lib/min.js && seq 5000 >lib/long && seq 9 >lib/old &&
	git add -A && git commit -q -m v && git tag author-v5.2.1 &&
	sed -i "s/^30\$/thirty/" app/Http/A.php && rm gone.txt &&
	printf "\t<script>document.title = 1</script> &amp; \"q\" \033[31m\377\342\200\256\r\n" >>app/x.php &&
	printf y >>logo.png && printf y >>lib/min.js && seq 5001 10000 >lib/long &&
	git mv lib/old lib/new && chmod +x lib/new && echo new >packages/Mine/n.php &&
	echo x >"<img src=x onerror=document.title=1>\"&.txt" &&
	mkdir "./-->" && echo x >"./-->/<" && echo x >"$(printf "tab\tnl\nesc\033\377")" &&
	echo x >"$(printf "%.0sw" $(seq 250))" &&
	git config drift.custom packages/ && git add -A && git commit -q -m o &&
	git drift --renames --html=../page.html >../list &&
	git drift -q --renames --html >../again.html && cmp ../page.html ../again.html &&
	git drift --renames -q >../expect && test_cmp ../expect ../list
'

test_expect_success 'one file: nothing is loaded, nothing foreign is let run' '
	test_grep "Content-Security-Policy\" content=\"default-src .none.;" page.html &&
	! grep -nE "(src|href)=\"?(http|//|data)|url\(|@import" page.html &&
	test "$(grep -c "<script>" page.html)" = 1 &&
	! grep -n "onerror=\"\|<img" page.html &&
	python3 -c "
d = open(\"page.html\", \"rb\").read()
d.decode(\"utf-8\")
assert not [c for c in d if c < 32 and c not in b\"\\t\\n\"], \"controls\"" &&
	grep -qF "&amp;amp; &quot;q&quot; \\033[31m\\377\\342\\200\\256\\r<" page.html
'

test_expect_success 'no sideways scrolling, no script errors, at every width' '
	in_browser "
for width in 320, 390, 768, 1280, 1920:
    for dark in False, True:
        b.open(URL, width, dark)
        assert b.run(WIDE) <= 0, width
        b.run(\"document.getElementById(\\\"open\\\").click()\")
        assert b.run(WIDE) <= 0, (width, \"open\")
        assert b.run(\"return document.title\") == \"Changed since author-v5.2.1\"
"
'

test_expect_success 'filters: words, letters, the vendor alone, directories' '
	in_browser "
b.open(URL, 1280)
everything = b.run(SHOWN)
assert len(everything) == len(open(\"list\").readlines()), everything
b.run(\"document.getElementById(\\\"text\\\").focus()\")
b.press(*\"APP php\")
assert b.run(SHOWN) == [\"app/Http/A.php\", \"app/x.php\"], b.run(SHOWN)
assert b.run(\"return document.getElementById(\\\"shown\\\").textContent\") == \
    \"2 of %d shown\" % len(everything)
b.open(URL, 1280)
b.run(\"document.querySelector(\\\"[value=A]\\\").focus()\")
b.press(\" \")
b.run(\"document.querySelector(\\\"[value=M]\\\").click()\")
assert b.run(SHOWN) == [\"gone.txt\", \"lib/new\"], b.run(SHOWN)
b.open(URL, 1280)
b.run(\"document.getElementById(\\\"own\\\").click()\")
assert set(everything) - set(b.run(SHOWN)) == {\"packages/Mine/n.php\"}
b.open(URL, 1280)
b.run(\"document.querySelector(\\\"[data-dir=\\\\\\\"app/\\\\\\\"]\\\").focus()\")
b.press(\"\\ue007\")
assert b.run(SHOWN) == [\"app/Http/A.php\", \"app/x.php\"], b.run(SHOWN)
b.run(\"document.getElementById(\\\"leave\\\").click()\")
assert b.run(SHOWN) == everything
"
'

test_expect_success 'a keyboard reaches and opens a file' '
	in_browser "
b.open(URL, 390)
for i in range(60):
    b.press(\"\\ue004\")
    if b.run(\"return document.activeElement.parentElement.dataset.path\") == \
        \"app/Http/A.php\":
        break
else:
    raise AssertionError(\"never reached\")
b.press(\"\\ue007\")
assert b.run(\"return document.activeElement.parentElement.open\")
text = b.run(\"return document.activeElement.parentElement.innerText\")
assert \"thirty\" in text and \"@@ -27,7 +27,7 @@\" in text, text
"
'

test_expect_success 'without scripts everything is there' '
	in_browser "
b.devtools(\"Emulation.setScriptExecutionDisabled\", value=True)
b.open(URL, 390)
nodes = b.devtools(\"Accessibility.getFullAXTree\")[\"nodes\"]
seen = {n.get(\"name\", {}).get(\"value\") for n in nodes if not n[\"ignored\"]}
assert {\"Directories\", \"app/Http/A.php\", \"gone.txt\"} <= seen, seen
roles = {n.get(\"role\", {}).get(\"value\") for n in nodes if not n[\"ignored\"]}
assert \"checkbox\" not in roles and \"searchbox\" not in roles, roles
assert \"DisclosureTriangle\" in roles and \"link\" in roles, roles
"
'

test_expect_success 'large changes are cut off with a note' '
	test_grep "More lines differ: this file.s changes are cut off here" page.html &&
	test_grep "(298000 more bytes)" page.html &&
	test_grep "<p>This is no text.</p>" page.html &&
	test_grep "mode 100644 becomes 100755" page.html &&
	test "$(wc -c <page.html)" -lt 1000000 &&
	cd app && for i in $(seq 60)
	do
		seq 1000000 1002000 | sed "s/\$/ $i $(printf "%.0sz" $(seq 80))/" \
			>lib/big$i || return 1
	done && git add -A && git commit -q -m big &&
	git drift -q --html >../big.html &&
	test "$(wc -c <../big.html)" -lt 9000000 &&
	test_grep "The page is large already" ../big.html
'

test_expect_success 'nothing differs' '
	cd app && git drift -q --html=../page.html HEAD HEAD >../out &&
	test_must_be_empty ../out && cd .. &&
	in_browser "
b.open(URL, 390)
assert \"Nothing differs\" in b.run(\"return document.body.innerText\")
"
'

test_done
