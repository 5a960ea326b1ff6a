#!/bin/sh
test_description='the client is killed, interrupted or stopped at any moment'
. "$(dirname "$0")/../lib/test-lib.sh"
test_require ps pgrep flock

CHECK=$BUILD/tests/root-check

# The client, not git above it: signals go to it alone.
start () {
	(cd app && exec env --default-signal=INT git-release --no-sync "$@" >../out 2>../err </dev/null) &
	client=$!
}

ended () {
	wait $client
	code=$?
	test $code = "$1" || { echo "exit $code, not $1"; cat out err; false; }
}

free () {
	flock -n srv/.release/lock true
}

fresh () {
	rm -rf srv mark && cp -a one srv
}

no_process () {
	! pgrep -af "$TRASH/.*(agent-|sleep)"
}

# And the same command then works.
not_live () {
	test_wait_for 8 no_process && "$CHECK" check srv before &&
	test "$(live_release srv)" = "$first" &&
	(cd app && git release --no-sync v1.1.0) && live_is srv app v1.1.0 &&
	"$CHECK" clean srv before
}

as_before () {
	test_wait_for 8 free &&
	test -z "$(ls srv/.release/tmp)$(ls srv/.release/trash)" && not_live
}

test_expect_success 'one release' '
	make_app_repo app && app_target app production "$PWD/srv" &&
	(cd app && git release --no-sync v1.0.0) &&
	first=$(live_release srv) && mv srv one && "$CHECK" snapshot one >before
'

for point in pre mid
do
	for signal in INT:130 TERM:143 HUP:143 KILL:137
	do
		test_expect_success "SIG${signal%:*} in a $point hook" '
			fresh && git -C app config release.${point}Hook \
				"echo \$\$ >\"$PWD/mark\"; sleep 0.5; echo end >>\"$PWD/mark\"" &&
			start v1.1.0 && test_wait_for 5 test -s mark &&
			kill -${signal%:*} $client && ended ${signal#*:} &&
			test_wait_for 5 free &&
			test_grep end mark &&
			git -C app config --unset release.${point}Hook &&
			as_before
		'
	done
done

test_expect_success 'killed while post hooks run: what was decided is ended' '
	fresh && git -C app config release.postHook \
		"echo \$\$ >\"$PWD/mark\"; sleep 0.5" &&
	start v1.1.0 && test_wait_for 5 test -s mark &&
	kill -KILL $client && ended 137 && test_wait_for 5 free &&
	git -C app config --unset release.postHook &&
	live_is srv app v1.1.0 && test_grep "healthy" srv/.release/journal &&
	"$CHECK" clean srv before
'

# Of the hook's group, nobody: those who only wait to be reaped aside.
hook_is_gone () {
	! pgrep -r D,R,S,T -ag "$(head -n 1 mark)"
}

# agent_killed_in <commands of the hook, after it has said its group>
agent_killed_in () {
	fresh && git -C app config release.midHook \
		"trap \"$1\" TERM; echo \$\$ >\"$PWD/mark\"; sleep 9 | cat; echo ran on >>\"$PWD/mark\"" &&
	start v1.1.0 && test_wait_for 5 test -s mark &&
	kill -KILL "$(sed -n "s/.*(pid \([0-9]*\))$/\1/p" srv/.release/lock)" || return
	# Nobody may have the lock while it runs.
	until free
	do
		sleep 0.01
	done
	hook_is_gone && test_grep ! "ran on" mark && ended 4 &&
	git -C app config --unset release.midHook && not_live
}

test_expect_success 'kill -9 of the agent: its hook ends, then the lock is free' '
	agent_killed_in "exit 1"
'

test_expect_success 'the same, and the hook cleans up first' '
	agent_killed_in "sleep 0.3; echo cleaned up >>\"$PWD/mark\"; exit 1" &&
	test_grep "cleaned up" mark
'

# killed_after <seconds> <signal> <exit status>
killed_after () {
	fresh
	start v1.1.0
	sleep "$1"
	kill "-$2" $client 2>/dev/null
	wait $client
	code=$?
	case $code in
	0|"$3") ;;
	*)	cat out err; echo "exit $code"; return 1 ;;
	esac
	test_wait_for 8 free && "$CHECK" check srv before &&
	(cd app && git release --no-sync v1.1.0) &&
	live_is srv app v1.1.0 && "$CHECK" clean srv before
}

for delay in 0.002 0.006 0.01 0.015 0.02 0.03
do
	for signal in INT:130 TERM:143 KILL:137
	do
		test_expect_success "SIG${signal%:*} after $delay s" '
			killed_after $delay ${signal%:*} ${signal#*:}'
	done
done

# stopped_in <hook>: the client is stopped while the hook runs.
stopped_in () {
	fresh
	git -C app config release.preHook "$1"
	GIT_RELEASE_ALIVE_GONE_MS=1500
	export GIT_RELEASE_ALIVE_GONE_MS
	start v1.1.0
	unset GIT_RELEASE_ALIVE_GONE_MS
	test_wait_for 5 test -s mark
	kill -STOP $client
	test_wait_for 12 free
	freed=$?
	git -C app config --unset release.preHook
	kill -CONT $client
	wait $client
	code=$?
	cat out err
	test $freed = 0 && test $code != 0 && as_before
}

test_expect_success 'a stopped client loses the lock, and all is undone' '
	stopped_in "echo 1 >\"$PWD/mark\"; sleep 2"
'

test_expect_success 'a stopped client does not stop an agent with much to say' '
	stopped_in "echo 1 >\"$PWD/mark\"; sleep 0.3; seq 150000"
'

test_expect_success 'a secret is in no argument, journal, log, note or output' '
	fresh && secret=canary-4711 && echo "KEY=$secret" >srv/shared/.env &&
	chmod 640 srv/shared/.env &&
	git -C app config release.shared .env &&
	git -C app config release.preHook \
		". ./.env; export KEY; ps -eo args >\"$PWD/args\"; test \$KEY" &&
	HOOK_KEY=$secret && export HOOK_KEY &&
	(cd app && git release -v v1.1.0 >../out 2>../err) &&
	unset HOOK_KEY && git -C app config --unset release.preHook &&
	test -s args && ! grep "$secret" args out err &&
	! grep -r "$secret" srv/.release srv/deployment.log srv/releases/*/*.json &&
	! git -C app log --all --notes=deployments | grep "$secret" &&
	! git -C app show refs/notes/deployments | grep "$secret" &&
	test "$(stat -c %a srv/shared/.env)" = 640
'

test_done
