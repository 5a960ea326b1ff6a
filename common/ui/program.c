#include "common/base/base.h"
#include "common/sys/fault.h"
#include "common/ui/program.h"
#include "common/ui/report.h"

/* The Makefile takes it from the newest entry of CHANGELOG.md. */
#ifndef VERSION
#	define VERSION "0.0.0"
#endif

const char program_version[] = VERSION;

static const struct program_verb *find_verb(const struct program *p,
					    const char *word)
{
	for (size_t i = 0; i < p->nr; i++)
		if (!strcmp(p->verbs[i].name, word))
			return &p->verbs[i];
	return NULL;
}

/* git-extras has a "git release" as well: say whose this is. */
static int print_version(const struct program *p)
{
	printf("git-%s (git-native release tools) %s\n", p->name,
	       program_version);
	return 0;
}

/* "--completion <what>", for the shells' completions. */
static int print_completion(const struct program *p, int argc, char **argv)
{
	const char *what = argc == 3 ? argv[2] : "";
	AUTO_STRVEC struct strvec words = STRVEC_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	if (!strcmp(what, "verbs")) {
		for (size_t i = 0; i < p->nr; i++)
			if (p->verbs[i].fn)
				strvec_push(&words, p->verbs[i].name);
	} else if (!p->words) {
		err_set(&err, ERR_USAGE, "--completion needs verbs");
		return report_failure(&err);
	} else if (p->words(what, &words, &err) < 0) {
		return report_failure(&err);
	}
	for (size_t i = 0; i < words.nr; i++)
		puts(words.v[i]);
	return 0;
}

static int run(const struct program *p, int argc, char **argv)
{
	const struct program_verb *verb;
	int status = -1;

	if (argc < 2)
		return p->main_job(argc, argv);
	if (!strcmp(argv[1], "--version"))
		return print_version(p);
	if (!strcmp(argv[1], "--completion"))
		return print_completion(p, argc, argv);
	if (p->special)
		status = p->special(argc, argv);
	if (status >= 0)
		return status;
	verb = find_verb(p, argv[1]);
	if (!verb)
		return p->main_job(argc, argv);
	if (verb->fn)
		return verb->fn(argc - 1, argv + 1);
	report_fatal("'git %s %s' is not available yet", p->name, verb->name);
	return 128;
}

/* A closed descriptor 0, 1 or 2 would be given to the next file opened. */
static bool open_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= 2 && fcntl(fd, F_SETFD, 0) == 0);
	if (fd > 2)
		close_quietly(fd);
	return fd > 2;
}

int program_main(const struct program *p, int argc, char **argv)
{
	if (!open_standard_descriptors() || argc < 1)
		return 128;
	fault_init("client");
	return report_finish_stdout(run(p, argc, argv));
}
