#ifndef CLASS_FIXTURE_H
#define CLASS_FIXTURE_H

#include "git-serversync/capture_class.h"
#include "tests/unit/unit.h"

/*
 * Files of a server, one line each, and what they must be taken for. Texts
 * that look like secrets are written in two pieces, "gh" "p_...", so that
 * they are none here.
 */
struct class_sample {
	const char *path, *content;
	enum capture_class class;
	const char *why; /* a part of it */
};

static inline void classify(const struct class_input *in,
			    struct class_verdict *out)
{
	struct class_input copy = *in;

	if (!copy.status)
		copy.status = 'A';
	if (!copy.st_mode)
		copy.st_mode = S_IFREG | 0644;
	if (copy.content && !copy.len)
		copy.len = strlen(copy.content);
	if (copy.old)
		copy.old_len = strlen(copy.old);
	capture_classify(&copy, out);
}

static inline void check_class(const struct class_sample *s)
{
	const struct class_input in = { .path = s->path, .content = s->content };
	AUTO_CLASS_VERDICT struct class_verdict v = CLASS_VERDICT_INIT;

	classify(&in, &v);
	if (v.class != s->class || (s->why && !strstr(v.why.buf, s->why)))
		fail_msg("%s <<%.60s>>: %s (%s), not %s (%s)", s->path,
			 s->content, capture_class_name(v.class), v.why.buf,
			 capture_class_name(s->class), s->why ? s->why : "");
}

#define CHECK_CLASSES(samples)                                                 \
	do {                                                                   \
		for (size_t i_ = 0; i_ < ARRAY_SIZE(samples); i_++)            \
			check_class(&(samples)[i_]);                           \
	} while (0)

#endif
