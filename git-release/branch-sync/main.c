#include "common/base/base.h"
#include "common/ui/program.h"
#include "git-release/branch-sync/branch_sync.h"
#include "git-release/branch-sync/sync_words.h"

int main(int argc, char **argv)
{
	static const struct program program = {
		.name = "branch-sync",
		.main_job = cmd_branch_sync,
		.words = sync_words,
	};

	return program_main(&program, argc, argv);
}
