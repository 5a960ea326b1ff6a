#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/host/host_scan.h"
#include "common/host/host_take.h"
#include "common/sys/fileio.h"
#include "common/sys/hash.h"
#include "common/text/quote.h"

#include <signal.h>
#include <sys/wait.h>

/*
 * Scans a root as git serversync does, and takes what the scan names:
 *
 *	scan-drive [<options>] <agent> <root>
 *
 *	-p		a plain checkout is fine
 *	-n		keep nothing
 *	-r		what commit is it, though it is ours?
 *	-c <dir>	where the client keeps indexes
 *	-s <path>	to be left out
 *	-b <command>	run before the scan
 *	-a <command>	run after the scan
 *	-o <dir>	take everything, as files 0, 1, ... of this directory
 *	-O <dir>	which has the old contents, at the same paths
 *
 * A line for what it learned, one for each file and for each unknown path,
 * and, after taking, how many bytes came for that. Exit status 1 for "error
 * <code>: <message>" and "hint: <hint>".
 */
struct drive {
	struct host_scan_request scan;
	struct strvec skip;
	const char *before, *after, *out, *olds;
	struct scan_report report;
	struct host_take_file *files;
	struct host_take take;
};

static int hash_file(const char *dir, const char *path, struct strbuf *content,
		     struct oid *oid)
{
	AUTO_STRBUF struct strbuf full = STRBUF_INIT;
	struct blob_hash hash;

	strbuf_addf(&full, "%s/%s", dir, path);
	AUTO_FD int fd = open(full.buf, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || read_rest(fd, content) < 0)
		return -1;
	blob_hash_init(&hash, content->len);
	blob_hash_update(&hash, content->buf, content->len);
	blob_hash_final(&hash, oid);
	return 0;
}

static int get_old(void *ctx, const struct oid *oid, struct strbuf *out,
		   struct err *err)
{
	const struct drive *d = ctx;

	for (size_t i = 0; i < d->take.nr; i++) {
		AUTO_STRBUF struct strbuf content = STRBUF_INIT;
		struct oid now;

		if (!d->files[i].has_old || !oid_eq(&d->files[i].old, oid) ||
		    hash_file(d->olds, d->files[i].path, &content, &now) < 0)
			continue;
		strbuf_add(out, content.buf, content.len);
		return 0;
	}
	return err_set(err, ERR_FAILED, "an old content was never offered");
}

static int put_file(void *ctx, size_t i, const struct strbuf *content,
		    struct err *err)
{
	const struct drive *d = ctx;
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;

	strbuf_addf(&path, "%s/%zu", d->out, i);
	AUTO_FD int fd =
		open(path.buf, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 || write_all(fd, content->buf, content->len) < 0)
		return err_sys(err, "cannot write '%s'", path.buf);
	return 0;
}

static void print_path(const char *path)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_path(&shown, path, strlen(path), true);
	printf("%s\n", shown.buf);
}

static void print_report(const struct scan_report *r)
{
	static const char *const kinds[] = { "sealed", "foreign", "plain" };

	printf("%s looked=%d read=%d revision=%s target=%s\n", kinds[r->kind],
	       (int)r->looked, (int)r->read, r->revision, r->target);
	for (size_t i = 0; i < r->entries.nr; i++) {
		const struct index_entry *e = &r->entries.entries[i];
		char oid[OID_HEXSZ + 1];

		printf("%06o%s%s %.10s ", e->mode & RELEASE_INDEX_ST_MODE,
		       e->mode & SCAN_OTHER_OWNER ? " other-owner" : "",
		       e->mode & SCAN_SHARED_LINK ? " shared" : "",
		       oid_to_hex(&e->oid, oid));
		print_path(e->path);
	}
	for (size_t i = 0; i < r->unknown.nr; i++) {
		printf("? %s: ", r->unknown_why.v[i]);
		print_path(r->unknown.v[i]);
	}
}

static int run(const char *command)
{
	int status = -1;
	pid_t pid;

	if (!command)
		return 0;
	/* Or both would print what is waiting. */
	(void)fflush(stdout);
	pid = fork();
	if (!pid) {
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && !status ? 0 : -1;
}

static void choose(struct drive *d)
{
	d->files = xcalloc(d->report.entries.nr, sizeof(*d->files));
	for (size_t i = 0; i < d->report.entries.nr; i++) {
		const struct index_entry *e = &d->report.entries.entries[i];
		struct host_take_file *f = &d->files[d->take.nr];
		AUTO_STRBUF struct strbuf content = STRBUF_INIT;

		if (!S_ISREG(e->mode) && !S_ISLNK(e->mode))
			continue;
		*f = (struct host_take_file){
			.path = e->path,
			.mode = e->mode,
			.size = e->size,
			.oid = e->oid,
		};
		f->has_old = d->olds &&
			     !hash_file(d->olds, e->path, &content, &f->old);
		d->take.nr++;
	}
	d->take.from = &d->report;
	d->take.files = d->files;
	d->take.old = get_old;
	d->take.file = put_file;
	d->take.ctx = d;
}

static int drive(struct drive *d, struct host *h, struct err *err)
{
	uint64_t sent, before, after;

	if (run(d->before) < 0)
		return err_set(err, ERR_USAGE, "the command failed");
	if (host_scan(h, &d->scan, &d->report, err) < 0)
		return err->code;
	print_report(&d->report);
	if (run(d->after) < 0)
		return err_set(err, ERR_USAGE, "the command failed");
	if (!d->out)
		return 0;
	choose(d);
	host_traffic(h, &sent, &before);
	if (host_take(h, &d->take, err) < 0)
		return err->code;
	host_traffic(h, &sent, &after);
	printf("took %zu in %d bytes\n", d->take.nr, (int)(after - before));
	return 0;
}

static int take_options(struct drive *d, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "nrpc:s:b:a:o:O:")) != -1)
		switch (c) {
		case 'n': d->scan.look_only = true; break;
		case 'r': d->scan.origin = true; break;
		case 'p': d->scan.plain = true; break;
		case 'c': d->scan.cache = optarg; break;
		case 's': strvec_push(&d->skip, optarg); break;
		case 'b': d->before = optarg; break;
		case 'a': d->after = optarg; break;
		case 'o': d->out = optarg; break;
		case 'O': d->olds = optarg; break;
		default: return -1;
		}
	return argc == optind + 2 ? 0 : -1;
}

static int work(struct drive *d, const char *agent, const char *root,
		struct err *err)
{
	static const struct host_listener listener;
	const struct transport_target target = { .url = root, .agent = agent };
	const struct host_request req = {
		.target = &target,
		.listener = &listener,
		.who = "drive",
		.reason = "a test",
		.plain = d->scan.plain,
	};
	AUTO_HOST_VIEW struct host_view view = { 0 };
	AUTO_HOST struct host *h = NULL;
	int ret;

	if (host_open(&req, &h, &view, err) < 0)
		return err->code;
	d->scan.view = &view;
	d->scan.skip = &d->skip;
	d->scan.plain = !strcmp(view.state, "plain");
	ret = drive(d, h, err);
	d->scan.view = NULL;
	return ret;
}

int main(int argc, char **argv)
{
	AUTO_ERR struct err err = ERR_INIT;
	struct drive d = { .report = SCAN_REPORT_INIT };
	int ret;

	(void)signal(SIGPIPE, SIG_IGN);
	if (take_options(&d, argc, argv) < 0)
		return 129;
	ret = work(&d, argv[optind], argv[optind + 1], &err);
	if (ret < 0)
		printf("error %d: %s\n", ret, err.msg.buf);
	if (ret < 0 && err.hint.len)
		printf("hint: %s\n", err.hint.buf);
	scan_report_release(&d.report);
	strvec_release(&d.skip);
	free(d.files);
	return ret < 0;
}
