#!/bin/sh
test_description='git serversync: killed, or failing, at every step

The steps of the client and those of its agent. Whatever happened, the
repository is whole and moved nowhere but on the branch of the capture, that
branch is complete or missing, the server has nothing half done, and the same
command finishes.'
TEST_TIMEOUT=${TEST_TIMEOUT:-900}
export TEST_TIMEOUT
. "$(dirname "$0")/../lib/test-lib.sh"

# Rounds at the same time; those that wait for somebody's patience need no CPU.
FAULT_JOBS=${FAULT_JOBS:-2}
IDLE_JOBS=8

# edited <release>: one changed, two new, one gone, one that stays there.
edited () {
	echo "// hot" >>"$1/app/Model1.php" && echo x >"$1/new.php" &&
	mkdir "$1/plugin" && echo y >"$1/plugin/a.php" &&
	rm "$1/app/Model2.php" && echo "APP_KEY=canary-4711" >"$1/.env"
}

# base/<name>: app, origin.git, srv, and cmd, the command line.
scenario () {
	mkdir -p "base/$1" && cp -a app origin.git "base/$1/" &&
	{ ! test -d srv || cp -a srv "base/$1/"; } &&
	echo "$2" >"base/$1/cmd" &&
	(
		cd "base/$1" && mine >mine.was && theirs >theirs.was
	)
}

# What no capture has a reason to touch here.
mine () {
	find app \( -path app/.git/objects -o -path app/.git/git-release \
		-o -path app/.git/refs/heads/serversync \
		-o -path app/.git/refs/remotes/origin/serversync \
		-o -path app/.git/logs/refs/heads/serversync \
		-o -path app/.git/logs/refs/remotes/origin/serversync \) -prune \
		-o -type d -printf "%P %m\n" -o -printf "%P %m %s %T@ %l\n" |
	grep -v "^.git/\(logs/\)\?refs\(/heads\|/remotes\(/origin\)\?\)\? " |
	LC_ALL=C sort
	git -C origin.git for-each-ref | grep -v refs/heads/serversync
}

# The server, its notes of what a scan has read apart.
theirs () {
	test ! -d srv || find srv \( -path srv/.release/scan -o \
		-path srv/.release/bin \) -prune -o -path srv -o \
		-path srv/.release -o -type d -printf "%P d %m %T@\n" \
		-o -printf "%P %y %m %s %T@ %l\n" | LC_ALL=C sort
}

# What a command that was done already leaves alone, the server included. An
# object that is there is not written again, and marked as in use.
all_there_is () {
	find . -maxdepth 1 -type f -o -path "./app/.git/objects/*" -type f \
		-printf "%P %s\n" -o -printf "%P %y %m %s %T@ %C@ %l\n" |
	LC_ALL=C sort
}

# run_it <fault>: the command of the copy we are in.
run_it () {
	(
		cd app && read -r cmd <../cmd &&
		export GIT_RELEASE_FAULT="$1" \
			GIT_RELEASE_FAULT_LOG="$PWD/../points" &&
		exec timeout 60 $cmd >../out 2>../err </dev/null
	)
}

breach () {
	echo "$name: exit $code: $*"
	sed 's/^/    /' err
	return 1
}

capture_refs () {
	git -C "$1" for-each-ref --format="%(objectname) %(refname)" \
		refs/heads/serversync
}

no_lock () {
	! find "$1" -name "*.lock" | grep .
}

# whole <repository>: nothing is missing or torn. What a run that ended before
# its time has written is of no use to anybody, and no fault.
whole () {
	# git gives its locks back when it sees that we are gone.
	test_wait_for 5 no_lock "$1" >checked &&
	git -C "$1" fsck --strict --no-dangling >checked 2>&1 &&
	! grep . checked && return
	cat checked
	breach "$1 is not whole"
}

# Each capture, here or there, is of the tree that one without a fault has.
nothing_half () {
	for repo in app origin.git
	do
		for id in $(capture_refs $repo | cut -d" " -f1)
		do
			test "$(git -C $repo rev-parse "$id^{tree}")" = \
				"$(cat tree)" ||
			test "$id" = "$(cat was)" ||
				breach "$repo has half a capture" || return 1
		done
	done
}

# Does the exit status tell the truth?
truthful () {
	case $code in
	0)	capture_refs app >here && capture_refs origin.git | cmp -s - here &&
		grep -q . here || breach "not there" ;;
	1|128)	grep -q "^\(error\|fatal\):" err || breach "no word" ;;
	5)	grep -q "^hint:" err || breach "no word what to do" ;;
	137)	case $kind in
		kill|after) ;;
		*)	breach "killed by nobody" ;;
		esac ;;
	*)	breach "an odd status" ;;
	esac
}

unmoved () {
	mine | cmp -s - mine.was || {
		mine | diff mine.was -
		breach "the repository is not what it was"
		return 1
	}
	theirs | cmp -s - theirs.was || {
		theirs | diff theirs.was -
		breach "the server is not what it was"
	}
}

# Notes of a scan are there, and nothing beside them.
tidy () {
	find srv/.release/scan app/.git/git-release -name "*.new" 2>/dev/null |
		grep . && breach "a part of a file is left"
	find app/.git/git-release/tmp -mindepth 1 2>/dev/null |
		grep . && breach "a directory is left"
	return 0
}

# hang <fault> <program>: it stands still until the other side has lost its
# patience, or a signal comes, and must then see what became of the world.
hang () {
	(
		export GIT_RELEASE_SILENCE_MS=1000 GIT_RELEASE_FINISH_MS=100 \
			GIT_RELEASE_ALIVE_GONE_MS=1500 GIT_RELEASE_LOOK_MS=20
		run_it "$1"
	) & client=$!
	pid='' tries=500
	# An agent that is left alone is woken when its client has ended.
	while kill -0 $client 2>/dev/null && test $tries -gt 0
	do
		pid=$(sed -n "s/^hang //p" points)
		test -z "$pid" || test "$2" = agent || break
		sleep 0.02 && tries=$((tries - 1))
	done
	pid=$(sed -n "s/^hang //p" points)
	test "$2" = agent || test -z "$pid" || sleep 2
	test -z "$pid" || kill -CONT "$pid"
	wait $client
	code=$?
	while test -n "$pid" && kill -0 "$pid" 2>/dev/null && test $tries -gt 0
	do
		sleep 0.02 && tries=$((tries - 1))
	done
	test $tries -gt 0 || breach "woke up and stays"
}

# one <scenario> <program> <n> <kind>: in a copy of its own; "struck" says
# which step it was.
one () {
	name="$1 $2:$3:$4" kind=$4
	rm -rf "$copy" && cp -a "$TRASH/base/$1" "$copy" && cd "$copy" &&
	: >points || return 1
	case $kind in
	short|torn)	of=$2/write ;;
	*)		of=$2 ;;
	esac
	if test "$kind" = hang
	then
		hang "$2:$3:hang" "$2"
	else
		run_it "$2:$3:$4"
		code=$?
	fi
	struck=$(grep "^$of " points | sed -n "$3p")
	test -z "$struck" || echo "$kind $struck" >>"$covered"
	cat points >>"$covered.points"
	name="$name ($struck)"
	truthful && unmoved && nothing_half && whole app && whole origin.git ||
		return 1
	run_it ''
	code=$?
	test $code = 0 || breach "again" || return 1
	truthful && unmoved && nothing_half && tidy || return 1
	test "$(capture_refs app | wc -l)" = "$(cat count)" ||
		breach "again: not one capture" || return 1
	whole app || return 1
	all_there_is >all
	run_it ''
	code=$?
	all_there_is | cmp -s all - && test $code = 0 &&
	grep -q "$(cat said)" out && return
	all_there_is | diff all - | head -20
	breach "once more: it did something"
}

# share <nr> <scenario> <program> <kind>: each so-manieth step of the plan.
share () {
	copy=$TRASH/ram/copy$1 covered=$TRASH/covered.$1
	sed -n "$1~${jobs}p" "$TRASH/plan" >"$TRASH/plan.$1"
	while read -r n
	do
		( one "$2" "$3" "$n" "$4" ) || return 1
	done <"$TRASH/plan.$1"
}

# each_step <scenario> <program> <kind>...: quick: each name once.
each_step () {
	each_scenario=$1 each_program=$2 each_bad=
	shift 2
	test -s "base/$each_scenario/points" || return 1
	cat covered* 2>/dev/null | sort -u >covered.now
	for each_kind
	do
		case $each_kind in
		short|torn)	each_of=$each_program/write ;;
		*)		each_of=$each_program ;;
		esac
		grep "^$each_of " "base/$each_scenario/points" |
		awk -v quick="$FAULT_QUICK" -v kind="$each_kind" '
			FILENAME == ARGV[1] { seen[$0] = 1; next }
			{ now = kind " " $0; n = FNR }
			!quick || !(now in seen) { print FNR; seen[now] = 1 }
			END { if (!quick) print n + 1 }
		' covered.now - >plan
		echo "$each_kind: $(wc -l <plan)"
		jobs=$FAULT_JOBS each_pids=
		test $each_kind != hang || jobs=$IDLE_JOBS
		for each_nr in $(seq $jobs)
		do
			share $each_nr "$each_scenario" "$each_program" \
				$each_kind >log.$each_nr & each_pids="$each_pids $!"
		done
		for each_pid in $each_pids
		do
			wait $each_pid || each_bad=t
		done
		test -z "$each_bad" || { cat log.*; return 1; }
	done
}

# counted <scenario> <what a command that is done already says>: a run without a
# fault is what all others are held against.
counted () {
	cp -a "base/$1" count && (
		cd count && : >points && name=$1 kind=none &&
		{ capture_refs app | cut -d" " -f1 | grep . || echo none; } >was &&
		run_it ""; code=$? &&
		test $code = 0 && capture_refs app | wc -l >count &&
		git -C app rev-parse "$(capture_refs app | tail -n 1 |
			cut -d" " -f1)^{tree}" >tree &&
		truthful && unmoved && whole app && tidy &&
		echo "$2" >said &&
		cp points count tree was said "$TRASH/base/$1/"
	) && rm -rf count
}

test_expect_success 'a release that was edited' '
	mkdir ram && mount -t tmpfs -o size=512m tmpfs ram &&
	test_at_done "cd \"$TRASH\" && umount -l ram" &&
	make_app_repo app origin.git &&
	git -C app remote set-url origin ../origin.git &&
	git -C app config gc.auto 0 && rm -rf app/.git/hooks/*.sample &&
	app_target app production ../srv &&
	printf "[serversync]\n\tgitOnly = docs\n" >app/.gitrelease &&
	app_tag app v1.3.0 && git -C app push -q origin production v1.3.0 &&
	git -C app release -q v1.3.0 && edited srv/$(readlink srv/current) &&
	git -C app checkout -q -b work && echo dirty >>app/app/Model3.php &&
	git -C app add app/Model3.php && echo more >>app/app/Model3.php &&
	scenario sealed "git-serversync --delete app/Model2.php=old" &&
	counted sealed "^Already captured"
'

test_expect_success 'one of another tool, with and without our notes' '
	rm -rf srv && other=srv/releases/20260101000000 &&
	mkdir -p $other srv/shared srv/repo &&
	git -C app archive v1.3.0 | tar -xf - -C $other &&
	git -C app rev-parse v1.3.0^{} >$other/REVISION &&
	ln -s releases/20260101000000 srv/current &&
	cp -a srv srv.keep && edited $other &&
	scenario foreign "git-serversync" &&
	counted foreign "^Already captured" &&
	rm -rf srv && mv srv.keep srv && git -C app release -q --no-sync v1.3.0 &&
	git -C app release rollback -q --no-sync 20260101000000 &&
	edited $other && scenario adopted "git-serversync" &&
	counted adopted "^Already captured" &&
	test_grep "^agent rename file" base/adopted/points
'

test_expect_success 'a checkout' '
	rm -rf srv && git clone -q origin.git srv &&
	git -C srv checkout -q v1.3.0 && edited srv &&
	scenario plain "git-serversync" && counted plain "^Already captured"
'

# A signal comes while it stands still before a step.
kinds='kill fail after enospc short torn hang TERM'
test -n "$FAULT_QUICK" || kinds="$kinds HUP INT"
for kind in $kinds
do
	for scenario in sealed foreign adopted plain
	do
		test_expect_success "$scenario, client: $kind" '
			each_step $scenario client $kind
		'
		case $kind in
		TERM|HUP|INT) continue ;;
		esac
		test_expect_success "$scenario, agent: $kind" '
			each_step $scenario agent $kind
		'
	done
done

# Those of "reject" are struck by t3014.
test_expect_success 'every point in the source was struck, in every way' '
	grep -rhoE "fault\(\"capture [^\"]+\"\)" "$TOP/git-serversync" |
	sed "s/.*\"\(.*\)\".*/\1/" | sort -u >names && test -s names &&
	for kind in kill fail after enospc hang
	do
		sed "s/^/$kind client /" names || return 1
	done | sort >wanted &&
	sort -u covered.[0-9] >passed && comm -23 wanted passed >never &&
	test_must_be_empty never
'

test_done
