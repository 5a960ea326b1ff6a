#!/bin/sh
test_description='keys, host keys, proxies, and when the ssh program steps in'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-sshd.sh"
. "$TOP/tests/lib/lib-probe.sh"

test_require sshd ssh ssh-keygen ssh-agent
test_at_done stop_all_sshd
start_sshd || { echo "Bail out! sshd does not start"; exit 1; }
mkdir -p "$SSH_HOME/app/.release/bin"
plain=$SSH_DIR/ssh_config SSH_CONFIG=$SSH_DIR/ssh_config first=$SSH_DIR
known=$SSH_DIR/known_hosts

# with <ssh_config line>...: these first, then the plain settings.
with () {
	printf "%s\n" "$@" >cfg && cat "$plain" >>cfg && SSH_CONFIG=$PWD/cfg
}

# new_key <name> <ssh-keygen options>: one that the server takes.
new_key () {
	name=$1; shift
	ssh-keygen -q -N "" -C "$name" -f "$name" "$@" &&
	cat "$name.pub" >>"$SSH_DIR/authorized_keys"
}

test_expect_success 'ed25519 and ecdsa key files' '
	probe_works libssh2 libssh2 web1:app &&
	for bits in 256 384 521
	do
		new_key ec$bits -t ecdsa -b $bits &&
		with "IdentityFile $PWD/ec$bits" &&
		sed -i /userkey/d cfg &&
		probe_works libssh2 libssh2 web1:app || return 1
	done &&
	new_key ecpem -t ecdsa -m PEM && with "IdentityFile $PWD/ecpem" &&
	sed -i /userkey/d cfg && rm ecpem.pub &&
	probe_works libssh2 libssh2 web1:app
'

test_expect_success 'a key the server does not know is refused' '
	ssh-keygen -q -t ed25519 -N "" -f stranger &&
	with "IdentityFile $PWD/stranger" && sed -i /userkey/d cfg &&
	probe_fails libssh2 web1:app "permission denied for .*the server takes publickey" &&
	probe_fails auto web1:app "permission denied" &&
	test_grep ! "using the ssh program" err &&
	with "IdentityFile $PWD/stranger" &&
	probe_works libssh2 libssh2 web1:app
'

test_expect_success 'an RSA key goes to the ssh program, and why is said' '
	new_key rsa -t rsa -b 2048 &&
	with "IdentityFile $PWD/rsa" && sed -i /userkey/d cfg &&
	probe_works auto openssh web1:app &&
	test_grep "verbose: using the ssh program: the key .*rsa. is RSA" err &&
	probe_fails libssh2 web1:app "cannot be used for web1: the key .*rsa. is RSA" &&
	test_grep "^hint: set release.transport" err
'

test_expect_success 'a key with a passphrase, a certificate, no key' '
	ssh-keygen -q -t ed25519 -N secret -f locked &&
	with "IdentityFile $PWD/locked" && sed -i /userkey/d cfg &&
	probe_fails libssh2 web1:app "locked. needs a passphrase" &&
	with "CertificateFile $PWD/x-cert.pub" &&
	probe_fails libssh2 web1:app "CertificateFile is set" &&
	probe_works auto openssh web1:app &&
	with "IdentityFile $PWD/absent" && sed -i /userkey/d cfg &&
	probe_fails libssh2 web1:app "no ed25519 or ecdsa key"
'

test_expect_success 'a key held by an agent' '
	new_key held -t ed25519 && new_key heldec -t ecdsa &&
	eval "$(ssh-agent -a "$PWD/sock")" >agent.out &&
	ssh-add -q held && ssh-add -q heldec && rm held heldec &&
	with "IdentityAgent $PWD/sock" "IdentityFile $PWD/held" &&
	sed -i "/userkey/d" cfg &&
	probe_works libssh2 libssh2 web1:app &&
	with "IdentityAgent $PWD/sock" "IdentityFile $PWD/heldec.pub" &&
	sed -i "/userkey/d" cfg &&
	probe_works libssh2 libssh2 web1:app &&
	with "IdentityAgent $PWD/sock" "IdentityFile $PWD/absent" &&
	sed -i "/userkey/d" cfg &&
	probe_fails libssh2 web1:app "no ed25519 or ecdsa key" &&
	sed -i "/IdentitiesOnly/d" cfg &&
	probe_works libssh2 libssh2 web1:app
'
test_at_done 'kill $SSH_AGENT_PID'

test_expect_success 'an unknown host key is refused' '
	: >none && with "UserKnownHostsFile $PWD/none" &&
	probe_fails libssh2 web1:app "host key of .\[127.0.0.1\]:$SSH_PORT. is not known: ssh-ed25519 SHA256:" &&
	test_grep "^hint: connect once with .ssh web1.*ssh-keyscan -p $SSH_PORT" err &&
	probe_fails auto web1:app "is not known" &&
	test_must_be_empty none
'

test_expect_success 'accept-new records it, hashed if told so' '
	with "UserKnownHostsFile $PWD/new" "StrictHostKeyChecking accept-new" \
		"HashKnownHosts yes" &&
	probe_works libssh2 libssh2 web1:app &&
	test_grep "^|1|.* ssh-ed25519 AAAA" new &&
	ssh-keygen -F "[127.0.0.1]:$SSH_PORT" -f new &&
	with "UserKnownHostsFile $PWD/new" &&
	probe_works libssh2 libssh2 web1:app &&
	probe_works openssh openssh web1:app
'

test_expect_success 'a changed key is refused, whatever the settings' '
	ssh-keygen -q -t ed25519 -N "" -f otherhost &&
	printf "# x\n[127.0.0.1]:%s %s\n" $SSH_PORT \
		"$(cut -d" " -f1,2 otherhost.pub)" >changed &&
	for strict in yes no accept-new
	do
		with "UserKnownHostsFile $PWD/changed" \
			"StrictHostKeyChecking $strict" &&
		probe_fails libssh2 web1:app "has changed: .*changed:2 has ssh-ed25519 SHA256:.* shows SHA256:" &&
		probe_fails auto web1:app "has changed" || return 1
	done
'

test_expect_success 'a revoked key is refused' '
	(cat "$known" && sed "s/^[^ ]*/@revoked */" "$known") >revoked &&
	with "UserKnownHostsFile $PWD/revoked" &&
	probe_fails libssh2 web1:app "is revoked in .*revoked:2" &&
	probe_fails openssh web1:app "ended before the agent started" &&
	test_grep "REVOKED HOST KEY" err
'

test_expect_success 'aliases, several files, negation, the host without port' '
	key=$(cut -d" " -f2,3 "$known") &&
	echo "name $key" >alias &&
	with "UserKnownHostsFile $PWD/none $PWD/alias" "HostKeyAlias name" &&
	probe_works libssh2 libssh2 web1:app &&
	with "UserKnownHostsFile $PWD/none" "HostKeyAlias name" \
		"GlobalKnownHostsFile $PWD/alias" && sed -i "/File none/d" cfg &&
	probe_works libssh2 libssh2 web1:app &&
	echo "127.0.0.1 $key" >bare && with "UserKnownHostsFile $PWD/bare" &&
	probe_works libssh2 libssh2 web1:app &&
	echo "*,!127.0.0.1,![127.0.0.1]:$SSH_PORT $key" >neg &&
	with "UserKnownHostsFile $PWD/neg" &&
	probe_fails libssh2 web1:app "is not known"
'

test_expect_success 'a host authority goes to the ssh program' '
	sed "s/^/@cert-authority /" "$known" >ca &&
	with "UserKnownHostsFile $PWD/ca" &&
	probe_fails libssh2 web1:app "certificate authority for" &&
	probe_fails auto web1:app "ended before the agent started" &&
	test_grep "using the ssh program: known_hosts has a certificate" err
'

test_expect_success 'ProxyCommand without a shell' '
	cat >relay <<-EOF &&
	#!/bin/sh
	exec ssh -F "$plain" -W "\$1:\$2" web1
	EOF
	chmod +x relay &&
	with "ProxyCommand \"$PWD/relay\" %h %p" &&
	probe_works libssh2 libssh2 web1:app &&
	with "ProxyCommand $PWD/relay %h %p 2>/dev/null" &&
	probe_fails libssh2 web1:app "ProxyCommand needs a shell" &&
	probe_works auto openssh web1:app &&
	with "ProxyCommand sh -c \"echo cannot relay >&2\"" &&
	probe_fails libssh2 web1:app "ended the handshake.*cannot relay"
'

test_expect_success 'a link so slow that packets are sent in parts' '
	printf "#!/bin/sh\ndd bs=300 2>>/dev/null | %s \"\$@\" | dd bs=300 2>>/dev/null\n" \
		"$PWD/relay" >slow && chmod +x slow &&
	with "ProxyCommand $PWD/slow %h %p" &&
	head -c 4000000 /dev/urandom >big &&
	"$PROBE" -k libssh2 -c "ssh -F $SSH_CONFIG" "$AGENT" web1:app \
		<big >out 2>err &&
	tail -c 4000000 out | cmp - big
'

test_expect_success 'a command line only a shell understands' '
	with && SSH_WITH="env X=\"\$HOME\" ssh" &&
	probe_works auto libssh2 web1:app &&
	probe_works openssh openssh web1:app
'
SSH_WITH=

test_expect_success 'a host or user that is an option is refused' '
	with &&
	probe_fails auto "-oProxyCommand=x:app" "refusing the host" &&
	probe_fails auto "ssh://-oProxyCommand=x/app" "refusing the host .-oProxyCommand=x.: it starts with" &&
	probe_fails openssh "-lroot@web1:app" "refusing the user .-lroot." &&
	probe_fails openssh "$(printf "we\033b1:app")" "refusing the host .we.033b1." &&
	with "HostName -oX" && probe_fails auto web1:app "refusing the host .-ox."
'

test_expect_success 'a dead server is told in time' '
	with "ConnectTimeout 1" "ProxyCommand sleep 20" &&
	probe_fails libssh2 web1:app "did not answer in time"
'

test_expect_success 'the agent sees the end when the client goes' '
	with && mkfifo stay && exec 8<>stay &&
	{ "$PROBE" -k libssh2 -c "ssh -F $SSH_CONFIG" "$AGENT" web1:app \
		<stay >out 2>err & echo $! >pid; } &&
	test_wait_for 5 grep self out &&
	kill -9 "$(cat pid)" && exec 8>&- &&
	test_wait_for 5 sh -c "! kill -0 $(cat "$SSH_HOME/agent.pid")"
'

start_sshd
second=$SSH_DIR
test_expect_success 'ProxyJump through another server' '
	cat >cfg <<-EOF &&
	Host jump
	HostName 127.0.0.1
	Port $(sed -n "s/^Port //p" "$first/ssh_config")
	UserKnownHostsFile $first/known_hosts
	IdentityFile $first/userkey
	Host web1
	ProxyJump jump
	EOF
	cat "$second/ssh_config" >>cfg && SSH_CONFIG=$PWD/cfg &&
	mkdir -p "$SSH_HOME/app/.release/bin" &&
	probe_works libssh2 libssh2 web1:app &&
	test_grep "Accepted publickey" "$second/log"
'

mkdir -p sshd.3 && ssh-keygen -q -t rsa -b 2048 -N "" -f sshd.3/hostkey
start_sshd "MACs hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com"
test_expect_success 'a hardened server: RSA host key, only ETM MACs' '
	plain=$SSH_DIR/ssh_config && with &&
	probe_fails libssh2 web1:app "has only a ssh-rsa key for" &&
	probe_works auto openssh web1:app &&
	with "UserKnownHostsFile $PWD/none2" "StrictHostKeyChecking accept-new" &&
	probe_fails libssh2 web1:app "share no host key type that can be checked; it offers rsa-sha2-512,rsa-sha2-256" &&
	probe_works auto openssh web1:app &&
	test_grep "using the ssh program: libssh2 and the server share no" err
'

start_sshd "MACs hmac-sha2-256-etm@openssh.com" "Ciphers aes128-ctr"
test_expect_success 'only ETM MACs' '
	plain=$SSH_DIR/ssh_config && with &&
	probe_fails libssh2 web1:app "share no MAC; it offers hmac-sha2-256-etm@openssh.com" &&
	probe_works auto openssh web1:app
'

test_done
