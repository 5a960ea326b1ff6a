#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/base/num.h"

/*
 * A history as people make them, by chance, for "git fast-import":
 *
 *	random-history <seed> <branches>
 *
 * Branch "production" and branches b1, b2, ... that left it somewhere. Their
 * commits edit lines, pick each other's edits, squash them, take them back,
 * merge, change blanks or modes alone, or nothing; files are text or binary;
 * clocks are wrong now and then. The same seed gives the same history.
 */
#define FILES	   5
#define LINES	   9
#define TRUNK_MAX  40
#define BRANCH_MAX 9

struct edit {
	int file, line, value;
};

struct commit {
	int mark, parent, other; /* 0: none */
	int lines[FILES][LINES];
	bool executable;
	struct edit edit; /* file -1: none of this kind */
};

static struct commit *commits; /* commits[0] is nothing */
static size_t nr, alloc;
static uint64_t state;

/* xorshift64*: any good enough numbers, everywhere the same. */
static unsigned int chance(unsigned int below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (unsigned int)((state * 2685821657736338717u) >> 33) % below;
}

static struct commit *add(int parent)
{
	struct commit fresh = { .edit = { .file = -1 } };

	ALLOC_GROW(commits, nr + 1, alloc);
	if (parent)
		fresh = commits[parent];
	fresh.mark = (int)nr;
	fresh.parent = parent;
	fresh.other = 0;
	fresh.edit.file = -1;
	commits[nr] = fresh;
	return &commits[nr++];
}

static void apply(struct commit *c, struct edit e)
{
	if (e.file >= 0)
		c->lines[e.file][e.line] = e.value;
}

static struct edit new_edit(void)
{
	return (struct edit){ (int)chance(FILES), (int)chance(LINES),
			      (int)(10 + chance(6)) };
}

/* The edits of "of" and those before it, back to "until". */
static void apply_all(struct commit *c, int of, int until)
{
	struct edit edits[TRUNK_MAX + BRANCH_MAX];
	size_t n = 0;

	for (; of && of != until && n < ARRAY_SIZE(edits); of = commits[of].parent)
		edits[n++] = commits[of].edit;
	while (n--)
		apply(c, edits[n]);
}

/* One more commit; "near" is the tip of the other line, "fork" where it left. */
static int step(int parent, int near, int fork)
{
	struct commit *c = add(parent);

	switch (near ? chance(10) : 0) {
	case 1: /* cherry-pick */
	case 2:
		c->edit = commits[near].edit;
		apply(c, c->edit);
		break;
	case 3: /* ... an older one */
		near = commits[near].parent ? commits[near].parent : near;
		c->edit = commits[near].edit;
		apply(c, c->edit);
		break;
	case 4: apply_all(c, near, fork); break; /* squash */
	case 5:					 /* merge */
		c->other = near;
		apply_all(c, near, fork);
		break;
	case 6: /* take the last one back */
		if (commits[parent].parent)
			memcpy(c->lines, commits[commits[parent].parent].lines,
			       sizeof(c->lines));
		break;
	case 7: c->executable = !c->executable; break;
	case 8: /* blanks alone, or nothing at all */
		if (chance(2))
			c->lines[1][chance(LINES)] ^= 1 << 20;
		break;
	default: c->edit = new_edit(); apply(c, c->edit);
	}
	return c->mark;
}

/* The last file is binary; a value's high bit is a blank more. */
static void print_file(const struct commit *c, int file)
{
	char text[LINES * 16];
	size_t len = 0;

	for (int i = 0; i < LINES; i++) {
		int value = c->lines[file][i];

		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"%sline%d%s", value >> 20 ? "  " : "",
					value & 0xfffff,
					file == FILES - 1 ? "?" : "\n");
	}
	for (size_t i = 0; file == FILES - 1 && i < len; i++)
		if (text[i] == '?')
			text[i] = '\0';
	printf("M %s inline f%d\ndata %zu\n",
	       !file && c->executable ? "100755" : "100644", file, len);
	fwrite(text, 1, len, stdout);
	putchar('\n');
}

static void print_commit(const struct commit *c, const char *branch)
{
	int64_t when = 1767225600 + c->mark * 60;

	if (!chance(6))
		when += (int64_t)chance(200000) - 100000;
	printf("commit refs/heads/%s\nmark :%d\n", branch, c->mark);
	printf("committer C O Mitter <c@example.com> %" PRId64 " +0000\n", when);
	printf("data <<END\ncommit %d\nEND\n", c->mark);
	if (c->parent)
		printf("from :%d\n", c->parent);
	if (c->other && c->other != c->parent)
		printf("merge :%d\n", c->other);
	puts("deleteall");
	for (int i = 0; i < FILES; i++)
		print_file(c, i);
}

static int parse(const char *text)
{
	uint32_t n;

	return num_parse_u32(text, strlen(text), &n) < 0 || n > 100000 ? -1
								       : (int)n;
}

int main(int argc, char **argv)
{
	int seed = argc == 3 ? parse(argv[1]) : -1;
	int branches = argc == 3 ? parse(argv[2]) : -1;
	int trunk = 0, first;

	if (seed < 0 || branches < 0)
		return 129;
	state = 88172645463325252u + (uint64_t)seed * 2654435761u;
	add(0);
	for (unsigned int i = 0; i < 4 + chance(8); i++) {
		trunk = step(trunk, 0, 0);
		print_commit(&commits[trunk], "production");
	}
	first = trunk;
	for (int b = 1; b <= branches; b++) {
		int fork = 1 + (int)chance((unsigned int)first), tip = fork;
		char name[32];

		snprintf(name, sizeof(name), "b%d", b);
		printf("reset refs/heads/%s\nfrom :%d\n\n", name, fork);
		for (unsigned int i = chance(BRANCH_MAX); i; i--) {
			tip = step(tip, trunk, fork);
			print_commit(&commits[tip], name);
		}
		/* What becomes of it on the source. */
		for (unsigned int i = chance(4); i; i--) {
			trunk = step(trunk, tip, fork);
			print_commit(&commits[trunk], "production");
		}
	}
	free(commits);
	return 0;
}
