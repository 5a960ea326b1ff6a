#!/bin/sh
test_description='root-check, which judges all fault tests, sees every breach'
. "$(dirname "$0")/../lib/test-lib.sh"

CHECK=$BUILD/tests/root-check

# sees <invariant> <what> <commands that break it, in srv>
sees () {
	test_expect_success "sees that $2" '
		rm -rf srv && cp -a good srv && '"$3"' &&
		! "$CHECK" check srv before >breaches &&
		test_grep "^I'"$1"':" breaches
	'
}

test_expect_success 'a root with three releases, and nothing to complain of' '
	make_app_repo app &&
	app_target app production "$PWD/srv" &&
	git -C app config release.shared storage/ &&
	for v in v1.0.0 v1.1.0 v1.2.0
	do
		(cd app && git release --no-sync $v) || return 1
	done &&
	previous=$(ls srv/releases | sed -n 2p) &&
	live=$(live_release srv) &&
	echo data >srv/shared/storage/file && chmod 640 srv/shared/storage/file &&
	"$CHECK" snapshot srv >before &&
	"$CHECK" clean srv before &&
	cp -a srv good
'

sees 1 'current is gone' 'rm srv/current'
sees 1 'current dangles' 'ln -sfn releases/gone srv/current'
sees 1 'current leads away' 'ln -sfn /tmp srv/current'
sees 1 'current is no link' 'rm srv/current && mkdir srv/current'
sees 2 'what is live is not sealed' '
	mkdir srv/releases/new && ln -sfn releases/new srv/current'
sees 3 'shared data is gone' 'rm srv/shared/storage/file'
sees 3 'shared data changed' 'echo other >srv/shared/storage/file'
sees 3 'shared data is readable by more' 'chmod 644 srv/shared/storage/file'
sees 4 'something half-made is listed' 'mkdir srv/releases/half'
sees 5 'the ledger is damaged' 'sed -i "3s/a/b/" srv/.release/journal'
sees 6 'the way back is gone' 'rm -rf srv/releases/$previous'
sees 7 'a content changed' 'echo x >>srv/releases/$previous/app/Model1.php'
sees 7 'a file is missing' 'rm srv/releases/$live/app/Model1.php'
sees 7 'a file is new' '>srv/releases/$live/app/new.php'
sees 7 'a mode changed' 'chmod 600 srv/releases/$live/app/Model1.php'
sees 7 'a link changed' 'ln -sfn / srv/releases/$live/storage'
test_expect_success 'sees that the lock is held' '
	rm -rf srv && cp -a good srv &&
	! flock srv/.release/lock "$CHECK" check srv before >breaches &&
	test_grep "^I8:" breaches
'

test_expect_success 'a release edited before is to stay as it was, no more' '
	rm -rf srv && cp -a good srv && echo x >>srv/releases/$live/app/Model1.php &&
	"$CHECK" snapshot srv >edited && "$CHECK" clean srv edited &&
	! "$CHECK" clean srv before &&
	echo x >>srv/releases/$live/app/Model1.php &&
	! "$CHECK" clean srv edited >breaches && test_grep "^I7:" breaches &&
	rm -rf srv && cp -a good srv &&
	! "$CHECK" clean srv edited >breaches && test_grep "^I7:" breaches
'

for place in tmp trash link manifest index
do
	test_expect_success "sees that something is left in $place" '
		rm -rf srv && cp -a good srv && >srv/.release/$place/left &&
		! "$CHECK" clean srv before >breaches &&
		test_grep "^I11:" breaches
	'
done

test_expect_success 'sees a link that is missing, a stray file, another live one' '
	rm -rf srv && cp -a good srv && rm srv/.release/link/$previous &&
	! "$CHECK" clean srv before >breaches && test_grep "^I11:" breaches &&
	rm -rf srv && cp -a good srv && >srv/stray &&
	! "$CHECK" clean srv before >breaches && test_grep "^I11:" breaches &&
	rm -rf srv && cp -a good srv &&
	ln -sfn releases/$previous srv/current &&
	! "$CHECK" clean srv before >breaches && test_grep "^I5:" breaches
'

test_done
