#!/bin/sh

test_description='a package that no ref gives comes back from a server that runs it

The build of this application never makes the same twice. Who releases to
production what somebody else released to staging ships that very package,
also where no ref has travelled.'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-sshd.sh"
test_at_done stop_all_sshd

# clone_of_app <dir>: another machine: the tags, the settings, no packages.
clone_of_app () {
	git clone -q origin.git "$1" && git -C "$1" remote remove origin &&
	test -z "$(git -C "$1" for-each-ref refs/releases)"
}

package () {
	git -C "$1" rev-parse "refs/releases/$2"
}

no_scratch () {
	test -z "$(ls -A "$1/.git/git-release/tmp" 2>/dev/null)"
}

setup_app () {
	git init -q -b production app && mkdir app/storage app/empty &&
	: >app/storage/.gitkeep && : >app/empty/file &&
	echo 1 >app/index.php && printf "%s\n" "/made export-ignore" \
		"*.txt eol=crlf" >app/.gitattributes &&
	cat >app/build.sh <<-\EOF &&
	mkdir -p made/deep && head -c 300 /dev/urandom >made/random
	: >made/none
	printf "#!/bin/sh\n" >made/program && chmod 755 made/program
	ln -s ../made/random made/deep/link
	printf "a\n" >"made/odd name
	with \"two\" lines.txt"
	test ! -f "$HOME/large" || head -c 17000000 /dev/urandom >made/large
	echo built >>"$HOME/built"
	EOF
	cat >app/.gitrelease <<-EOF &&
	[release]
		build = sh build.sh
		shared = storage/
	[release "staging"]
		url = $TRASH/stage
	[release "production"]
		url = $TRASH/srv
	EOF
	app_tag app v1.0.0 && echo 2 >app/index.php && app_tag app v1.1.0 &&
	git init -q --bare -b production origin.git &&
	git -C app push -q --tags "$TRASH/origin.git" production
}

# built <times>: how often the commands ran since this was last asked.
built () {
	touch "$HOME/built" && test "$(wc -l <"$HOME/built")" = "$1" &&
	rm "$HOME/built"
}

test_expect_success 'staging from here, production from elsewhere: one package' '
	setup_app && : >"$HOME/large" &&
	git -C app release --to staging v1.0.0 && built 1 && rm "$HOME/large" &&
	clone_of_app other &&
	git -C other release --to production v1.0.0 >out 2>err && built 0 &&
	test_must_be_empty err &&
	test_grep "^  build  *package [0-9a-f]\{7\} from staging, " out &&
	test "$(package app v1.0.0)" = "$(package other v1.0.0)" &&
	tree_list stage/current | grep -v release.json >expect &&
	tree_list srv/current | grep -v release.json >actual &&
	test_cmp expect actual && cmp stage/current/made/large \
		srv/current/made/large && no_scratch other &&
	git -C other fsck --strict && git -C other release verify --to production
'

test_expect_success 'from the server itself; after that it is here' '
	clone_of_app again &&
	git -C again release --to production --again v1.0.0 >out && built 0 &&
	test_grep "from production" out &&
	git -C again release --to staging --again v1.0.0 >out && built 0 &&
	test_grep ! " from " out &&
	test "$(package app v1.0.0)" = "$(package again v1.0.0)"
'

test_expect_success 'looking for it writes nothing there' '
	(cd stage && find . -printf "%p %s %T@ %l\n" | sort) >before &&
	clone_of_app looks &&
	git -C looks release --to production -n v1.0.0 && built 0 &&
	rm -rf srv-away && mv srv srv-away &&
	clone_of_app looks2 && git -C looks2 release -q v1.0.0 --to production &&
	built 0 && rm -rf srv && mv srv-away srv &&
	(cd stage && find . -printf "%p %s %T@ %l\n" | sort) >after &&
	test_cmp before after
'

test_expect_success 'nobody has it: it is built; --rebuild asks nobody' '
	git -C other release --to production v1.1.0 2>err && built 1 &&
	test_must_be_empty err && clone_of_app fourth &&
	git -C fourth release -q --rebuild --to staging v1.1.0 && built 1 &&
	test "$(package fourth v1.1.0)" != "$(package other v1.1.0)"
'

# damaged <what is said>: staging has v1.0.0, but production builds anew.
damaged () {
	rm -rf damaged srv && clone_of_app damaged &&
	git -C damaged count-objects -v | grep -v "^size" >objects &&
	git -C damaged release -q --to production v1.0.0 >out 2>err &&
	built 1 && test_grep "^warning: cannot get the package .*staging: $1" err &&
	no_scratch damaged &&
	test "$(package app v1.0.0)" != "$(package damaged v1.0.0)"
}

test_expect_success 'what was edited there is not the package' '
	git -C app release -q --to staging --again --allow-older v1.0.0 &&
	cp -a stage/current/made made && file=stage/current/made/random &&
	printf X | dd of=$file conv=notrunc 2>/dev/null && damaged \
		"the files on the server are not those" &&
	echo more >>$file && damaged "release .* has lost files" &&
	rm $file && damaged "release .* has lost files" &&
	mkfifo $file && damaged "release .* has lost files" &&
	rm $file && ln -s /etc/passwd $file && damaged "release .* has lost files" &&
	rm $file && cp made/random $file &&
	ln -sfn elsewhere/xxxx stage/current/made/deep/link &&
	damaged "the files on the server are not those"
'

test_expect_success 'other settings make another package' '
	rm -rf stage srv && git -C app release -q --to staging v1.0.0 && built 0 &&
	rm -rf damaged && clone_of_app damaged &&
	git -C damaged config release.build "sh build.sh; echo more >made/more" &&
	git -C damaged release -q --to production v1.0.0 2>err && built 1 &&
	test_grep "^warning: .*staging: it was built with other settings" err
'

over () {
	GIT_SSH_COMMAND="ssh -F $SSH_DIR/ssh_config" \
		git -C "$1" release -q --to "$2" v1.1.0
}

test_expect_success 'from a real server, through both kinds of ssh' '
	start_sshd && rm -rf srv && git -C app update-ref -d refs/releases/v1.1.0 &&
	app_target app staging web1:stage && over app staging && built 1 &&
	for kind in libssh2 openssh
	do
		rm -rf srv other && clone_of_app other &&
		app_target other staging web1:stage &&
		git -C other config release.transport $kind &&
		over other production && built 0 &&
		test "$(package app v1.1.0)" = "$(package other v1.1.0)" ||
			return 1
	done
'

test_expect_success 'a server out of reach is told, and not waited for' '
	rm -rf damaged srv && clone_of_app damaged &&
	app_target damaged staging "$TRASH/app/index.php/x" &&
	git -C damaged release -q --to production v1.0.0 2>err && built 1 &&
	test_grep "^warning: cannot get the package of v1.0.0 from staging" err
'

test_done
