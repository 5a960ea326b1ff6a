#!/bin/sh
test_description='file names of every kind arrive byte for byte'

. "$(dirname "$0")/../lib/test-lib.sh"

NL='
'
long=$(printf %255s '' | tr ' ' x)

# names: one file for each odd name, each with its own content.
make_odd () {
	git init -q -b production app && mkdir app/dir &&
	for name in "new${NL}line" "$(printf 'esc\033[31m')" -rf --help \
		"quo\"te" "apo'strophe" 'back\slash' '$(id>x)' '`id`' ' lead' \
		'trail ' '*' '?' '%s%n' '~' '#' 'tab	tab' "$long" \
		"$(printf 'latin1-\351')" "$(printf '\377\376')" '...' '-' \
		"$(printf 'dir/\001')" 'a:b' 'con' "$(printf 'e\314\201')" \
		"$(printf '\303\251')"
	do
		printf '%s' "content of $name" >"app/$name" || return 1
	done &&
	ln -s "new${NL}line" "app/link to -rf" &&
	ln -s "$(printf '\377\376')" "app/$(printf 'link\033')" &&
	app_tag app v1.0.0
}

test_expect_success 'released byte for byte' '
	make_odd && app_target app production "$TRASH/srv" &&
	git -C app release v1.0.0 >out 2>err &&
	test_must_be_empty err &&
	live_is srv app v1.0.0 &&
	test -f "srv/current/$long" && test -f "srv/current/-rf"
'

test_expect_success 'changed and removed the same way' '
	printf "%s" more >>"app/new${NL}line" &&
	printf "%s" more >>"app/$long" &&
	printf "%s" more >>"app/$(printf "\377\376")" &&
	rm -- "app/-rf" "app/$(printf "esc\033[31m")" &&
	app_tag app v1.1.0 &&
	git -C app release v1.1.0 >out &&
	test_grep "5 files changed" out &&
	live_is srv app v1.1.0 &&
	git -C app release verify >out && test_grep verified out
'

test_expect_success 'nothing of it reaches a terminal as it is' '
	name="srv/current/$(printf "evil\033]0;x\007")" && : >"$name" &&
	test_expect_code 1 git -C app release verify >out 2>err &&
	! LC_ALL=C grep "$(printf "[\033\007]")" out err &&
	test_grep "A \"evil.033\]0;x.a\"" out &&
	rm "$name"
'

# U+009B begins a control sequence as ESC [ does, U+202E turns text round.
test_expect_success 'JSON is printable ASCII, and tells the name exactly' '
	name=$(printf "c1\302\2332Jx\177\342\200\256é\033") &&
	: >"srv/current/$name" &&
	test_expect_code 1 git -C app release verify --json >out 2>err &&
	rm "srv/current/$name" &&
	! LC_ALL=C grep "[^ -~]" out &&
	NAME=$name python3 -c "import json,os
paths = json.load(open(\"out\"))[\"paths\"]
assert paths == [{\"status\": \"A\", \"path\":
	os.environb[b\"NAME\"].decode()}], paths"
'

test_expect_success 'a rollback and recycling keep them, too' '
	git -C app release rollback && live_is srv app v1.0.0 &&
	git -C app config release.production.keep 1 &&
	git -C app config release.production.recycleAfter 0 &&
	for n in 1 2 3
	do
		git -C app release -q --again --allow-older v1.0.0 || return 1
		git -C app release -q --again v1.1.0 || return 1
	done &&
	live_is srv app v1.1.0 && git -C app release verify -q
'

test_expect_success 'a symbolic link that leaves the tree is refused, listed' '
	ln -s ../../../etc/passwd "app/out${NL}side" && app_tag app v1.2.0 &&
	before=$(readlink srv/current) &&
	test_expect_code 1 git -C app release v1.2.0 2>err &&
	test_grep "out.nside" err &&
	test "$before" = "$(readlink srv/current)"
'

test_done
