#!/bin/sh
test_description='git release init writes .gitrelease'

. "$(dirname "$0")/../lib/test-lib.sh"

# fresh <dir>: an empty repository to begin with.
fresh () {
	rm -rf repo && git init -q -b production repo
}

laravel () {
	fresh && : >repo/artisan &&
	echo "{\"require\": {\"laravel/framework\": \"^11\"}}" >repo/composer.json
}

# values <key>: as git reads them from the file.
values () {
	git config --file repo/.gitrelease --get-all "$1"
}

test_expect_success 'a plain project, from a subfolder' '
	fresh && mkdir repo/sub &&
	(cd repo/sub && git release init "$TRASH/srv") >out 2>err &&
	test_grep "Wrote .gitrelease (plain) with environment production" out &&
	test_grep "^hint: .*git release --to production v1.0.0" err &&
	test "$(values release.production.url)" = "$TRASH/srv" &&
	test_path_is_missing srv && test_path_is_missing repo/sub/.gitrelease
'

test_expect_success 'what it wrote releases' '
	echo hello >repo/index.html && app_tag repo v1.0.0 &&
	git -C repo release v1.0.0 && live_is srv repo v1.0.0
'

test_expect_success 'laravel' '
	laravel && git -C repo release init web1:/srv/app 2>/dev/null >out &&
	test_grep "(laravel)" out &&
	printf "storage/\n.env\n" >expect &&
	values release.production.shared >got && test_cmp expect got &&
	test "$(values release.production.link)" = \
		public/storage:storage/app/public &&
	values release.build >got && test_grep "^composer install --no-dev" got &&
	test_must_fail values release.recipe
'

test_expect_success 'laravel with a node build' '
	laravel && echo "{\"scripts\": {\"build\": \"vite build\"}}" \
		>repo/package.json && : >repo/package-lock.json &&
	git -C repo release init web1:/srv/app 2>/dev/null &&
	values release.build >got &&
	test_grep "^npm ci$" got && test_grep "^npm run build$" got &&
	values release.exclude >got && test_grep "^/node_modules$" got
'

test_expect_success 'node' '
	fresh && echo "{\"scripts\": {\"build\": \"next build\"}}" \
		>repo/package.json &&
	git -C repo release init ssh://web1/srv/app 2>/dev/null >out &&
	test_grep "(node)" out &&
	printf "npm install\nnpm run build\n" >expect &&
	values release.build >got && test_cmp expect got
'

test_expect_success 'files that only look so are plain' '
	fresh && : >repo/artisan && echo "not json" >repo/composer.json &&
	echo "{\"scripts\": [1, 2]}" >repo/package.json &&
	git -C repo release init "$TRASH/srv" 2>/dev/null >out &&
	test_grep "(plain)" out
'

test_expect_success '--recipe decides; later ones and wrong ones are refused' '
	fresh && git -C repo release init --recipe laravel /srv/app >out 2>/dev/null &&
	test_grep "(laravel)" out &&
	fresh && test_expect_code 128 git -C repo release init \
		--recipe wordpress /srv/app 2>err &&
	test_grep "wordpress is not available yet" err &&
	test_expect_code 129 git -C repo release init --recipe cobol /srv/x 2>err &&
	test_grep "laravel, node or plain, not .cobol." err &&
	test_path_is_missing repo/.gitrelease
'

test_expect_success 'one more environment leaves every byte before it' '
	fresh && printf "[release \"production\"]\n\turl=/srv/a ; mine\n\n# end" \
		>repo/.gitrelease &&
	cp repo/.gitrelease before &&
	git -C repo release init /srv/stage staging >out 2>/dev/null &&
	test_grep "Added environment staging" out &&
	head -c "$(wc -c <before)" repo/.gitrelease >got && cmp before got &&
	test "$(values release.staging.url)" = /srv/stage &&
	test "$(values release.production.url)" = /srv/a
'

test_expect_success 'an environment that is there is refused, nothing written' '
	cp repo/.gitrelease before &&
	test_expect_code 1 git -C repo release init /srv/other staging 2>err &&
	test_grep "^error: environment .staging. is there already$" err &&
	cmp before repo/.gitrelease
'

test_expect_success 'a file that is not in order is not made worse' '
	fresh && printf "[release \"production\"]\n\tulr = /srv/a\n" \
		>repo/.gitrelease && cp repo/.gitrelease before &&
	test_expect_code 128 git -C repo release init /srv/b staging 2>err &&
	test_grep "^fatal: .gitrelease:2: " err && cmp before repo/.gitrelease
'

test_expect_success 'names and urls that cannot be' '
	fresh &&
	test_expect_code 129 git -C repo release init /srv/a rollback 2>err &&
	test_grep "like the command .rollback." err &&
	test_expect_code 129 git -C repo release init /srv/a "a b" &&
	test_expect_code 129 git -C repo release init &&
	test_must_fail git -C repo release init -- "-oProxyCommand=x:/srv" &&
	test_must_fail git -C repo release init "ssh://-x/srv" &&
	test_must_fail git -C repo release init "a
b:/srv" &&
	test_must_fail git -C repo release init "$(printf "/srv/a\001b")" &&
	test_must_fail git -C repo release init "" &&
	test_path_is_missing repo/.gitrelease
'

test_expect_success 'a url with odd characters comes back as it was' '
	fresh && url="$TRASH/a #b;\"c\\d" &&
	git -C repo release init "$url" 2>/dev/null &&
	test "$(values release.production.url)" = "$url"
'

test_expect_success 'a bare repository has no place for it' '
	git init -q --bare bare.git &&
	test_expect_code 128 git -C bare.git release init /srv/a 2>err &&
	test_grep "bare" err
'

test_expect_success '--adopt lays out a place that holds other files' '
	fresh && rm -rf srv && mkdir srv && echo mine >srv/mine &&
	git -C repo release init --adopt "$TRASH/srv" >out 2>/dev/null &&
	test_grep "is a release root now" out &&
	test_path_is_dir srv/.release && test_path_is_dir srv/shared &&
	test "$(cat srv/mine)" = mine &&
	rm -rf srv/.release srv/releases srv/shared &&
	git -C repo release init --adopt && test_path_is_dir srv/.release &&
	echo hello >repo/index.html && app_tag repo v1.0.0 &&
	git -C repo release v1.0.0 && live_is srv repo v1.0.0
'

test_done
