#include "common/base/base.h"
#include "common/text/path_pattern.h"

#include "common/base/mem.h"
#include "common/text/wildmatch.h"

bool path_pattern_parse(struct path_pattern *out, const char *text, size_t len)
{
	struct path_pattern p = { .negated = len && *text == '!' };

	text += p.negated;
	len -= p.negated;
	p.only_dir = len && text[len - 1] == '/';
	len -= p.only_dir;
	p.by_name = !memchr(text, '/', len);
	if (len && *text == '/') {
		text++;
		len--;
	}
	if (!len)
		return false;
	p.text = xstrndup(text, len);
	p.len = len;
	p.plain = wildmatch_plain(&(struct wild_text){ text, len });
	*out = p;
	return true;
}

void path_pattern_release(struct path_pattern *p)
{
	free(p->text);
	p->text = NULL;
}

bool path_pattern_match(const struct path_pattern *p,
			const struct path_part *part, size_t below)
{
	size_t from = p->by_name ? part->name : below, len = part->len - from;
	const char *text = part->path + from;

	if (p->only_dir && !part->is_dir)
		return false;
	if (p->plain == p->len)
		return len == p->len && !memcmp(text, p->text, len);
	if (len < p->plain || memcmp(text, p->text, p->plain) != 0)
		return false;
	return wildmatch(&(struct wild_text){ p->text, p->len },
			 &(struct wild_text){ text, len });
}
