#!/bin/sh

test_description='git branch-sync says of random histories what git says'

. "$(dirname "$0")/../lib/test-lib.sh"

test_require python3

# $HISTORIES of them, 25 branches against one source each time.
HISTORIES=${HISTORIES:-250}

# One line for each branch, and one for each of its own commits: "b1 ancestor",
# "b2 diverged", "b2 - <id>" where the source has the same patch, else "+".
ours () {
	python3 -c '
import json, sys
doc = json.load(open(sys.argv[1]))
for b in doc["branches"]:
    r, name = b["remote"], b["branch"]
    ok = r["class"] in ("current", "behind")
    print(name, "ancestor" if ok else "diverged")
    for c in r.get("commits", []):
        if not c["merge"]:
            print(name, "-" if c["in_source"] else "+", c["commit"])
' out | sort
}

# Where clocks were wrong, git cherry lists commits that the source has itself.
gits () {
	git -C app rev-list origin/production >production
	for b in $names
	do
		if git -C app merge-base --is-ancestor origin/$b origin/production
		then
			echo "$b ancestor"
			continue
		fi
		echo "$b diverged" &&
		git -C app cherry origin/production origin/$b | sed "s/^/$b /"
	done | grep -vFf production | sort
}

one_source () {
	rm -rf origin.git app &&
	git init -q --bare origin.git && git init -q app &&
	git -C app remote add origin "$TRASH/origin.git" &&
	"$BUILD/tests/random-history" $1 25 |
		git -C origin.git fast-import --quiet &&
	names=$(git -C origin.git for-each-ref --format="%(refname:lstrip=2)" \
		"refs/heads/b*") &&
	{
		git -C app branch-sync -n --json $names >out
		test $? -le 1
	} &&
	ours >actual && gits >expect && cat expect >>seen &&
	test_cmp expect actual || { echo "seed $1"; return 1; }
}

test_expect_success "$HISTORIES random histories" '
	seed=0 &&
	while test $((seed * 25)) -lt $HISTORIES
	do
		seed=$((seed + 1)) && one_source $seed || return 1
	done
'

# Else it proves nothing.
test_expect_success 'there was something of everything' '
	for kind in ancestor diverged + -
	do
		echo "$kind $(grep -c " $kind" seen)"
		test "$(grep -c " $kind" seen)" -gt $((HISTORIES / 10)) ||
			return 1
	done
'

test_done
