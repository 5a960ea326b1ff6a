#include "common/base/base.h"
#include "common/model/version_tag.h"
#include "common/base/mem.h"
#include "common/git/run_git.h"
#include "common/text/quote.h"

#define DEFAULT_PREFIX "v"
#define DEFAULT_BRANCH "production"
#define DEFAULT_REMOTE "origin"

/* A nonsense name may be long; enough of it is shown to know it again. */
#define SHOWN_MAX 60

void version_tag_release(struct version_tag *tag)
{
	free(tag->name);
	free(tag->ref);
	free(tag->version);
	*tag = (struct version_tag)VERSION_TAG_INIT;
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/*
 * git allows far more in a tag's name ("v1;reboot", "$(id)"). A version goes
 * into file names, messages and the environment of hooks: it is kept to what
 * versions are made of.
 */
static bool version_ok(const char *version, size_t name_len)
{
	if (!is_alnum(*version) || name_len > VERSION_NAME_MAX)
		return false;
	if (!strcmp(version, "HEAD"))
		return false;
	for (const char *p = version; *p; p++)
		if (!is_alnum(*p) && !strchr(".+_-", *p))
			return false;
	return true;
}

int version_tag_name(const char *version, const char *prefix,
		     struct strbuf *name, struct err *err)
{
	AUTO_STRBUF struct strbuf full = STRBUF_INIT;
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	size_t len = strlen(version), prefix_len;
	int valid = 0;

	if (!prefix)
		prefix = DEFAULT_PREFIX;
	prefix_len = strlen(prefix);
	if (prefix_len && !strncmp(version, prefix, prefix_len))
		version += prefix_len;
	strbuf_addf(&full, "%s%s", prefix, version);
	strbuf_addf(&ref, "refs/tags/%s", full.buf);
	if (version_ok(version, full.len) &&
	    !git_reference_name_is_valid(&valid, ref.buf) && valid) {
		strbuf_add(name, full.buf, full.len);
		return 0;
	}
	if (strlen(version) != len)
		version -= prefix_len;
	quote_text(&shown, version, len > SHOWN_MAX ? SHOWN_MAX : len);
	err_set(err, ERR_FAILED, "'%s%s' is not a version", shown.buf,
		len > SHOWN_MAX ? "..." : "");
	return err_hint(err,
			"a version is '%s' and then letters, digits, '.', "
			"'+', '_' and '-', at most %d in all",
			prefix, VERSION_NAME_MAX);
}

static bool ref_exists(git_repository *repo, const char *folder,
		       const char *name, git_oid *id)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;

	strbuf_addf(&ref, "%s%s", folder, name);
	return !git_reference_name_to_id(id, repo, ref.buf);
}

static int no_tag(struct err *err, const char *name)
{
	err_set(err, ERR_NOTFOUND, "there is no tag '%s'", name);
	return err_hint(err, "git fetch --tags, or git tag -a %s", name);
}

static int look_up(git_repository *repo, struct version_tag *tag, struct err *err)
{
	AUTO_REF git_reference *ref = NULL;
	git_oid branch;
	bool is_branch = ref_exists(repo, "refs/heads/", tag->name, &branch);
	int ret = git_reference_lookup(&ref, repo, tag->ref);

	if (ret == GIT_ENOTFOUND && is_branch) {
		err_set(err, ERR_REFUSED, "'%s' is a branch, not a tag",
			tag->name);
		return err_hint(err, "git tag -a <version>");
	}
	if (ret == GIT_ENOTFOUND)
		return no_tag(err, tag->name);
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read '%s'", tag->ref);
	if (is_branch) {
		err_set(err, ERR_REFUSED, "'%s' is a tag and a branch",
			tag->name);
		return err_hint(err, "git branch -m %s <other name>", tag->name);
	}
	if (!git_reference_target(ref))
		return err_set(err, ERR_REFUSED, "tag '%s' is a symbolic ref",
			       tag->name);
	tag->tag = *git_reference_target(ref);
	return 0;
}

static int lost(struct err *err, const char *name)
{
	err_git(err, ERR_FAILED, "cannot read what tag '%s' names", name);
	return err_hint(err, "git fsck");
}

/* A tag of a tag is fine, as long as a commit is at the end. */
static int peel(git_repository *repo, struct version_tag *tag, struct err *err)
{
	AUTO_OBJECT git_object *object = NULL;
	AUTO_OBJECT git_object *target = NULL;
	const char *own;

	if (git_object_lookup(&object, repo, &tag->tag, GIT_OBJECT_ANY) < 0)
		return lost(err, tag->name);
	tag->annotated = git_object_type(object) == GIT_OBJECT_TAG;
	if (git_object_peel(&target, object, GIT_OBJECT_COMMIT) < 0) {
		git_object *any = NULL;
		const char *what = "no commit";

		if (!git_object_peel(&any, object, GIT_OBJECT_ANY))
			what = git_object_type2string(git_object_type(any));
		else if (!tag->annotated)
			what = git_object_type2string(git_object_type(object));
		else
			return lost(err, tag->name);
		git_object_free(any);
		return err_set(err, ERR_REFUSED,
			       "tag '%s' names a %s, not a commit", tag->name,
			       what);
	}
	tag->commit = *git_object_id(target);
	if (!tag->annotated)
		return 0;
	own = git_tag_name((git_tag *)object);
	if (strcmp(own, tag->name)) {
		AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

		quote_text(&shown, own, strnlen(own, SHOWN_MAX));
		/* Old signed tags can be put under a new name this way. */
		return err_set(err, ERR_REFUSED,
			       "tag '%s' calls itself '%s' in its own object",
			       tag->name, shown.buf);
	}
	return 0;
}

static int check_kind(const struct version_tag *tag,
		      const struct tag_policy *policy, struct err *err)
{
	if (tag->annotated || (policy->allow_lightweight && !policy->signed_tag))
		return 0;
	err_set(err, ERR_REFUSED, "tag '%s' is lightweight, not annotated",
		tag->name);
	return err_hint(err, "git tag -f -%s %s %s^{commit}",
			policy->signed_tag ? "s" : "a", tag->name, tag->name);
}

static int check_branch(git_repository *repo, const struct version_tag *tag,
			const struct tag_policy *policy, struct err *err)
{
	const char *remote = policy->remote ? policy->remote : DEFAULT_REMOTE;
	const char *branch = policy->branch ? policy->branch : DEFAULT_BRANCH;
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	git_oid tip;
	int ret;

	/* What others see is what counts; a local branch only without it. */
	strbuf_addf(&shown, "%s/%s", remote, branch);
	if (!ref_exists(repo, "refs/remotes/", shown.buf, &tip)) {
		strbuf_reset(&shown);
		strbuf_addstr(&shown, branch);
		if (!ref_exists(repo, "refs/heads/", branch, &tip)) {
			if (!policy->branch)
				return 0;
			err_set(err, ERR_FAILED,
				"there is no branch '%s', here or on '%s'",
				branch, remote);
			return err_hint(err, "git fetch %s", remote);
		}
	}
	if (git_oid_equal(&tip, &tag->commit))
		return 0;
	ret = git_graph_descendant_of(repo, &tip, &tag->commit);
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot follow branch '%s'",
			       shown.buf);
	if (!ret) {
		err_set(err, ERR_REFUSED, "tag '%s' is not on branch '%s'",
			tag->name, shown.buf);
		return err_hint(err, "git branch -a --contains %s", tag->name);
	}
	return 0;
}

static int check_signature(git_repository *repo, const struct version_tag *tag,
			   struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_STRBUF struct strbuf errors = STRBUF_INIT;
	AUTO_STRBUF struct strbuf what = STRBUF_INIT;
	char hex[GIT_OID_HEXSZ + 1];
	int status, ret;

	/* By id: what was looked at is what is verified. */
	git_oid_tostr(hex, sizeof(hex), &tag->tag);
	strvec_pushl(&cmd.argv, "verify-tag", hex, NULL);
	cmd.repo = repo;
	strbuf_limit(&errors, 64u << 10);
	if ((ret = git_cmd_status(&cmd, NULL, &errors, &status, err)) < 0)
		return ret;
	if (!status)
		return 0;
	strbuf_addf(&what, "tag '%s' has no good signature", tag->name);
	git_cmd_failed(err, ERR_REFUSED, what.buf, &errors);
	return err_hint(err, "git verify-tag -v %s", tag->name);
}

int version_tag_find(git_repository *repo, const char *version,
		     const struct tag_policy *policy, struct version_tag *out,
		     struct err *err)
{
	AUTO_VERSION_TAG struct version_tag tag = VERSION_TAG_INIT;
	AUTO_STRBUF struct strbuf name = STRBUF_INIT;
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	const char *prefix = policy->prefix ? policy->prefix : DEFAULT_PREFIX;
	int ret;

	if ((ret = version_tag_name(version, prefix, &name, err)) < 0)
		return ret;
	strbuf_addf(&ref, "refs/tags/%s", name.buf);
	tag.version = xstrdup(name.buf + strlen(prefix));
	tag.name = strbuf_detach(&name);
	tag.ref = strbuf_detach(&ref);
	if ((ret = look_up(repo, &tag, err)) < 0 ||
	    (ret = peel(repo, &tag, err)) < 0 ||
	    (ret = check_kind(&tag, policy, err)) < 0 ||
	    (ret = check_branch(repo, &tag, policy, err)) < 0)
		return ret;
	if (policy->signed_tag && (ret = check_signature(repo, &tag, err)) < 0)
		return ret;
	*out = tag;
	tag = (struct version_tag)VERSION_TAG_INIT;
	return 0;
}

const char *version_tag_signature(const char *text)
{
	static const char *const kinds[] = { "PGP SIGNATURE", "PGP MESSAGE",
					     "SSH SIGNATURE", "SIGNED MESSAGE" };
	size_t len = strlen(text);

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		AUTO_STRBUF struct strbuf begin = STRBUF_INIT;
		AUTO_STRBUF struct strbuf end = STRBUF_INIT;
		const char *found = NULL;

		strbuf_addf(&begin, "\n-----BEGIN %s-----\n", kinds[i]);
		strbuf_addf(&end, "\n-----END %s-----\n", kinds[i]);
		if (len < end.len || strcmp(text + len - end.len, end.buf) != 0)
			continue;
		for (const char *p = text; (p = strstr(p, begin.buf)); p++)
			found = p;
		if (found)
			return found + 1;
	}
	return NULL;
}
