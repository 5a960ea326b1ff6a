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

test_done
