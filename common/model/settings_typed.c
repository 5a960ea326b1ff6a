#include "common/base/base.h"
#include "common/base/num.h"
#include "common/model/settings_typed.h"
#include "common/text/gitconfig.h"

static const struct setting *last(const struct settings *s,
				  const struct settings_key *key, const char *sub)
{
	AUTO_SETTING_LIST struct setting_list list = SETTING_LIST_INIT;

	settings_get_all(s, key, sub, &list);
	return list.nr ? list.v[list.nr - 1] : NULL;
}

const char *settings_text(const struct settings *s,
			  const struct settings_key *key, const char *sub)
{
	const struct setting *st = last(s, key, sub);

	return st ? st->value : key->fallback;
}

bool settings_bool(const struct settings *s, const struct settings_key *key,
		   const char *sub)
{
	bool on;

	return !gitconfig_bool(settings_text(s, key, sub), &on) && on;
}

uint32_t settings_number(const struct settings *s,
			 const struct settings_key *key, const char *sub)
{
	const char *text = settings_text(s, key, sub);
	uint32_t n;

	return text && !num_parse_u32(text, strlen(text), &n) ? n : 0;
}

uint64_t settings_seconds(const struct settings *s,
			  const struct settings_key *key, const char *sub)
{
	const char *text = settings_text(s, key, sub);
	uint64_t n;

	return text && !num_parse_duration(text, &n) ? n : 0;
}

uint64_t settings_bytes(const struct settings *s,
			const struct settings_key *key, const char *sub)
{
	const char *text = settings_text(s, key, sub);
	uint64_t n;

	return text && !num_parse_size(text, &n) ? n : 0;
}

uint32_t settings_mode(const struct settings *s, const struct settings_key *key,
		       const char *sub)
{
	const char *text = settings_text(s, key, sub);
	uint32_t n;

	return text && !num_parse_octal(text, strlen(text), &n) ? n : 0;
}

void settings_texts(const struct settings *s, const struct settings_key *key,
		    const char *sub, struct strvec *out)
{
	AUTO_SETTING_LIST struct setting_list list = SETTING_LIST_INIT;

	settings_get_all(s, key, sub, &list);
	for (size_t i = 0; i < list.nr; i++)
		strvec_push(out, list.v[i]->value);
}
