#!/bin/sh

test_description='the review request of a capture: GitHub, GitLab, Bitbucket, Gitea'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-forge.sh"

branch=serversync/production/20261126120000

# use <forge> <path of its service> <url of the remote> [<authorization>]
use () {
	git -C app config remote.origin.url "$3" &&
	git -C app config serversync.forge "$1" &&
	git -C app config serversync.api "https://localhost:$FORGE_PORT$2" &&
	forge_reset && echo "${4:-Bearer $CANARY}" >forge/auth
}

on_github () {
	use github /api/v3 git@github.example.com:acme/shop.git
}

# posted: how often something was to be opened.
posted () {
	test "$(grep -c ^POST forge/log)" = "$1" || {
		echo "wanted $1 POST:"
		cat forge/log
		return 1
	}
}

in_order () {
	test_must_be_empty forge/violations
}

test_expect_success 'what is needed' '
	forge_certs && forge_prism && forge_start forge &&
	git init -q app &&
	git -C app config "http.https://localhost:$FORGE_PORT/.sslCAInfo" \
		"$PWD/ca.pem" &&
	printf "[release \"production\"]\n\turl = ssh://web1/srv/shop\n" \
		>app/.gitrelease
'

GITHUB_TOKEN=$CANARY GITLAB_TOKEN=$CANARY BITBUCKET_TOKEN=$CANARY
GITEA_TOKEN=$CANARY
export GITHUB_TOKEN GITLAB_TOKEN BITBUCKET_TOKEN GITEA_TOKEN

# every <name> <body>: the same with all five; page is a request's.
every () {
	for how in \
		"github|/api/v3|git@git.example.com:acme/shop.git|pull/" \
		"gitlab|/api/v4|git@git.example.com:group/sub/shop.git|group/sub/shop/-/merge_requests/" \
		"bitbucket|/2.0|git@bitbucket.org:acme/shop.git|pull-requests/" \
		"bitbucket|/rest/api/1.0|ssh://git@git.example.com/SHOP/app.git|pull-requests/" \
		"gitea|/api/v1|https://git.example.com/acme/shop.git|pulls/"
	do
		forge=${how%%|*} rest=${how#*|}
		service=${rest%%|*} rest=${rest#*|}
		remote=${rest%%|*} page=${rest#*|}
		test_expect_success "$forge ($service): $1" "
			use $forge $service $remote &&$2
		"
	done
}

every 'opens one' '
	forge_drive open $branch main "Some *text*" &&
	test_grep "^url: https://localhost:.*${page}1$" out &&
	test_grep "^did: opened$" out && test_must_be_empty err &&
	test_grep "Some \*text\*" forge/requests.json && posted 1 && in_order
'

every 'one of this branch is there: it is told, and not touched' '
	forge_drive open $branch main first &&
	forge_drive open $branch main second &&
	test_grep "${page}1$" out && test_grep "^did:$" out &&
	test_grep first forge/requests.json &&
	test_grep ! second forge/requests.json && posted 1 && in_order
'

every 'with --update it gets the text' '
	forge_drive open $branch main first &&
	forge_drive --update open $branch main second &&
	test_grep "${page}1$" out && test_grep "^did: updated$" out &&
	test_grep ! first forge/requests.json &&
	test_grep second forge/requests.json && posted 1 && in_order
'

every 'somebody opens it at the same time' '
	forge_drive open $branch main first &&
	echo race >forge/mode &&
	forge_drive open $branch main second &&
	test_grep "^url: https://localhost" out && in_order
'

every 'the answer is lost: looked up, not doubled' '
	echo cut >forge/mode &&
	forge_drive open $branch main text &&
	test_grep "${page}1$" out && test_grep "^did: opened$" out &&
	test_must_be_empty err && posted 1 && in_order
'

every 'the answer is nonsense: looked up, not doubled' '
	echo garbled >forge/mode &&
	forge_drive open $branch main text &&
	test_grep "${page}1$" out && test_grep "^did: opened$" out && posted 1 && in_order
'

# requests <n> <of these, from behind>: {number, branch} of many.
requests () {
	python3 - "$@" >forge/requests.json <<-\EOF
	import json, sys
	many = [{"number": n, "branch": f"topic/{n}", "into": "main",
	         "title": "t", "body": "b"} for n in range(1, int(sys.argv[1]))]
	for i, name in enumerate(sys.argv[2:]):
	    many[i].update(branch=name.rstrip("!"), foreign=name[-1] == "!")
	json.dump(many[::-1], sys.stdout)
	EOF
}

every 'finds the newest of the environment among many' '
	requests 120 serversync/production/1 serversync/production/2 \
		serversync/production/eu/3 serversync/staging/4 \
		serversync/production/5! serversync/production/6:x \
		serversync/production/7.lock "serversync/production/8 x" &&
	forge_drive existing serversync/production/ main - &&
	test_grep "^branch: serversync/production/2$" out &&
	test_grep "${page}2$" out && in_order
'

every 'finds none' '
	requests 60 serversync/staging/1 serversync/production/5! &&
	test_expect_code 2 forge_drive existing serversync/production/ main - &&
	test_grep "no such open request" err && in_order
'

test_done
