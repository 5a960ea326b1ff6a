#include "common/base/base.h"
#include "git-serversync/secret_signs.h"

#include "git-serversync/path_kinds.h"

/* What the programs that dump a database put at the start of one. */
static const char *const heads[] = {
	"-- MySQL dump",
	"-- MariaDB dump",
	"-- PostgreSQL database dump",
	"-- phpMyAdmin SQL Dump",
	"-- Adminer ",
	"PGDMP",
	"SQLite format 3",
	"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;",
	"-- HeidiSQL",
	"-- Dumping data for table",
	"/*M!999999\\- enable the sandbox mode",
	"-- Dump of table",
	"-- Navicat",
	"-- mysqldump",
};

/* Rows that no program puts into its own tables when it is installed. */
#define ROWS_MAX 100
#define HEAD	 4096

static const char *head_of_dump(const struct sign_hunt *h)
{
	size_t len = h->len < HEAD ? h->len : HEAD;
	const char *p;

	for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
		p = memmem(h->s, len, heads[i], strlen(heads[i]));
		if (p)
			return p;
	}
	return NULL;
}

/* A row as it stands in a dump: "(1,'a',...)," on a line, or an INSERT. */
static bool is_row(const char *s, size_t len)
{
	return sign_starts(s, len, "insert into") ||
	       sign_starts(s, len, "replace into") ||
	       (len > 2 && s[0] == '(' &&
		(sign_ends(s, len, "),") || sign_ends(s, len, ");")));
}

static const char *many_rows(const struct sign_hunt *h)
{
	const char *p = h->s, *end = h->s + h->len;
	size_t rows = 0;

	while (p < end) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));
		size_t len = (size_t)((stop ? stop : end) - p);

		rows += is_row(p, len);
		if (rows > ROWS_MAX)
			return p;
		p += len + 1;
	}
	return NULL;
}

/*
 * Hashes of passwords that people chose, in data: bcrypt, argon2, phpass,
 * crypt(3).
 */
static const char *password_hash(const struct sign_hunt *h)
{
	static const char *const marks[] = { "'$2y$",	 "'$2a$", "'$2b$",
					     "'$argon2", "'$P$",  "'$wp$",
					     "'$6$",	 "'$S$" };
	const char *p;

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		p = memmem(h->s, h->len, marks[i], strlen(marks[i]));
		if (p)
			return p;
	}
	return NULL;
}

/* How SQL sets up a user: IDENTIFIED BY 'x'. */
bool secret_dump_find(struct sign_hunt *h)
{
	const char *name = path_name(h->path), *at = head_of_dump(h);
	bool sql = sign_ends(name, strlen(name), ".sql");

	/* The first bytes of a program's own texts are no dump. */
	if (at && (sql || at == h->s || h->binary) && !path_is_code(h->path))
		return sign_found(h, at, "a database dump");
	if (!sql || h->old)
		return false;
	at = password_hash(h);
	if (!at)
		at = many_rows(h);
	return at && sign_found(h, at, "a database dump");
}
