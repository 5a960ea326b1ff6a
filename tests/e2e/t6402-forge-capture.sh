#!/bin/sh

test_description='git serversync: from the server to the review request'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-forge.sh"

# The forge's git server, as git reaches it: over "ssh".
cat >ssh <<EOF
#!/bin/sh
for command; do :; done
case \$command in
git-receive-pack*) exec git receive-pack "$TRASH/origin.git" ;;
git-upload-pack*) exec git upload-pack "$TRASH/origin.git" ;;
esac
EOF
chmod +x ssh
GIT_SSH_COMMAND=$TRASH/ssh GIT_SSH_VARIANT=simple
export GIT_SSH_COMMAND GIT_SSH_VARIANT

# captures [<option>...]: in app, its output in out and err.
captures () {
	(cd app && git serversync "$@") >out 2>err || { cat out err; return 1; }
	test_grep ! canary out && test_grep ! canary err
}

# asked <what the methods were, one after the other>
asked () {
	test "$(sed 's/ .*//' forge/log | tr '\n' ' ')" = "$1" || {
		cat forge/log
		return 1
	}
}

test_expect_success 'a server that was edited' '
	forge_certs && forge_start forge &&
	make_app_repo app origin.git && app_target app production "$TRASH/srv" &&
	printf "[serversync]\n\tgitOnly = docs\n\tforge = gitlab\n" \
		>app/.gitrelease &&
	git -C app config "http.https://localhost:$FORGE_PORT/.sslCAInfo" \
		"$PWD/ca.pem" &&
	git -C app config serversync.api "https://localhost:$FORGE_PORT" &&
	app_tag app v1.3.0 && git -C app push -q origin production v1.3.0 &&
	git -C app release -q v1.3.0 &&
	git -C app config remote.origin.url \
		git@git.example.com:group/sub/shop.git &&
	echo "// hot" >>srv/current/app/Model1.php
'

test_expect_success 'without a token: the page' '
	captures &&
	test_grep "https://git.example.com/group/sub/shop/-/merge_requests/new" out &&
	test_must_be_empty forge/log
'

GITLAB_TOKEN=$CANARY
export GITLAB_TOKEN

test_expect_success 'nobody is asked with --no-review, or with -n' '
	captures --no-review && captures -n && test_must_be_empty forge/log
'

test_expect_success 'the same command again, with a token: a request' '
	captures && asked "GET POST " && test_must_be_empty forge/violations &&
	test_grep "merge_requests/1$" out &&
	branch=$(git -C origin.git for-each-ref --format="%(refname:short)" \
		refs/heads/serversync/production/) &&
	test_grep "\"branch\": \"$branch\"" forge/requests.json &&
	test_grep "app/Model1.php" forge/requests.json &&
	test_grep "Server edits of production" forge/requests.json
'

test_expect_success 'once more: it is told, and nothing is opened' '
	: >forge/log && captures && asked "GET " &&
	test_grep "merge_requests/1$" out
'

test_expect_success 'more edits, with --update: the same request' '
	echo "// hotter" >>srv/current/app/Model2.php &&
	was=$(git -C origin.git rev-parse "$branch") &&
	: >forge/log && captures --update &&
	asked "GET GET PUT " && test_must_be_empty forge/violations &&
	test_grep "app/Model2.php" forge/requests.json &&
	git -C origin.git merge-base --is-ancestor "$was" "$branch" &&
	test "$was" != "$(git -C origin.git rev-parse "$branch")" &&
	test_grep "merge_requests/1$" out
'

test_expect_success 'a forge in trouble: the capture is safe, and a warning says it' '
	echo "// hottest" >>srv/current/app/Model3.php &&
	echo "status 404" >forge/mode && captures &&
	test_grep "^warning: .*has no .group/sub/shop." err &&
	test_grep "merge_requests/new" out && rm forge/mode &&
	test "$(git -C origin.git for-each-ref \
		refs/heads/serversync/production/ | wc -l)" = 2
'

unset GITLAB_TOKEN

test_expect_success 'GitLab opens it on the push' '
	git -C origin.git config receive.advertisePushOptions true &&
	cat >origin.git/hooks/post-receive <<-EOF &&
	#!/bin/sh
	echo "\$GIT_PUSH_OPTION_COUNT \$GIT_PUSH_OPTION_0" >"$PWD/options"
	printf "%s\\n" "\$GIT_PUSH_OPTION_3" >>"$PWD/options"
	echo "View merge request for x:"
	echo "  https://git.example.com/group/sub/shop/-/merge_requests/9"
	EOF
	chmod +x origin.git/hooks/post-receive &&
	echo "// hotter still" >>srv/current/app/Model4.php &&
	: >forge/log && captures && test_must_be_empty forge/log &&
	test_grep "^4 merge_request.create$" options &&
	test_grep "^merge_request.description=.*app/Model4.php" options &&
	test_grep "https://git.example.com/group/sub/shop/-/merge_requests/9$" out
'

test_done
