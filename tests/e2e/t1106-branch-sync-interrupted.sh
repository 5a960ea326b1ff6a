#!/bin/sh

test_description='git branch-sync: interrupts, and kills while others work'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-branches.sh"

# The signal goes to branch-sync itself, whose process id is in "pid".
start () {
	sh -c 'echo $$ >pid; cd app && exec git-branch-sync' >out 2>err
}

fresh () {
	rm -rf origin.git app pid && branches_make origin.git app &&
	git -C app checkout -q main &&
	tip=$(git -C app rev-parse c4) && old=$(git -C app rev-parse c1)
}

# on_fetch <signal>: it comes while the fetch is under way, which then takes
# its time; on_push while the remote takes the push; on_files while git writes
# the files of the work tree.
on_fetch () {
	cat >upload <<-EOT && chmod +x upload &&
	#!/bin/sh
	test ! -f "$PWD/pid" || { kill -$1 \$(cat "$PWD/pid"); rm "$PWD/pid"; sleep 10; }
	exec git-upload-pack "\$@"
	EOT
	git -C app config remote.origin.uploadpack "$PWD/upload"
}

on_push () {
	cat >origin.git/hooks/pre-receive <<-EOT &&
	#!/bin/sh
	kill -$1 \$(cat "$PWD/pid")
	EOT
	chmod +x origin.git/hooks/pre-receive
}

on_files () {
	echo "file filter=signal" >app/.git/info/attributes &&
	git -C app config filter.signal.clean cat &&
	git -C app config filter.signal.smudge "$PWD/smudge" &&
	cat >smudge <<-EOT && chmod +x smudge
	#!/bin/sh
	kill -$1 \$(cat "$PWD/pid")
	cat
	EOT
}

for signal in INT:130 TERM:143 HUP:143
do
	code=${signal#*:} signal=${signal%:*}
	test_expect_success "SIG$signal while it fetches: nothing moves" '
		fresh && on_fetch $signal && branches_before origin.git app &&
		test_expect_code $code start && test_grep "^error: git fetch: " err &&
		branches_same origin.git app &&
		git -C app config --unset remote.origin.uploadpack &&
		git -C app branch-sync && branches_at app $tip main develop
	'
	test_expect_success "SIG$signal while it pushes: all is finished" '
		fresh && on_push $signal && test_expect_code $code start &&
		test_grep "interrupted, but not before all had moved" err &&
		branches_at origin.git $tip main staging &&
		branches_at app $tip main develop &&
		test -z "$(git -C app status --porcelain)"
	'
	test_expect_success "SIG$signal while files are written: all is finished" '
		fresh && on_files $signal && test_expect_code $code start &&
		branches_at origin.git $tip main staging &&
		branches_at app $tip main develop &&
		test -z "$(git -C app status --porcelain)"
	'
done

# Ctrl-C at a terminal reaches everything in the foreground: not the push.
test_expect_success 'Ctrl-C at a terminal while it pushes: all is finished' '
	fresh && test_require python3 &&
	cat >origin.git/hooks/pre-receive <<-EOT &&
	#!/bin/sh
	: >"$PWD/pushing"
	while test -f "$PWD/pushing"; do sleep 0.1; done
	EOT
	chmod +x origin.git/hooks/pre-receive &&
	test_expect_code 130 python3 - <<-\EOT &&
	import os, pty, sys, time
	pid, fd = pty.fork()
	if not pid:
	    os.chdir("app")
	    os.execvp("git-branch-sync", ["git-branch-sync"])
	while not os.path.exists("pushing"):
	    time.sleep(0.05)
	os.write(fd, b"\x03")
	said = b""
	# The terminal shows it when it has sent the signal.
	while b"^C" not in said:
	    said += os.read(fd, 4096)
	os.remove("pushing")
	try:
	    while data := os.read(fd, 4096):
	        said += data
	except OSError:
	    pass
	print(said.decode())
	sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	EOT
	branches_at origin.git $tip main staging &&
	branches_at app $tip main develop &&
	test -z "$(git -C app status --porcelain)"
'

# What it started goes on: the remote ends as it would have.
test_expect_success 'kill -9 while it pushes: the remote has all, then we have' '
	fresh && on_push KILL &&
	test_expect_code 137 start &&
	test_wait_for 20 branches_at origin.git $tip main staging &&
	branches_at app $old main develop &&
	rm origin.git/hooks/pre-receive &&
	git -C app branch-sync && branches_at app $tip main develop &&
	test -z "$(git -C app status --porcelain)"
'

gone () {
	test ! -f app/.git/index.lock && test -s written
}

test_expect_success 'kill -9 while files are written: old, and then new' '
	fresh && on_files KILL && echo "echo x >>\"$PWD/written\"" >>smudge &&
	test_expect_code 137 start &&
	test_wait_for 20 gone &&
	branches_at origin.git $tip main staging &&
	branches_at app $old main develop &&
	test -z "$(find app/.git -name "*.lock")" &&
	git -C app config filter.signal.smudge cat &&
	git -C app branch-sync && branches_at app $tip main develop &&
	test -z "$(git -C app status --porcelain)"
'

test_done
