# The rig of run.sh: a client and a server that share nothing but two links.
# Everything is in memory below /srv, so that no disk adds its noise:
#
#	/srv/dev	home of dev, who releases: app/ small/ big/ trees/ bin/
#	/srv/web	home of web, the login on the server: deploy/ repo.git
#	/srv/rig	ours: sshd, php-fpm, logs
#
# Links: lan, a veth pair, and wan, 25 ms each way. ssh knows both as hosts of
# that name, and lan-timed (the server notes what each exec cost it) and
# wan-turns (through the counting proxy of turns.py).

rig_users () {
	mount -t tmpfs -o mode=755,size=20g bench /srv
	mount -t tmpfs -o mode=755 bench /run
	mkdir -p /srv/dev/.ssh /srv/web/.ssh /srv/rig /run/sshd /run/netns
	# A copy of /etc, seen only here, that knows these two users.
	cp -a /etc /srv/rig/
	for user in dev:7001 web:7002
	do
		id=${user#*:} user=${user%:*}
		echo "$user:x:$id:$id::/srv/$user:/bin/bash" >>/srv/rig/etc/passwd
		echo "$user:*:19000:0:99999:7:::" >>/srv/rig/etc/shadow
		echo "$user:x:$id:" >>/srv/rig/etc/group
	done
	mount --bind /srv/rig/etc /etc
}

# Copies, so that dev needs no access to the checkout.
rig_programs () {
	cc -std=gnu17 -O2 -I"$TOP" -o /srv/rig/link-delay \
		"$TOP/tests/bench/link-delay.c" "$TOP/common/base/num.c"
	cp "$TOP/tests/bench/peers.sh" /srv/dev/
	test ! -d "$BUILD/bin" || cp -r "$BUILD/bin" "$BUILD/libexec" /srv/dev/
	cat >/srv/rig/timed <<-'END'
	#!/bin/bash
	TIMEFORMAT='%3R %3U %3S'
	exec 3>&2 2>>/srv/web/exec-times
	time bash -c "$SSH_ORIGINAL_COMMAND" 2>&3
	END
	chmod 755 /srv/rig/timed
}

rig_links () {
	ip netns add client
	ip netns add server
	ip link add lan netns client type veth peer name lan netns server
	/srv/rig/link-delay wanc wans 25000 >/srv/rig/link-delay.log &
	until grep -q ready /srv/rig/link-delay.log; do sleep 0.05; done
	ip link set wanc netns client name wan
	ip link set wans netns server name wan
	for end in client:1 server:2
	do
		name=${end%:*} host=${end#*:}
		ip -n "$name" addr add "10.78.0.$host/24" dev lan
		ip -n "$name" addr add "10.77.0.$host/24" dev wan
		for link in lo lan wan
		do
			ip -n "$name" link set "$link" up
		done
		ip -n "$name" link set wan txqueuelen 1000
		ip netns exec "$name" sysctl -qw \
			net.ipv4.tcp_rmem='4096 131072 6291456' \
			net.ipv4.tcp_wmem='4096 16384 4194304'
	done
}

rig_ssh_host () {
	printf 'Host %s\n\tHostName %s\n\tPort %s\n' "$1" "$2" "$3"
	echo "[$2]:$3 $(cut -d' ' -f1,2 /srv/rig/hostkey.pub)" \
		>>/srv/dev/.ssh/known_hosts
}

rig_sshd () {
	ssh-keygen -q -t ed25519 -N '' -f /srv/rig/hostkey
	ssh-keygen -q -t ed25519 -N '' -C dev -f /srv/dev/.ssh/id_ed25519
	cp /srv/dev/.ssh/id_ed25519.pub /srv/web/.ssh/authorized_keys
	{
		rig_ssh_host lan 10.78.0.2 2222
		rig_ssh_host lan-timed 10.78.0.2 2223
		rig_ssh_host wan 10.77.0.2 2222
		rig_ssh_host wan-turns 127.0.0.1 2222
		printf '%s\n' 'Host *' '	User web' '	BatchMode yes' \
			'	IdentityFile ~/.ssh/id_ed25519' \
			'	IdentitiesOnly yes' \
			'	StrictHostKeyChecking yes' \
			'	GSSAPIAuthentication no'
	} >/srv/dev/.ssh/config
	cat >/srv/rig/sshd_config <<-'END'
	Port 2222
	Port 2223
	HostKey /srv/rig/hostkey
	PidFile /srv/rig/sshd.pid
	AuthorizedKeysFile .ssh/authorized_keys
	PasswordAuthentication no
	KbdInteractiveAuthentication no
	UsePAM no
	LogLevel VERBOSE
	MaxStartups 100
	AllowUsers web
	Match LocalPort 2223
		ForceCommand /srv/rig/timed
	END
	chmod 700 /srv/dev/.ssh /srv/web/.ssh
	chown -R dev: /srv/dev
	chown -R web: /srv/web
	ip netns exec server /usr/sbin/sshd -f /srv/rig/sshd_config \
		-E /srv/rig/sshd.log
}

# What a developer has: a clone with a work tree. And for rsync and tar the
# trees of v1 to v3, unchanged files with the same times, as on a laptop.
rig_application () {
	cp -r "$BUILD/bench/app.git" "$BUILD/bench/small.git" \
		"$BUILD/bench/big.git" "$BUILD/bench/history.git" /srv/rig/
	chown -R dev: /srv/rig/*.git
	setpriv --reuid dev --regid dev --clear-groups env HOME=/srv/dev \
		sh -e <<-'END'
	cd /srv/dev
	git config --global user.name dev
	git config --global user.email dev@example.com
	git config --global advice.detachedHead false
	for name in small big
	do
		echo /srv/rig/app.git/objects \
			>/srv/rig/$name.git/objects/info/alternates
		git clone -q --shared /srv/rig/$name.git $name
		git -C $name remote remove origin
	done
	git clone -q --shared /srv/rig/app.git app
	git -C app remote remove origin
	cp -r app/.git app.pristine
	mkdir trees
	for version in v1 v2 v3
	do
		git -C app checkout -q $version
		cp -a app trees/$version
		rm -rf trees/$version/.git trees/$version/storage
		sleep 1.1
	done
	git -C app checkout -q production
	END
}
