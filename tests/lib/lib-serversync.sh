# A project with a server to capture from, and what became of it. Sourced by the
# tests of git serversync.

# captures <exit status> [<option>...]: in app; its output in out and err.
captures () {
	want_code=$1
	shift
	(cd app && test_expect_code "$want_code" git serversync "$@" \
		>../out 2>../err) || { cat out err; return 1; }
}

# project: a repository "app" with origin.git, released to srv; $live is what
# is live there.
project () {
	rm -rf app origin.git srv &&
	make_app_repo app origin.git && app_target app production "$TRASH/srv" &&
	printf "[serversync]\n\tgitOnly = docs\n[release]\n\tshared = uploads/\n" \
		>app/.gitrelease &&
	printf "*.log\n/vendor/\n" >app/.gitignore &&
	mkdir -p app/docs app/wp-content/uploads && echo old >app/docs/old.md &&
	: >app/wp-content/uploads/index.html &&
	released v1.3.0
}

# released <tag>: commits all that is in app, and makes that live.
released () {
	app_tag app "$1" && git -C app push -q origin production "$1" &&
	git -C app release -q "$1" && live=srv/$(readlink srv/current)
}

# The branch of the newest capture, and what it changes.
branch () {
	git -C app for-each-ref --format="%(refname:short)" \
		refs/heads/serversync/ | tail -n 1
}
changes () {
	git -C app diff --name-status v1.3.0 "$(branch)" --
}

# says <name>: a member of what --json prints, as Python reads it.
says () {
	python3 -c "import json; print(json.load(open('out'))$1)"
}

# test_line_count <n> <file>
test_line_count () {
	test "$(wc -l <"$2")" = "$1" || { cat "$2"; return 1; }
}

# foreign: what another tool made of v1.3.0: srv2/current, $other is what is
# live; app has it as "other".
foreign () {
	rm -rf srv2 && other=srv2/releases/20260101000000 &&
	mkdir -p $other srv2/shared/uploads srv2/repo &&
	git -C app archive v1.3.0 | tar -xf - -C $other &&
	git -C app rev-parse v1.3.0^{} >$other/REVISION &&
	rm -rf $other/uploads && ln -s ../../shared/uploads $other/uploads &&
	ln -s releases/20260101000000 srv2/current &&
	app_target app other "$TRASH/srv2"
}
