#include "common/base/base.h"
#include "common/text/ssh_url.h"
#include "common/transport/bootstrap_line.h"
#include "common/transport/ssh_command.h"
#include "common/transport/ssh_config.h"
#include "tests/unit/unit.h"

static const char minimal[] = "hostname web1.example.com\nuser deploy\n"
			      "port 2222\n";

static int parse(const char *more, struct ssh_config *c, struct err *err)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%s%s", minimal, more);
	return ssh_config_parse(&text, c, err);
}

static void settings_are_read(void **state UNUSED)
{
	AUTO_SSH_CONFIG struct ssh_config c = SSH_CONFIG_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	assert_works(&err, parse("identityfile ~/.ssh/a\nidentityfile /b c\n"
				 "userknownhostsfile /x  /y\n"
				 "globalknownhostsfile none\n"
				 "identitiesonly yes\nidentityagent none\n"
				 "proxycommand none\nproxyjump a,b\n"
				 "pubkeyauthentication true\n"
				 "connecttimeout none\nunknownword 1\n"
				 "stricthostkeychecking true\n",
				 &c, &err));
	assert_string_equal(c.hostname, "web1.example.com");
	assert_int_equal(c.port, 2222);
	assert_int_equal(c.identity_files.nr, 2);
	assert_string_equal(c.identity_files.v[1], "/b c");
	assert_int_equal(c.user_known_hosts.nr, 2);
	assert_int_equal(c.global_known_hosts.nr, 0);
	assert_true(c.identities_only);
	assert_true(c.pubkey);
	assert_string_equal(c.identity_agent, "none");
	assert_null(c.proxy_command);
	assert_string_equal(c.proxy_jump, "a,b");
	assert_string_equal(c.strict, "yes");
	assert_null(c.needs_ssh);
}

static void what_only_ssh_knows_is_noted(void **state UNUSED)
{
	AUTO_SSH_CONFIG struct ssh_config c = SSH_CONFIG_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	assert_works(&err, parse("proxyusefdpass no\nbindaddress 10.0.0.1\n",
				 &c, &err));
	assert_string_equal(c.needs_ssh, "bindaddress");
	assert_string_equal(c.strict, "ask");
}

static void nonsense_is_refused(void **state UNUSED)
{
	static const char *const bad[] = { "port x\n",	   "port 0\n",
					   "port 65536\n", "hostname -x\n",
					   "user a b\n",   "user -oX\n" };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		AUTO_SSH_CONFIG struct ssh_config c = SSH_CONFIG_INIT;
		AUTO_ERR struct err err = ERR_INIT;

		assert_fails_with(&err, ERR_FAILED, parse(bad[i], &c, &err));
	}
}

static void tokens_are_expanded(void **state UNUSED)
{
	AUTO_SSH_CONFIG struct ssh_config c = SSH_CONFIG_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct ssh_tokens t = { .original = "web1", .home = "/home/me" };

	assert_works(&err, parse("", &c, &err));
	assert_int_equal(ssh_config_expand(&c, &t, "~/k-%h:%p-%r-%n-%d%%", &out),
			 0);
	assert_string_equal(out.buf, "/home/me/k-web1.example.com:2222-deploy-"
				     "web1-/home/me%");
	assert_int_equal(ssh_config_expand(&c, &t, "%C", &out), -1);
	assert_int_equal(ssh_config_expand(&c, &t, "x%", &out), -1);
	assert_int_equal(ssh_config_expand(&c, &t, "${HOME}/x", &out), -1);
	assert_int_equal(ssh_config_expand(&c, &t, "~you/x", &out), -1);
}

static void lists_have_whole_names(void **state UNUSED)
{
	assert_true(ssh_config_lists("a,bc", "bc"));
	assert_true(ssh_config_lists("a", "a"));
	assert_false(ssh_config_lists("abc,d", "bc"));
	assert_false(ssh_config_lists("", "a"));
	assert_false(ssh_config_lists(NULL, "a"));
}

static void commands_are_split_as_sh_does(void **state UNUSED)
{
	AUTO_STRVEC struct strvec v = STRVEC_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	static const char *const shell[] = { "ssh -i ~/k", "X=1 ssh",
					     "ssh >x",	   "ssh $X",
					     "ssh \"$X\"", "a;b",
					     "ssh `x`",	   "ssh k*" };

	assert_int_equal(ssh_command_split(" ssh -F 'a b'\t\"c \\\"d\" e\\ f"
					   " '' -oX=y ",
					   &v, &err),
			 0);
	assert_int_equal(v.nr, 7);
	assert_string_equal(v.v[2], "a b");
	assert_string_equal(v.v[3], "c \"d");
	assert_string_equal(v.v[4], "e f");
	assert_string_equal(v.v[5], "");
	assert_string_equal(v.v[6], "-oX=y");
	for (size_t i = 0; i < ARRAY_SIZE(shell); i++)
		assert_int_equal(ssh_command_split(shell[i], &v, &err), 1);
	assert_fails_with(&err, ERR_FAILED,
			  ssh_command_split("ssh 'x", &v, &err));
	assert_fails_with(&err, ERR_FAILED, ssh_command_split(" ", &v, &err));
	assert_int_equal(v.nr, 7);
}

static void urls_are_read_as_git_does(void **state UNUSED)
{
	static const struct {
		const char *text, *user, *host;
		uint32_t port;
		const char *root;
	} t[] = {
		{ "web1:app", NULL, "web1", 0, "app" },
		{ "me@web1:/srv/app/", "me", "web1", 0, "/srv/app" },
		{ "web1:~/app", NULL, "web1", 0, "app" },
		{ "web1:~", NULL, "web1", 0, "." },
		{ "web1:", NULL, "web1", 0, "." },
		{ "web1:-x", NULL, "web1", 0, "./-x" },
		{ "web1:a:b", NULL, "web1", 0, "a:b" },
		{ "[web1:2222]:app", NULL, "web1", 2222, "app" },
		{ "me@[::1]:app", "me", "::1", 0, "app" },
		{ "ssh://web1/srv/a%20b", NULL, "web1", 0, "/srv/a b" },
		{ "ssh://me@web1:22/~/app", "me", "web1", 22, "app" },
		{ "ssh://a@b@[fe80::1]:2/x", "a@b", "fe80::1", 2, "/x" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		AUTO_SSH_URL struct ssh_url u = SSH_URL_INIT;
		AUTO_ERR struct err err = ERR_INIT;

		assert_works(&err, ssh_url_parse(t[i].text, &u, &err));
		assert_false(u.local);
		assert_string_equal(u.host, t[i].host);
		assert_string_equal(u.root, t[i].root);
		assert_int_equal(u.port, t[i].port);
		assert_int_equal(!u.user, !t[i].user);
		if (u.user)
			assert_string_equal(u.user, t[i].user);
	}
}

static void paths_are_local(void **state UNUSED)
{
	static const char *const paths[] = { "/srv/app", "./a:b", "../x", "~/x",
					     "app",	 "a/b:c", "/a:b" };

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		AUTO_SSH_URL struct ssh_url u = SSH_URL_INIT;
		AUTO_ERR struct err err = ERR_INIT;

		assert_works(&err, ssh_url_parse(paths[i], &u, &err));
		assert_true(u.local);
		assert_string_equal(u.root, paths[i]);
	}
}

static void bad_urls_are_refused_and_quoted(void **state UNUSED)
{
	static const char *const bad[] = {
		"",
		"-oProxyCommand=x:y",
		"ssh://-oProxyCommand=x/y",
		"-l@web1:x",
		"me@-x:y",
		"we b:x",
		"web1\033[m:x",
		"a\nb:x",
		"web1:a\nb",
		"http://web1/x",
		"ssh://web1",
		"ssh://web1:0/x",
		"ssh://web1:65536/x",
		"ssh://web1/%zz",
		"ssh://web1/%00",
		"ssh://web%20x/y",
		"web1:~you/x",
		":x",
		"@web1:x",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		AUTO_SSH_URL struct ssh_url u = SSH_URL_INIT;
		AUTO_ERR struct err err = ERR_INIT;

		assert_fails_with(&err, ERR_FAILED,
				  ssh_url_parse(bad[i], &u, &err));
		assert_null(strpbrk(err.msg.buf, "\n\033"));
		assert_null(u.root);
	}
}

static void no_shell_looks_twice_at_a_root(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT, plain = STRBUF_INIT;
	AUTO_STRBUF struct strbuf request = STRBUF_INIT;
	const char *end;

	bootstrap_line("/srv/a'b $(id)=\\\xc3\xa4", "abc", "n", &request, &line);
	strbuf_addstr(&request, "a b\n");
	end = strrchr(line.buf, '\'');
	assert_string_equal(end, "' git-release /srv/a=047b=040=044=050id=051"
				 "=075=134=303=244 abc n -");
	bootstrap_line("-x", "abc", "n", &request, &plain);
	assert_string_equal(strrchr(plain.buf, '\''),
			    "' git-release ./-x abc n a=040b=012");
	/* The same for every server, and safe between single quotes. */
	assert_memory_equal(line.buf, plain.buf, (size_t)(end - line.buf));
	assert_null(strpbrk(line.buf, "\n!"));
	assert_ptr_equal(strchr(strchr(line.buf, '\'') + 1, '\''), end);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_are_read),
		cmocka_unit_test(what_only_ssh_knows_is_noted),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(tokens_are_expanded),
		cmocka_unit_test(lists_have_whole_names),
		cmocka_unit_test(commands_are_split_as_sh_does),
		cmocka_unit_test(urls_are_read_as_git_does),
		cmocka_unit_test(paths_are_local),
		cmocka_unit_test(bad_urls_are_refused_and_quoted),
		cmocka_unit_test(no_shell_looks_twice_at_a_root),
	};

	return cmocka_run_group_tests_name("ssh_config", tests, NULL, NULL);
}
