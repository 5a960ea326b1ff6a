# The counted fault loop, as SQLite and curl do it: run once and count the
# steps, then for each n let step n fail, look whether all invariants hold,
# run the same command again without a fault, and look again. A loop ends with
# the first run that never came to its n-th step.
#
# A scenario is a directory below $TRASH/base: app/ (the repository), srv/ (the
# root; may be missing), and the files cmd (the command line), goal (the tag
# that is live after it) and before (made by fault_ready).

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

# What the scenario's command is to be seen as from now on: $1 is its copy.
fault_run () {
	(
		cd "$1/app" &&
		GIT_RELEASE_FAULT=$2 GIT_RELEASE_FAULT_LOG=$1/points \
			sh "$1/cmd" >"$1/out" 2>"$1/err" </dev/null
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
	test "$(readlink "$fault_copy/srv/current")" = \
		"$(cat "$fault_copy/was")"
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
	fault_run "$fault_copy" "$2:$3:$4"
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
	fault_run "$fault_copy" ''
	fault_code=$?
	test "$fault_code" = 0 && fault_reached ||
		fault_says "run again: exit $fault_code"
	fault_check clean 'run again'
	cat "$fault_copy/points" >>"$fault_points"
	if test $(($3 % ${FAULT_THIRD:-4})) = 0
	then
		fault_listing >"$fault_copy/second"
		fault_run "$fault_copy" '' || fault_says 'third run'
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
	fault_bad=$TRASH/bad.$fault_of.$fault_by
	rm -f "$fault_bad"*
	for fault_half_nr in 1 2
	do
		(
			fault_copy=$TRASH/copy$fault_half_nr
			fault_bad=$fault_bad.$fault_half_nr
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
	cat "$fault_bad".[12] 2>/dev/null && return 1
	test "$(cat "$TRASH/copy1.count")" -gt 1
}
