#!/bin/sh

test_description='git serversync over ssh, with a remote and a forge'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-sshd.sh"
. "$TOP/tests/lib/lib-forge.sh"

test_at_done stop_all_sshd

# A Gitea: no description of a vendor is needed to check what it is asked.
gitea_start () {
	mkdir forge && : >forge/log && : >forge/violations &&
	echo "Bearer $CANARY" >forge/auth || return 1
	python3 -B "$TOP/tests/lib/mock-forge.py" forge good.pem >forge/out 2>&1 &
	test_at_done "kill $! 2>/dev/null"
	test_wait_for 30 test -s forge/port && FORGE_PORT=$(cat forge/port)
}

test_expect_success 'setup' '
	start_sshd && forge_certs && gitea_start &&
	make_app_repo app origin.git &&
	printf "[serversync]\n\tgitOnly = docs\n\ttarget = production\n" \
		>app/.gitrelease &&
	app_tag app v1.3.0 &&
	git -C app remote set-url origin "file://$TRASH/origin.git" &&
	git -C app push -q origin production v1.3.0 &&
	git -C app config core.sshCommand "ssh -F \"$SSH_DIR/ssh_config\"" &&
	app_target app production "ssh://web1$TRASH/srv" &&
	git -C app release -q v1.3.0 && live=srv/$(readlink srv/current)
'

# captures <exit status> [<option>...]
captures () {
	want_code=$1
	shift
	(cd app && test_expect_code "$want_code" git serversync "$@" \
		>../out 2>../err) || { cat out err; return 1; }
}

branch () {
	git -C app for-each-ref --format="%(refname:short)" \
		refs/heads/serversync/ | tail -n 1
}

test_expect_success 'nothing was changed' '
	captures 0 && echo "No server-side changes" >want && test_cmp want out
'

test_expect_success '25 changes come over, byte for byte' '
	for n in 1 2 3 4 5 6 7 8
	do
		echo "// $n" >>$live/app/Model$n.php || return 1
	done &&
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17
	do
		head -c ${n}000 /dev/urandom >$live/app/new$n.bin || return 1
	done &&
	captures 0 && test_grep "^Captured 25 files" out &&
	test_grep "^Pushed to origin" out &&
	git -C app log -1 --format="%(trailers:only)" "$(branch)" >got &&
	test_grep "^Server: web1$" got &&
	test "$(git -C origin.git rev-parse "$(branch)")" = \
		"$(git -C app rev-parse "$(branch)")" &&
	for n in 1 7 16
	do
		git -C origin.git cat-file blob "$(branch):app/new$n.bin" |
		cmp - $live/app/new$n.bin || return 1
	done &&
	git -C origin.git cat-file blob "$(branch):app/Model3.php" |
	cmp - $live/app/Model3.php
'

test_expect_success 'without a forge, the run ends with the branch' '
	test_grep ! "^Opened" out && captures 0 &&
	test_grep "^Already captured" out
'

test_expect_success 'the server cannot be reached' '
	git -C app config release.production.url "ssh://web1:1$TRASH/srv" &&
	captures 128 && test_must_be_empty out &&
	app_target app production "ssh://web1$TRASH/srv"
'

# From now on the remote is one that a forge has: a program in place of ssh
# leads to origin.git, whatever it is asked.
test_expect_success 'a remote that is on a forge' '
	cat >fake-ssh <<-EOF2 &&
	#!/bin/sh
	for last; do :; done
	exec "\${last%% *}" "$TRASH/origin.git"
	EOF2
	chmod 755 fake-ssh && rm -rf srv && app_target app production "$TRASH/srv" &&
	git -C app release -q --again v1.3.0 && live=srv/$(readlink srv/current) &&
	git -C app config core.sshCommand "$TRASH/fake-ssh" &&
	git -C app config ssh.variant simple &&
	git -C app remote set-url origin git@git.example.com:acme/shop.git &&
	git -C app config serversync.forge gitea &&
	git -C app config serversync.api "https://localhost:$FORGE_PORT/api/v1" &&
	git -C app config "http.https://localhost:$FORGE_PORT/.sslCAInfo" \
		"$TRASH/ca.pem" &&
	git -C app for-each-ref --format="delete %(refname)" refs/heads/serversync |
	git -C app update-ref --stdin &&
	git -C origin.git for-each-ref --format="delete %(refname)" \
		refs/heads/serversync | git -C origin.git update-ref --stdin &&
	echo "// hot" >>$live/app/Model1.php && rm $live/app/Model2.php &&
	echo x >$live/one.php && echo x >$live/two.php
'

test_expect_success 'without a token: the page where it is opened' '
	captures 0 --no-review && test_grep ! "review" out &&
	captures 0 && test_grep "^Open a review: https://" out &&
	test_grep "^Already captured" out
'

test_expect_success '--update without a token' '
	captures 128 --update && test_grep "nobody can be asked" err &&
	captures 129 --update --no-push && captures 129 --update --no-review
'

GITEA_TOKEN=$CANARY
export GITEA_TOKEN

test_expect_success '--update when no review is open: a new one' '
	captures 0 --update && test_grep "^warning: no review of production" err &&
	test_grep "^Opened https://localhost:.*/pulls/1$" out &&
	test_must_be_empty forge/violations &&
	test_grep "Server edits of production, 20" forge/requests.json &&
	test_grep "app/Model1.php" forge/requests.json &&
	test_grep "$(branch)" forge/requests.json && first=$(branch)
'

test_expect_success 'again: it is the same' '
	captures 0 && test_grep "^Already captured" out &&
	test "$(grep -c ^POST forge/log)" = 1
'

test_expect_success '--update goes on with it' '
	git -C app serversync reject -q "$first" one.php &&
	echo "// more" >>$live/app/Model1.php && echo x >$live/three.php &&
	captures 0 --update && test_grep "^Updated https://localhost:.*/pulls/1$" out &&
	test "$(branch)" = "$first" &&
	git -C app diff --name-status v1.3.0 "$first" >got &&
	printf "M\tapp/Model1.php\nA\tthree.php\nA\ttwo.php\n" >want &&
	test_cmp want got &&
	test "$(git -C origin.git rev-parse "$first")" = \
		"$(git -C app rev-parse "$first")" &&
	git -C app show "$first:app/Model1.php" | cmp - $live/app/Model1.php &&
	captures 0 --update && test_grep "^Already captured" out &&
	test_must_be_empty forge/violations
'

test_expect_success 'the token is nowhere' '
	test_must_fail grep -r $CANARY out err app/.git origin.git srv
'

test_done
