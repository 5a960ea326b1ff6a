#!/bin/sh
test_description='git drift baseline freezes what a vendor delivered'
. "$(dirname "$0")/../lib/test-lib.sh"
test_require python3 zip

# zip_of <file.zip> <python expression>: entries are (name, content[, mode[,
# system]]), written as they are.
zip_of () {
	python3 - "$1" "$2" <<-\END
	import sys, warnings, zipfile
	warnings.simplefilter("ignore")
	with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
	    for name, content, *more in eval(sys.argv[2]):
	        info = zipfile.ZipInfo("x")
	        info.filename = name
	        info.compress_type = zipfile.ZIP_DEFLATED
	        info.external_attr = (more[0] if more else 0o100644) << 16
	        info.create_system = more[1] if len(more) > 1 else 3
	        z.writestr(info, content)
	END
}

# untouched <command>...: neither refs nor objects nor files are changed by it.
untouched () {
	git for-each-ref >"$TRASH/refs.before" &&
	find .git/objects -type f | sort >"$TRASH/objects.before" &&
	"$@" &&
	git for-each-ref | cmp "$TRASH/refs.before" - &&
	find .git/objects -type f | sort | cmp "$TRASH/objects.before" -
}

# refused <zip or directory> <message>
refused () {
	untouched test_expect_code 1 git drift baseline 9.9 "$1" 2>../err &&
	test_grep "$2" ../err
}

test_expect_success 'a delivery with what real ones hold' '
	mkdir -p shop/app shop/bin shop/none && echo "<?php" >shop/app/a.php &&
	printf "crlf\r\n" >"shop/app/with space" && : >shop/app/empty &&
	printf "\211PNG\0" >shop/logo.png && ln -s app/a.php shop/link &&
	echo "#!/bin/sh" >shop/bin/run && chmod 755 shop/bin/run &&
	printf "*.log\n" >shop/.gitignore && echo log >shop/a.log &&
	printf "* text eol=lf\n*.php filter=x\n" >shop/.gitattributes &&
	echo odd >"$(printf "shop/t\tn\nq\"\377")" && zip -qry shop.zip shop &&
	git -C shop init -q && git -C shop add -A -f &&
	git -C shop -c core.autocrlf=false rm -q --cached .gitattributes &&
	(cd shop && for f in *.log app/* logo.png
	do
		echo "100644 $(git hash-object --no-filters -w "$f")	$f"
	done | git update-index --index-info) &&
	git -C shop update-index --add --cacheinfo \
		"100644,$(git -C shop hash-object -w --no-filters .gitattributes),.gitattributes" &&
	git -C shop write-tree >tree && rm -rf shop/.git
'

test_expect_success 'a zip becomes a tag on a line of its own, byte for byte' '
	git init -q -b main app && cd app && echo ours >ours &&
	git add ours && git commit -q -m ours && echo staged >staged &&
	git add staged && echo dirty >>ours && cp .git/index ../index &&
	git drift baseline 5.2.1 ../shop.zip >../out 2>../err &&
	test_grep "^Froze ../shop.zip (10 files, .*) without its directory shop as author-v5.2.1 (" ../out &&
	test_grep "^warning:   none$" ../err &&
	test_grep "^hint: git push origin author author-v5.2.1$" ../err &&
	git rev-parse author^{tree} | test_cmp ../tree - &&
	test "$(git cat-file -t author-v5.2.1)" = tag &&
	test "$(git rev-parse author-v5.2.1^0)" = "$(git rev-parse author)" &&
	test "$(git rev-list --count author)" = 1 &&
	git log -1 --format=%cn/%ae author >../out &&
	echo "C O Mitter/committer@example.com" | test_cmp - ../out &&
	git fsck --strict --no-dangling && cmp ../index .git/index &&
	test "$(git symbolic-ref HEAD)" = refs/heads/main &&
	test "$(cat ours)" = "$(printf "ours\ndirty")" &&
	test "$(find .git/objects -name "*.pack" | wc -l)" = 1
'

test_expect_success 'a directory gives the same tree; again changes nothing' '
	cd app && untouched git drift baseline v5.2.1 ../shop >../out &&
	test_grep "holds exactly these files already" ../out &&
	untouched git drift baseline -n 5.2.2 ../shop >../out 2>../err &&
	test_grep "^Would freeze ../shop " ../out &&
	mkdir ../one && cp -a ../shop ../one/shop &&
	git drift baseline -n 5.2.2 ../one >../out &&
	test_grep ! "without its directory" ../out &&
	test_grep "same files as in author-v5.2.1" ../err
'

test_expect_success 'what is frozen is never moved' '
	cd app && echo more >>../shop/app/a.php &&
	untouched test_expect_code 1 git drift baseline 5.2.1 ../shop 2>../err &&
	test_grep "is frozen already" ../err &&
	untouched test_expect_code 1 git drift baseline 5.2.1
'

test_expect_success 'the next version follows the one before' '
	cd app && git drift baseline 5.3.0 ../shop >../out &&
	test_grep ", after author-v5.2.1$" ../out &&
	test "$(git rev-parse author^)" = "$(git rev-parse author-v5.2.1^0)" &&
	printf "M\tapp/a.php\n" >../expect &&
	git drift -q 5.2.1 5.3.0 >../out && test_cmp ../expect ../out &&
	git fsck --strict --no-dangling
'

test_expect_success 'traversal, and names that mean something elsewhere' '
	cd app && for name in ../x a/../../x /etc/x a//b ./x a/./b a/.. .git/x \
		a/.GIT/hooks/x .git a/.git. "a/.git /x" a/git~1/x .git::x/y \
		"a/.gi\\u200ct/x" ".GI\\ufefft" \
		"a\\\\b" "..\\\\x" "C:/x" "top/c:x"
	do
		zip_of ../bad.zip "[(\"$name\", \"x\"), (\"ok\", \"y\")]" &&
		refused ../bad.zip "$(printf %s "$name" | cut -c1-1)" || return 1
	done &&
	test_path_is_missing ../x && test_path_is_missing /etc/x &&
	mkdir -p ../nested/lib/.git && echo x >../nested/lib/.git/config &&
	refused ../nested "lib/.git.* has a .\.git. in it" &&
	python3 -c "print(\"n\" * 256)" >../long &&
	zip_of ../bad.zip "[(\"a/\" + \"n\" * 256, \"x\")]" &&
	refused ../bad.zip "a name of more than 255 bytes" &&
	zip_of ../bad.zip "[(\"nn/\" * 1500 + \"n\", \"x\")]" &&
	refused ../bad.zip "longer than 4,095 bytes" &&
	mkdir ../w && echo x >"../w/.git\\x" && refused ../w "has a .\.git. in it" &&
	rm ../w/.git* && echo x >"../w/x.git" && echo y >../w/.gitignore &&
	git drift baseline -n 9.9 ../w
'

test_expect_success 'links, set-id files, devices' '
	cd app && for target in ../x /etc/passwd a/../../x ""
	do
		zip_of ../bad.zip "[(\"l\", \"$target\", 0o120777), (\"k\", \"\")]" &&
		refused ../bad.zip "is a link that leads out" || return 1
	done &&
	zip_of ../bad.zip "[(\"a/.gitmodules\", \"k\", 0o120777)]" &&
	refused ../bad.zip "gitmodules. must not be a link" &&
	for mode in 0o104755 0o102755 0o101755
	do
		zip_of ../bad.zip "[(\"run\", \"x\", $mode)]" &&
		refused ../bad.zip "has a set-id or sticky bit" || return 1
	done &&
	for mode in 0o010644 0o020644 0o060644 0o140644 0o040755
	do
		zip_of ../bad.zip "[(\"dev\", \"x\", $mode)]" &&
		refused ../bad.zip "is neither a file nor a link" || return 1
	done &&
	mkdir ../odd && echo x >../odd/x && mkfifo ../odd/pipe &&
	refused ../odd "pipe. is neither" && rm ../odd/pipe &&
	chmod u+s ../odd/x && refused ../odd "set-id" && chmod u-s ../odd/x &&
	ln -s ../../x ../odd/l && refused ../odd "leads out"
'

test_expect_success 'the same name twice, a file that is a directory, case' '
	cd app && zip_of ../bad.zip "[(\"a\", \"x\"), (\"a\", \"y\")]" &&
	refused ../bad.zip "a path in it is there twice" &&
	zip_of ../bad.zip "[(\"a\", \"x\"), (\"a/\", \"\", 0o40755)]" &&
	refused ../bad.zip "is a file and a directory at once" &&
	zip_of ../bad.zip "[(\"a\", \"x\"), (\"a-b\", \"z\"), (\"a/b\", \"y\")]" &&
	refused ../bad.zip "is a file and a directory at once" &&
	zip_of ../case.zip "[(\"README\", \"x\"), (\"readme\", \"y\")]" &&
	git drift baseline -n 9.9 ../case.zip 2>../err &&
	test_grep "README, readme" ../err
'

test_expect_success 'bombs: ratio, one file, all files, how many' '
	cd app && zip_of ../bad.zip "[(\"a\", b\"\\0\" * (100 << 20))]" &&
	refused ../bad.zip "more than 200 times its size" &&
	python3 - <<-\END &&
	import struct
	# One small entry that says it holds 3 GiB, in both of its headers.
	name, data, size = b"a", b"\3\0", 3 << 30
	local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(data),
	                    size, 1, 0) + name + data
	central = struct.pack("<4s6H3I5H2I", b"PK\1\2", 0x314, 20, 0, 8, 0, 0, 0,
	                      len(data), size, 1, 0, 0, 0, 0, 0o100644 << 16,
	                      0) + name
	end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(central),
	                  len(local), 0)
	open("../bad.zip", "wb").write(local + central + end)
	END
	refused ../bad.zip "larger than 512 MiB" &&
	mkdir ../huge && for i in 1 2 3
	do
		truncate -s 500M ../huge/$i || return 1
	done &&
	refused ../huge "more than 1 GiB" && rm -r ../huge &&
	zip_of ../bad.zip "[(\"d/%d\" % i, \"\") for i in range(200001)]" &&
	refused ../bad.zip "more than 200000 files"
'

test_expect_success 'archives that are no archives, lie, or are locked' '
	cd app && echo text >../bad.zip &&
	untouched test_expect_code 128 git drift baseline 9.9 ../bad.zip 2>../err &&
	test_grep "no zip archive that can be read" ../err &&
	head -c 300 ../shop.zip >../bad.zip &&
	untouched test_expect_code 128 git drift baseline 9.9 ../bad.zip &&
	untouched test_expect_code 128 git drift baseline 9.9 ../no-such 2>../err &&
	test_grep "cannot open" ../err && mkdir ../nothing &&
	refused ../nothing "it holds no file" &&
	(cd .. && zip -q -P secret -r locked.zip shop) &&
	refused ../locked.zip "it is encrypted" &&
	zip_of ../bad.zip "[(\"a\", \"x\" * 9000), (\"b\", \"y\")]" &&
	python3 - <<-\END &&
	data = bytearray(open("../bad.zip", "rb").read())
	for header, at in (b"PK\3\4", 14), (b"PK\1\2", 16):
	    data[data.index(header) + at] ^= 1 # the checksum
	open("../bad.zip", "wb").write(data)
	END
	refused ../bad.zip "is damaged" && for says in 10 90000
	do
		zip_of ../bad.zip "[(\"a\", \"x\" * 9000), (\"b\", \"y\")]" &&
		python3 - $says <<-\END && refused ../bad.zip "not as long as" ||
		import struct, sys
		data = bytearray(open("../bad.zip", "rb").read())
		for header, at in (b"PK\3\4", 22), (b"PK\1\2", 24):
		    at += data.index(header)
		    data[at:at + 4] = struct.pack("<I", int(sys.argv[1]))
		open("../bad.zip", "wb").write(data)
		END
			return 1
	done
'

test_expect_success 'what is no version' '
	cd app && for v in "" x HEAD .. 5/2 "5 2" "5;reboot" \
		5..2 5.lock "$(printf "5%.0s" $(seq 200))" 5~1 5^ -- "5*" "5
"
	do
		untouched test_must_fail git drift baseline -- "$v" ../shop ||
			return 1
	done &&
	test_expect_code 129 git drift baseline &&
	test_expect_code 129 git drift baseline 1 2 3
'

test_expect_success 'the branch is checked out, or somebody holds the lock' '
	cd app && git stash -q && git switch -q author &&
	refused ../shop "is checked out" && git switch -q -f main &&
	: >.git/refs/heads/author.lock &&
	test_must_fail git drift baseline 9.9 ../case.zip 2>../err &&
	test_grep "cannot lock" ../err && rm .git/refs/heads/author.lock &&
	test_must_fail git rev-parse -q --verify author-v9.9 &&
	git drift baseline 9.9 ../case.zip
'

test_expect_success 'the branch is begun, or is none; nobody is known' '
	git init -q -b author begun && cd begun &&
	test_expect_code 1 git drift baseline 1.0 ../shop 2>../err &&
	test_grep "is checked out" ../err && git symbolic-ref HEAD refs/heads/main &&
	git symbolic-ref refs/heads/author refs/heads/main &&
	git commit -q --allow-empty -m x &&
	refused ../shop "author. stands for another branch" &&
	git symbolic-ref -d refs/heads/author &&
	(unset GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL EMAIL &&
		untouched test_expect_code 128 git -c user.useConfigOnly=true \
			drift baseline 1.0 ../shop 2>../err) &&
	test_grep "^hint: git config --global user.name" ../err &&
	test_expect_code 128 git drift baseline 1.0 /proc/self/fdinfo 2>../err &&
	test_grep ": .[0-9]*. was changed while" ../err
'

test_expect_success 'without a source it is HEAD, the first time only' '
	git init -q -b main first && cd first && echo vendor >vendor &&
	git add -A && git commit -q -m "As delivered" &&
	git drift baseline 1.0 >../out && test_grep "^Froze HEAD as author-v1.0" ../out &&
	test "$(git rev-parse author-v1.0^0)" = "$(git rev-parse HEAD)" &&
	echo ours >ours && git add -A && git commit -q -m ours &&
	printf "A\tours\n" >../expect && git drift -q >../out &&
	test_cmp ../expect ../out &&
	untouched test_expect_code 1 git drift baseline 1.1 2>../err &&
	test_grep "HEAD holds your work" ../err &&
	git drift baseline 1.1 ../shop && git merge-base main author >../out &&
	git rev-parse author-v1.0^0 | test_cmp - ../out
'

test_expect_success 'a line that was begun by hand is gone on with' '
	git init -q -b main hand && cd hand && echo vendor >vendor &&
	git add -A && git commit -q -m v && git tag author-v1.9 &&
	git tag author-v1.10 && git drift baseline 2.0 ../shop >../out &&
	test_grep ", after author-v1.10$" ../out &&
	test "$(git rev-parse author^)" = "$(git rev-parse author-v1.10)" &&
	git clone -q --bare . ../hand.git &&
	git -C ../hand.git drift baseline 2.1 ../case.zip
'

test_done
