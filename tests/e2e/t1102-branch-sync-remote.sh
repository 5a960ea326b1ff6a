#!/bin/sh

test_description='git branch-sync: a remote that says no, or nothing at all'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-branches.sh"
test_require ssh-keygen

fresh () {
	rm -rf origin.git app second.git &&
	branches_make origin.git app &&
	tip=$(git -C app rev-parse c4)
}

# hook <repository> <name>: its text from stdin.
hook () {
	cat >"$1/hooks/$2" && chmod +x "$1/hooks/$2"
}

test_expect_success 'a hook of the remote that rejects one branch' '
	fresh &&
	hook origin.git update <<-\EOT &&
	#!/bin/sh
	test "$1" != refs/heads/staging && exit 0
	echo "staging is frozen $(printf "\033")[2J"
	exit 1
	EOT
	stops 1 &&
	test_grep "^error: .*refused: staging: .*hook declined" err &&
	test_grep "remote: staging is frozen" err &&
	test_grep ! "$(printf "\033")" err &&
	test_grep ! "main: " err &&
	rm origin.git/hooks/update && git -C app branch-sync &&
	branches_at origin.git $tip main staging
'

test_expect_success 'a hook of the remote that rejects all' '
	fresh &&
	printf "#!/bin/sh\nexit 1\n" | hook origin.git pre-receive &&
	stops 1 && test_grep "pre-receive hook declined" err
'

test_expect_success 'our own pre-push hook refuses' '
	fresh &&
	printf "#!/bin/sh\necho not today >&2\nexit 1\n" |
		hook app/.git pre-push &&
	stops 1 && test_grep "^error: cannot push to .origin." err &&
	test_grep "^error: not today" err
'

# Between what was fetched and what is pushed.
test_expect_success 'a branch that moves between the look and the push' '
	fresh &&
	hook app/.git pre-push <<-EOT &&
	#!/bin/sh
	unset GIT_DIR
	git -C "$PWD/origin.git" update-ref refs/heads/staging \
		$(git -C app rev-parse c2)
	EOT
	test_expect_code 1 git -C app branch-sync >out 2>err &&
	test_grep "stale info\|cannot lock ref\|failed to update" err &&
	test_grep "^hint: somebody else moved it" err &&
	branches_at origin.git "$(git -C app rev-parse c1)" main &&
	branches_at origin.git "$(git -C app rev-parse c2)" staging &&
	branches_at app "$(git -C app rev-parse c1)" main develop
'

# before_push <branch> <commit>: it moves there when the push connects.
before_push () {
	cat >receive <<-EOT &&
	#!/bin/sh
	git -C "$PWD/origin.git" update-ref refs/heads/$1 $2 &&
	exec git-receive-pack "\$@"
	EOT
	chmod +x receive &&
	git -C app config remote.origin.receivepack "$PWD/receive"
}

test_expect_success 'a branch that was moved when the push connects' '
	fresh && before_push main "$(git -C app rev-parse c2)" &&
	test_expect_code 1 git -C app branch-sync >out 2>err &&
	test_grep "refused: main: .rejected. (stale info)" err &&
	test_grep "^hint: somebody else moved it" err &&
	branches_at origin.git "$(git -C app rev-parse c2)" main &&
	branches_at origin.git "$(git -C app rev-parse c3)" staging &&
	branches_at app "$(git -C app rev-parse c1)" main develop
'

test_expect_success 'what somebody pushed meanwhile is not overwritten' '
	fresh && (cd app && git checkout -q -b side c1 && branches_commit Side) &&
	git -C app push -q origin side &&
	before_push main "$(git -C app rev-parse side)" &&
	test_expect_code 1 git -C app branch-sync >out 2>err &&
	branches_at origin.git "$(git -C app rev-parse side)" main &&
	branches_at origin.git "$(git -C app rev-parse c3)" staging
'

test_expect_success 'a branch that moves while the remote takes the push' '
	fresh &&
	hook origin.git pre-receive <<-EOT &&
	#!/bin/sh
	unset GIT_QUARANTINE_PATH
	git update-ref refs/heads/staging $(git -C app rev-parse c2)
	EOT
	test_expect_code 1 git -C app branch-sync >out 2>err &&
	branches_at origin.git "$(git -C app rev-parse c1)" main &&
	branches_at origin.git "$(git -C app rev-parse c2)" staging &&
	branches_at app "$(git -C app rev-parse c1)" main develop
'

test_expect_success 'a remote without atomic pushes' '
	fresh && git -C origin.git config receive.advertiseAtomic false &&
	stops 128 && test_grep "does not support --atomic push" err &&
	test_grep "^hint: .*receive.advertiseAtomic" err
'

test_expect_success 'two urls to push to cannot be moved as one' '
	fresh && git clone -q --bare origin.git second.git &&
	git -C app remote set-url --add --push origin "$PWD/origin.git" &&
	git -C app remote set-url --add --push origin "$PWD/second.git" &&
	stops 128 && test_grep "2 urls" err
'

test_expect_success 'another url to push to is the one that is read back' '
	fresh && git clone -q --bare origin.git second.git &&
	git -C app remote set-url --push origin "$PWD/second.git" &&
	git -C app branch-sync &&
	branches_at second.git $tip main staging &&
	branches_at origin.git "$(git -C app rev-parse c1)" main
'

test_expect_success 'the report is lost, the push is not: it is read back' '
	fresh &&
	printf "#!/bin/sh\nkill -9 \$PPID\n" | hook origin.git post-receive &&
	git -C app branch-sync >out 2>err &&
	test_grep "^Moved main, staging" out &&
	branches_at origin.git $tip main staging && branches_at app $tip main
'

test_expect_success 'nothing can be read back: unknown, and what to type' '
	fresh &&
	cat >receive <<-\EOT && chmod +x receive &&
	#!/bin/sh
	git-receive-pack "$@"
	mv "$1" "$1.away"
	EOT
	git -C app config remote.origin.receivepack "$PWD/receive" &&
	test_expect_code 5 git -C app branch-sync >out 2>err &&
	test_grep "^error: it is not known whether" err &&
	test_grep "^hint: git ls-remote origin" err &&
	mv origin.git.away origin.git &&
	branches_at app "$(git -C app rev-parse c1)" main develop &&
	git -C app config --unset remote.origin.receivepack &&
	git -C app branch-sync && branches_at app $tip main develop &&
	branches_at origin.git $tip main staging develop
'

test_expect_success 'the remote has it, a lock keeps ours: the next run moves them' '
	fresh && >app/.git/refs/heads/develop.lock &&
	test_expect_code 5 git -C app branch-sync >out 2>err &&
	test_grep "those here did not move" err &&
	branches_at origin.git $tip main staging &&
	branches_at app "$(git -C app rev-parse c1)" main develop &&
	rm app/.git/refs/heads/develop.lock &&
	git -C app branch-sync && branches_at app $tip main develop
'

test_expect_success 'a remote that takes it and loses it is found out' '
	fresh &&
	hook origin.git post-receive <<-\EOT &&
	#!/bin/sh
	while read old new ref
	do
		git update-ref $ref $old
	done
	EOT
	stops 5 && test_grep "^error: of 2 refs on .origin. 0 moved" err &&
	test_grep "^hint: git ls-remote origin" err
'

# faster <step>: what another run has done here meanwhile, files and all, is
# done (by the script on stdin) when our push or update-ref starts, or when
# the latter is to lock the refs.
faster () {
	mkdir -p faster && cat >faster/run && chmod +x faster/run &&
	faster_git=$(command -v git) &&
	cat >faster/git <<-EOT && chmod +x faster/git
	#!/bin/sh
	case "$1 \$* " in
	lock*" update-ref "*)
		rm -f $TRASH/faster/fifo && mkfifo $TRASH/faster/fifo &&
		exec 3<&0
		sed -u "/^prepare/e $TRASH/faster/run" <&3 \
			>$TRASH/faster/fifo 2>/dev/null &
		exec "$faster_git" "\$@" <$TRASH/faster/fifo 3<&- ;;
	*" $1 "*)
		$TRASH/faster/run ;;
	esac
	exec "$faster_git" "\$@"
	EOT
}

sync_slowly () {
	(cd app && PATH=$TRASH/faster:$PATH && git-branch-sync >../out 2>../err)
}

test_expect_success 'branches here that another run moves meanwhile' '
	for step in push update-ref lock
	do
		fresh && git -C app checkout -q main &&
		faster $step <<-EOT &&
		#!/bin/sh
		cd "$PWD/app" && git merge -q --ff-only c4 &&
		git branch -f develop c4
		EOT
		sync_slowly && branches_at app $tip main develop &&
		test -z "$(git -C app status --porcelain)" || return 1
	done
'

test_expect_success 'they stay there when another one cannot follow' '
	fresh && git -C app checkout -q main &&
	git -C app worktree add -q ../tree2 develop &&
	>app/.git/worktrees/tree2/index.lock &&
	faster push <<-EOT &&
	#!/bin/sh
	git -C "$PWD/app" merge -q --ff-only c4
	EOT
	test_expect_code 5 sync_slowly && branches_at app $tip main &&
	branches_at app "$(git -C app rev-parse c1)" develop &&
	test -z "$(git -C app status --porcelain)" &&
	rm app/.git/worktrees/tree2/index.lock && git -C app branch-sync &&
	branches_at app $tip develop &&
	test -z "$(git -C tree2 status --porcelain)" && rm -rf tree2
'

test_expect_success '--tag: made, annotated, in the same push' '
	fresh &&
	git -C app branch-sync -n --tag 1.2.0 >out &&
	test_grep "^Tag v1.2.0 would name production" out &&
	test -z "$(git -C origin.git tag)" &&
	git -C app branch-sync --tag 1.2.0 >out &&
	test_grep "^Tag v1.2.0 names production" out &&
	test "$(git -C origin.git cat-file -t v1.2.0)" = tag &&
	test "$(git -C origin.git rev-parse v1.2.0^{})" = $tip &&
	test "$(git -C origin.git rev-parse v1.2.0)" = \
		"$(git -C app rev-parse v1.2.0)" &&
	branches_before origin.git app &&
	git -C app branch-sync --tag v1.2.0 &&
	branches_same origin.git app
'

test_expect_success '--tag: your own one is pushed; a wrong one stops all' '
	fresh &&
	git -C app tag -a -m mine v1.2.0 c4 &&
	git -C app tag -a -m old v1.1.0 c2 &&
	git -C app tag v1.0.0 c4 &&
	stops 1 --tag 1.1.0 && test_grep "tag .v1.1.0. is of" err &&
	stops 1 --tag 1.0.0 && test_grep "lightweight" err &&
	stops 128 --tag "v1;x" && test_grep "is not a version" err &&
	git -C app branch-sync --tag 1.2.0 &&
	test "$(git -C origin.git rev-parse v1.2.0)" = \
		"$(git -C app rev-parse v1.2.0)" &&
	branches_at origin.git $tip main staging
'

test_expect_success '--tag: a published version is not moved' '
	fresh &&
	git -C app tag -a -m first v1.2.0 c2 &&
	git -C app push -q origin v1.2.0 &&
	git -C app tag -d v1.2.0 >/dev/null &&
	test_expect_code 1 git -C app branch-sync --tag 1.2.0 2>err &&
	test_grep "tag .v1.2.0. is of" err &&
	git -C app tag -f -a -m second v1.2.0 c4 >/dev/null &&
	stops 1 --tag 1.2.0 &&
	test_grep "a published version is not moved" err
'

test_expect_success '--tag: rejected, and the tag that was made is gone again' '
	fresh &&
	hook origin.git update <<-\EOT &&
	#!/bin/sh
	test "$1" != refs/tags/v1.2.0
	EOT
	stops 1 --tag 1.2.0 && test_grep "refused: v1.2.0: " err
'

test_expect_success '--tag: to be signed, and git makes it without: not pushed' '
	fresh && git -C app config tag.gpgSign true &&
	git -C app config gpg.format ssh &&
	git -C app config user.signingKey "$PWD/nokey" &&
	stops 128 --tag 1.2.0 && test_grep "^fatal: .*sign.*nokey" err &&
	git -C app config --unset tag.gpgSign &&
	git -C app config release.signed tag &&
	stops 128 --tag 1.2.0 && test_grep "^fatal: .*sign.*nokey" err &&
	git -C app tag -a -m mine v1.2.0 c4 &&
	stops 1 --tag 1.2.0 && test_grep "no good signature" err
'

test_expect_success '--tag: signed as git or the settings say' '
	fresh && ssh-keygen -q -t ed25519 -N "" -f key &&
	git -C app config gpg.format ssh &&
	git -C app config user.signingKey "$PWD/key" &&
	git -C app config tag.gpgSign true &&
	git -C app branch-sync --tag 1.2.0 &&
	git -C origin.git cat-file tag v1.2.0 >tag &&
	test_grep "BEGIN SSH SIGNATURE" tag &&
	git -C app config --unset tag.gpgSign &&
	git -C app config release.signed tag &&
	git -C app branch-sync --tag 1.3.0 &&
	git -C origin.git cat-file tag v1.3.0 >tag &&
	test_grep "BEGIN SSH SIGNATURE" tag
'

test_expect_success '--tag: a branch of the same name, before anything is made' '
	fresh && git -C app branch v1.2.0 c2 &&
	stops 1 --tag 1.2.0 && test_grep "^error: .v1.2.0. is a branch" err &&
	stops 1 -n --tag 1.2.0
'

test_expect_success '--tag: others that begin alike are no matter' '
	fresh && git -C app tag v1.2.0-rc.1 c2 &&
	git -C app push -q origin c3:refs/tags/v1.2.0-rc.1 \
		c3:refs/tags/v1.2.01 &&
	git -C app branch-sync --tag 1.2.0 &&
	test "$(git -C app rev-parse v1.2.0-rc.1)" = \
		"$(git -C app rev-parse c2)" &&
	test_must_fail git -C app rev-parse -q --verify v1.2.01
'

test_done
