#include "common/base/base.h"
#include "tests/unit/unit.h"

#include "tests/unit/deploy_fixture.h"

static void test_what_does_not_always_happen(void **state UNUSED)
{
	static const char *const wrapped[] = {
		P "if ($a) {\n%s\n}",
		P "if ($a)\n%s",
		P "if ($a):\n%s endif;",
		P "if ($a):\nf();%s endif;",
		P "if ($a): f(); else:\n%s endif;",
		P "if ($a) {} else\n%s",
		P "foreach ($a as $b) {\n%s }",
		P "foreach ($a as $b): f();\n%s endforeach;",
		P "while ($a)\n%s",
		P "switch ($a) { case 1:\n%s }",
		P "function f() {\n%s }",
		P "task('x', function () {\n%s });",
		P "task('x', fn () =>\n%s);",
		P "class A { function f() {\n%s } }",
		P "try {\n%s } catch (E $e) {}",
		P "$a &&\n%s",
		P "$a or\n%s",
		P "@\n%s",
		P "$a =\n%s",
		P "return;\n%s",
		P "if ($a) { return; }\n%s",
		P "goto a;\n%s a:",
		P "a:\n%s",
		P "namespace Other;\n%s",
		P "f(\n%s);",
		P "for (;;\n%s) {}",
		P "\"{$a(\n%s)}\";",
	};

	for (size_t i = 0; i < ARRAY_SIZE(wrapped); i++) {
		const char *at = strstr(wrapped[i], "%s");
		AUTO_STRBUF struct strbuf php = STRBUF_INIT;
		AUTO_DEPLOY_SCRIPT struct deploy_script s = DEPLOY_SCRIPT_INIT;

		strbuf_add(&php, wrapped[i], (size_t)(at - wrapped[i]));
		strbuf_addstr(&php, "set('clear_paths', ['a']);");
		strbuf_addstr(&php, at + 2);
		deploy_script_read(php.buf, php.len, &s);
		if (!s.why || s.why_line != 3)
			fail_msg("'%s' in line %u for: %s", s.why ? s.why : "",
				 s.why_line, php.buf);
	}
}

static void test_a_return_in_a_function_does_no_harm(void **state UNUSED)
{
	static const struct sample samples[] = {
		{ P "task('x', function (array $a = []) use ($b): array {\n"
		    "if ($a) { return []; } });set('clear_paths', ['a']);",
		  "a" },
		{ P "function f() { return 1; }\nset('clear_paths', ['a']);",
		  "a" },
		{ P "set('x', function () { return 'y'; });\n"
		    "set('clear_paths', ['a']);\nreturn;",
		  "a" },
		{ P "abstract class A { abstract function f(); }\n"
		    "if ($a) { return; }\nset('clear_paths', ['a']);",
		  "4 a 'return' above" },
	};

	CHECK(samples);
}

static void test_other_ways_to_say_it(void **state UNUSED)
{
	static const struct sample samples[] = {
		{ P "\nhost('x')->set('clear_paths', ['a']);",
		  "3 clear_paths is" },
		{ P "Deployer::add('clear_paths', ['a']);",
		  "2 clear_paths is" },
		{ P "get('clear_paths');", "2 clear_paths is" },
		{ P "$clear_paths = ['a'];", "2 clear_paths is in a variable" },
		{ P "define('CLEAR_PATHS', ['a']);", "2 clear_paths is" },
		{ P "f(CLEAR_PATHS);", "2 clear_paths is" },
		{ P "clear_paths();", "2 clear_paths is" },
		{ P "run(\"rm -rf {{clear_paths}}\");", "2 clear_paths is" },
		{ P "run(\"$a {{clear_paths}}\");",
		  "2 clear_paths is in a str" },
		{ P "run(\"$a clear\\x5fpaths\");",
		  "2 clear_paths is in a str" },
		{ P "f('clear_' . 'paths');", "2 clear_paths is" },
		{ P "f(\"clear\\x5fpaths\");", "2 clear_paths is" },
		{ P "set($name, ['a']);", "2 the name of the setting" },
		{ P "foreach ($a as $k => $v) { set($k, $v); }",
		  "2 the name of" },
		{ P "set(\"x_$y\", 'a');", "2 the name of the setting" },
		{ P "set(X . 'y', 'a');", "2 the name of the setting" },
		{ P "set('x' . Y, 'a');", "2 the name of the setting" },
		{ P "set(...$args);", "2 the name of the setting" },
		{ P "$f = set(...);", "2 the name of the setting" },
		{ P "host('x')->set($k, $v);", "2 the name of the setting" },
		{ P "D\\set($k, $v);", "2 the name of the setting" },
		{ P "use Deployer as D;\nD\\set('clear_paths', ['a']);",
		  "3 this is not known" },
		{ P "use function Deployer\\set as put;", "2 a function of" },
		{ P "use function Other\\set;", "2 a function of" },
		{ P "use function Other\\put as add;", "2 a function of" },
		{ P "use function Other\\{add};", "2 a function of" },
		{ P "use function Deployer\\{set as put};", "2 a function of" },
		{ P "function set($a, $b) {}", "2 a function of" },
		{ P "function &add($a, $b) {}", "2 a function of" },
		{ P "function array_merge() {}", "2 a function of" },
		{ P "call_user_func('set', $k, $v);",
		  "2 a function that sets" },
		{ P "$f = 'Deployer\\\\add';", "2 a function that sets" },
		{ P "$f = 'se' . 't';", "2 a function that sets" },
		{ P "eval($x);", "2 'eval' runs code" },
		{ P "chdir('x');", "2 this changes where" },
		{ P "task('deploy:clear_paths', function () {});",
		  "2 the task" },
		{ P "after('deploy', 'deploy:clear_paths');", "" },
		{ P "task('deploy', ['a', 'deploy:clear_paths', 'b']);", "" },
		{ P "task('deploy:clear_paths')->once();", "" },
		{ P "task('deploy:clear_paths2', 'x');", "2 clear_paths is" },
		{ P "$d->add(new X($y));set('x', $y);add('x', [$y]);", "" },
	};

	CHECK(samples);
}

static void test_includes(void **state UNUSED)
{
	static const struct sample samples[] = {
		{ P "require 'recipe/laravel.php';", "(recipe/laravel.php)" },
		{ P "REQUIRE_ONCE(__DIR__ . '/a.php');", "(./a.php)" },
		{ P "include dirname(__FILE__) . '/a' . '.php' ?>",
		  "(./a.php)" },
		{ P "import('a.yaml');", "(a.yaml)" },
		{ P "if ($a) { require 'a.php'; }", "(a.php?)" },
		{ P "if ($a) require 'a.php';", "(a.php?)" },
		{ P "if ($a): f(); require 'a.php'; endif;", "(a.php?)" },
		{ P "$x = require 'a.php';", "(a.php?)" },
		{ P "return;require 'a.php';", "(a.php?)" },
		{ P "require $x;", "2 what is included here" },
		{ P "require __DIR__ . \"/$x.php\";",
		  "2 what is included here" },
		{ P "require 'a' . $x;", "2 what is included here" },
		{ P "foreach (glob('*.php') as $f) require $f;",
		  "2 what is inc" },
		{ P "import(['a.php']);", "2 what is included here" },
		{ P "$x->require('a.php', $y)->include;", "" },
	};

	CHECK(samples);
}

/* Nested or repeated without an end: an answer, and soon. */
static void test_bounds(void **state UNUSED)
{
	static const char *const pieces[] = {
		"(",
		"[",
		"{",
		"\"{$a(",
		"set(",
		"set(]",
		"array_merge(",
		"<<<X\n",
		"'a'.",
		"set('clear_paths',[",
		"a\\",
		"${",
		"/*",
		"use function ",
	};

	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
		AUTO_DEPLOY_SCRIPT struct deploy_script s = DEPLOY_SCRIPT_INIT;
		AUTO_STRBUF struct strbuf php = STRBUF_INIT;

		strbuf_addstr(&php, P "set('clear_paths', ");
		while (php.len < PHP_FILE_MAX - 100)
			strbuf_addstr(&php, pieces[i]);
		deploy_script_read(php.buf, php.len, &s);
		assert_non_null(s.why);
	}
}

static void test_a_large_file_is_refused(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf php = STRBUF_INIT;

	strbuf_addstr(&php, P);
	while (php.len <= PHP_FILE_MAX)
		strbuf_addstr(&php, "\n# nothing");
	check(php.buf, php.len, "1 the file is too large");
	check(php.buf, PHP_FILE_MAX - 1, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_does_not_always_happen),
		cmocka_unit_test(test_a_return_in_a_function_does_no_harm),
		cmocka_unit_test(test_other_ways_to_say_it),
		cmocka_unit_test(test_includes),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_a_large_file_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
