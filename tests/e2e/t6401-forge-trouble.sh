#!/bin/sh

test_description='the review request of a capture: what goes wrong, and tokens'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-forge.sh"

branch=serversync/production/20261126120000
escape=$(printf '\033')

# use <forge> <path of its service> <url of the remote>
use () {
	git -C app config remote.origin.url "$3" &&
	git -C app config serversync.forge "$1" &&
	git -C app config serversync.api "https://localhost:$FORGE_PORT$2" &&
	git -C app config "http.https://localhost:$FORGE_PORT/.sslCAInfo" \
		"$PWD/ca.pem" &&
	forge_reset
}

on_gitlab () {
	use gitlab /api/v4 git@git.example.com:group/sub/shop.git
}

posted () {
	test "$(grep -c ^POST forge/log)" = "$1" || {
		echo "wanted $1 POST:"
		cat forge/log
		return 1
	}
}

# Whatever is seen, on any way out.
no_canary () {
	test_grep ! canary out && test_grep ! canary err
}

# warns <regular expression> [<option>]: no request, but a page and this.
warns () {
	forge_drive $2 open $branch main text &&
	test_grep "^warning: .*$1" err && no_canary &&
	test "$(wc -l <err)" = 1 && test_grep ! "$escape" err &&
	test_grep "page-only" out &&
	test_grep "https://git.example.com/.*/merge_requests/new" out
}

test_expect_success 'what is needed' '
	forge_certs && forge_start forge &&
	git init -q app &&
	printf "[release \"production\"]\n\turl = ssh://web1/srv/shop\n" \
		>app/.gitrelease
'

GITLAB_TOKEN=$CANARY
export GITLAB_TOKEN

test_expect_success 'a token that is not accepted' '
	on_gitlab && echo "Bearer another" >forge/auth &&
	warns "localhost:.* does not accept the token of GITLAB_TOKEN, which needs the scope .api.*Bad credentials"
'

test_expect_success 'a token without the right' '
	on_gitlab && echo "post 403" >forge/mode &&
	warns "does not allow it with the token of GITLAB_TOKEN, which needs the scope .api. and the role Developer: as told" &&
	posted 1
'

test_expect_success 'a project that the token may not see' '
	on_gitlab && echo "status 404" >forge/mode &&
	warns "has no .group/sub/shop. for the token of GITLAB_TOKEN"
'

test_expect_success 'a token of no use as one' '
	on_gitlab &&
	(GITLAB_TOKEN="$(printf "canary\r\nX-Evil: 1")" &&
	 warns "GITLAB_TOKEN holds characters that no token has") &&
	test_must_be_empty forge/log
'

test_expect_success 'what is refused is told in its words' '
	on_gitlab && echo "post 422" >forge/mode &&
	warns "refuses it (422): as told" && posted 1
'

test_expect_success 'words that are not to be trusted' '
	on_gitlab && echo hostile >forge/mode &&
	warns "no.033\[31m.r.n.*forged" &&
	test "$(wc -c <err)" -lt 1000
'

test_expect_success 'a host that repeats the token' '
	on_gitlab && echo echo >forge/mode &&
	warns "wrong: Bearer \*\*\*"
'

test_expect_success 'basic authentication that is repeated' '
	use bitbucket /2.0 git@bitbucket.org:acme/shop.git &&
	encoded=$(printf "ann:$CANARY" | base64) &&
	echo "Basic $encoded" >forge/auth &&
	(BITBUCKET_TOKEN=ann:$CANARY && export BITBUCKET_TOKEN &&
	 forge_drive open $branch main text && test_grep opened out &&
	 echo echo >forge/mode &&
	 forge_drive open $branch main text) &&
	test_grep "wrong: \*\*\*" err && no_canary &&
	test_grep ! "$(echo "$encoded" | cut -c1-20)" err
'

test_expect_success 'a redirect is not followed, and the token stays' '
	forge_start second && second=$FORGE_PORT &&
	FORGE_PORT=$(cat forge/port) && on_gitlab &&
	echo "redirect https://localhost:$second/api/v4/x" >forge/mode &&
	warns "leads on to .localhost:$second., where the token is not sent" &&
	test_must_be_empty second/log &&
	echo "redirect http://localhost:$second/api/v4/x" >forge/mode &&
	warns "leads on to" && test_must_be_empty second/log
'

# distrust <certificate> <what libcurl says>
distrust () {
	forge_start "$1" "$1" &&
	use gitlab /api/v4 git@git.example.com:group/sub/shop.git &&
	warns "cannot reach localhost:$FORGE_PORT: .*$2" &&
	test_must_be_empty "$1/log"
}

test_expect_success 'certificates of nobody, of the past, and of others' '
	distrust self "self-signed" &&
	distrust expired "expired" &&
	distrust other "localhost" &&
	git -C app config http.sslVerify false &&
	distrust self "self-signed" &&
	GIT_SSL_NO_VERIFY=1 && export GIT_SSL_NO_VERIFY &&
	distrust self "self-signed" && unset GIT_SSL_NO_VERIFY &&
	git -C app config --unset http.sslVerify
'
FORGE_PORT=$(cat forge/port)

test_expect_success 'a CA nobody told us of' '
	on_gitlab && git -C app config --unset \
		"http.https://localhost:$FORGE_PORT/.sslCAInfo" &&
	warns "cannot reach.*sslCAInfo" && test_must_be_empty forge/log &&
	(GIT_SSL_CAINFO=$PWD/ca.pem && export GIT_SSL_CAINFO &&
	 forge_drive open $branch main text) && test_grep opened out
'

test_expect_success 'only https' '
	on_gitlab &&
	git -C app config serversync.api "http://localhost:$FORGE_PORT/api/v4" &&
	{ forge_drive open $branch main text; cat err; } &&
	test_grep "https" err && test_must_be_empty forge/log
'

test_expect_success 'answers without an end' '
	on_gitlab &&
	for mode in endless headers huge
	do
		echo $mode >forge/mode &&
		warns "the answer of localhost.* is too long\|no answer from" ||
			return 1
	done
'

test_expect_success 'answers that are no JSON, or would fill the memory' '
	on_gitlab && echo html >forge/mode &&
	warns "is no JSON: <html>.033\[2J please log in" &&
	echo nested >forge/mode && warns "is no JSON: \[\["
'

test_expect_success 'a host in trouble is asked twice, and no more' '
	on_gitlab && echo "once status 503" >forge/mode &&
	forge_drive open $branch main text && test_grep opened out &&
	posted 1 && forge_reset && echo "status 503" >forge/mode &&
	warns "is in trouble (503): as told" &&
	test "$(wc -l <forge/log)" = 2
'

test_expect_success 'trouble while it is opened: looked up before it is asked again' '
	on_gitlab && echo "post 502" >forge/mode &&
	warns "is in trouble (502)" && posted 2 &&
	test "$(sed "s/ .*//" forge/log | tr "\n" " ")" = \
		"GET POST GET POST GET "
'

test_expect_success 'a redirect to nowhere' '
	on_gitlab && echo "status 304" >forge/mode &&
	warns "localhost:.* leads on to nowhere (304)"
'

test_expect_success 'a host that wants to be left alone for a while' '
	on_gitlab && echo "status 429" >forge/mode &&
	warns "no more requests of GITLAB_TOKEN for now" &&
	on_gitlab && echo "once status 429 1" >forge/mode &&
	forge_drive open $branch main text && test_grep opened out &&
	posted 1 && forge_reset && echo "status 429 3600" >forge/mode &&
	warns "no more requests of GITLAB_TOKEN for 3600 seconds" &&
	test "$(wc -l <forge/log)" = 1
'

test_expect_success 'the connection is lost before it was opened' '
	on_gitlab && echo drop >forge/mode &&
	warns "no answer from localhost" && posted 1
'

test_expect_success 'nobody is there' '
	on_gitlab &&
	git -C app config serversync.api https://localhost:1/api/v4 &&
	warns "cannot reach localhost:1"
'

# Takes one connection, and keeps what it is told first.
test_expect_success 'a proxy is used, and never sees the token' '
	on_gitlab && cat >proxy.py <<-\EOF &&
	import socket
	s = socket.socket()
	s.bind(("127.0.0.1", 0))
	s.listen()
	open("proxy.port", "w").write(f"{s.getsockname()[1]}\n")
	one = s.accept()[0]
	open("proxy.heard", "wb").write(one.recv(65536))
	one.sendall(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")
	EOF
	{ python3 proxy.py & } && test_wait_for 30 test -s proxy.port &&
	git -C app config "http.https://localhost:$FORGE_PORT/.proxy" \
		"http://localhost:$(cat proxy.port)" &&
	warns "no answer from localhost:$FORGE_PORT: .*403" &&
	git -C app config --unset "http.https://localhost:$FORGE_PORT/.proxy" &&
	test_grep "^CONNECT localhost:$FORGE_PORT" proxy.heard &&
	test_grep ! "canary\|Bearer" proxy.heard &&
	test_must_be_empty forge/log
'

test_expect_success 'it is not known how it went' '
	on_gitlab && forge_start dying && on_gitlab &&
	cat >dying/mode <<-\EOF &&
	die
	EOF
	warns "it is not known whether the request was opened: no answer from localhost.*; then cannot reach" &&
	FORGE_PORT=$(cat forge/port)
'

test_expect_success 'a text that is too long is cut, and that is told' '
	use bitbucket /rest/api/1.0 git@git.example.com:SHOP/app.git &&
	long=$(seq -f "line %g of a text that is long" 3000) &&
	(BITBUCKET_TOKEN=$CANARY && export BITBUCKET_TOKEN &&
	 forge_drive open $branch main "$long") &&
	test_grep opened out && test_grep "too long for this forge" err &&
	test_grep "ends here" forge/requests.json &&
	test_must_be_empty forge/violations
'

test_expect_success 'reviewers stay who they are' '
	(BITBUCKET_TOKEN=$CANARY && export BITBUCKET_TOKEN &&
	 use bitbucket /rest/api/1.0 git@git.example.com:SHOP/app.git &&
	 forge_drive open $branch main text &&
	 sed -i "s/\"title\"/\"reviewers\": [{\"user\": {\"name\": \"ann\"}}], &/" \
		forge/requests.json &&
	 forge_drive --update open $branch main other &&
	 test_grep "\"ann\"" forge/requests.json &&
	 use bitbucket /2.0 git@bitbucket.org:acme/shop.git &&
	 forge_drive open $branch main text &&
	 sed -i "s/\"title\"/\"reviewers\": [{\"uuid\": \"{0a}\"}], &/" \
		forge/requests.json &&
	 forge_drive --update open $branch main other) &&
	test_grep "{0a}" forge/requests.json && test_grep updated out &&
	test_must_be_empty forge/violations
'

# A token of one host is not shown to another.
test_expect_success 'the environment: a token is not for any host' '
	on_gitlab && git -C app config --unset serversync.api &&
	warns "GITLAB_TOKEN is not sent to git.example.com"
'

unset GITLAB_TOKEN

test_expect_success 'no token: the page, and nobody is asked' '
	on_gitlab && forge_drive open $branch main text &&
	test_must_be_empty err && test_must_be_empty forge/log &&
	test_grep "^did: page-only" out &&
	test_grep "^url: https://git.example.com/group/sub/shop/-/merge_requests/new?.*20261126120000.*=main$" out &&
	test_expect_code 10 forge_drive existing serversync/production/ main - &&
	test_grep "there is no token to ask GitLab" err
'

test_expect_success 'a remote that is nowhere on the web' '
	on_gitlab && git -C app config remote.origin.url /srv/git/shop.git &&
	forge_drive all $branch main text && test_grep "^url: -$" out &&
	test_grep "^error: .*leads to no forge" err
'

test_expect_success 'no token: one that the push tells of' '
	on_gitlab && cat >words <<-EOF &&
	remote: Maintenance on Sunday: https://status.example.com/1
	remote: View merge request for $branch:
	remote:   https://git.example.com/group/sub/shop/-/merge_requests/12
	EOF
	forge_drive --words "$PWD/words" open $branch main text &&
	test_grep "^url: https://git.example.com/.*/merge_requests/12$" out &&
	test_grep "^did: opened by-push$" out
'

# helper <username>: of a git credential helper that writes down what it hears.
helper () {
	cat >helper <<-EOF &&
	#!/bin/sh
	echo "\$1" >>$PWD/heard
	cat >>$PWD/heard.\$1
	tr "\\0" " " </proc/\$PPID/cmdline >>$PWD/argv
	test "\$1" != get || printf "username=$1\npassword=$CANARY\n"
	EOF
	chmod +x helper && rm -f heard heard.* argv &&
	git -C app config --replace-all credential.helper "" &&
	git -C app config --add credential.helper "$PWD/helper"
}

test_expect_success 'a credential helper: asked once, told that it was right' '
	on_gitlab && helper oauth2 &&
	forge_drive --update all serversync/production/ main text &&
	test_grep "^did: opened" out && no_canary &&
	test "$(tr "\n" " " <heard)" = "get store " &&
	test_grep "^host=localhost:$FORGE_PORT$" heard.get &&
	test_grep "^password=$CANARY$" heard.store &&
	test_grep ! canary argv && test_must_be_empty forge/violations
'

test_expect_success 'a credential helper: told that it was wrong' '
	on_gitlab && helper oauth2 && echo "Bearer another" >forge/auth &&
	warns "does not accept the token of git.s credential helper" &&
	test "$(tr "\n" " " <heard)" = "get erase "
'

test_expect_success 'a credential that git pushes with is not erased' '
	on_gitlab && helper oauth2 && echo "Bearer another" >forge/auth &&
	git -C app config remote.origin.url \
		https://git.example.com/group/sub/shop.git &&
	warns "does not accept the token of git.s credential helper" &&
	test "$(tr "\n" " " <heard)" = "get "
'

test_expect_success 'a credential helper: user and password' '
	use gitea /api/v1 git@git.example.com:acme/shop.git && helper ann &&
	echo "Basic $(printf "ann:$CANARY" | base64)" >forge/auth &&
	forge_drive open $branch main text && test_grep opened out &&
	no_canary && test_must_be_empty forge/violations
'

test_expect_success 'a credential helper that never stops talking' '
	on_gitlab && cat >talker <<-\EOF && chmod +x talker &&
	#!/bin/sh
	echo username=ann
	printf "password=%0100000d\n" 1
	EOF
	git -C app config --replace-all credential.helper "" &&
	git -C app config --add credential.helper "$PWD/talker" &&
	warns "git credential: output is too long" &&
	test_must_be_empty forge/log
'

test_expect_success 'the token of a GitLab job is not one' '
	on_gitlab && helper gitlab-ci-token &&
	forge_drive open $branch main text && test_grep page-only out &&
	test_must_be_empty forge/log
'

test_expect_success 'nobody is asked anything' '
	on_gitlab && git -C app config --replace-all credential.helper "" &&
	git -C app config core.askPass "$PWD/ask" &&
	printf "#!/bin/sh\necho asked >%s/asked\necho x\n" "$PWD" >ask &&
	chmod +x ask && rm -f asked &&
	(GIT_ASKPASS=$PWD/ask SSH_ASKPASS=$PWD/ask &&
	 export GIT_ASKPASS SSH_ASKPASS &&
	 forge_drive open $branch main text) &&
	test_path_is_missing asked && test_grep page-only out
'

test_expect_success 'no trace has the token' '
	on_gitlab && helper oauth2 && mkdir -p traces &&
	(GIT_TRACE=$PWD/traces/1 GIT_TRACE2=$PWD/traces/2 &&
	 GIT_TRACE2_EVENT=$PWD/traces/3 GIT_TRACE_CURL=$PWD/traces/4 &&
	 GIT_CURL_VERBOSE=1 GIT_TRACE_SETUP=$PWD/traces/5 &&
	 export GIT_TRACE GIT_TRACE2 GIT_TRACE2_EVENT GIT_TRACE_CURL \
		GIT_CURL_VERBOSE GIT_TRACE_SETUP &&
	 forge_drive --update all serversync/production/ main text) &&
	test_grep opened out && no_canary && test -s traces/1 &&
	test_expect_code 1 grep -r canary traces
'

# A real server that takes push options, as GitLab does.
test_expect_success 'GitLab without a token: the push opens it' '
	on_gitlab && git -C app config --replace-all credential.helper "" &&
	git init -q --bare shop.git &&
	git -C shop.git config receive.advertisePushOptions true &&
	cat >shop.git/hooks/post-receive <<-EOF &&
	#!/bin/sh
	i=0
	while test \$i -lt \$GIT_PUSH_OPTION_COUNT
	do
		eval "printf \"%s\\\\n\" \"\\\$GIT_PUSH_OPTION_\$i\""
		i=\$((i + 1))
	done >"$PWD/options"
	echo "View merge request for $branch:"
	echo "  https://git.example.com/group/sub/shop/-/merge_requests/3"
	EOF
	chmod +x shop.git/hooks/post-receive &&
	forge_drive options $branch main "$(printf "Two\nlines | 100%% \\\\\n")" &&
	git -C app commit -q --allow-empty -m Capture &&
	tr "\n" "\0" <out >args &&
	(cd app && xargs -0 sh -c "git push ../shop.git \"\$@\" HEAD:refs/heads/$branch" x) \
		<args 2>words &&
	cat >want <<-EOF &&
	merge_request.create
	merge_request.target=main
	merge_request.title=Server edits of production
	merge_request.description=Two\nlines | 100% \\
	EOF
	test_cmp want options &&
	forge_drive --words "$PWD/words" open $branch main text &&
	test_grep "merge_requests/3$" out && test_grep "by-push" out
'

test_expect_success 'with a token nothing is asked of the push' '
	on_gitlab && (GITLAB_TOKEN=$CANARY && export GITLAB_TOKEN &&
	forge_drive options $branch main text) && test_must_be_empty out
'

test_done
