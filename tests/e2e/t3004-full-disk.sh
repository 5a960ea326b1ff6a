#!/bin/sh
test_description='no room: a rollback works, a release changes nothing'
. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-sshd.sh"
test_require mount sshd ssh dd
test_at_done stop_all_sshd
test_at_done 'umount "$TRASH/disk" 2>/dev/null'

CHECK=$BUILD/tests/root-check

# disk <mount options>: a new file system at ./disk
disk () {
	umount disk 2>/dev/null
	mkdir -p disk && mount -t tmpfs -o "$1" tmpfs disk && mkdir disk/srv
}

# Not one more block, not one more inode: on that small file system, and
# nowhere else, whatever went wrong before.
fill_up () {
	mountpoint -q disk || return 1
	mkdir disk/names || return 1
	seq 1000 | sed "s,^,disk/names/," | xargs touch 2>/dev/null
	dd if=/dev/zero of=disk/names/1 bs=4k count=8192 2>/dev/null
	! mkdir disk/one-more 2>/dev/null
}

run () {
	(cd app && "${RELEASE:-git-release}" "$@" </dev/null)
}

two_releases () {
	run --no-sync v1.0.0 && first=$(live_release disk/srv) &&
	run --no-sync v1.1.0 && second=$(live_release disk/srv)
}

test_expect_success 'a repository, and an upgraded client' '
	make_app_repo app && rm -r app/.git/hooks &&
	app_target app production "$PWD/disk/srv" &&
	mkdir -p new/bin new/libexec/git-release &&
	cp "$BUILD/bin/git-release" new/bin &&
	cp "$BUILD/libexec/git-release/agent-$(uname -m)" \
		new/libexec/git-release &&
	echo newer >>"new/libexec/git-release/agent-$(uname -m)"
'

for client in "$BUILD" "$PWD/new"
do
	test_expect_success "full: ${client##*/} client rolls back, and forth" '
		disk size=4m,nr_inodes=300 && two_releases && fill_up &&
		"$CHECK" snapshot disk/srv >before &&
		RELEASE=$client/bin/git-release &&
		run rollback --no-sync &&
		test "$(live_release disk/srv)" = "$first" &&
		run activate --no-sync v1.1.0 &&
		test "$(live_release disk/srv)" = "$second" &&
		"$CHECK" check disk/srv before &&
		RELEASE=
	'
done

test_expect_success 'a server' '
	start_sshd &&
	GIT_SSH_COMMAND="ssh -F $SSH_DIR/ssh_config" &&
	export GIT_SSH_COMMAND &&
	app_target app production "web1:$TRASH/disk/srv"
'

for kind in libssh2 openssh
do
	test_expect_success "full: the new client rolls back over $kind" '
		disk size=12m,nr_inodes=300 && RELEASE= &&
		git -C app config release.transport $kind &&
		two_releases && fill_up &&
		RELEASE=$PWD/new/bin/git-release &&
		run rollback --no-sync &&
		test "$(live_release disk/srv)" = "$first" &&
		! ls /dev/shm | grep git-release
	'
done

# sweep_one <mount options>: v1.1.0 over v1.0.0 on so small a disk; counts.
sweep_one () {
	umount disk 2>/dev/null
	mount -t tmpfs -o "$1" tmpfs disk && cp -a one disk/srv || {
		echo "$1: not even room for what was there"
		return 1
	}
	run --no-sync v1.1.0 >sweep.out 2>sweep.err
	sweep_code=$?
	case $sweep_code in
	0) sweep_good=$((sweep_good + 1)) && live_is disk/srv app v1.1.0 ;;
	1|4|128)
		sweep_bad=$((sweep_bad + 1))
		live_is disk/srv app v1.0.0 &&
		grep -E "No space|not enough" sweep.err ;;
	*) false ;;
	esac && "$CHECK" check disk/srv before && return
	echo "$1: exit $sweep_code"
	cat sweep.err
	return 1
}

# sweep <option> <first> <last> <step> [<unit>]
sweep () {
	sweep_good=0 sweep_bad=0
	sweep_n=$2 sweep_step=${FAULT_QUICK:+4}
	sweep_step=${sweep_step:-1}
	while test "$sweep_n" -le "$3"
	do
		sweep_one "$1$sweep_n$5" || return 1
		sweep_n=$((sweep_n + $4 * sweep_step))
	done
	echo "$sweep_good went in, $sweep_bad did not fit"
	test $sweep_good != 0 && test $sweep_bad != 0
}

test_expect_success 'a disk of any size: released, or as before and said so' '
	RELEASE= && app_target app production "$PWD/disk/srv" &&
	git -C app config --unset release.transport &&
	disk size=4m && run --no-sync v1.0.0 && cp -a disk/srv one &&
	"$CHECK" snapshot one >before &&
	sweep size= 140 480 4 k
'

test_expect_success 'any number of inodes: the same' '
	sweep size=4m,nr_inodes= 50 100 1
'

test_done
