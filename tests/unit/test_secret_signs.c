#include "common/base/base.h"
#include "tests/unit/class_fixture.h"

#define S	   CLASS_SECRET
#define I	   CLASS_INSTALLER
#define PHP	   "<?php\n"
#define KEY64	   "MIIEpAIBAAKCAQEAxJ4k1Zq7c0mYd2p9b6Lw3Rk5v8tGhQeWnUsYfXaCjBoMiNlP"
#define PEM(label) "-----BEGIN " label "-----\n" KEY64 "\n" KEY64 "\n-----END "

static void test_names(void **state UNUSED)
{
	static const struct class_sample samples[] = {
		{ ".env", "A=1\n", S, "an environment file, by its name" },
		{ ".env.local", "", S, "environment" },
		{ ".env.production", "", S, "environment" },
		{ "apps/a/.env", "", S, "environment" },
		{ "docker/prod.env", "", S, "environment" },
		{ ".ENV", "", S, "environment" },
		{ ".env.bak", "", S, "environment" },
		{ ".env~", "", S, "environment" },
		{ ".env-20260101", "", S, "environment" },
		{ "id_rsa", "", S, "private key" },
		{ "keys/id_ed25519", "", S, "private key" },
		{ "id_ecdsa_sk", "", S, "private key" },
		{ "storage/oauth-private.key", "", S, "private key" },
		{ "config/jwt/private.pem", "", S, "private key" },
		{ "server.ppk", "", S, "private key" },
		{ "ssl/site.p12", "", S, "key store" },
		{ "ssl/site.PFX", "", S, "key store" },
		{ "a/release.jks", "", S, "key store" },
		{ "team.kdbx", "", S, "password safe" },
		{ ".htpasswd", "", S, "web server" },
		{ "admin/.htpasswd-users", "", S, "web server" },
		{ ".netrc", "", S, "logins" },
		{ ".pgpass", "", S, "logins" },
		{ ".my.cnf", "", S, "login" },
		{ ".git-credentials", "", S, "logins of git" },
		{ ".aws/credentials", "", S, "cloud" },
		{ "home/.docker/config.json", "", S, "registries" },
		{ "sftp-config.json", "", S, "logins" },
		{ ".vscode/sftp.json", "", S, "logins" },
		{ ".bash_history", "", S, "history" },
		{ ".mysql_history", "", S, "history" },
		{ "wp-config.php", PHP, S, "settings with passwords" },
		{ "web/wp-config.php.bak", PHP, S, "settings" },
		{ ".wp-config.php.swp", "", S, "settings" },
		{ "app/etc/env.php", PHP, S, "settings" },
		{ "storage/framework/sessions/ab12", "", S, "a session" },
		{ "tmp/sess_0123456789abcdefghijklmnop", "", S, "a session" },
		{ "backup.sql.gz", "", S, "a database dump" },
		{ "db/x.sql.bz2", "", S, "a database dump" },
		{ "dump.sql.zip", "", S, "a database dump" },
		{ "database/database.sqlite", "", S, "a database" },
	};

	CHECK_CLASSES(samples);
}

static void test_harmless_names(void **state UNUSED)
{
	static const struct class_sample samples[] = {
		{ ".env.example", "APP_KEY=\nDB_PASSWORD=\n", I, NULL },
		{ ".env.dist", "DB_PASSWORD=secret\n", I, NULL },
		{ ".env.sample", "DB_PASSWORD=null\n", I, NULL },
		{ "wp-config-sample.php",
		  PHP "define( 'DB_PASSWORD', 'password_here' );\n"
		      "define( 'AUTH_KEY', 'put your unique phrase here' );\n",
		  I, NULL },
		{ "keys/id_rsa.pub", "ssh-rsa AAAAB3NzaC1yc2E a@b\n", I, NULL },
		{ "storage/oauth-public.key",
		  "-----BEGIN PUBLIC KEY-----\n" KEY64 "\n", I, NULL },
		{ "ssl/site.pem", "-----BEGIN CERTIFICATE-----\n" KEY64 "\n", I,
		  NULL },
		{ "environment.php", PHP, I, NULL },
		{ "src/htpasswd.php", PHP, I, NULL },
		{ "db/schema.sql", "CREATE TABLE a (b INT);\n", I, NULL },
		{ "db/seed.sql", "INSERT INTO a VALUES (1);\n", I, NULL },
		{ "keyboard.js", "x", I, NULL },
		{ "config/.swp", "", I, NULL },
		{ ".bak", "", I, NULL },
		{ "~", "", I, NULL },
		{ "a/x~", "", I, NULL },
	};

	CHECK_CLASSES(samples);
}

static void test_keys(void **state UNUSED)
{
	static const struct class_sample samples[] = {
		{ "a.txt",
		  PEM("RSA PRIV"
		      "ATE KEY"),
		  S, "a private key in line 1" },
		{ "b",
		  "\n\n" PEM("PRIV"
			     "ATE KEY"),
		  S, "a private key in line 3" },
		{ "config/site.pem",
		  "-----BEGIN PRIV"
		  "ATE KEY-----\nno base64, yet who knows\n",
		  S, "a private key in line 1" },
		{ "c",
		  PEM("OPENSSH PRIV"
		      "ATE KEY"),
		  S, "private key" },
		{ "d",
		  PEM("EC PRIV"
		      "ATE KEY"),
		  S, "private key" },
		{ "e",
		  PEM("ENCRYPTED PRIV"
		      "ATE KEY"),
		  S, "private key" },
		{ "f",
		  PEM("PGP PRIV"
		      "ATE KEY BLOCK"),
		  S, "private key" },
		{ "account.json",
		  "{\"type\": \"service_account\",\n \"private_key\": \""
		  "-----BEGIN PRIV"
		  "ATE KEY-----\\n" KEY64 "\\n\"}\n",
		  S, "a private key in line 2" },
		{ "g.php",
		  PHP "$k = '-----BEGIN RSA PRIV"
		      "ATE KEY-----\n" KEY64 "';",
		  S, "private key in line 2" },
		{ "h", "PuTTY-User-Key-File-2: ssh-rsa\n", S, "private key" },
		{ "age.txt",
		  "AGE-SECRET-"
		  "KEY-1QQPQZRFR7ZZ2WCVU0ZGH93MXUPWC0L"
		  "XQTFAXZL5RDA\n",
		  S, "private key" },
		/* Code that deals with keys. */
		{ "Rsa.php",
		  PHP "return '-----BEGIN RSA PRIV"
		      "ATE KEY-----' . \"\\n\" . "
		      "chunk_split(base64_encode($key), 64) . "
		      "'-----END RSA PRIV"
		      "ATE KEY-----';\n",
		  I, NULL },
		{ "key.js",
		  "/^-----BEGIN (RSA )?PRIV"
		  "ATE KEY-----/\n",
		  I, NULL },
		{ "ppk.js", "if (s.startsWith('PuTTY-User-Key-File-2')) {}\n",
		  I, NULL },
	};

	CHECK_CLASSES(samples);
}

static void test_tokens(void **state UNUSED)
{
	static const struct class_sample samples[] = {
		{ "a",
		  "x\nAK"
		  "IAQ4TR7JMZ2WNB6KXD\n",
		  S, "an AWS key in line 2" },
		{ "b.js",
		  "var t='gh"
		  "p_1a2B3c4D5e6F7g8H9i0JkLmNoPqRsTuVwXyZ';",
		  S, "a GitHub token in line 1" },
		{ "c",
		  "github_"
		  "pat_11ABCDEFG0a1b2c3d4e5f6_g7h8i9j0k1l2m3n4o5p6",
		  S, "GitHub" },
		{ "d",
		  "gl"
		  "pat-x1Y2z3A4b5C6d7E8f9G0",
		  S, "GitLab" },
		{ "e",
		  "xo"
		  "xb-123456789012-abcDEF456ghi",
		  S, "Slack" },
		{ "f",
		  "sk_"
		  "live_4eC39HqLyjWDarjtT1zdp7dc",
		  S, "Stripe" },
		{ "g",
		  "rk_"
		  "live_4eC39HqLyjWDarjtT1zdp7dc",
		  S, "Stripe" },
		{ "h.js",
		  "key: \"AI"
		  "zaSyD4f8GhJkL2mN6pQrStUvWxYz0123AbCdE\"",
		  S, "Google" },
		{ "i",
		  "S"
		  "G.a1b2c3d4e5f6g7h8i9j0kl.m1n2o3p4q5r6s7t8u9v0w1x2y3"
		  "z4a5b6c7d8e9f0g1h",
		  S, "SendGrid" },
		{ "j",
		  "np"
		  "m_1a2B3c4D5e6F7g8H9i0JkLmNoPqRsTuVwXyZ",
		  S, "npm" },
		{ "k.txt",
		  "APP_KEY=base"
		  "64:q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ"
		  "q83vEjRWeJA=",
		  S, "application key" },
		{ "l",
		  "ey"
		  "JhbGciOiJIUzI1NiJ9.ey"
		  "JleHAiOjE3OTU2NzM2MDB9."
		  "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
		  S, "JSON web token" },
		{ "m",
		  "DATABASE_URL=mysql://shop:k3"
		  "Xq8v@127.0.0.1/shop",
		  S, "a URL with a password in line 1" },
		{ "n",
		  "git clone https://bot:Tr5"
		  "Ww9@git.firm.de/a.git",
		  S, "URL" },
		{ "o",
		  "SHOP=shp"
		  "at_0a1b2c3d4e5f60718293a4b5c6d7e8f9",
		  S, "Shopify" },
		{ "p",
		  "ke"
		  "y-0a1b2c3d4e5f60718293a4b5c6d7e8f9",
		  S, "Mailgun" },
		{ "uploads/a.jpg",
		  "\xff\xd8gh"
		  "p_1a2B3c4D5e6F7g8H9i0JkLmNoPqRsTuVwXyZ",
		  S, "GitHub" },
		/* None. */
		{ "q",
		  "AK"
		  "IAIOSFODNN7EXAMPLE",
		  I, NULL },
		{ "r",
		  "gh"
		  "p_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		  I, NULL },
		{ "s",
		  "sk_"
		  "live_",
		  I, NULL },
		{ "t", "https://user:password@example.com/", I, NULL },
		{ "u", "mysql://user:${DB_PASSWORD}@db/x", I, NULL },
		{ "v", "http://localhost:8080/@types/x", I, NULL },
		{ "w", "amqp://guest:<password>@host", I, NULL },
		{ "w", "https://bot:changeme@git.firm.de/", I, NULL },
		{ "x",
		  "eyJmb28iOiJiYXIifQ.eyJmb28iOiJiYXIifQ."
		  "dBjftJeZ4CVP-mB92K27uhbUJU1p1r",
		  I, NULL },
		{ "y.css", ".sk-circle1 { } .desk-lamp { }", I, NULL },
		{ "z.js", "'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAA'",
		  I, NULL },
		{ "aa", "FAKIAQ4TR7JMZ2WNB6KXD", I, NULL },
	};

	CHECK_CLASSES(samples);
}

/* What git has is no news; blanks around a line are none either. */
static void test_old_lines(void **state UNUSED)
{
	static const struct {
		const char *path, *old, *now;
		enum capture_class class;
		const char *why;
	} edits[] = {
		{ "config/a.php", PHP "'password' => 'hunter',\n",
		  PHP "\n\t'password' => 'hunter', \r\n'x' => 1,\n",
		  CLASS_HOTFIX, NULL },
		{ "config/a.php", PHP "'password' => 'hunter',\n",
		  PHP "'x' => 1,\n'password' => 'hunter2',\n", S, "line 3" },
		{ "a.js",
		  "t='gh"
		  "p_1a2B3c4D5e6F7g8H9i0JkLmNoPqRsTuVwXyZ'\n",
		  "t='gh"
		  "p_1a2B3c4D5e6F7g8H9i0JkLmNoPqRsTuVwXyZ'\n"
		  "t='gh"
		  "p_2a2B3c4D5e6F7g8H9i0JkLmNoPqRsTuVwXyZ'\n",
		  S, "line 2" },
		{ "k.txt",
		  PEM("RSA PRIV"
		      "ATE KEY"),
		  PEM("RSA PRIV"
		      "ATE KEY") "x\n",
		  CLASS_HOTFIX, NULL },
		/* The first line of a key is old, the key is not. */
		{ "k.txt",
		  PEM("RSA PRIV"
		      "ATE KEY"),
		  "-----BEGIN RSA PRIV"
		  "ATE KEY-----\n" KEY64 "\nA" KEY64 "\n",
		  S, "line 3" },
		{ ".env", "A=1\n", "A=2\nAPP_DEBUG=false\n", CLASS_HOTFIX, NULL },
		{ ".env", "A=1\n",
		  "A=1\nDB_PASS"
		  "WORD=geheim\n",
		  S, "line 2" },
		{ "wp-config.php", PHP, PHP "// x\n", CLASS_HOTFIX, NULL },
		{ "id_rsa", "x", "y", S, "by its name" },
		{ ".htpasswd", "x", "y", S, "by its name" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(edits); i++) {
		const struct class_input in = { .path = edits[i].path,
						.status = 'M',
						.in_commit = true,
						.content = edits[i].now,
						.old = edits[i].old };
		AUTO_CLASS_VERDICT struct class_verdict v = CLASS_VERDICT_INIT;

		classify(&in, &v);
		if (v.class != edits[i].class ||
		    (edits[i].why && !strstr(v.why.buf, edits[i].why)))
			fail_msg("%s, edit %zu: %s (%s)", edits[i].path, i,
				 capture_class_name(v.class), v.why.buf);
	}
}

static void test_utf16(void **state UNUSED)
{
	static const char text[] = "\r\nDB_PASS"
				   "WORD=geheim\r\n";
	char wide[2 + 2 * sizeof(text)] = "\xff\xfe";
	struct class_input in = { .path = "a.ini", .content = wide };

	for (int big = 0; big < 2; big++) {
		AUTO_CLASS_VERDICT struct class_verdict v = CLASS_VERDICT_INIT;

		memcpy(wide, big ? "\xfe\xff" : "\xff\xfe", 2);
		for (size_t i = 0; i + 1 < sizeof(text); i++) {
			wide[2 + 2 * i + !big] = '\0';
			wide[2 + 2 * i + big] = text[i];
		}
		in.len = 2 * sizeof(text);
		classify(&in, &v);
		assert_int_equal(v.class, CLASS_SECRET);
		assert_string_equal(v.why.buf,
				    "a password or secret in line 2");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_harmless_names),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_old_lines),
		cmocka_unit_test(test_utf16),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
