#!/bin/sh
# run.sh <build dir> <seconds>: runs every fuzz target that is built there.

build=$1 seconds=$2 failed=0 nr=0
for target in "$build"/fuzz/fuzz_*
do
	test -f "$target" && test -x "$target" || continue
	name=$(basename "$target")
	nr=$((nr + 1))
	mkdir -p "$build/corpus/$name" "$build/found"
	# -close_fd_mask=3: what is parsed may print; findings still show.
	if "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
		-close_fd_mask=3 -print_final_stats=1 \
		-artifact_prefix="$build/found/$name-" \
		"$build/corpus/$name" >"$build/$name.log" 2>&1
	then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' \
			"$build/$name.log")
		echo "ok $nr - $name ($runs inputs)"
	else
		failed=$((failed + 1))
		echo "not ok $nr - $name"
		tail -n 60 "$build/$name.log" | sed 's/^/# /'
	fi
done
echo "1..$nr"
test $nr != 0 && test $failed = 0
