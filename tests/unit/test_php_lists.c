#include "common/base/base.h"
#include "tests/unit/unit.h"

#include "tests/unit/deploy_fixture.h"

static void test_lists_in_every_form(void **state UNUSED)
{
	static const struct sample samples[] = {
		{ P "set('clear_paths', ['a', 'b']);", "a|b" },
		{ P "add('clear_paths', [\n'a',\n'b',\n]);", "a|b" },
		{ P "set('clear_paths', array('a', 'b',),);", "a|b" },
		{ P "SET(\"clear_paths\", ARRAY(\"a\"));", "a" },
		{ P "\\Deployer\\add('clear_paths', ['a']);", "a" },
		{ P "Deployer\\add('clear_paths', ['a']);", "a" },
		{ P "namespace Deployer;\nset('clear_paths', ['a']);", "a" },
		{ P "namespace Deployer {\nset('clear_paths', ['a']);\n}", "a" },
		{ P "use function Deployer\\set;\nset('clear_paths',['a']);",
		  "a" },
		{ P
		  "use function Deployer\\{set, add};set('clear_paths',['a']);",
		  "a" },
		{ P "set('clear_' . 'paths', ['a' . '/' . 'b']);", "a/b" },
		{ P "set(('clear_paths'), (['a' . ('b' . 'c')]));", "abc" },
		{ P "set('clear_paths', array_merge(['a'], array('b'), []));",
		  "a|b" },
		{ P "set('clear_paths', \\array_merge(['k' => 'a', 'x'], "
		    "['k' => 'b', 'y']));",
		  "b|x|y" },
		{ P "set('clear_paths', []);", "" },
		{ P "set('clear_paths', ['a']) ?>", "a" },
		{ P "set('clear_paths', ['a'])", "a" },
		{ "#!/usr/bin/env php\n<?PHP set('clear_paths', ['a']);", "a" },
		{ "\xef\xbb\xbf" P "set('clear_paths', ['a']);", "a" },
		{ "<?php\r\nset('clear_paths',\r\n['a']);\r\n", "a" },
		{ "<?php\rset('clear_paths',\r['a']);\r", "a" },
	};

	CHECK(samples);
}

static void test_strings(void **state UNUSED)
{
	static const struct sample samples[] = {
		{ P "set('clear_paths', ['a\\'b\\\\c\\n', "
		    "\"\\x61\\101\\u{e9}\"]);",
		  "a'b\\c\\n|aA\xc3\xa9" },
		{ P "set('clear_paths', [\"a\\$b\", \"\\{c}\", \"$ 5\", "
		    "\"{d\"]);",
		  "a$b|\\{c}|$ 5|{d" },
		{ P "set('clear_paths', [\"\\q\\\"\\'\", \"\\541\\8\"]);",
		  "\\q\"\\'|a\\8" },
		{ P "set('clear_paths', [b'a', B\"b\"]);", "a|b" },
		{ P "set('clear_paths', [<<<'X'\na$b\nX, <<<X\nc\\x64\nX]);",
		  "a$b|cd" },
		{ P "set('clear_paths', [<<<\"X\"\n    a\n    X]);", "a" },
		{ P "set('clear_paths', [<<<X\n  a\\\"\n  X . '/b']);",
		  "a\\\"/b" },
		{ P "set('clear_paths', [<<<X\nX]);", "" },
		{ P "$x = <<<X\nset('y');\nXY\nX;\nset('clear_paths',['a']);",
		  "a" },
		{ P
		  "$x = \"{$a[\"k\"]} ${b} $c[0]\";set('clear_paths', ['a']);",
		  "a" },
		{ P "$x = \"{$a[\"'\"]}\";set('clear_paths', ['a']);", "a" },
		{ P "$x = `ls {$a['\"']}`;set('clear_paths', ['a']);", "a" },
		{ P "$x = <<<X\n{$a(<<<Y\n  }\n  Y)}\nX;\n"
		    "set('clear_paths', ['a']);",
		  "a" },
		{ P "set('clear_paths', [\"a$b\"]);",
		  "2 a string has a variable" },
		{ P "set('clear_paths', [\n\"a{$b}\"]);",
		  "3 a string has a var" },
		{ P "set('clear_paths', [<<<X\na$b\nX]);",
		  "3 a string has a var" },
		{ P "set('clear_paths', ['a\\\\' , \"\\u{110000}\"]);",
		  "2 a string has a \\u{}" },
		{ P "set('clear_paths', [\"a\\0b\"]);", "2 a path has a NUL" },
		{ P "\n\"\nset('clear_paths', ['a']);",
		  "3 a string that begins" },
		{ P "\n'\nset(\"clear_paths\", ['a']);", "4 " },
		{ P "$x = <<<X\nset('clear_paths', ['a']);",
		  "2 a string that beg" },
		{ P "$x = <<<'X'\nset('clear_paths', ['a']);",
		  "2 a nowdoc that" },
		{ P "$x = <<<X\n a\n  X;\n", "2 a heredoc has a line" },
	};

	CHECK(samples);
}

static void test_what_is_no_code(void **state UNUSED)
{
	static const struct sample samples[] = {
		{ P "// set('clear_paths', ['a']);\n# clear_paths\n/* add(\n"
		    "'clear_paths', ['b']) */",
		  "" },
		{ P
		  "/**/set/* x */(// y\n'clear_paths'#z\n,[/*'a'*/'b'//,'c'\n])"
		  "/**/;",
		  "b" },
		{ P "// ?> set('clear_paths', ['a']);", "" },
		{ P "?>set('clear_paths', ['a']); clear_paths <?php ", "" },
		{ "set('clear_paths', ['a'])<?= 'x' ?><?php\n"
		  "set('clear_paths', ['b']);",
		  "b" },
		{ P "#[Attribute('x')]\nfunction f() {}\n"
		    "set('clear_paths', ['a']);",
		  "a" },
		{ P "$x = 'set(\\'x\\', $y)';set('clear_paths', ['a']);", "a" },
		{ P
		  "set('clear_paths', ['a']);__halt_compiler();clear_paths(;'",
		  "a" },
		{ P "# x ?><?php set('clear_paths', ['a']);", "a" },
		{ P "/* x", "2 a comment that begins here" },
		{ "nothing", "1 there is no PHP code" },
		{ "", "1 there is no PHP code" },
		{ "<? set('clear_paths', ['a']);", "1 '<?' is code or not" },
		{ "\xff\xfe<\0?\0", "1 there is no PHP code" },
		{ P "\n\x01", "3 there is a control character" },
	};

	CHECK(samples);
}

static void test_order_and_keys(void **state UNUSED)
{
	static const struct sample samples[] = {
		{ P "set('clear_paths',['a']);add('clear_paths',['b','a']);",
		  "a|b|a" },
		{ P "add('clear_paths',['a']);set('clear_paths',['b']);", "b" },
		{ P "set('clear_paths',['x'=>'a','x'=>'b','c']);", "b|c" },
		{ P "set('clear_paths',['x'=>'a']);"
		    "add('clear_paths',['x'=>'b','c']);",
		  "b|c" },
		{ P "set('clear_paths',[5=>'a','b','5'=>'c',1=>'d']);",
		  "c|b|d" },
		{ P "set('clear_paths',[0=>'a',0=>'b','0'=>'c']);", "c" },
		{ P "set('clear_paths',['01'=>'a']);", "2 a key is neither" },
		{ P "set('clear_paths',[-1=>'a','b']);", "2 the list is not" },
		{ P "set('clear_paths',[1.5=>'a']);", "2 a key is neither" },
		{ P "set('clear_paths',[true=>'a']);",
		  "2 the value is a const" },
	};

	CHECK(samples);
}

static void test_what_is_not_written_out(void **state UNUSED)
{
	static const struct sample samples[] = {
		{ P "\nset('clear_paths', $paths);",
		  "3 the value is in a var" },
		{ P "set('clear_paths', [\n'a',\n$b]);",
		  "4 the value is in a var" },
		{ P "set('clear_paths', paths());",
		  "2 the value is the result" },
		{ P "set('clear_paths', ['a', f('b')]);",
		  "2 the value is the res" },
		{ P "set('clear_paths', ['a', B]);",
		  "2 the value is a constant" },
		{ P "set('clear_paths', ['a', ...$b]);",
		  "2 the list is put toge" },
		{ P "set('clear_paths', ['a', ['b']]);",
		  "2 there is a list in" },
		{ P "set('clear_paths', ['a' => ['b']]);",
		  "2 there is a list in" },
		{ P "set('clear_paths', ['a', 5]);", "2 the list is not" },
		{ P "set('clear_paths', ['a' . 5]);", "2 the list is not" },
		{ P "set('clear_paths', 'a');", "2 the value is a text" },
		{ P "set('clear_paths', null);", "2 the value is a constant" },
		{ P "set('clear_paths', ['a'] + ['b']);", "2 the list is not" },
		{ P "set('clear_paths', $x ? ['a'] : []);",
		  "2 the value is in" },
		{ P "set('clear_paths', ['a'] ?: []);", "2 the list is not" },
		{ P "set('clear_paths', [(string) 'a']);", "2 " },
		{ P "set('clear_paths', function () { return ['a']; });",
		  "2 " },
		{ P "set('clear_paths', fn () => ['a']);", "2 " },
		{ P "set(name: 'clear_paths', value: ['a']);",
		  "2 the name of" },
		{ P "set('clear_paths', value: ['a']);",
		  "2 the value is a const" },
		{ P "set('clear_paths', array_merge(get('x'), ['a']));", "2 " },
		{ P "set('clear_paths', ['a'])->x();", "2 the call is a part" },
		{ P "set('clear_paths', ['a']) . 'b';",
		  "2 the call is a part" },
		{ P "set('clear_paths', ['a' 'b']);", "2 the list is not" },
		{ P "set('clear_paths', ['a'", "2 the list is not" },
		{ P "set('clear_paths'", "2 clear_paths is used" },
		{ P "set('clear_paths');", "2 clear_paths is used" },
	};

	CHECK(samples);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists_in_every_form),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_what_is_no_code),
		cmocka_unit_test(test_order_and_keys),
		cmocka_unit_test(test_what_is_not_written_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
