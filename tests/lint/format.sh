#!/bin/sh
# .clang-format decides how C looks.

. "$(dirname "$0")/lint-lib.sh"
need clang-format

check 'C files are formatted (clang-format -i mends it)' \
	clang-format -n -Werror $(c_files)
lint_done
