#include "common/base/base.h"
#include "git-drift/drift_page.h"

/*
 * The assembler reads the two files as they are, so that they can be files of
 * their own kind, and counts their bytes. The Makefile names them as what this
 * object is made of.
 */
#define ASSET(name, file)                                                      \
	__asm__(".section .rodata\n" #name "_text:\n.incbin \"" file           \
		"\"\n" #name "_end:\n.balign 8\n" #name "_len:\n.8byte " #name \
		"_end - " #name "_text\n.previous\n");                         \
	extern __attribute__((visibility("hidden"))) const char name##_text[]; \
	extern __attribute__((visibility("hidden"))) const uint64_t name##_len

ASSET(page_style, "git-drift/drift_page.css");
ASSET(page_script, "git-drift/drift_page.js");

struct page_asset drift_page_style(void)
{
	return (struct page_asset){ page_style_text, page_style_len };
}

struct page_asset drift_page_script(void)
{
	return (struct page_asset){ page_script_text, page_script_len };
}
