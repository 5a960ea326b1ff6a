#include "common/base/base.h"
#include "git-serversync/capture_class.h"

#include "git-serversync/path_kinds.h"
#include "git-serversync/secret_signs.h"
#include "git-serversync/suspicious_signs.h"

void class_verdict_release(struct class_verdict *v)
{
	strbuf_release(&v->why);
}

const char *capture_class_name(enum capture_class c)
{
	switch (c) {
	case CLASS_SECRET: return "secret";
	case CLASS_SUSPICIOUS: return "suspicious";
	case CLASS_UPLOAD: return "upload";
	case CLASS_GENERATED: return "generated";
	case CLASS_INSTALLER: return "installer";
	case CLASS_HOTFIX: return "hot-fix";
	}
	return "";
}

static void decide(struct class_verdict *out, enum capture_class class,
		   const char *why)
{
	out->class = class;
	strbuf_reset(&out->why);
	strbuf_addstr(&out->why, why);
}

static void decide_at(struct class_verdict *out, enum capture_class class,
		      const struct sign_hunt *h)
{
	decide(out, class, h->what);
	strbuf_addf(&out->why, " in line %zu", h->line);
}

/* What is neither secret nor suspicious. */
static void decide_harmless(const struct class_input *in,
			    struct class_verdict *out)
{
	if (in->in_commit)
		decide(out, CLASS_HOTFIX, "");
	else if (in->in_package)
		decide(out, CLASS_GENERATED, "made by the build");
	else if (path_in_uploads(in->path) && path_is_media(in->path))
		decide(out, CLASS_UPLOAD, "");
	else if (path_is_generated(in->path))
		decide(out, CLASS_GENERATED, "");
	else
		decide(out, CLASS_INSTALLER, "");
}

/* A file of settings that git has is secret only for what is new in it. */
static bool decide_by_name(const struct class_input *in, struct class_verdict *out)
{
	const char *what = NULL;
	enum secret_name_kind kind = secret_by_name(in->path, &what);

	if (kind != SECRET_NAME_ALL &&
	    (kind != SECRET_NAME_SETTINGS || in->in_commit))
		return false;
	decide(out, CLASS_SECRET, what);
	strbuf_addstr(&out->why, ", by its name");
	return true;
}

static bool has_no_content(const struct class_input *in)
{
	return in->status == 'D' || S_ISLNK(in->st_mode);
}

bool capture_class_by_name(const struct class_input *in, struct class_verdict *out)
{
	if (!has_no_content(in))
		return decide_by_name(in, out);
	decide_harmless(in, out);
	return true;
}

void capture_classify(const struct class_input *in, struct class_verdict *out)
{
	const struct sign_content content = { .path = in->path,
					      .s = in->content,
					      .len = in->content ? in->len : 0,
					      .old = in->old,
					      .old_len = in->old_len };
	AUTO_SIGN_HUNT struct sign_hunt hunt = { 0 };
	const char *why;

	if (capture_class_by_name(in, out))
		return;
	sign_hunt_begin(&hunt, &content);
	if (secret_by_content(&hunt)) {
		decide_at(out, CLASS_SECRET, &hunt);
		return;
	}
	if (suspicious_by_content(&hunt, in)) {
		decide_at(out, CLASS_SUSPICIOUS, &hunt);
		return;
	}
	why = suspicious_by_place(in);
	if (!why)
		why = suspicious_by_stat(in);
	if (why)
		decide(out, CLASS_SUSPICIOUS, why);
	else
		decide_harmless(in, out);
}
