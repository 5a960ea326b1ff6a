#include "common/base/base.h"
#include "git-release/record_job.h"

#include "common/base/mem.h"
#include "common/text/project_card.h"
#include "common/text/relpath.h"

static const char *const usual[] = { "Production: Live",
				     "Current Release: %t" };

/* %t is the tag, %v the version, %d the date, %% a percent sign. */
static bool expand(const struct record_job *job, const char *text,
		   struct strbuf *out)
{
	size_t prefix = strlen(job->session.build.tag_prefix);

	for (; *text; text++) {
		if (*text != '%') {
			strbuf_addch(out, *text);
			continue;
		}
		switch (*++text) {
		case 't': strbuf_addstr(out, job->name); break;
		case 'v': strbuf_addstr(out, job->name + prefix); break;
		case 'd': strbuf_addstr(out, job->date); break;
		case '%': strbuf_addch(out, '%'); break;
		default: return false;
		}
	}
	return true;
}

/* "Current Release: %t"; NULL, or what is wrong with it. */
static const char *read_field(const struct record_job *job, const char *text,
			      struct record_field *out)
{
	AUTO_STRBUF struct strbuf value = STRBUF_INIT;
	const char *colon = strchr(text, ':'), *why;
	struct card_field field;

	if (!colon)
		return "is not <name>: <value>";
	if (text_control_character(text, ""))
		return "holds a control character";
	if (!expand(job, colon + 1 + strspn(colon + 1, " "), &value))
		return "has a % that is not %t, %v, %d or %%";
	out->name = xstrndup(text, (size_t)(colon - text));
	out->value = strbuf_detach(&value);
	field = (struct card_field){ out->name, out->value };
	why = card_field_trouble(&field);
	return why;
}

int record_read_fields(struct record_job *job, struct err *err)
{
	AUTO_SETTING_LIST struct setting_list list = SETTING_LIST_INIT;
	size_t nr;

	settings_get_all(&job->session.settings,
			 settings_key_find("release", "cardField"), NULL, &list);
	nr = list.nr ? list.nr : ARRAY_SIZE(usual);
	job->fields = xcalloc(nr, sizeof(*job->fields));
	job->nr_fields = nr;
	for (size_t i = 0; i < nr; i++) {
		const char *text = list.nr ? list.v[i]->value : usual[i];
		const char *why = read_field(job, text, &job->fields[i]);

		if (why && list.nr)
			return setting_err(list.v[i], err, " '%s' %s", text, why);
		if (why)
			return err_set(err, ERR_FAILED, "'%s' %s", text, why);
	}
	return 0;
}
