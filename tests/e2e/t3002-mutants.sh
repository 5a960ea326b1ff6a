#!/bin/sh
test_description='a build with a safety step taken out is caught'
. "$(dirname "$0")/../lib/test-lib.sh"
test_require make mkfs.ext4 mount

CHECK=$BUILD/tests/root-check

# mutant <name> <source>...: a build of its own, with those objects made anew.
mutant () {
	mutant=$1
	shift
	mkdir -p "$mutant/bin" "$mutant/obj" &&
	cp -a "$BUILD/obj/." "$mutant/obj/" &&
	cp "$BUILD/bin/git-release" "$mutant/bin/" || return 1
	for mutant_source
	do
		rm "$mutant/obj/common/agent/$mutant_source.o" || return 1
	done
	(
		unset BUILD &&
		make -s -C "$TOP" FAULTS=1 BUILD="$TRASH/$mutant" \
			MUTANT="-DMUTANT_$mutant" \
			"$TRASH/$mutant/libexec/git-release/agent-$(uname -m)"
	)
}

# caught <mutant> <proof>: the proof holds for our build, not for the mutant.
caught () {
	"$2" "$BUILD" || { echo "does not hold"; return 1; }
	# A race may be lost by chance on a busy machine, not so many times.
	for caught_try in 1 2 3 4 5 6 7 8
	do
		echo "try $caught_try" && "$2" "$TRASH/$1" || return 0
	done
	echo "$1 was not caught"
	return 1
}

# fresh <build>: srv with the releases v1.0.0, v1.1.0 and v1.2.0.
fresh () {
	rm -rf srv && cp -a three srv && RELEASE=$1/bin/git-release
}

run () {
	(cd app && "$RELEASE" "$@" </dev/null)
}

# Nothing damaged goes live.
seal_is_checked () {
	fresh "$1" &&
	echo damage >>"srv/releases/$second/app/Model1.php" &&
	! run rollback --no-sync v1.1.0 &&
	test "$(live_release srv)" = "$third"
}

# What was live before counts, whatever the directories' times say.
order_is_ours () {
	fresh "$1" &&
	touch -d 2030-01-01 "srv/releases/$first" &&
	touch -d 2020-01-01 "srv/releases/$second" &&
	run rollback --no-sync && test "$(live_release srv)" = "$second"
}

# A directory named current is left alone.
directory_is_refused () {
	rm -rf srv && mkdir -p srv/releases srv/shared srv/current &&
	RELEASE=$1/bin/git-release &&
	run --no-sync v1.0.0
	test "$(find srv/current)" = srv/current
}

readers_find_files () {
	fresh "$1" || return
	"$BUILD/tests/open-race" 100000 srv/current/public/index.php \
		"$(cat "srv/releases/$third/public/index.php")
" "$(cat "srv/releases/$second/public/index.php")
" & race_pid=$!
	"$BUILD/tests/agent-drive" switch \
		"$1/libexec/git-release/agent-$(uname -m)" "$PWD/srv" 100 \
		"$third" "$second"
	kill $race_pid
	wait $race_pid
}

# The number of the point behind the n-th one of that name.
point_behind () {
	grep -n "^agent $1\$" points | sed -n "1s/:.*//p" |
		{ read -r nr && echo $((nr + 1)); }
}

# power_cut <build> <n>: releases onto a disk of its own, and looks at what is
# on that disk while the agent stands at its n-th point.
power_cut () {
	RELEASE=$1/bin/git-release power_n=$2
	rm -f disk cut && : >points && truncate -s 64M disk &&
	mkfs.ext4 -q -O ^metadata_csum disk && mkdir -p mnt &&
	mount -o loop disk mnt && mkdir mnt/srv || return
	(
		cd app && GIT_RELEASE_FAULT=agent:$power_n:hang \
			GIT_RELEASE_FAULT_LOG=$TRASH/points \
			"$RELEASE" --no-sync v1.0.0 </dev/null
	) & power_pid=$!
	power_try=0
	until test "$(grep -c ^agent points)" -ge "$power_n" ||
		! kill -0 $power_pid 2>/dev/null || test $power_try -gt 400
	do
		sleep 0.02
		power_try=$((power_try + 1))
	done
	cp disk cut
	power_client=$(ps -o pid= --ppid $power_pid)
	kill -9 $(ps -o pid= --ppid ${power_client:-$power_pid}) $power_client
	wait $power_pid
	umount mnt && mount -o loop cut mnt || return
	whole
	power_code=$?
	umount mnt
	return $power_code
}

# Every file of every release that is listed has its content.
whole () {
	for dir in mnt/srv/releases/*
	do
		test -d "$dir" || continue
		git -C app archive v1.0.0 | tar -df - -C "$dir" 2>&1 |
			grep -v -e 'Mod time' -e 'Uid' -e 'Gid' -e 'Mode' \
				-e storage && return 1
	done
	! test -L mnt/srv/current || test -d mnt/srv/current/app
}

published_is_on_disk () {
	git -C app config release.production.url "$TRASH/mnt/srv" &&
	power_cut "$1" "$published"
}

test_expect_success 'three releases' '
	make_app_repo app &&
	app_target app production "$PWD/srv" &&
	(cd app && git release --no-sync v1.0.0) &&
	first=$(live_release srv) &&
	(cd app && git release --no-sync v1.1.0) &&
	second=$(live_release srv) &&
	(cd app && git release --no-sync v1.2.0) &&
	third=$(live_release srv) &&
	mv srv three
'

test_expect_success 'no seal check before activation is caught' '
	mutant NO_SEAL_CHECK activate && caught NO_SEAL_CHECK seal_is_checked'

test_expect_success 'mtime order is caught' '
	mutant MTIME_ORDER releases && caught MTIME_ORDER order_is_ours'

test_expect_success 'ln -nfs is caught: on a directory, and by readers' '
	mutant LN_NFS link releases &&
	caught LN_NFS directory_is_refused &&
	caught LN_NFS readers_find_files
'

test_expect_success 'no syncfs is caught when the power fails' '
	test_at_done "umount \"$TRASH/mnt\" 2>/dev/null" &&
	mutant NO_SYNCFS stage &&
	rm -rf srv points && (cd app &&
		GIT_RELEASE_FAULT_LOG=$TRASH/points git release --no-sync v1.0.0) &&
	published=$(point_behind publish) && test "$published" -gt 1 &&
	points_all=$(grep -c ^agent points) &&
	caught NO_SYNCFS published_is_on_disk
'

every_step () {
	power_step=${FAULT_QUICK:+9}
	power_step=${power_step:-1}
	for n in $(seq 1 $power_step "$points_all")
	do
		power_cut "$BUILD" "$n" && continue
		echo "the power failed at step $n"
		return 1
	done
}

test_expect_success 'the power may fail at any step' '
	every_step
'

test_done
