#!/bin/sh
test_description='git release tag: on the remote and here, or on neither'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-sshd.sh"
test_require ssh-keygen gpg gpgconf

# new_repo: "app" with a CHANGELOG on production, a commit ahead of v1.2.0.
new_repo () {
	rm -rf app origin.git && make_app_repo app origin.git &&
	cat >app/CHANGELOG.md <<-\END &&
	# Changelog

	## [Unreleased]

	### Added

	- Gift cards

	<!-- to be written -->

	## [v1.2.0] - 2026-01-01

	- Old

	[Unreleased]: https://example.com/compare/v1.2.0...HEAD
	END
	next_commit "Sell gift cards"
}

# next_commit <subject>: one more on production, pushed.
next_commit () {
	test_tick && git -C app add -A &&
	git -C app commit -q --allow-empty -m "$1" &&
	git -C app push -q origin production
}

tag () {
	git -C app release tag "$@" >out 2>err
}

# both <tag> <commit>: the same annotated tag is here and on the remote.
both () {
	git -C app rev-parse "refs/tags/$1" >expect &&
	git -C origin.git rev-parse "refs/tags/$1" >actual &&
	test_cmp expect actual &&
	test "$(git -C app cat-file -t "refs/tags/$1")" = tag &&
	git -C app rev-parse "$2" >expect &&
	git -C app rev-parse "refs/tags/$1^{commit}" >actual &&
	test_cmp expect actual && nothing_left
}

neither () {
	test_must_fail git -C app rev-parse -q --verify "refs/tags/$1" &&
	test_must_fail git -C origin.git rev-parse -q --verify "refs/tags/$1" &&
	nothing_left
}

nothing_left () {
	git -C app for-each-ref refs/git-release >left &&
	test_must_be_empty left &&
	test -z "$(ls -A app/.git/git-release/tmp 2>/dev/null)"
}

# refused <exit> <pattern> <argument>...
refused () {
	refused_code=$1 refused_says=$2
	shift 2
	git -C app for-each-ref refs/tags >before &&
	git -C origin.git for-each-ref >before.origin &&
	test_expect_code "$refused_code" git -C app release tag "$@" \
		>out 2>err &&
	test_must_be_empty out && test_grep "$refused_says" err &&
	git -C app for-each-ref refs/tags >after &&
	git -C origin.git for-each-ref >after.origin &&
	test_cmp before after && test_cmp before.origin after.origin &&
	nothing_left
}

test_expect_success 'the tip of the remote branch, not the local one' '
	new_repo &&
	git clone -q origin.git other &&
	git -C other commit -q --allow-empty -m "By somebody else" &&
	git -C other push -q origin HEAD &&
	git -C app commit -q --allow-empty -m "Not pushed" &&
	tag v1.3.0 && test_must_be_empty err &&
	git -C other rev-parse --short=7 HEAD >id &&
	echo "Tagged $(cat id) (origin/production) as v1.3.0, pushed to origin" \
		>expect && test_cmp expect out &&
	both v1.3.0 "$(cat id)"
'

test_expect_success 'the message is what the CHANGELOG has as unreleased' '
	git -C app tag -l --format="%(contents)" v1.3.0 >actual &&
	cat >expect <<-\END &&
	Release v1.3.0

	### Added

	- Gift cards

	END
	test_cmp expect actual
'

test_expect_success 'or the section of the version, if there is one' '
	new_repo && sed -i "s/^## .v1.2.0.*/## [1.3.0] - 2026-02-01/" \
		app/CHANGELOG.md && next_commit "Write" && tag 1.3.0 &&
	git -C app tag -l --format="%(contents)" v1.3.0 >actual &&
	printf "Release v1.3.0\n\n- Old\n\n" >expect && test_cmp expect actual
'

test_expect_success 'or only the name' '
	new_repo && git -C app rm -q CHANGELOG.md && next_commit "None" &&
	tag v1.3.0 &&
	test "$(git -C app tag -l --format="%(contents)" v1.3.0)" = \
		"Release v1.3.0"
'

test_expect_success '-m, -F and -F -: as they are, # lines too' '
	new_repo && tag -m One -m "# two" v1.3.0 &&
	test "$(git -C app tag -l --format="%(contents)" v1.3.0)" = \
		"$(printf "One\n\n# two")" &&
	printf "# From a file\n" >message &&
	tag --allow-lower -F ../message v1.3.0-rc.1 &&
	test "$(git -C app tag -l --format="%(contents)" v1.3.0-rc.1)" = \
		"# From a file" &&
	echo "From stdin" | git -C app release tag -F - v1.4.0 &&
	test "$(git -C app tag -l --format="%(contents)" v1.4.0)" = \
		"From stdin" &&
	refused 128 "message of the tag is empty" -m " " v1.5.0 &&
	test_expect_code 129 git -C app release tag -m x -F y v1.5.0 2>err &&
	test_expect_code 129 git -C app release tag 2>err &&
	test_expect_code 129 git -C app release tag v1 v2 2>err
'

test_expect_success 'refuses a tag that is on the remote, here, or both' '
	new_repo && refused 1 "^error: tag .v1.2.0. is on .origin. already" 1.2.0 &&
	git -C app tag -d v1.2.0 &&
	refused 1 "^hint: git fetch origin tag v1.2.0" v1.2.0 &&
	git -C app tag -a -m x v1.9.0 &&
	refused 1 "is here already, and not on .origin." v1.9.0 &&
	git -C app tag -d v1.9.0 && git -C app branch v1.9.0 &&
	refused 1 ".v1.9.0. is a branch" v1.9.0
'

test_expect_success 'refuses a lower version, as SemVer orders them' '
	new_repo && refused 1 ".v1.1.5. is lower than .v1.2.0., the newest" 1.1.5 &&
	test_grep "^hint: git release tag --allow-lower v1.1.5" err &&
	refused 1 "lower than .v1.2.0." v1.2.0-rc.1 &&
	refused 1 "is the same version as .v1.2.0." v1.2 &&
	refused 1 "is the same version as .v1.2.0." v1.2.0+build.7 &&
	tag v1.3.0-rc.2 && tag v1.3.0-rc.10 && refused 1 "rc.10" v1.3.0-rc.9 &&
	tag v1.3.0 && tag --allow-lower v1.2.1 && both v1.2.1 origin/production
'

test_expect_success 'a newest that only the remote has counts' '
	new_repo && git -C app push -q origin HEAD:refs/tags/v1.10.0 &&
	refused 1 "lower than .v1.10.0." v1.9.0 && tag v1.11.0
'

test_expect_success 'versions of a calendar' '
	new_repo && tag v2026.11 && tag v2026.11.1 && tag v2026.11.26 &&
	refused 1 "lower than .v2026.11.26." v2026.11.2 && tag v2026.12
'

test_expect_success 'refuses what is no version, or cannot be ordered' '
	new_repo && refused 128 "is not a version" "v1;reboot" &&
	refused 128 "is not a version" "v1..3" &&
	refused 1 "neither a semantic version" vnightly &&
	tag --allow-lower vnightly && both vnightly origin/production &&
	tag v1.3.0
'

test_expect_success 'another prefix, or none: other tags do not count' '
	new_repo && git -C app config release.tagPrefix shop- &&
	tag 0.1.0 && both shop-0.1.0 origin/production &&
	refused 1 "is on .origin. already" shop-0.1.0 &&
	git -C app config release.tagPrefix "" && tag 0.0.1 &&
	both 0.0.1 origin/production
'

test_expect_success '--commit: one that is on the branch' '
	new_repo && next_commit "Later" &&
	tag --commit HEAD~1 v1.3.0 && both v1.3.0 HEAD~1 &&
	git -C app commit -q --allow-empty -m "Not pushed" &&
	refused 1 ".HEAD. is not on .origin/production." --commit HEAD v1.4.0 &&
	refused 128 "is no revision" --commit nonsense v1.4.0
'

test_expect_success 'another branch; of an environment' '
	new_repo && git -C app push -q origin HEAD~1:refs/heads/stable &&
	git -C app config release.branch stable &&
	tag v1.3.0 && both v1.3.0 HEAD~1 &&
	app_target app staging "$TRASH/srv" &&
	app_target app production "$TRASH/srv2" &&
	git -C app config release.staging.branch production &&
	tag --to staging v1.4.0 && both v1.4.0 HEAD &&
	git -C app config release.branch none &&
	refused 128 "there is no branch .none. on .origin." v1.5.0
'

test_expect_success '-n changes nothing and shows the message' '
	new_repo && tag -n v1.3.0 && neither v1.3.0 &&
	sed -n 1p out >head &&
	echo "Would tag $(git -C app rev-parse --short=7 HEAD) (origin/production) as v1.3.0 and push it to origin" \
		>expect && test_cmp expect head &&
	test_grep "^    - Gift cards$" out
'

test_expect_success '--json' '
	new_repo && tag --json v1.3.0 &&
	python3 -c "import json; d = json.load(open(\"out\"))
assert d[\"tag\"] == \"v1.3.0\" and d[\"version\"] == \"1.3.0\", d
assert len(d[\"commit\"]) == 40 and len(d[\"object\"]) == 40, d
assert d[\"branch\"] == \"production\" and d[\"remote\"] == \"origin\", d
assert d[\"signed\"] is False and d[\"dry_run\"] is False, d
assert d[\"message\"].startswith(\"Release v1.3.0\\n\"), d"
'

test_expect_success 'pushes that tag and nothing else, never forced' '
	new_repo && git -C app tag -a -m x v0.1.0 HEAD~3 &&
	git -C app config push.followTags true &&
	git -C app config --add remote.origin.push "+refs/heads/*:refs/heads/*" &&
	git -C app branch topic &&
	cat >app/.git/hooks/pre-push <<-\END &&
	#!/bin/sh
	cat >pushed
	END
	chmod +x app/.git/hooks/pre-push &&
	tag v1.3.0 && both v1.3.0 origin/production &&
	test "$(wc -l <app/pushed)" = 1 &&
	test_grep " refs/tags/v1.3.0 0000000" app/pushed &&
	neither_on_remote=$(git -C origin.git for-each-ref refs/tags/v0.1.0 \
		refs/heads/topic) && test -z "$neither_on_remote"
'

test_expect_success 'a hook here refuses: nothing is left' '
	new_repo &&
	printf "#!/bin/sh\necho not today >&2\nexit 1\n" >app/.git/hooks/pre-push &&
	chmod +x app/.git/hooks/pre-push && refused 4 "push" v1.3.0 &&
	rm app/.git/hooks/pre-push && tag v1.3.0
'

test_expect_success 'a hook there refuses: its words are shown' '
	new_repo &&
	printf "#!/bin/sh\necho \"only on \033[31mMondays\" >&2\nexit 1\n" \
		>origin.git/hooks/pre-receive &&
	chmod +x origin.git/hooks/pre-receive && refused 4 "hook declined" v1.3.0 &&
	test_grep "^error: remote: only on .*Mondays" err &&
	test_grep ! "$(printf "\033")" err &&
	mv origin.git/hooks/pre-receive origin.git/hooks/update &&
	refused 4 "hook declined" v1.3.0 &&
	rm origin.git/hooks/update && tag v1.3.0 && both v1.3.0 origin/production
'

test_expect_success 'a remote that takes it and loses it is found out' '
	new_repo &&
	cat >origin.git/hooks/post-receive <<-\END &&
	#!/bin/sh
	git update-ref -d refs/tags/v1.3.0
	END
	chmod +x origin.git/hooks/post-receive &&
	refused 4 "took the tag .v1.3.0., and then did not have it" v1.3.0
'

test_expect_success 'somebody else is faster' '
	new_repo &&
	cat >app/.git/hooks/pre-push <<-END &&
	#!/bin/sh
	unset GIT_DIR
	git -C "$TRASH/origin.git" tag -a -m theirs v1.3.0 production
	END
	chmod +x app/.git/hooks/pre-push &&
	test_expect_code 1 git -C app release tag v1.3.0 2>err &&
	test_grep "somebody else has pushed .v1.3.0." err &&
	test_must_fail git -C app rev-parse -q --verify refs/tags/v1.3.0 &&
	nothing_left
'

test_expect_success 'faster still, when git looks what is there: never forced' '
	new_repo && cat >receive-pack <<-END &&
	#!/bin/sh
	git -C "$TRASH/origin.git" tag -a -m theirs v1.3.0 production
	exec git-receive-pack "\$@"
	END
	chmod +x receive-pack &&
	git -C app config remote.origin.receivepack "$TRASH/receive-pack" &&
	test_expect_code 1 git -C app release tag v1.3.0 2>err &&
	test_grep "somebody else has pushed .v1.3.0." err &&
	test "$(git -C origin.git tag -l --format="%(contents)" v1.3.0)" = \
		theirs &&
	test_must_fail git -C app rev-parse -q --verify refs/tags/v1.3.0 &&
	nothing_left
'

test_expect_success 'a remote that is away, or not set up' '
	new_repo && mv origin.git away &&
	test_expect_code 128 git -C app release tag v1.3.0 2>err &&
	test_grep "cannot read .origin." err && mv away origin.git &&
	git -C app remote rename origin other &&
	test_expect_code 128 git -C app release tag v1.3.0 2>err &&
	test_grep "there is no remote .origin." err && nothing_left
'

test_expect_success 'a bare repository, a linked work tree, a subfolder' '
	new_repo && git -C app worktree add -q ../linked HEAD &&
	git -C linked release tag v1.3.0 && both v1.3.0 origin/production &&
	git -C app/public release tag v1.4.0 && both v1.4.0 origin/production &&
	git clone -q --bare origin.git bare && git -C bare release tag v1.5.0 &&
	git -C bare rev-parse refs/tags/v1.5.0 >expect &&
	git -C origin.git rev-parse refs/tags/v1.5.0 >actual &&
	test_cmp expect actual
'

test_expect_success 'a shallow clone' '
	new_repo && git clone -q --depth 1 "file://$TRASH/origin.git" shallow &&
	git -C shallow release tag v1.3.0 &&
	git -C origin.git rev-parse -q --verify refs/tags/v1.3.0
'

test_expect_success 'signed with an SSH key when tag.gpgSign says so' '
	new_repo && ssh-keygen -q -t ed25519 -N "" -C x -f key &&
	echo "committer@example.com $(cut -d" " -f1,2 key.pub)" >signers &&
	git -C app config gpg.format ssh &&
	git -C app config user.signingKey "$TRASH/key.pub" &&
	git -C app config gpg.ssh.allowedSignersFile "$TRASH/signers" &&
	git -C app -c tag.gpgSign=true release tag v1.3.0 >out &&
	test_grep "as v1.3.0, signed, pushed" out &&
	git -C app verify-tag v1.3.0 && both v1.3.0 origin/production &&
	git -C app config tag.gpgSign true && tag --json v1.4.0 &&
	test_grep "\"signed\": true" out && test_grep ! SIGNATURE out &&
	git -C app verify-tag v1.4.0 &&
	git -C app -c tag.gpgSign=false release tag v1.5.0 >out &&
	test_grep "as v1.5.0, pushed" out &&
	git -C app config tag.gpgSign false &&
	git -C app config release.signed tag && tag v1.6.0 &&
	git -C app verify-tag v1.6.0
'

test_expect_success 'a key that is not there: no tag, and the reason' '
	mv key away.key && mv key.pub away.pub &&
	refused 128 "^fatal: cannot make the tag .v1.7.0." v1.7.0 &&
	test_grep "^fatal: .*key" err &&
	refused 128 "^fatal: cannot make the tag" -m "$(printf "x\n-----BEGIN SSH SIGNATURE-----\nx\n")" v1.7.0 &&
	mv away.key key && mv away.pub key.pub
'

test_expect_success 'signed with GnuPG, the key set for this place only' '
	new_repo && mkdir -m 700 gnupg &&
	GNUPGHOME=$TRASH/gnupg && export GNUPGHOME &&
	test_at_done "gpgconf --homedir \"$TRASH/gnupg\" --kill all" &&
	gpg -q --batch --passphrase "" --quick-gen-key \
		"C O Mitter <place@example.com>" ed25519 sign never &&
	printf "[user]\n\temail = place@example.com\n[tag]\n\tgpgSign = true\n" \
		>"$HOME/place.config" &&
	git config --global "includeIf.gitdir:$TRASH/app/.git.path" place.config &&
	git config --global user.signingKey place@example.com &&
	tag v1.3.0 && test_grep ", signed," out &&
	git -C app verify-tag v1.3.0 && both v1.3.0 origin/production
'

test_expect_success 'over SSH, with a hook that refuses once' '
	unset GNUPGHOME && rm "$HOME/.gitconfig" &&
	test_at_done stop_all_sshd && start_sshd &&
	GIT_SSH_COMMAND="ssh -F $SSH_DIR/ssh_config" &&
	export GIT_SSH_COMMAND && new_repo &&
	git -C app remote set-url origin "ssh://web1$TRASH/origin.git" &&
	printf "#!/bin/sh\necho closed >&2\nexit 1\n" \
		>origin.git/hooks/pre-receive &&
	chmod +x origin.git/hooks/pre-receive &&
	refused 4 "^error: remote: closed" v1.3.0 &&
	rm origin.git/hooks/pre-receive &&
	tag v1.3.0 && both v1.3.0 origin/production &&
	stop_sshd && test_expect_code 128 git -C app release tag v1.4.0 2>err &&
	test_grep "cannot read .origin." err
'

test_done
