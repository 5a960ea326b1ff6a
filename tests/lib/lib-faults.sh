# The counted fault loop, as SQLite and curl do it: run once and count the
# steps, then for each n let step n fail, look whether all invariants hold,
# run the same command again without a fault, and look again. A loop ends with
# the first run that never came to its n-th step.
#
# A scenario is a directory below $TRASH/base: app/ (the repository), srv/ (the
# root; may be missing), and the files cmd (the command line), goal (the tag
# that is live after it) and before (what root-check said). Where expect holds
# another exit status than 0, the command is to fail and to change nothing; with
# once, a command that was seen to work is not given again.

CHECK=$BUILD/tests/root-check

# fault_base <name> <goal> <command line>: from the repository ./app and the
# root ./srv as they are now.
fault_base () {
	mkdir -p "base/$1" &&
	cp -a app "base/$1/app" &&
	{ ! test -d srv || cp -a srv "base/$1/srv"; } &&
	echo "$2" >"base/$1/goal" &&
	echo "$3" >"base/$1/cmd" &&
	"$CHECK" snapshot "base/$1/srv" >"base/$1/before" &&
	readlink "base/$1/srv/current" >"base/$1/was"
	test -s "base/$1/before" || test ! -d srv
}

# fault_run <fault>: the scenario's command, in its copy.
fault_run () {
	(
		cd "$fault_copy/app" &&
		GIT_RELEASE_FAULT=$1 GIT_RELEASE_FAULT_LOG=$fault_copy/points \
			sh "$fault_copy/cmd" >"$fault_copy/out" \
			2>"$fault_copy/err" </dev/null
	)
}

fault_says () {
	echo "$fault_name: $*" >>"$fault_bad"
	sed 's/^/    /' "$fault_copy/err" >>"$fault_bad"
}

# Is what the goal says live?
fault_reached () {
	test "$(cat "$fault_copy/srv/current/REVISION" 2>/dev/null)" = \
		"$(git -C "$fault_copy/app" rev-parse \
			"$(cat "$fault_copy/goal")^{}")"
}

fault_unchanged () {
	# The same release; its link may have been written anew.
	fault_now=$(readlink "$fault_copy/srv/current")
	fault_was=$(cat "$fault_copy/was")
	test "${fault_now##*/}" = "${fault_was##*/}"
}

# Did the run without a fault end as it is to?
fault_ended () {
	if test -s "$fault_copy/expect"
	then
		test "$1" = "$(cat "$fault_copy/expect")" && fault_unchanged
	else
		test "$1" = 0 && fault_reached
	fi || fault_says "run again: exit $1"
	if test -s "$fault_copy/count"
	then
		test "$(find "$fault_copy/srv/releases" -mindepth 1 \
			-maxdepth 1 | wc -l)" = "$(cat "$fault_copy/count")" ||
			fault_says "other releases are there than are to be"
	fi
}

# The exit status tells the truth about what is live.
fault_judge () {
	case $1 in
	0)	fault_reached || fault_says "exit 0, but the goal is not live" ;;
	1|4|128)
		fault_unchanged || fault_says "exit $1, but the link moved" ;;
	5)	grep -q 'git release status' "$fault_copy/err" ||
			fault_says "exit 5 and no word what to do" ;;
	137)	test "${fault_kind%%[!a-z]*}" != fail ||
			fault_says "killed by nobody" ;;
	*)	fault_says "exit $1" ;;
	esac
}

fault_check () {
	"$CHECK" "$1" "$fault_copy/srv" "$fault_copy/before" \
		>"$fault_copy/breaches" 2>&1 && return
	fault_says "$2"
	sed 's/^/    /' "$fault_copy/breaches" >>"$fault_bad"
}

# Everything below the root but what each run writes.
fault_listing () {
	find "$fault_copy/srv" -path '*/.release/lock' -o -path '*/.release' \
		-o -printf '%P %y %m %s %T@ %C@ %l\n' | sort
}

# fault_one <scenario> <program> <n> <kind>: 1 when step n was not reached.
fault_one () {
	fault_name="$1 $2:$3:$4" fault_kind=$4
	rm -rf "$fault_copy" && cp -a "base/$1" "$fault_copy" || return 1
	: >"$fault_copy/points"
	fault_run "$2:$3:$4"
	fault_code=$?
	fault_seen=$(grep -c "^$2 " "$fault_copy/points")
	test "$4" != after || fault_seen=$((fault_seen - 1))
	cat "$fault_copy/points" >>"$fault_points"
	fault_judge "$fault_code"
	if test -d "$fault_copy/srv/.release"
	then
		fault_check check "after the fault (exit $fault_code)"
	fi
	: >"$fault_copy/points"
	if test "$fault_code" != 0 || ! test -f "$fault_copy/once"
	then
		fault_run ''
		fault_ended $?
		fault_check clean 'run again'
	fi
	cat "$fault_copy/points" >>"$fault_points"
	if test $(($3 % ${FAULT_THIRD:-4})) = 0 &&
		! test -f "$fault_copy/once" && ! test -f "$fault_copy/expect"
	then
		fault_listing >"$fault_copy/second"
		fault_run '' || fault_says 'third run'
		fault_listing >"$fault_copy/third"
		cmp -s "$fault_copy/second" "$fault_copy/third" || {
			fault_says 'the third run changed something'
			diff "$fault_copy/second" "$fault_copy/third" |
				sed 's/^/    /' >>"$fault_bad"
		}
		git -C "$fault_copy/app" fsck --strict >"$fault_copy/fsck" \
			2>&1 || fault_says 'git fsck'
	fi
	test "$fault_seen" -ge "$3"
}

# The names of all points in the source that no script of its own goes through
# (t3011, t3012), and of those that were passed.
fault_names () {
	grep -rhoE 'fault\("[^"]+"\)' "$TOP/common" "$TOP/git-release" \
		--include='*.c' | sed 's/.*"\(.*\)".*/\1/' |
		grep -vE '^((branch-sync|back-merge|finish|tag) |record (rename|commit)$)' |
		sort -u
}

fault_passed () {
	cat "$TRASH"/points.* | cut -d' ' -f2- | sort -u
}

# fault_half <scenario> <program> <kind> <first> <step>
fault_half () {
	fault_n=$4
	while fault_one "$1" "$2" "$fault_n" "$3"
	do
		fault_n=$((fault_n + $5))
		test "$fault_n" -lt 2000 || break
	done
	echo "$fault_n" >"$fault_copy.count"
}

# fault_loop <scenario> <program> <kind>...: all steps, with two processes.
# Fails when a run broke something, or when no step was reached.
fault_loop () {
	fault_of=$1 fault_by=$2
	shift 2
	fault_all_bad=$TRASH/bad.$fault_of.$fault_by
	rm -f "$fault_all_bad"*
	for fault_half_nr in 1 2
	do
		(
			fault_copy=$TRASH/copy$fault_half_nr
			fault_bad=$fault_all_bad.$fault_half_nr
			fault_points=$TRASH/points.$fault_of.$fault_half_nr
			for fault_k
			do
				fault_half "$fault_of" "$fault_by" "$fault_k" \
					$fault_half_nr 2
			done
		) &
	done
	wait
	cat "$TRASH/copy1.count" "$TRASH/copy2.count"
	cat "$fault_all_bad".[12] 2>/dev/null && return 1
	test "$(cat "$TRASH/copy1.count")" -gt 1
}
