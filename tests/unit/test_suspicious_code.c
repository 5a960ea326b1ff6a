#include "common/base/base.h"
#include "tests/unit/class_fixture.h"

#define X   CLASS_SUSPICIOUS
#define I   CLASS_INSTALLER
#define PHP "<?php\n"
/* What scanners look for, in two pieces each. */
#define EVAL                                                                   \
	"ev"                                                                   \
	"al"
#define B64D                                                                   \
	"base64_de"                                                            \
	"code"
#define GET                                                                    \
	"$_G"                                                                  \
	"ET"
#define POST                                                                   \
	"$_PO"                                                                 \
	"ST"

static void test_code(void **state UNUSED)
{
	static const struct class_sample samples[] = {
		{ "a.php", PHP "\n" EVAL "(" B64D "('ZWNobw=='));", X,
		  "code that runs an encoded text in line 3" },
		{ "a.php",
		  PHP "@" EVAL " /* */ ( gz"
		      "inflate(" B64D "('x')));",
		  X, "encoded" },
		{ "a.php",
		  PHP EVAL "(str_"
			   "rot13('x'));",
		  X, "encoded" },
		{ "a.php",
		  PHP EVAL "(he"
			   "x2bin('6563'));",
		  X, "encoded" },
		{ "a.php", PHP EVAL "(chr(101).chr(99).chr(104).chr(111));", X,
		  "encoded" },
		{ "a.php", PHP "$x = " B64D "($y);\n\n" EVAL "($x);", X,
		  "line 4" },
		{ "a.php", PHP EVAL "(" POST "['a']);", X,
		  "code that runs what a request sends in line 2" },
		{ "a.php",
		  PHP EVAL "(file_get_contents('php://in"
			   "put'));",
		  X, "request" },
		{ "a.php", PHP EVAL "(\"?>\" . $f($g));", X,
		  "a variable function makes" },
		{ "a.php",
		  PHP "as"
		      "sert(" POST "['x']);",
		  X, "request" },
		{ "a.php",
		  PHP "as"
		      "sert(" B64D "('x'));",
		  X, "encoded" },
		{ "a.php",
		  PHP "create_"
		      "function('', " GET "['c']);",
		  X, "request" },
		{ "a.php", PHP "$f = " GET "['f']; $f(1);", X, "names" },
		{ "a.php", PHP GET "['a'](" POST "['b']);", X,
		  "what a request names" },
		{ "a.php",
		  PHP "call_user_"
		      "func(" GET "['a'], 1);",
		  X, "names" },
		{ "a.php",
		  PHP "array_map('as"
		      "sert', " POST ");",
		  X, "names" },
		{ "a.php",
		  PHP "preg_"
		      "replace('/.*/e', $a, '');",
		  X, "preg_replace /e" },
		{ "a.php",
		  PHP "sys"
		      "tem(" GET "['cmd']);",
		  X, "code that gives a request to a shell" },
		{ "a.php",
		  PHP "\\shell_"
		      "exec(\"ls " GET "[d]\");",
		  X, "shell" },
		{ "a.php",
		  PHP "pass"
		      "thru($_REQ"
		      "UEST['x']);",
		  X, "shell" },
		{ "a.php",
		  PHP "$c = $_COO"
		      "KIE['c'];\nproc_"
		      "open($c, [], $p);",
		  X, "shell in line 3" },
		{ "a.php", PHP "$c = " GET "['c']; echo `$c 2>&1`;", X, "shell" },
		{ "a.php", PHP "echo `" GET "[c]`;", X, "shell" },
		{ "a.php", PHP "include " GET "['page'];", X, "loads" },
		{ "a.php", PHP "@include('/x/.a/favicon.ico');", X,
		  "loads a picture" },
		{ "a.php", PHP "$f = 'base'.'64_de'.'code';", X, "hidden" },
		{ "a.php", PHP "$f = \"\\x65\\x76\\x61\\x6c\";", X, "hidden" },
		{ "a.php",
		  PHP "$f = strrev('edoced_"
		      "46esab');",
		  X, "turned" },
		{ "a.php", "<? " EVAL "(" GET "[1]); ?>", X, "request" },
		{ "a.php", "<?= " EVAL "(" GET "[1]); ?>", X, "request" },
		{ "a.php", "<?xml ?><p><?php " EVAL "(" GET "[1]); ?>", X,
		  "request" },
		{ "a.inc", PHP EVAL "(" GET "[1]);", X, "request" },
		{ "a.txt", PHP EVAL "(" GET "[1]);", X, "request" },
		/* Nothing wrong with these. */
		{ "a.php", PHP "// " EVAL "(" B64D "('x'));\n", I, NULL },
		{ "a.php", PHP "$a = '" EVAL "(" B64D "(1))';", I, NULL },
		{ "a.php", PHP "$pdo->exec(" GET "['x']);", I, NULL },
		{ "a.php", PHP "exec('ls ' . escapeshellarg(" GET "['x']));", I,
		  NULL },
		{ "a.php", PHP "$x = " B64D "($y); echo $x;", I, NULL },
		{ "a.php", PHP EVAL "('?>' . $content);", I, NULL },
		{ "a.php",
		  PHP "as"
		      "sert(is_array(" POST "));",
		  I, NULL },
		{ "a.php",
		  PHP "as"
		      "sert($x === " GET "['a']);",
		  I, NULL },
		{ "a.php",
		  PHP "preg_"
		      "replace('/x/', " GET "['a'], '');",
		  I, NULL },
		{ "a.php",
		  PHP "call_user_"
		      "func($f, " GET "['a']);",
		  I, NULL },
		{ "a.php",
		  PHP "function sys"
		      "tem($x) {}",
		  I, NULL },
		{ "a.php", PHP "$a = 'eval' . 'uate';", I, NULL },
		{ "a.php",
		  PHP "$a = ['sys"
		      "tem', 'ass"
		      "ert'];",
		  I, NULL },
		{ "a.php", "<?", I, NULL },
		{ "a.php", PHP "$s = isset(" GET "['x']) ? 1 : f(2);", I, NULL },
		{ "a.js", EVAL "(" B64D "(1))", I, NULL },
	};

	CHECK_CLASSES(samples);
}

static void test_long_text(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf data = STRBUF_INIT, file = STRBUF_INIT;
	struct class_sample s = { "a.php", NULL, X, "a very long encoded text" };

	for (int i = 0; i < 700; i++)
		strbuf_addf(&data, "aGVsbG8%d/A", i);
	strbuf_addf(&file, PHP "$x = '%s';", data.buf);
	s.content = file.buf;
	check_class(&s);
	strbuf_reset(&file);
	strbuf_addf(&file, PHP "$x = 'data:image/png;base64,%s';", data.buf);
	s = (struct class_sample){ "a.php", file.buf, I, NULL };
	check_class(&s);
}

/* Code behind more text than is read in one piece. */
static void test_large_file(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf file = STRBUF_INIT;
	struct class_sample s = { "a.php", NULL, X,
				  "request sends in line 60002" };

	strbuf_addstr(&file, PHP);
	for (int i = 0; i < 60000; i++)
		strbuf_addstr(&file, "$a['k'] = \"v $x\"; # y\n");
	strbuf_addstr(&file, EVAL "(" GET "[1]);");
	s.content = file.buf;
	check_class(&s);
}

/* Code that git has is no news, wherever it moved to. */
static void test_old_code(void **state UNUSED)
{
	const char *old = PHP EVAL "(" GET "['a']);\n";
	struct class_input in = { .path = "a.php",
				  .status = 'M',
				  .in_commit = true,
				  .old = old,
				  .content = PHP "\n\n  " EVAL "(" GET
						 "['a']);\n" };
	AUTO_CLASS_VERDICT struct class_verdict v = CLASS_VERDICT_INIT;

	classify(&in, &v);
	assert_int_equal(v.class, CLASS_HOTFIX);
	in.content = PHP EVAL "(" GET "['a']);\n" EVAL "(" GET "['b']);\n";
	classify(&in, &v);
	assert_int_equal(v.class, CLASS_SUSPICIOUS);
	assert_non_null(strstr(v.why.buf, "line 3"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_code),
		cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_large_file),
		cmocka_unit_test(test_old_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
