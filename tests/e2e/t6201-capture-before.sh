#!/bin/sh

test_description='git serversync: what is told before a server is asked, and how a commit is made'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-serversync.sh"
test_require ssh-keygen

# unasked <exit status> [<option>...]: as captures, while there is no server.
unasked () {
	mv srv away && captures "$@"
	unasked_code=$?
	mv away srv && return $unasked_code
}

# objects: how many there are in app.
objects () {
	git -C app count-objects | cut -d" " -f1
}

test_expect_success 'setup' '
	project && echo x >$live/new.php && rm $live/app/Model1.php
'

test_expect_success 'a message in UTF-8, whatever i18n.commitEncoding says' '
	git -C app config i18n.commitEncoding ISO-8859-1 &&
	captures 0 --no-push --delete "app/Model1.php=zu groß" &&
	git -C app config --unset i18n.commitEncoding &&
	git -C app cat-file commit "$(branch)" >commit &&
	test_grep ! "^encoding" commit &&
	git -C app log -1 --format="%(trailers)" "$(branch)" >got &&
	test_grep "^Deletion-Reason: app/Model1.php — zu groß$" got
'

test_expect_success 'signed where git commit would sign' '
	ssh-keygen -q -t ed25519 -N "" -C tester -f key &&
	git -C app config gpg.format ssh &&
	git -C app config user.signingKey "$TRASH/key" &&
	git -C app config commit.gpgSign true &&
	captures 0 --no-push &&
	git -C app cat-file commit "$(branch)" >commit &&
	test_grep "BEGIN SSH SIGNATURE" commit &&
	git -C app config user.signingKey "$TRASH/no-such-key" &&
	echo more >>$live/new.php && captures 128 --no-push &&
	test_grep "cannot make the commit" err &&
	git -C app config commit.gpgSign false && captures 0 --no-push &&
	git -C app cat-file commit "$(branch)" >commit &&
	test_grep ! SIGNATURE commit
'

test_expect_success 'who commits is not known: told first' '
	project && echo x >$live/new.php && before=$(objects) &&
	git -C app config user.useConfigOnly true &&
	(
		unset GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL EMAIL &&
		unasked 128 --no-push && test_grep "no email was given" err &&
		test_grep "^hint: git config --global user.name" err
	) &&
	(
		unset GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL EMAIL &&
		unasked 128 && test_grep "no email was given" err &&
		captures 0 -n
	) &&
	test "$(objects)" = "$before" && captures 0
'

test_expect_success 'no remote: told first, unless none is needed' '
	project && echo x >$live/new.php && git -C app remote remove origin &&
	unasked 128 && test_grep "^fatal: there is no remote .origin." err &&
	test_grep "^hint: --no-push keeps the capture here" err &&
	captures 0 -n && captures 0 --no-push
'

test_expect_success 'a branch in the way: told first' '
	project && echo x >$live/new.php && git -C app branch serversync &&
	unasked 128 && test_grep "^fatal: the branch .serversync. is where" err &&
	test_grep "^hint: git branch -m serversync <another name>" err &&
	git -C app branch -D serversync && git -C app branch serversync/production &&
	unasked 128 && test_grep "branch -m serversync/production <" err &&
	captures 0 -n && git -C app branch -m serversync/production serversync/other &&
	captures 0
'

test_done
