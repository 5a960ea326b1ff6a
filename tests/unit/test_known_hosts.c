#include "common/base/base.h"
#include "common/transport/base64.h"
#include "common/transport/known_hosts.h"
#include "tests/unit/unit.h"

/* "ssh-ed25519" and 32 bytes that end in the given one. */
static void make_key(char last, struct strbuf *blob)
{
	char bytes[32] = "0123456789abcdef0123456789abcde";

	bytes[31] = last;
	strbuf_add(blob, "\0\0\0\013ssh-ed25519\0\0\0 ", 19);
	strbuf_add(blob, bytes, sizeof(bytes));
}

static void add_line(struct strbuf *file, const char *names, char last)
{
	AUTO_STRBUF struct strbuf blob = STRBUF_INIT;

	make_key(last, &blob);
	strbuf_addf(file, "%s ssh-ed25519 ", names);
	base64_encode(blob.buf, blob.len, false, file);
	strbuf_addch(file, '\n');
}

static enum known_verdict judge(const struct strbuf *file, const char *name,
				char last)
{
	AUTO_KNOWN_HOSTS struct known_hosts kh = KNOWN_HOSTS_INIT;
	AUTO_STRBUF struct strbuf blob = STRBUF_INIT;
	struct host_key key = { .type = "ssh-ed25519" };

	make_key(last, &blob);
	key.blob = blob.buf;
	key.len = blob.len;
	known_hosts_scan(&kh, "f", file, name);
	return known_hosts_judge(&kh, &key, NULL);
}

static void a_plain_name_is_found(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf f = STRBUF_INIT;

	strbuf_addstr(&f, "# a comment\n\n  \nnonsense\nweb1 ssh-rsa !!\n");
	add_line(&f, "other,web1.example.com", 'a');
	assert_int_equal(judge(&f, "web1.example.com", 'a'), KNOWN_MATCH);
	assert_int_equal(judge(&f, "other", 'a'), KNOWN_MATCH);
	assert_int_equal(judge(&f, "web1.example.com", 'b'), KNOWN_CHANGED);
	assert_int_equal(judge(&f, "web1", 'a'), KNOWN_UNKNOWN);
	assert_int_equal(judge(&f, "web1.example.co", 'a'), KNOWN_UNKNOWN);
}

static void line_numbers_and_types_are_told(void **state UNUSED)
{
	AUTO_KNOWN_HOSTS struct known_hosts kh = KNOWN_HOSTS_INIT;
	AUTO_STRBUF struct strbuf f = STRBUF_INIT;

	strbuf_addstr(&f, "# one\r\n");
	add_line(&f, "a", 'x');
	add_line(&f, "b", 'y');
	known_hosts_scan(&kh, "file", &f, "b");
	assert_int_equal(kh.nr, 1);
	assert_int_equal(kh.v[0].line, 3);
	assert_string_equal(kh.v[0].file, "file");
	assert_string_equal(kh.v[0].type, "ssh-ed25519");
}

static void patterns_match_as_in_ssh(void **state UNUSED)
{
	static const struct {
		const char *names, *host;
		bool found;
	} t[] = {
		{ "*.example.com", "web1.example.com", true },
		{ "*.example.com", "example.com", false },
		{ "web?", "web1", true },
		{ "web?", "web12", false },
		{ "*", "anything", true },
		{ "*.example.com,!bad.example.com", "bad.example.com", false },
		{ "!bad.example.com,*.example.com", "ok.example.com", true },
		{ "!bad", "good", false },
		{ "WEB1", "web1", true },
		{ "[web1]:2222", "[web1]:2222", true },
		{ "[web1]:2222", "web1", false },
		{ "[web1]:*", "[web1]:22022", true },
		{ "a*b*c*d*e*f*g*h*", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
		{ ",,", "", false },
		{ "web1,", "web1", true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(t); i++)
		if (known_hosts_names(t[i].names, strlen(t[i].names),
				      t[i].host) != t[i].found)
			fail_msg("'%s' and '%s'", t[i].names, t[i].host);
}

static void hashed_names_match(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf f = STRBUF_INIT, name = STRBUF_INIT;
	/* HMAC-SHA1 of "web1.example.com" under the bytes 0 to 19 */
	static const char known[] = "|1|AAECAwQFBgcICQoLDA0ODxAREhM=|"
				    "hrtfZrKxbKOpN4lnqwTFNWZAgaI=";

	assert_int_equal(known_hosts_hash("[web1]:2222", &name), 0);
	add_line(&f, name.buf, 'a');
	assert_int_equal(judge(&f, "[web1]:2222", 'a'), KNOWN_MATCH);
	assert_int_equal(judge(&f, "web1", 'a'), KNOWN_UNKNOWN);
	assert_true(known_hosts_names(known, strlen(known), "web1.example.com"));
	assert_false(known_hosts_names("|1|", 3, "web1"));
	assert_false(known_hosts_names("|1|AAAA|", 8, "web1"));
	assert_false(known_hosts_names("|1|====|====", 12, "web1"));
}

static void revoked_wins(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf f = STRBUF_INIT;

	add_line(&f, "web1", 'a');
	add_line(&f, "@revoked *", 'a');
	assert_int_equal(judge(&f, "web1", 'a'), KNOWN_IS_REVOKED);
	/* Another key's revocation says nothing about this one. */
	strbuf_reset(&f);
	add_line(&f, "@revoked web1", 'b');
	assert_int_equal(judge(&f, "web1", 'a'), KNOWN_UNKNOWN);
	/* The mark is no host name. */
	assert_int_equal(judge(&f, "@revoked", 'b'), KNOWN_UNKNOWN);
}

static void an_authority_is_no_host_key(void **state UNUSED)
{
	AUTO_KNOWN_HOSTS struct known_hosts kh = KNOWN_HOSTS_INIT;
	AUTO_STRBUF struct strbuf f = STRBUF_INIT;

	add_line(&f, "@cert-authority *.example.com", 'a');
	assert_int_equal(judge(&f, "w.example.com", 'a'), KNOWN_UNKNOWN);
	known_hosts_scan(&kh, "f", &f, "w.example.com");
	assert_true(known_hosts_have_authority(&kh));
	strbuf_reset(&f);
	add_line(&f, "@unknown-mark web1", 'a');
	assert_int_equal(judge(&f, "web1", 'a'), KNOWN_UNKNOWN);
}

static void a_blob_of_another_type_is_skipped(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf f = STRBUF_INIT;
	char *type;

	add_line(&f, "web1", 'a');
	type = strstr(f.buf, "ssh-ed25519");
	memcpy(type, "ssh-ed25518", 11);
	assert_int_equal(judge(&f, "web1", 'a'), KNOWN_UNKNOWN);
}

static void base64_is_exact(void **state UNUSED)
{
	static const char *const bad[] = { "QQ",   "QQ=",  "Q===",    "QQ=A",
					   "Q Q=", "====", "QQ==QQ==" };
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;

	assert_int_equal(base64_decode("aGVsbG8=", 8, &out), 0);
	assert_string_equal(out.buf, "hello");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(base64_decode(bad[i], strlen(bad[i]), &out), -1);
	assert_string_equal(out.buf, "hello");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_name_is_found),
		cmocka_unit_test(line_numbers_and_types_are_told),
		cmocka_unit_test(patterns_match_as_in_ssh),
		cmocka_unit_test(hashed_names_match),
		cmocka_unit_test(revoked_wins),
		cmocka_unit_test(an_authority_is_no_host_key),
		cmocka_unit_test(a_blob_of_another_type_is_skipped),
		cmocka_unit_test(base64_is_exact),
	};

	return cmocka_run_group_tests_name("known_hosts", tests, NULL, NULL);
}
