#include "common/base/base.h"
#include "tests/unit/class_fixture.h"

#include "git-serversync/secret_placeholder.h"

#define S   CLASS_SECRET
#define I   CLASS_INSTALLER
#define PHP "<?php\n"

static void test_values(void **state UNUSED)
{
	static const struct class_sample samples[] = {
		{ "config/database.php",
		  PHP "['pass"
		      "word' => 'hunter'];",
		  S, "a password or secret in line 2" },
		{ "config/mail.php",
		  PHP "'smtp' => [\n\"pass"
		      "word\"=>\"h\"]",
		  S, "line 3" },
		{ "inc/config.inc.php",
		  PHP "$cfg['db_pass"
		      "word'] = 'abc';",
		  S, "line 2" },
		{ "settings.php",
		  PHP "define ( \"DB_PASS"
		      "WORD\" , \"abc\" );",
		  S, "line 2" },
		{ "lib/db.php",
		  PHP "$pass"
		      "word = 'Tr5-Ww9-kL';",
		  S, NULL },
		{ "config.php",
		  PHP "const SMTP_PASS"
		      " = 'kl';",
		  S, NULL },
		{ "configuration.php",
		  PHP "public $pass"
		      "word = 'kl';",
		  S, NULL },
		{ "LocalSettings.php",
		  PHP "$wgDBpass"
		      "word = \"kl\";",
		  S, NULL },
		{ "site.ini",
		  "[db]\n; comment\npass"
		  "word = geheim ; x\n",
		  S, "line 3" },
		{ "deploy.sh",
		  "export DB_PASS"
		  "WORD=Tr5Ww9kL\n",
		  S, NULL },
		{ "notes.txt",
		  "API_TO"
		  "KEN=9f8e7d6c5b4a39281706f5e4\n",
		  S, "a token or key in line 1" },
		{ ".env.example",
		  "MAIL_PASS"
		  "WORD=hunter\n",
		  S, "line 1" },
		{ ".env.dist",
		  "#DB_PASS"
		  "WORD=Tr5Ww9kL\n",
		  S, "line 1" },
		{ "app.yml",
		  "db:\n  pass"
		  "word: 'geheim'\n",
		  S, "line 2" },
		{ "parameters.yaml", "    secret: 9f8e7d6c5b\n", S, NULL },
		{ "config/secrets.json",
		  "{\"clientSec"
		  "ret\": \"q1w2\"}",
		  S, NULL },
		{ "auth.json",
		  "{\"http-basic\": {\"a\": {\"pass"
		  "word\":\n"
		  "\"kl\"}}}",
		  I, NULL }, /* On the next line: not looked for. */
		{ "auth.json",
		  "{\"a\": {\"pass"
		  "word\": \"klm\"}}",
		  S, NULL },
		{ ".npmrc",
		  "//r.firm.de/:_authTo"
		  "ken=a1b2c3d4e5f6a7b8c9\n",
		  S, NULL },
		{ "web.config",
		  "<add><pass"
		  "word>Tr5Ww9kL</password>",
		  S, NULL },
		{ "app.js",
		  "connect({pass"
		  "word: 'Tr5-Ww9-kL'})",
		  S, NULL },
		{ "x.py",
		  "SECRET"
		  "_KEY = 'k8s7d6f5g4h3j2k1l0'",
		  S, NULL },
		{ "my.properties",
		  "spring.mail.pass"
		  "word=kl",
		  S, NULL },
		{ "config/a.php",
		  "<?php return ['aws' => ['sec"
		  "ret' => 'ab'",
		  S, NULL },
	};

	CHECK_CLASSES(samples);
}

static void test_no_values(void **state UNUSED)
{
	static const struct class_sample samples[] = {
		{ "config/database.php",
		  PHP "'password' => env('DB_PASSWORD', ''),\n"
		      "'password' => '',\n'password' => null,\n"
		      "'password' => 'changeme',\n'password' => $password,\n"
		      "'password' => getenv('X') ?: 'x',\n"
		      "'passwords' => ['users' => []],\n"
		      "'password_timeout' => 10800,\n"
		      "'table' => 'password_resets',\n"
		      "'token' => 'api_token',\n'pass' . 'word' => 'x',\n"
		      "'password' => 'a' . $b,\n'secret' => '%secret%',\n",
		  I, NULL },
		{ "lang/en/config.php", PHP "'password' => 'Password',", I, NULL },
		{ "app/Http/Requests/A.php",
		  PHP "'password' => 'required|string|min:8',", I, NULL },
		{ "app/Models/User.php", PHP "['password' => 'hashed'];", I,
		  NULL },
		{ "A.php",
		  PHP "if ($password == 'abc12345x') {}\n"
		      "$x = $password === 'abc12345x';\n"
		      "$_POST['password'] != 'abc12345x';\n",
		  I, NULL },
		{ "config/bypass.php",
		  PHP "'bypass' => 'x1', 'compass' => 'y2'", I, NULL },
		{ "app.yml",
		  "password: ${PW}\npassword: ~\npassword: |\n"
		  "password: <secret>\npassword: *pw\n"
		  "password: !vault x\ncsrf_token: abc1\n",
		  I, NULL },
		{ "translations/m.yml", "password: Passwort\n", I, NULL },
		{ "i18n/zh.json",
		  "{\"password\": \"\xe5\xaf\x86\xe7\xa0\x81 1\"}", I, NULL },
		{ "a.js", "{type:\"password\",password:\"Password\"}", I, NULL },
		{ "README.md", "password: 'Tr5-Ww9-kL'\n", I, NULL },
		{ "setup.ini",
		  "password =\npassword = /run/secrets/db\n"
		  "token = abc\n",
		  I, NULL },
		{ "tests/config.php", PHP "'password' => 'secret-pw'", I, NULL },
		{ "Config.php", PHP "['password' => 'text']", I, NULL },
		{ "config.php", PHP "label('password', 'Kennwort')", I, NULL },
		{ "x.php", PHP "const PW = 'urn:oasis:names:tc:2.0:Password1'",
		  I, NULL },
	};

	CHECK_CLASSES(samples);
}

static void test_dumps(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf rows = STRBUF_INIT;
	struct class_sample many = { "a.sql", NULL, S, "a database dump" };
	static const struct class_sample samples[] = {
		{ "db.sql", "-- MySQL dump 10.13\n", S, "a database dump" },
		{ "db.txt", "-- PostgreSQL database dump\n", S, "dump" },
		{ "x.db", "SQLite format 3", S, "dump" },
		{ "u.sql", "INSERT INTO u VALUES (1,'$2y$10$x');\n", S, "dump" },
		{ "Dumper.php", PHP "echo '-- MySQL dump 10.13';\n", I, NULL },
	};

	CHECK_CLASSES(samples);
	for (int i = 0; i < 101; i++)
		strbuf_addf(&rows, "(%d,'a'),\n", i);
	many.content = rows.buf;
	check_class(&many);
}

static void test_placeholders(void **state UNUSED)
{
	static const char *const none[] = {
		"",	     "null",	   "changeme",	 "your-key-here",
		"xxxxxxxx",  "********",   "<password>", "${PW}",
		"%env(PW)%", "{{ pw }}",   "$pw",	 "client_secret",
		"secret",    "!ChangeMe!", "aaaa",
	};
	static const char *const real[] = { "hunter", "$2y$10$abc", "a%b",
					    "123456", "p@ss",	    "geheim" };

	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		if (!secret_is_placeholder(none[i], strlen(none[i])))
			fail_msg("'%s' is a placeholder", none[i]);
	for (size_t i = 0; i < ARRAY_SIZE(real); i++)
		if (secret_is_placeholder(real[i], strlen(real[i])))
			fail_msg("'%s' is no placeholder", real[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_no_values),
		cmocka_unit_test(test_dumps),
		cmocka_unit_test(test_placeholders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
