#include "common/base/base.h"
#include "tests/unit/class_fixture.h"

#define X   CLASS_SUSPICIOUS
#define I   CLASS_INSTALLER
#define U   CLASS_UPLOAD
#define G   CLASS_GENERATED
#define PHP "<?php\n"

static void test_php_out_of_place(void **state UNUSED)
{
	static const struct class_sample samples[] = {
		{ "wp-content/uploads/2026/a.php", PHP "echo 1;", X,
		  "PHP among uploads in line 1" },
		{ "public/uploads/a.phtml", PHP "echo 1;", X, "uploads" },
		{ "storage/app/public/x.PHP5", PHP "echo 1;", X, "uploads" },
		{ "public/storage/a/b.pht", PHP "echo 1;", X, "uploads" },
		{ "sites/default/files/a.php", PHP "echo 1;", X, "uploads" },
		{ "media/a.php", PHP "echo 1;", X, "uploads" },
		{ "uploads/a.php.jpg", "x", X, "PHP among uploads" },
		{ "uploads/a.inc", PHP "echo 1;", X, "uploads" },
		{ "uploads/a.dat", PHP "echo 1;", X, "uploads" },
		{ "uploads/a.php", NULL, X, "PHP among uploads" },
		{ "uploads/a.php", "<? echo 1;", X, "PHP among uploads" },
		{ "uploads/index.php", PHP "/* */ unlink('a');", X, "uploads" },
		{ "uploads/index.php", PHP "// ?><?php unlink('a');", X,
		  "uploads" },
		{ "images/logo.gif", "GIF89a;\n<?php echo 1; ?>", X,
		  "PHP in a picture or document in line 2" },
		{ "a/b.jpg", "\xff\xd8\xff<?=`$x[0]`;echo system(1);exit(0) ?>",
		  X, "picture" },
		{ "favicon.ico", PHP "include('x');", X, "picture" },
		{ "x.svg", "<svg/><?php echo 1;", X, "picture" },
		{ ".cache.php", PHP "echo 1;", X, "a hidden file of PHP" },
		{ "app/.x.php", PHP "echo 1;", X, "hidden" },
		{ ".well-known/acme-challenge/a.php", PHP "echo 1;", X, "hidden" },
		/* Nothing wrong with these. */
		{ "wp-content/uploads/index.php", PHP "// Silence is golden.\n",
		  I, NULL },
		{ "uploads/index.php", PHP "/* none */ ?>\n", I, NULL },
		{ "uploads/index.php", "", I, NULL },
		{ "uploads/index.php", "<?", I, NULL },
		{ "uploads/index.php", "<? # none", I, NULL },
		{ "includes/media/Gif.php", PHP "echo 1;", I, NULL },
		{ "src/Media/uploads.php", PHP "echo 1;", I, NULL },
		{ "vendor/a/uploads/b.php", PHP "echo 1;", I, NULL },
		{ ".php-cs-fixer.dist.php", PHP "return 1;", I, NULL },
		{ "a.svg", "<?xml version=\"1.0\"?><svg/>", I, NULL },
		{ "a.png", "\x89PNG<?=\x01\x02\x03\x04\x05\x06\x07\x08\x09", I,
		  NULL },
		{ "docs/a.txt", "Write <?php echo 1; ?> in it.", I, NULL },
		{ "uploads/a.html", "<p>Write <?php echo 1; ?></p>", I, NULL },
	};

	CHECK_CLASSES(samples);
}

static void test_public(void **state UNUSED)
{
	static const struct class_sample samples[] = {
		{ "public/x",
		  "\177"
		  "ELF\2\1",
		  X, "a program in a public directory" },
		{ "wp-content/uploads/a.jpg",
		  "\177"
		  "ELF\2\1",
		  X, "a program" },
		{ "public_html/a.sh", "#!/bin/sh\nid\n", X, "a script" },
		{ "web/run", "#!/usr/bin/env python3\n", X, "a script" },
		{ "bin/console", "#!/usr/bin/env php\n<?php\n", I, NULL },
		{ "bin/tool",
		  "\177"
		  "ELF\2\1",
		  I, NULL },
		{ "scripts/a.sh", "#!/bin/sh\n", I, NULL },
		{ "public/js/a.js", "#!/not/this", I, NULL },
	};

	CHECK_CLASSES(samples);
}

static void test_server_settings(void **state UNUSED)
{
	static const struct class_sample samples[] = {
		{ "uploads/.htaccess", "AddType application/x-httpd-php .jpg\n",
		  X, "makes PHP of other files in line 1" },
		{ ".htaccess", "# x\n\tAddHandler php-script .php .png\n", X,
		  "line 2" },
		{ ".htaccess", "SetHandler application/x-httpd-php\n", X,
		  "makes PHP" },
		{ ".htaccess",
		  "<FilesMatch \"\\.txt$\">\nSetHandler x-httpd-php\n", X, NULL },
		{ ".htaccess",
		  "php_value auto_prepend"
		  "_file /tmp/x\n",
		  X, "runs a file in front" },
		{ ".user.ini",
		  "auto_append"
		  "_file = x.jpg\n",
		  X, "in front" },
		{ "uploads/.htaccess", "php_flag engine on\n", X, "turns PHP on" },
		{ "uploads/.htaccess", "php_flag engine off\nDeny from all\n",
		  I, NULL },
		{ ".htaccess",
		  "AddHandler application/x-httpd-ea-php81 .php .php8 .phtml\n",
		  I, NULL },
		{ ".htaccess", "<FilesMatch \\.php$>\nSetHandler x-httpd-php\n</FilesMatch>\n",
		  I, NULL },
		{ ".htaccess", "RewriteRule . index.php [L]\n", I, NULL },
		{ ".user.ini",
		  "memory_limit = 1G\n; auto_append"
		  "_file = x\n",
		  I, NULL },
	};

	CHECK_CLASSES(samples);
}

/* Lines end where they end, whatever bytes they have. */
static void test_binary_settings(void **state UNUSED)
{
	static const char text[] = "\0AddHandler x-php .php\0 \0.php\n\0\n"
				   "AddType x-php .jpg";
	const struct class_input in = { .path = ".htaccess",
					.content = text,
					.len = sizeof(text) - 1 };
	AUTO_CLASS_VERDICT struct class_verdict v = CLASS_VERDICT_INIT;

	classify(&in, &v);
	assert_string_equal(v.why.buf, "makes PHP of other files in line 3");
}

static void test_places(void **state UNUSED)
{
	static const struct class_sample samples[] = {
		{ "wp-content/uploads/2026/11/a.JPG", "x", U, NULL },
		{ "public/uploads/a.pdf", "x", U, NULL },
		{ "storage/app/public/a.webp", "x", U, NULL },
		{ "public/storage/avatars/1.png", "x", U, NULL },
		{ "sites/default/files/a.docx", "x", U, NULL },
		{ "pub/media/catalog/a.jpeg", "x", U, NULL },
		{ "userfiles/a.mp4", "x", U, NULL },
		{ "avatars/1.gif", "x", U, NULL },
		{ "bootstrap/cache/packages.php", PHP "return 1;", G, NULL },
		{ "storage/framework/views/ab.php", PHP "echo 1;", G, NULL },
		{ "var/cache/prod/x.php", PHP "return 1;", G, NULL },
		{ "cache/a.dat", "x", G, NULL },
		{ "storage/logs/laravel.log", "x", G, NULL },
		{ "a/error_log", "x", G, NULL },
		{ "access.log.1", "x", G, NULL },
		{ "public/js/app.js.map", "{}", G, NULL },
		{ "public/mix-manifest.json", "{}", G, NULL },
		{ "public/build/manifest.json", "{}", G, NULL },
		{ "a/Thumbs.db", "x", G, NULL },
		{ ".DS_Store", "x", G, NULL },
		{ "sitemap.xml", "x", G, NULL },
		{ "smarty/templates_c/a.php", PHP "echo 1;", G, NULL },
		{ "public/manifest.json", "{}", I, NULL },
		{ "src/cache/a.php", PHP "echo 1;", I, NULL },
		{ "wp-content/plugins/x/x.php", PHP "echo 1;", I, NULL },
		{ "public/img/a.png", "x", I, NULL },
		{ "uploads/readme.html", "x", I, NULL },
	};

	CHECK_CLASSES(samples);
}

#define NOW  1795000000
#define DAYS 86400

static void test_stat(void **state UNUSED)
{
	static const struct {
		struct class_input in;
		enum capture_class class;
		const char *why;
	} samples[] = {
		{ { .path = "a.txt", .st_mode = S_IFREG | 0666 },
		  X,
		  "anybody may write to it" },
		{ { .path = "a", .st_mode = S_IFLNK | 0777 }, I, "" },
		{ { .path = "a.php", .other_owner = true },
		  X,
		  "another user owns it" },
		{ { .path = "uploads/a.jpg", .other_owner = true }, U, "" },
		{ { .path = "cache/a", .other_owner = true }, G, "" },
		{ { .path = "uploads/a.js", .other_owner = true }, X, "owns" },
		{ { .path = "a.php",
		    .in_commit = true,
		    .status = 'M',
		    .mtime = NOW - 31 * DAYS,
		    .ctime = NOW },
		  X,
		  "set back" },
		{ { .path = "a.php",
		    .in_commit = true,
		    .status = 'M',
		    .mtime = NOW - 29 * DAYS,
		    .ctime = NOW },
		  CLASS_HOTFIX,
		  "" },
		{ { .path = "a.css",
		    .in_commit = true,
		    .status = 'M',
		    .mtime = NOW - 900 * DAYS,
		    .ctime = NOW },
		  CLASS_HOTFIX,
		  "" },
		{ { .path = "a.php", .mtime = NOW - 4300 * DAYS, .ctime = NOW },
		  I,
		  "" },
		{ { .path = "a.php", .mtime = NOW - 4400 * DAYS, .ctime = NOW },
		  X,
		  "12 years" },
		{ { .path = "a.js", .mtime = 499162500, .ctime = NOW }, I, "" },
		{ { .path = "a.php", .mtime = NOW, .ctime = NOW - 99 * DAYS },
		  I,
		  "" },
		{ { .path = "a.php", .in_package = true }, G, "made by the build" },
		{ { .path = "cache/a.php", .in_commit = true, .status = 'M' },
		  CLASS_HOTFIX,
		  "" },
		{ { .path = "uploads/a.php",
		    .in_commit = true,
		    .status = 'M',
		    .content = PHP "echo 1;" },
		  CLASS_HOTFIX,
		  "" },
		{ { .path = ".env", .status = 'D', .in_commit = true },
		  CLASS_HOTFIX,
		  "" },
		{ { .path = "p.css", .status = 'D', .in_package = true },
		  G,
		  "made by the build" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		AUTO_CLASS_VERDICT struct class_verdict v = CLASS_VERDICT_INIT;

		classify(&samples[i].in, &v);
		if (v.class != samples[i].class ||
		    !strstr(v.why.buf, samples[i].why))
			fail_msg("%s, sample %zu: %s (%s)", samples[i].in.path,
				 i, capture_class_name(v.class), v.why.buf);
	}
}

/* What needs no content, so that a secret never leaves the server. */
static void test_by_name(void **state UNUSED)
{
	static const struct {
		struct class_input in;
		bool known;
	} samples[] = {
		{ { .path = ".env", .status = 'A' }, true },
		{ { .path = "a.sql.gz", .status = 'A' }, true },
		{ { .path = "id_rsa", .status = 'M', .in_commit = true }, true },
		{ { .path = ".env", .status = 'M', .in_commit = true }, false },
		{ { .path = "a.php", .status = 'A' }, false },
		{ { .path = "a.sql", .status = 'A' }, false },
		{ { .path = "a.php", .status = 'D', .in_commit = true }, true },
		{ { .path = "a", .status = 'A', .st_mode = S_IFLNK | 0777 },
		  true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		AUTO_CLASS_VERDICT struct class_verdict v = CLASS_VERDICT_INIT;

		if (capture_class_by_name(&samples[i].in, &v) != samples[i].known)
			fail_msg("%s, sample %zu", samples[i].in.path, i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_php_out_of_place),
		cmocka_unit_test(test_public),
		cmocka_unit_test(test_server_settings),
		cmocka_unit_test(test_binary_settings),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_stat),
		cmocka_unit_test(test_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
