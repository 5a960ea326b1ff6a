#include "common/base/base.h"
#include "git-drift/drift_page.h"

/*
 * The assembler reads the two files as they are, so that they can be files of
 * their own kind. The Makefile names them as what this object is made of.
 */
#define ASSET(name, file)                                                      \
	__asm__(".section .rodata\n" #name "_begin:\n.incbin \"" file          \
		"\"\n" #name "_end:\n.byte 0\n.previous\n");                   \
	extern const char name##_begin[],                                      \
		name##_end[] __attribute__((visibility("hidden")))

ASSET(page_style, "git-drift/drift_page.css");
ASSET(page_script, "git-drift/drift_page.js");

struct page_asset drift_page_style(void)
{
	return (struct page_asset){ page_style_begin,
				    (size_t)(page_style_end - page_style_begin) };
}

struct page_asset drift_page_script(void)
{
	return (struct page_asset){
		page_script_begin, (size_t)(page_script_end - page_script_begin)
	};
}
