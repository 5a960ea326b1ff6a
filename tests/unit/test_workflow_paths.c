#include "common/base/base.h"
#include "tests/unit/unit.h"

#include "git-serversync/workflow_patch.h"

/* "a|b", "<line> <why it cannot be told>", or what is no workflow at all. */
static void describe(const char *yaml, size_t len, struct strbuf *out)
{
	const struct workflow_text text = { .data = yaml, .len = len, .file = "f" };
	AUTO_WORKFLOW_PATHS struct workflow_paths w = WORKFLOW_PATHS_INIT;
	AUTO_AUDIT_GAP struct audit_gap gap = AUDIT_GAP_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	bool known;

	if (workflow_paths_read(&text, &w, &gap, &err) < 0)
		strbuf_addstr(out, err.msg.buf);
	else if (gap.why.len)
		strbuf_addf(out, "%u %s", gap.line, gap.why.buf);
	else if (!w.nr)
		strbuf_addstr(out, "none");
	known = !out->len && w.nr;
	for (size_t i = 0; known && i < w.v[0].paths.nr; i++)
		strbuf_addf(out, "%s:%u|", w.v[0].paths.v[i].path,
			    w.v[0].paths.v[i].line);
}

struct sample {
	const char *yaml, *want;
};

static void check(const char *yaml, size_t len, const char *want)
{
	AUTO_STRBUF struct strbuf got = STRBUF_INIT;

	describe(yaml, len, &got);
	if (strncmp(got.buf, want, strlen(want)) != 0)
		fail_msg("'%s', not '%s', for: %s", got.buf, want, yaml);
}

static void check_all(const struct sample *samples, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		check(samples[i].yaml, strlen(samples[i].yaml), samples[i].want);
}

#define CHECK(...) check_all(__VA_ARGS__, ARRAY_SIZE(__VA_ARGS__))
#define V	   "env:\n  GIT_ONLY_PATHS:"

static void test_every_style(void **state UNUSED)
{
	static const struct sample samples[] = {
		{ V " a b\n", "a:2|b" },
		{ V " \"a b\"\n", "a:2|b" },
		{ V " 'a\n    b'\n", "a:2|b" },
		{ V "\n    a\n    b\n", "a:3|b" },
		{ V " >-\n    a\n    b c\n\n    d\n", "a:3|b:4|c:4|d:6|" },
		{ V " >\n    a\n    # b c\n    d", "a:3|d:5|" },
		{ V " |\n    a\n      b\n", "a:3|b:4|" },
		{ V " |2\n    a\n", "a:3|" },
		{ V " |- # why\n    a\n", "a:3|" },
		{ V " [a, 'b', \"c\",]\n", "a:2|b:2|c:2|" },
		{ V "\n    - a # b\n    # c\n    - './d/'\n", "a:3|d:5|" },
		{ V " &x >-\n    a\n", "a:3|" },
		{ V "\n", "" },
		{ V " ''\n", "" },
		{ V " []\n", "" },
		{ V " a # b\n", "a:2|" },
		{ "env: {GIT_ONLY_PATHS: a b}\n", "a:1|b:1|" },
		{ "\xef\xbb\xbf" V " a\n", "a:2|" },
		{ "env:\r\n  GIT_ONLY_PATHS: >-\r\n    a\r\n    b\r\n",
		  "a:3|b:4|" },
		{ "x: &v a b\nenv:\n  GIT_ONLY_PATHS: *v\n", "a:1|b" },
	};

	CHECK(samples);
}

static void test_every_level(void **state UNUSED)
{
	static const struct sample samples[] = {
		{ "jobs:\n  a:\n    env:\n      GIT_ONLY_PATHS: a\n", "a:4|" },
		{ "jobs:\n  a:\n    steps:\n    - run: x\n"
		  "    - env: {GIT_ONLY_PATHS: a}\n",
		  "a:5|" },
		{ "jobs:\n  a:\n    container:\n      env: {GIT_ONLY_PATHS: "
		  "a}\n",
		  "a:4|" },
		{ "jobs:\n  a:\n    services:\n      b:\n"
		  "        env: {GIT_ONLY_PATHS: a}\n",
		  "a:5|" },
		{ "jobs:\n  a:\n    steps:\n    - with:\n"
		  "        env: {GIT_ONLY_PATHS: a}\n",
		  "none" },
		{ "with: {GIT_ONLY_PATHS: a}\n", "none" },
		{ "env: {X_GIT_ONLY_PATHS: a, git_only_paths: b}\n", "none" },
		{ "x: &e {GIT_ONLY_PATHS: a}\nenv: *e\n", "a:1|" },
		{ V
		  " a b\njobs:\n  j:\n    env:\n      GIT_ONLY_PATHS: b ./a\n",
		  "a:2|b" },
	};

	CHECK(samples);
}

static void test_what_cannot_be_told(void **state UNUSED)
{
	static const struct sample samples[] = {
		{ V " a b\njobs:\n  j:\n    env:\n      GIT_ONLY_PATHS: a\n",
		  "6 GIT_ONLY_PATHS is not the same here as in line 2" },
		{ V " ${{ vars.X }}\n",
		  "2 the value of GIT_ONLY_PATHS has an exp" },
		{ V " >-\n    a\n    ${{ vars.X }}\n",
		  "2 the value of GIT_ONLY_P" },
		{ V "\n  - ${{ x }}\n",
		  "3 the value of GIT_ONLY_PATHS has an exp" },
		{ "env: ${{ fromJSON(x) }}\n", "1 what is in this 'env'" },
		{ "x: &x {GIT_ONLY_PATHS: a}\nenv:\n  <<: *x\n",
		  "3 what is in this 'env'" },
		{ V " {a: b}\n", "2 the value of GIT_ONLY_PATHS is neither" },
		{ V " [[a]]\n", "2 the value of GIT_ONLY_PATHS is neither" },
		{ V " !x a\n", "2 the value of GIT_ONLY_PATHS has a tag" },
		{ V " \"a\\0\"\n", "2 the value of GIT_ONLY_PATHS has a NUL" },
		{ V " a ../b\n",
		  "2 the path '../b' of GIT_ONLY_PATHS has a '..'" },
		{ V " /a\n", "2 the path '/a' of GIT_ONLY_PATHS is absolute" },
		{ V " >-\n    a\n    !b\n",
		  "4 the path '!b' of GIT_ONLY_PATHS beg" },
		{ V " ':!a'\n", "2 the path ':!a' of GIT_ONLY_PATHS begins" },
		{ V " [a b]\n",
		  "2 the path 'a b' of GIT_ONLY_PATHS has a char" },
		{ V " a\njobs:\n  j:\n    steps:\n    - run: |\n"
		    "        GIT_ONLY_PATHS=b x\n",
		  "6 a script gives" },
		{ "run: echo \"GIT_ONLY_PATHS=x\" >>$GITHUB_ENV\n",
		  "1 a script" },
		{ "run: echo GIT_ONLY_PATHS<<E >>$GITHUB_ENV\n", "1 a script" },
		{ "run: read -r GIT_ONLY_PATHS <x\n", "1 a script" },
		{ "run: GIT_ONLY_PATHS+=' x'\n", "1 a script" },
		{ "run: unset GIT_ONLY_PATHS\n", "1 a script" },
		{ "run: for p in $GIT_ONLY_PATHS \"${GIT_ONLY_PATHS}\"; do "
		  "echo "
		  "NOT in GIT_ONLY_PATHS, X_GIT_ONLY_PATHS=1; done\n",
		  "none" },
	};

	CHECK(samples);
}

static void test_what_is_no_workflow(void **state UNUSED)
{
	static const struct sample samples[] = {
		{ "env:\n  a: 'b\n", "f:3: not YAML: " },
		{ "env:\n\ta: b\n", "f:2: not YAML: " },
		{ "a: b: c\n", "f:1: not YAML: " },
		{ "a: *b\n", "f:1: not YAML: found undefined alias" },
		{ "a: b\nc: d\na: e\n",
		  "f:3: 'a' is there already, in line 1" },
		{ "x:\n  y: {a: 1, 'a': 2}\n",
		  "f:2: 'a' is there already, in" },
		{ "a: b\n---\nc: d\n", "f:3: there is a second document" },
		{ "- a\n", "f:1: this is no workflow" },
		{ "a\n", "f:1: this is no workflow" },
		{ "", "f:1: this is no workflow" },
		{ "a: \xff\n", "f:1: not YAML: " },
		{ "a: \x01\n", "f:1: not YAML: control characters" },
	};

	CHECK(samples);
}

/* Aliases of aliases, and nesting: an answer, and soon. */
static void test_bounds(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf bomb = STRBUF_INIT, deep = STRBUF_INIT;
	AUTO_STRBUF struct strbuf self = STRBUF_INIT, many = STRBUF_INIT;

	strbuf_addstr(&bomb, "a0: &a0 [x, x]\n");
	for (int i = 1; i < 200; i++)
		strbuf_addf(&bomb, "a%d: &a%d [*a%d, *a%d]\n", i, i, i - 1,
			    i - 1);
	strbuf_addstr(&bomb, V " *a199\n");
	check(bomb.buf, bomb.len, "199 the value of GIT_ONLY_PATHS is neither");
	while (deep.len < WORKFLOW_MAX)
		strbuf_addch(&deep, '[');
	check(deep.buf, deep.len, "f:1: brackets are nested too deeply");
	strbuf_addstr(&self,
		      "x: &x {env: *x, steps: *x}\njobs: {a: *x}\nenv: *x\n");
	check(self.buf, self.len, "none");
	strbuf_addstr(&many, V " >\n");
	for (int i = 0; many.len < WORKFLOW_MAX; i++)
		strbuf_addf(&many, "    %d\n", i);
	check(many.buf, many.len, "4003 GIT_ONLY_PATHS has too many paths");
}

/* Patches. */

static void patched(const char *yaml, const char *want)
{
	static const char *const paths[] = { "new", "*.md", NULL };
	const struct workflow_text text = { .data = yaml,
					    .len = strlen(yaml),
					    .file = "f" };
	AUTO_WORKFLOW_PATHS struct workflow_paths w = WORKFLOW_PATHS_INIT;
	const struct workflow_change c = { .text = &text,
					   .values = &w,
					   .paths = paths };
	AUTO_AUDIT_GAP struct audit_gap gap = AUDIT_GAP_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	assert_works(&err, workflow_paths_read(&text, &w, &gap, &err));
	if (!want) {
		assert_fails_with(&err, ERR_FAILED,
				  workflow_patch_text(&c, &out, &err));
		return;
	}
	assert_works(&err, workflow_patch_text(&c, &out, &err));
	assert_string_equal(out.buf, want);
}

static void test_patches_keep_the_style(void **state UNUSED)
{
	patched(V " a b # c\nx: y\n", V " a b new *.md # c\nx: y\n");
	patched(V " \"\xc3\xa9\"\n", V " \"\xc3\xa9 new *.md\"\n");
	patched(V " ''\n", V " 'new *.md'\n");
	patched(V "\nx: y\n", V " 'new *.md'\nx: y\n");
	patched(V " >-\n    a\n\nx: y\n",
		V " >-\n    a\n    new\n    *.md\n\nx: y\n");
	patched(V " >-\n    a b\n    c",
		V " >-\n    a b\n    c\n    new *.md\n");
	patched(V " |\n    # x y\n    a\nx: y\n",
		V " |\n    # x y\n    a\n    new\n    *.md\nx: y\n");
	patched("env:\r\n  GIT_ONLY_PATHS: >-\r\n    a\r\n",
		"env:\r\n  GIT_ONLY_PATHS: >-\r\n    a\r\n    new\r\n    "
		"*.md\r\n");
	patched(V "\n    - a # x\n    - 'b'\nx: y\n", V
		"\n    - a # x\n    - 'b'\n    - 'new'\n    - '*.md'\nx: y\n");
	patched(V "\n  - a", V "\n  - a\n  - new\n  - '*.md'\n");
	patched(V " [a, \"b\"]\n", V " [a, \"b\", \"new\", \"*.md\"]\n");
	patched(V " []\n", V " [new, '*.md']\n");
	patched("env: {GIT_ONLY_PATHS: a, X: y}\n",
		"env: {GIT_ONLY_PATHS: a new *.md, X: y}\n");
	patched("on: push\n\njobs:\n  a: {}\n",
		"on: push\n\nenv:\n  GIT_ONLY_PATHS: >-\n    new\n    *.md\n\n"
		"jobs:\n  a: {}\n");
	patched(V " a\njobs:\n  j:\n    env: {GIT_ONLY_PATHS: a}\n",
		V " a new *.md\njobs:\n  j:\n    env: {GIT_ONLY_PATHS: a new "
		  "*.md}\n");
	patched("env: {X: y}\njobs: {}\n", NULL);
	patched("env: {GIT_ONLY_PATHS}\n", NULL);
	patched("x: y\n", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_style),
		cmocka_unit_test(test_every_level),
		cmocka_unit_test(test_what_cannot_be_told),
		cmocka_unit_test(test_what_is_no_workflow),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_patches_keep_the_style),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
