# Private OpenSSH servers on loopback, each with its own keys, settings and
# home, for tests that need a real far end. Nothing of the account's own
# ~/.ssh is read or written.
#
# start_sshd [<sshd_config line>...] starts one more and sets
#	SSH_DIR		its directory
#	SSH_PORT	its port
#	SSH_HOME	the home that its logins see
# $SSH_DIR/ssh_config reaches it as "web1" and as 127.0.0.1; userkey is an
# ed25519 key it takes, hostkey.pub what it shows, known_hosts has that.
# stop_sshd stops the last one, stop_all_sshd all.

sshd_nr=0 sshd_pids=

start_sshd () {
	test -x /usr/sbin/sshd || return 1
	# An sshd that runs as root insists on this one.
	test "$(id -u)" != 0 || mkdir -p /run/sshd || return 1
	sshd_nr=$((sshd_nr + 1))
	SSH_DIR=$PWD/sshd.$sshd_nr SSH_HOME=$PWD/sshd.$sshd_nr/home
	mkdir -p "$SSH_HOME" && chmod 700 "$SSH_DIR" || return 1
	test -f "$SSH_DIR/hostkey" ||
	ssh-keygen -q -t ed25519 -N "" -f "$SSH_DIR/hostkey" || return 1
	ssh-keygen -q -t ed25519 -N "" -C test -f "$SSH_DIR/userkey" &&
	cat "$SSH_DIR/userkey.pub" >>"$SSH_DIR/authorized_keys" || return 1
	sshd_try=0
	while test $sshd_try -lt 20
	do
		sshd_try=$((sshd_try + 1))
		SSH_PORT=$((20000 + ($$ + sshd_nr * 4001 + sshd_try * 997) % 20000))
		sshd_write_config "$@"
		/usr/sbin/sshd -f "$SSH_DIR/config" -E "$SSH_DIR/log" &&
		sshd_wait_for_pid && break
	done
	test -s "$SSH_DIR/pid" || return 1
	sshd_pids="$sshd_pids $(cat "$SSH_DIR/pid")"
	sshd_write_client
}

# The first mention of a setting counts, so the test's own lines come first.
sshd_write_config () {
	printf "%s\n" "$@" >"$SSH_DIR/config"
	cat >>"$SSH_DIR/config" <<-EOF
	ListenAddress 127.0.0.1:$SSH_PORT
	HostKey $SSH_DIR/hostkey
	AuthorizedKeysFile $SSH_DIR/authorized_keys
	PidFile $SSH_DIR/pid
	LogLevel VERBOSE
	PasswordAuthentication no
	KbdInteractiveAuthentication no
	UsePAM no
	StrictModes no
	SetEnv HOME=$SSH_HOME
	EOF
}

sshd_write_client () {
	ssh_type=$(cut -d" " -f1,2 "$SSH_DIR/hostkey.pub")
	echo "[127.0.0.1]:$SSH_PORT $ssh_type" >"$SSH_DIR/known_hosts"
	cat >"$SSH_DIR/ssh_config" <<-EOF
	Host web1
	HostName 127.0.0.1
	Host *
	Port $SSH_PORT
	User $(id -un)
	IdentityFile $SSH_DIR/userkey
	IdentitiesOnly yes
	IdentityAgent none
	UserKnownHostsFile $SSH_DIR/known_hosts
	GlobalKnownHostsFile none
	StrictHostKeyChecking yes
	EOF
}

sshd_wait_for_pid () {
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20
	do
		test -s "$SSH_DIR/pid" && return 0
		sleep 0.05
	done
	return 1
}

stop_sshd () {
	test -s "$SSH_DIR/pid" && kill "$(cat "$SSH_DIR/pid")"
}

stop_all_sshd () {
	for pid in $sshd_pids
	do
		kill "$pid" 2>/dev/null
	done
}
