#!/bin/bash
# peers.sh <tool> <action> <host> [<version>]: the work that is timed, as a
# careful person does it today with each tool, and with ours. Runs as dev.
# shellcheck disable=SC2029 # names are expanded here on purpose
set -e
tool=$1 action=$2 host=$3 version=$4
root=/srv/web/deploy
id=$(date -u +%Y%m%d%H%M%S%N)
new=$root/releases/$id

# The steps all of them share, as one remote command.
switch="rm -rf $new/storage $new/.env
ln -s $root/shared/storage $new/storage; ln -s $root/shared/.env $new/.env
ln -s releases/$id $root/current.new; mv -T $root/current.new $root/current
cd $root/releases; ls -1t | tail -n +6 | xargs -r rm -rf
echo $id >>$root/deployment.log"

unpack () {
	ssh "$host" "set -e; mkdir -p $new; $1 -dc | tar -xf - -C $new; $switch"
}

ours () {
	git -C "/srv/dev/${app:-app}" -c "release.production.url=$host:$root" \
		$settings release "$@"
}

# What differs on the server, one "A path", "M path" or "D path" to a line.
listed=/srv/dev/captured.list fetched=/srv/dev/captured

serversync () {
	git -C /srv/dev/app -c "release.production.url=$host:$root" \
		-c serversync.gitOnly=docs serversync --no-push "$@" production
}

# One branch of the playbook's loop.
follow () {
	git checkout -q "$1" && git merge -q production --ff-only &&
		git push -q origin "$1"
}

case $tool-$action in
loop-branches)
	cd /srv/dev/branches && git fetch -q origin
	for branch in main staging develop
	do
		git merge-base --is-ancestor $branch production
	done
	follow main && follow staging && follow develop ;;
byhand-branches)
	cd /srv/dev/branches && git fetch -q origin
	for branch in main staging develop
	do
		git merge-base --is-ancestor origin/$branch origin/production
	done
	git push -q --atomic origin origin/production:refs/heads/main \
		origin/production:refs/heads/staging \
		origin/production:refs/heads/develop ;;
ours-branches)
	git -C /srv/dev/branches branch-sync -q ;;
fetch-history)
	git -C /srv/dev/history fetch -q origin ;;
ours-history)
	git -C /srv/dev/history branch-sync -q ;;
gitstatus-capture)
	# Of a release that git did not check out there is no index.
	ssh "$host" "set -e; cd $root/current/; export GIT_DIR=/srv/web/repo.git
		export GIT_INDEX_FILE=/srv/web/capture.index; rm -f \$GIT_INDEX_FILE
		git read-tree v1
		git --work-tree=. status --porcelain -uall --no-renames -- . \
			':!storage' ':!.env' ':!REVISION' ':!release.json'" |
		sed -E 's/^\?\? /A /; s/^ ?([MD]) +/\1 /' >$listed
	sed -n 's/^[AM] //p' $listed |
		ssh "$host" "cd $root/current/ && tar -czf - -T -" |
		tar -xzf - -C $fetched ;;
rsync-capture)
	rsync -rcni --delete --exclude=/storage --exclude=/.env \
		--exclude=/REVISION --exclude=/release.json \
		/srv/dev/trees/v1/ "$host:$root/current/" |
		sed -nE 's/^\*deleting +/A /p; s/^<fc[^ ]* /M /p
			s/^<f\+[^ ]* /D /p' | grep -v '/$' >$listed
	sed -n 's/^[AM] //p' $listed |
		rsync -a --files-from=- "$host:$root/current/" $fetched/ ;;
ours-capture*|ours-unedited*)
	serversync ;;
ours-report)
	serversync --json ;;
true-*)
	ssh "$host" true ;;
gitpush-release)
	git -C /srv/dev/app push -q "$host:repo.git" "refs/tags/$version"
	ssh "$host" "set -e; mkdir -p $new; export GIT_INDEX_FILE=$new.index
		git --git-dir=repo.git --work-tree=$new checkout -qf $version -- .
		rm $new.index; $switch" ;;
rsync-release)
	rsync -az --delete --exclude=/storage --exclude=/.env \
		--link-dest=../../current \
		"/srv/dev/trees/$version/" "$host:$new/"
	ssh "$host" "set -e; $switch" ;;
targz-release)
	tar -cf - -C "/srv/dev/trees/$version" . | gzip | unpack gzip ;;
tarzstd-release)
	tar -cf - -C "/srv/dev/trees/$version" . | zstd -3 -T1 -q -c |
		unpack zstd ;;
ours-release)
	ours "$version" ;;
ours-rollback)
	ours rollback ;;
*)
	echo "peers.sh: no $tool-$action" >&2
	exit 129 ;;
esac
