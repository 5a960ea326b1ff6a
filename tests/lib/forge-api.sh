#!/bin/sh
# forge-api.sh <dir>: what t6400 checks requests to GitHub with. Prism and the
# description that GitHub publishes come from npm, once for all builds, and in
# the person's own environment: tests have none.

set -e

prism=5.16.0
openapi=23.0.2
dir=$1

test ! -f "$dir/$prism-$openapi" || exit 0
mkdir -p "$dir"
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
	"@stoplight/prism-cli@$prism"
npm pack --silent "@octokit/openapi@$openapi" >/dev/null
tar xzOf "octokit-openapi-$openapi.tgz" \
	package/generated/api.github.com.json >whole.json
python3 "$OLDPWD/tests/lib/openapi-cut.py" '/repos/{owner}/{repo}/pulls' \
	'/repos/{owner}/{repo}/pulls/{pull_number}' <whole.json >github.json
rm "octokit-openapi-$openapi.tgz" whole.json
: >"$prism-$openapi"
