#!/bin/sh

test_description='validate: nothing is released that an environment has not seen pass

A package is built once, perhaps by somebody else or for another environment.
What an environment wants to see pass must have passed on that very package.'

. "$(dirname "$0")/../lib/test-lib.sh"

make_app_repo app || exit 1
app_target app production "$TRASH/srv"
app_target app staging "$TRASH/stage"
RAN=$TRASH/ran
export TMPDIR=$TRASH

# validate <env> <command>...: what it wants to see pass from now on.
validate () {
	validate_env=$1
	git -C app config --unset-all "release.$1.validate"
	shift
	for validate_command
	do
		git -C app config --add "release.$validate_env.validate" \
			"$validate_command" || return 1
	done
}

# ran <times>: how often a command of ours did, since it was last asked.
ran () {
	touch "$RAN" && test "$(wc -l <"$RAN")" = "$1" && : >"$RAN"
}

no_scratch () {
	test -z "$(ls -A app/.git/git-release/tmp)"
}

test_expect_success 'what was built without an environment is looked at' '
	git -C app release build v1.0.0 >id &&
	validate production "echo ran >>$RAN; test -f public/missing" &&
	test_expect_code 4 git -C app release v1.0.0 >out 2>err &&
	test_grep "test -f public/missing. failed with status 1" err && ran 1 &&
	test_path_is_missing srv/current && no_scratch &&
	git -C app rev-parse refs/releases/v1.0.0 >now && test_cmp id now &&
	test_expect_code 4 git -C app release v1.0.0 && ran 1
'

test_expect_success 'once it passes it is released, and not tried again' '
	pass="echo ran >>$RAN; test -f public/index.php && touch droppings" &&
	validate production "$pass" "test -f droppings" &&
	git -C app release v1.0.0 && ran 1 && live_is srv app v1.0.0 &&
	no_scratch && git -C app rev-parse refs/releases/v1.0.0 >now &&
	test_cmp id now &&
	git -C app release -q --again v1.0.0 && ran 0 &&
	validate staging "$pass" "test -f droppings" &&
	git -C app release -q --to staging v1.0.0 && ran 0 &&
	validate staging "$pass" &&
	git -C app release -q --to staging --again v1.0.0 && ran 1
'

test_expect_success 'what passed while it was built has passed' '
	git -C app release -q v1.1.0 && ran 1 &&
	git -C app release -q --again v1.1.0 && ran 0 &&
	git -C app release -q --to staging v1.1.0 && ran 1
'

test_expect_success 'somebody else has built it' '
	git init -q --bare -b production origin.git && git -C app remote add origin \
		"$TRASH/origin.git" && git -C app push -q --tags origin production &&
	git -C app push -q origin "refs/releases/*:refs/releases/*" &&
	git clone -q origin.git other &&
	app_target other production "$TRASH/srv3" &&
	git -C other config release.validate "echo ran >>$RAN" &&
	git -C other release v1.1.0 && ran 1 &&
	git -C other rev-parse refs/releases/v1.1.0 >theirs &&
	git -C app rev-parse refs/releases/v1.1.0 >ours &&
	test_cmp ours theirs
'

# What an export would leave out or rewrite, had the attributes their effect
# a second time.
test_expect_success 'the commands see the package, byte for byte' '
	printf "%s\n" "/made export-ignore" "*.txt eol=crlf" \
		"*.php export-subst" "*.bin working-tree-encoding=UTF-16" \
		"*.md filter=no-such ident" >app/.gitattributes &&
	printf "%s\n" a b >app/lines.txt && echo "\$Id\$" >app/a.md &&
	app_tag app v1.3.0 && git -C app push -q origin production &&
	build="mkdir made && echo x >made/x && echo y >y.bin" &&
	git -C app config --add release.build \
		"$build && echo \"\\\$Format:%H\\\$\" >z.php" &&
	git -C app release build v1.3.0 &&
	validate production "find . -type f -print0 | sort -z | xargs -0 sha1sum >$RAN" &&
	git -C app release -q v1.3.0 &&
	(
		cd srv/current && find . -type f ! -name REVISION \
			! -name release.json -print0 | sort -z | xargs -0 sha1sum
	) >expect &&
	test_grep "./made/x" expect && test_grep "./z.php" expect &&
	test_cmp expect "$RAN"
'

test_expect_success 'what is remembered may be lost, or be nonsense' '
	: >"$RAN" && pass="echo ran >>$RAN" && validate production "$pass" &&
	git -C app release -q --again v1.3.0 && ran 1 &&
	file=app/.git/git-release/validated && test_path_is_file $file &&
	for n in 1 2 3
	do
		echo "$n nonsense" >$file &&
		git -C app release -q --again v1.3.0 && ran 1 &&
		git -C app release -q --again v1.3.0 && ran 0 || return 1
	done &&
	head -c 1000000 /dev/zero >$file &&
	git -C app release -q --again v1.3.0 && ran 1 &&
	rm $file && git -C app release -q --again v1.3.0 && ran 1
'

test_done
