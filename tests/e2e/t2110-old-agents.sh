#!/bin/sh

test_description='the agents of other versions of the client, on the server

Who upgrades leaves the agent of the old version behind. Those that are old
and rest go away after a release and with prune; a client of another version
must find its own, or another that can roll back, whatever happens.'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-sshd.sh"
test_at_done stop_all_sshd

agent=$BUILD/libexec/git-release/agent-$(uname -m)

over () {
	GIT_SSH_COMMAND="ssh -F $SSH_DIR/ssh_config" "$@"
}

# old <digit> <days>: an agent that was installed, and last used, so long ago.
old () {
	old_name=$bin/agent-$(printf %64s "" | tr " " "$1") &&
	cp "$agent" "$old_name" && echo "$1" >>"$old_name" &&
	touch -d "$2 days ago" "$old_name"
}

others () {
	find "$bin" -mindepth 1 ! -name "$own" -printf "%f\n" | sort
}

# there <digit>...: exactly these are there, besides our own.
there () {
	for digit
	do
		echo "agent-$(printf %64s "" | tr " " "$digit")"
	done >expect &&
	others >actual && test_cmp expect actual && test_path_is_file "$bin/$own"
}

test_expect_success 'setup: a server, released to twice' '
	start_sshd && make_app_repo app &&
	app_target app production "web1:srv" &&
	over git -C app release -q v1.0.0 && over git -C app release -q v1.1.0 &&
	bin=$SSH_HOME/srv/.release/bin &&
	own=$(ls "$bin") && cmp "$agent" "$bin/$own"
'

test_expect_success 'who only looks, or rolls back, removes none' '
	old 1 10 && old 2 9 && old 3 8 && old 4 7 &&
	over git -C app release status && over git -C app release verify &&
	over git -C app release prune -n &&
	over git -C app release rollback -q && there 1 2 3 4
'

test_expect_success 'a release removes all but the two installed last' '
	over git -C app release -q v1.2.0 && there 3 4
'

test_expect_success 'what runs stays, and goes once it does not' '
	old 1 30 && rm "$bin"/agent-1* && cp "$(command -v sleep)" \
		"$bin/agent-$(printf %64s "" | tr " " 1)" &&
	{ "$bin"/agent-1* 60 & pid=$!; } &&
	test_wait_for 10 sh -c "readlink /proc/$pid/exe | grep -q agent-1" &&
	touch -d "30 days ago" "$bin"/agent-1* &&
	over git -C app release prune && there 1 3 4 &&
	kill $pid && { wait $pid; true; } &&
	over git -C app release prune && there 3 4
'

test_expect_success 'what was installed or used lately stays' '
	old 1 30 && touch -a "$bin"/agent-1* &&
	old 2 30 && touch -m -d "1 hour ago" "$bin"/agent-2* &&
	over git -C app release prune && there 1 2 4 &&
	touch -a -d "3 days ago" "$bin"/agent-1* &&
	over git -C app release prune && there 2 4
'

test_expect_success 'other names, links and directories are let alone' '
	rm "$bin"/agent-[24]* &&
	for n in 1 2 3 4 5 6
	do
		old $n $n$n || return 1
	done &&
	mv "$bin"/agent-6* "$bin/agent-old" && mv "$bin"/agent-5* "$bin/note" &&
	ln -s note "$bin/agent-$(printf %64s "" | tr " " 7)" &&
	over git -C app release prune && rm "$bin"/note "$bin"/agent-old &&
	there 1 2 7 && rm "$bin"/agent-7*
'

test_expect_success 'a client of another version works beside ours' '
	rm "$bin"/agent-[12]* && old 1 10 && old 2 9 && old 3 8 &&
	mkdir -p other/libexec/git-release && cp -R "$BUILD/bin" other/ &&
	cp "$agent" other/libexec/git-release/ &&
	echo other >>"other/libexec/git-release/${agent##*/}" &&
	mkdir aside && mv "$bin"/agent-[123]* aside/ &&
	(
		cd app &&
		over ../other/bin/git-release --again --allow-older -q v1.1.0
	) &&
	theirs=$(others) && mv aside/* "$bin/" &&
	touch -d "3 days ago" "$bin/$theirs" &&
	over git -C app release -q --again v1.2.0 &&
	others >actual &&
	printf "%s\n" "$theirs" agent-$(printf %64s "" | tr " " 3) | sort \
		>expect && test_cmp expect actual &&
	(cd app && over ../other/bin/git-release rollback -q) &&
	test "$(ls "$bin" | wc -l)" = 3 && over git -C app release status &&
	rm "$bin/$theirs"
'

test_expect_success 'from a directory of somebody else nothing goes' '
	old 1 10 && old 2 9 && old 3 8 && old 4 7 && ls "$bin" >before &&
	if test "$(id -u)" = 0
	then
		chown 65534 "$bin" && over git -C app release prune &&
		chown 0 "$bin"
	fi &&
	ls "$bin" >after && test_cmp before after
'

test_expect_success 'a release to a directory here needs none, and removes none' '
	app_target app here "$SSH_HOME/srv" && ls "$bin" >before &&
	git -C app release prune --to here && ls "$bin" >after &&
	test_cmp before after
'

# open_as <hash>: an agent that a client takes for one with this hash.
open_as () {
	word=$(python3 -c "import sys
def pkt(s):
	return \"%04x\" % (len(s) + 4) + s
text = pkt(\"open\")
for field in sys.argv[1:]:
	text += pkt(field)
print(\"\".join(c if c.isalnum() or c in \"/._-\" else \"=%03o\" % ord(c)
	for c in text + \"0000\"))" "root=$SSH_HOME/srv" who=me mode=change \
		"agent=$1") &&
	"$agent" serve nonce "$word" </dev/null >out
}

test_expect_success 'one agent is never installed under the name of another' '
	ls "$bin" >before && open_as "$(printf %64s "" | tr " " 9)" &&
	ls "$bin" >after && test_cmp before after &&
	rm "$bin/$own" && open_as "${own#agent-}" && cmp "$agent" "$bin/$own"
'

test_done
