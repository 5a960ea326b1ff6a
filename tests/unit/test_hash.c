#include "common/base/base.h"
#include "common/sys/hash.h"
#include "tests/unit/unit.h"

static const char *blob_id(const char *data, size_t len, size_t step)
{
	static char hex[OID_HEXSZ + 1];
	struct blob_hash h;
	struct oid oid;
	size_t at;

	blob_hash_init(&h, len);
	for (at = 0; at < len; at += step)
		blob_hash_update(&h, data + at,
				 len - at < step ? len - at : step);
	blob_hash_final(&h, &oid);
	return oid_to_hex(&oid, hex);
}

/* Expected values are what "git hash-object --stdin" prints. */
static void test_blob_ids(void **state UNUSED)
{
	assert_string_equal(blob_id("", 0, 1),
			    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
	assert_string_equal(blob_id("hello\n", 6, 6),
			    "ce013625030ba8dba906f756967f9e9ca394464a");
	assert_string_equal(blob_id("hello\n", 6, 1),
			    "ce013625030ba8dba906f756967f9e9ca394464a");
}

static void test_sha256(void **state UNUSED)
{
	char hex[SHA256_HEXSZ + 1];
	struct sha256 h;

	/* FIPS 180-2, appendix B.1 */
	sha256_init(&h);
	sha256_update(&h, "a", 1);
	sha256_update(&h, "bc", 2);
	sha256_final_hex(&h, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
				 "b00361a396177a9cb410ff61f20015ad");
}

static void test_oid_hex(void **state UNUSED)
{
	const char *good = "ce013625030ba8dba906f756967f9e9ca394464a";
	struct oid oid = { { 0 } }, other;
	char hex[OID_HEXSZ + 1];

	assert_int_equal(oid_from_hex(good, &oid), 0);
	assert_string_equal(oid_to_hex(&oid, hex), good);
	other = oid;
	assert_true(oid_eq(&oid, &other));
	other.b[19]++;
	assert_true(oid_cmp(&oid, &other) < 0);

	other = oid;
	assert_int_equal(
		oid_from_hex("CE013625030ba8dba906f756967f9e9ca394464a", &oid),
		-1);
	assert_int_equal(oid_from_hex("ce013625030ba8dba906f756967f9e9ca394464",
				      &oid),
			 -1);
	assert_int_equal(oid_from_hex("", &oid), -1);
	assert_int_equal(
		oid_from_hex("ce0136 5030ba8dba906f756967f9e9ca394464a", &oid),
		-1);
	assert_true(oid_eq(&oid, &other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blob_ids),
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_oid_hex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
