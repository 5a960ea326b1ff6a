# The counted fault loop, as SQLite and curl do it: run once and count the
# steps, then for each n let step n fail, look whether all invariants hold,
# run the same command again without a fault, and look again. A loop ends with
# the first run that never came to its n-th step. common/sys/fault.h tells of
# the kinds.
#
# A scenario is a directory below $TRASH/ram/base: app/ (the repository), srv/
# (the root; may be missing), and the files cmd (the command line, of plain
# words), goal (the commit that is live after it), before (what root-check said), mine (what in the
# repository is not git release's to change) and points (the steps of a run
# without a fault). Where expect holds another exit status than 0, the command
# is to fail and to change nothing; with once, a command that was seen to work
# is not given again.
#
# With $FAULT_QUICK not each n, but for each scenario the first and the last
# step of each name with the kinds that tell most, and with the others each
# name that no scenario before has had. Where like names a scenario that begins
# in the same state with the same steps, those are left to that one.

CHECK=$BUILD/tests/root-check

# Rounds at the same time; those that wait for somebody's patience need no CPU.
FAULT_JOBS=${FAULT_JOBS:-2}
FAULT_IDLE_JOBS=8

# fault_room: all of it on a file system in memory, bounded, gone at the end.
fault_room () {
	mkdir ram && mount -t tmpfs -o size=1g tmpfs ram &&
	test_at_done 'cd "$TRASH" && umount -l ram' && : >covered && : >points &&
	cd ram || return
}

# fault_mine <repository>: one line for each path that a release has no reason
# to touch: refs, index, settings, hooks, work tree.
fault_mine () {
	find "$1" \( -path '*/.git/objects' -o -path '*/.git/git-release' \
		-o -path '*/refs/releases' -o -path '*/refs/deployments' \
		-o -path '*/refs/notes' \) -prune -o -type d -printf '%P %m\n' \
		-o -printf '%P %m %s %T@ %l\n' | sort
}

# fault_base <name> <goal> <command line>: from the repository ./app and the
# root ./srv as they are now.
fault_base () {
	mkdir -p "base/$1" &&
	cp -a app "base/$1/app" &&
	{ ! test -d srv || cp -a srv "base/$1/srv"; } &&
	git -C app rev-parse "$2^{}" >"base/$1/goal" &&
	echo "$3" >"base/$1/cmd" &&
	fault_mine app >"base/$1/mine" &&
	"$CHECK" snapshot "base/$1/srv" >"base/$1/before" &&
	readlink "base/$1/srv/current" >"base/$1/was"
	test -s "base/$1/before" || test ! -d srv
}

# fault_run <fault>: the scenario's command, in its copy. A run that never
# ends is a failure with an exit status of its own.
fault_run () {
	(
		cd "$fault_copy/app" &&
		read -r fault_cmd <"$fault_copy/cmd" &&
		export GIT_RELEASE_FAULT="$1" \
			GIT_RELEASE_FAULT_LOG="$fault_copy/points" &&
		exec timeout 60 $fault_cmd >"$fault_copy/out" \
			2>"$fault_copy/err" </dev/null
	)
}

fault_says () {
	echo "$fault_name: $*" >>"$fault_bad"
	sed 's/^/    /' "$fault_copy/err" >>"$fault_bad"
}

# Is what the goal says live?
fault_reached () {
	cmp -s "$fault_copy/srv/current/REVISION" "$fault_copy/goal"
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
	137)	case $fault_kind in
		kill|after) ;;
		*) fault_says "killed by nobody" ;;
		esac ;;
	124)	fault_says "never ends" ;;
	*)	fault_says "exit $1" ;;
	esac
}

# fault_check <check|clean> <when>: the root, and the repository beside it.
fault_check () {
	: >"$fault_copy/breaches"
	if test -d "$fault_copy/srv/.release"
	then
		"$CHECK" "$1" "$fault_copy/srv" "$fault_copy/before" \
			>"$fault_copy/breaches" 2>&1
	fi
	fault_mine "$fault_copy/app" >"$fault_copy/mine.now"
	cmp -s "$fault_copy/mine" "$fault_copy/mine.now" || {
		echo 'I12: the repository is not what it was'
		diff "$fault_copy/mine" "$fault_copy/mine.now"
	} >>"$fault_copy/breaches"
	test -s "$fault_copy/breaches" || return 0
	fault_says "$2"
	sed 's/^/    /' "$fault_copy/breaches" >>"$fault_bad"
}

fault_fsck () {
	git -C "$fault_copy/app" fsck --strict >"$fault_copy/breaches" 2>&1 &&
	! find "$fault_copy/app/.git" -name '*.lock' |
		grep . >>"$fault_copy/breaches" && return
	fault_says 'git fsck'
	sed 's/^/    /' "$fault_copy/breaches" >>"$fault_bad"
}

# Everything below the root but what each run writes.
fault_listing () {
	find "$fault_copy/srv" -path '*/.release/lock' -o -path '*/.release' \
		-o -printf '%P %y %m %s %T@ %C@ %l\n' | sort
}

fault_third_run () {
	fault_listing >"$fault_copy/second"
	fault_run '' || fault_says 'third run'
	fault_listing >"$fault_copy/third"
	cmp -s "$fault_copy/second" "$fault_copy/third" && return
	fault_says 'the third run changed something'
	diff "$fault_copy/second" "$fault_copy/third" |
		sed 's/^/    /' >>"$fault_bad"
}

# fault_of <program> <kind>: what the log calls the steps of that kind.
fault_of () {
	case $2 in
	short|torn) echo "$1/write" ;;
	*) echo "$1" ;;
	esac
}

# fault_hit <program> <n> <kind>: the name of the step that was struck.
fault_hit () {
	awk -v of="$(fault_of "$1" "$3")" -v n="$2" \
'
		$1 == of && ++i == n { sub("^[^ ]* ", ""); name = $0 }
		END { print name }' "$fault_copy/points"
}

fault_is_free () {
	! test -f "$fault_copy/srv/.release/lock" ||
		flock -n "$fault_copy/srv/.release/lock" true
}

# fault_until <what> <command>...: polls; what says what is wrong otherwise.
fault_until () {
	fault_what=$1 fault_tries=500
	shift
	until "$@"
	do
		fault_tries=$((fault_tries - 1))
		test $fault_tries -gt 0 || {
			fault_says "$fault_what"
			return 1
		}
		sleep 0.02
	done
}

fault_stopped () {
	fault_pid=$(sed -n 's/^hang //p' "$fault_copy/points")
	test -n "$fault_pid"
}

fault_over () {
	! kill -0 "$1" 2>/dev/null
}

# fault_hang <program> <n>: it stands still, wakes up when the other side has
# lost its patience, and must then see what became of the world.
fault_hang () {
	(
		export GIT_RELEASE_SILENCE_MS=1000 GIT_RELEASE_FINISH_MS=100 \
			GIT_RELEASE_ALIVE_GONE_MS=1500 GIT_RELEASE_LOOK_MS=20
		fault_run "$1:$2:hang"
	) & fault_client=$!
	fault_pid=
	if test "$1" = agent
	then
		wait $fault_client
		fault_code=$?
		fault_stopped && kill -CONT "$fault_pid" &&
		fault_until 'the agent woke up and stays' fault_over "$fault_pid"
		return
	fi
	fault_until 'neither an end nor a hang' eval \
		'fault_stopped || fault_over $fault_client'
	if test -n "$fault_pid"
	then
		fault_until 'the lock is held for a client that hangs' \
			fault_is_free
		fault_check check 'while the client hangs'
		kill -CONT "$fault_pid"
	fi
	wait $fault_client
	fault_code=$?
}

# Is the same command to be given again? Somebody who was told that the outcome
# is unknown looks first, and then does not go back twice.
fault_is_due () {
	test -f "$fault_copy/once" || return 0
	case $fault_kind:$fault_code in
	*:0) return 1 ;;
	hang:5) ! fault_reached ;;
	esac
}

# fault_one <scenario> <program> <n> <kind>: 1 when step n was not reached.
fault_one () {
	fault_name="$1 $2:$3:$4" fault_kind=$4
	rm -rf "$fault_copy" && cp -a "base/$1" "$fault_copy" || return 1
	: >"$fault_copy/points"
	if test "$4" = hang
	then
		fault_hang "$2" "$3"
	else
		fault_run "$2:$3:$4"
		fault_code=$?
	fi
	fault_struck=$(fault_hit "$2" "$3" "$4")
	test -z "$fault_struck" || echo "$4 $fault_struck" >>"$fault_covered"
	cat "$fault_copy/points" >>"$fault_points"
	fault_judge "$fault_code"
	fault_check check "after the fault (exit $fault_code)"
	: >"$fault_copy/points"
	if fault_is_due
	then
		fault_run ''
		fault_ended $?
		fault_check clean 'run again'
	fi
	cat "$fault_copy/points" >>"$fault_points"
	if test $(($3 % 4)) = 0 && ! test -f "$fault_copy/once" &&
		! test -f "$fault_copy/expect"
	then
		fault_third_run
		fault_fsck
	elif test -z "$FAULT_QUICK"
	then
		fault_fsck
	fi
	test -n "$fault_struck"
}

# The names of all points in the source, by kind, that no script of its own
# goes through (t3011, t3012, t3013), and of those passed.
fault_names () {
	grep -rhoE 'fault\("[^"]+"\)' "$TOP/common" "$TOP/git-release" \
		--include='*.c' | sed 's/.*"\(.*\)".*/\1/' |
		grep -vE '^((branch-sync|back-merge|finish|tag) |git work tree$|record (rename|commit)$)' |
		sort -u >steps
	grep -rhoE 'fault_short\("[^"]+"' "$TOP/common" "$TOP/git-release" \
		--include='*.c' | sed 's/.*"\(.*\)".*/\1/' | sort -u >writes
	for fault_k in fail enospc kill after hang
	do
		sed "s/^/$fault_k /" steps
	done
	sed 's/^/short /; p; s/^short/torn/' writes
}

fault_passed () {
	cat "$TRASH"/covered* | sort -u
}

# fault_count <scenario>: the steps of a run without a fault.
fault_count () {
	fault_copy=$TRASH/ram/count fault_bad=$TRASH/bad.count fault_name=$1
	rm -rf "$fault_copy" && cp -a "base/$1" "$fault_copy" &&
	: >"$fault_bad" && : >"$fault_copy/points" && : >"$fault_copy/err" &&
	{ fault_run ''; fault_ended $?; } &&
	cp "$fault_copy/points" "base/$1/points" &&
	! test -s "$fault_bad" || { cat "$fault_bad"; false; }
}

# fault_prefix <program> <scenario> <other>: with how many steps both begin.
fault_prefix () {
	for fault_s in "$2" "$3"
	do
		grep "^$1 " "base/$fault_s/points" >"prefix.$fault_s"
	done
	paste -d "|" "prefix.$2" "prefix.$3" |
		awk -F "|" '$1 != $2 { exit } { n++ } END { print n + 0 }'
}

# fault_plan <scenario> <program> <kind>: the steps to strike, and with how
# many names that no scenario before has had.
fault_plan () {
	fault_passed >covered.now
	fault_like='' fault_same=0
	if test -n "$FAULT_QUICK" && test -f "base/$1/like"
	then
		read -r fault_like <"base/$1/like"
		test "$fault_like" = none ||
			fault_same=$(fault_prefix "$2" "$1" "$fault_like")
	fi
	awk -v of="$(fault_of "$2" "$3")" -v kind="$3" -v quick="$FAULT_QUICK" \
		-v like="$fault_like" -v same="$fault_same" '
		FILENAME == ARGV[1] { seen[$0] = 1; next }
		$1 != of { next }
		{
			i++
			sub("^[^ ]* ", "")
			if (!($0 in first))
				first[$0] = i
			last[$0] = i
			names[i] = $0
		}
		END {
			most = kind == "fail" || kind == "kill"
			if (kind == "after" && like == "")
				most = 1
			for (n = 1; n <= i; n++) {
				name = names[n]
				take = !quick || n == first[name]
				if (quick && most && n == last[name])
					take = 1
				if (quick && most && n <= same)
					take = 0
				if (quick && !most && (kind " " name) in seen)
					take = 0
				if (take)
					print n
			}
			if (!quick)
				print n
		}' covered.now "base/$1/points"
}

# fault_share <scenario> <program> <kind> <nr> <of>: each so-manieth step of
# the plan. The full loop ends where no step is reached, and not before.
fault_share () {
	fault_copy=$TRASH/ram/copy$4
	fault_bad=$TRASH/bad.$1.$2.$3.$4
	fault_points=$TRASH/points.$4
	fault_covered=$TRASH/covered.$4
	sed -n "$4~$5p" plan >"plan.$4"
	while read -r fault_n
	do
		if fault_one "$1" "$2" "$fault_n" "$3"
		then
			fault_was_reached=t
		else
			fault_was_reached=
		fi
		test "$fault_n" = "$fault_end" && fault_want= || fault_want=t
		test "$fault_want" = "$fault_was_reached" ||
			fault_says "step $fault_n, of $fault_end: ${fault_was_reached:+not }expected"
	done <"plan.$4"
}

# fault_loop <scenario> <program> <kind>...: all steps. Fails when a run broke
# something, or when no step was reached.
fault_loop () {
	fault_scenario=$1 fault_by=$2
	shift 2
	rm -f "$TRASH/bad.$fault_scenario.$fault_by".*
	test -f "base/$fault_scenario/points" ||
		fault_count "$fault_scenario" || return 1
	for fault_k
	do
		fault_plan "$fault_scenario" "$fault_by" "$fault_k" >plan ||
			return 1
		fault_end=
		test -n "$FAULT_QUICK" || fault_end=$(tail -n 1 plan)
		fault_jobs=$FAULT_JOBS
		test "$fault_k" != hang || fault_jobs=$FAULT_IDLE_JOBS
		echo "$fault_k: $(wc -l <plan)"
		for fault_nr in $(seq $fault_jobs)
		do
			fault_share "$fault_scenario" "$fault_by" "$fault_k" \
				$fault_nr $fault_jobs &
		done
		wait
	done
	! cat "$TRASH/bad.$fault_scenario.$fault_by".* 2>/dev/null
}
