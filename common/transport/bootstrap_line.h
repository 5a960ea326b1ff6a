#ifndef BOOTSTRAP_LINE_H
#define BOOTSTRAP_LINE_H

#include "common/base/strbuf.h"

/*
 * The command that a server's login shell is given. It is one line,
 *
 *	sh -c '<script>' git-release <root> <hash> <nonce> <request>
 *
 * whose script is the same for every server. It holds no single quote, line
 * break or exclamation mark, so bash, dash, csh and fish all hand it to sh
 * unchanged. The words behind it hold only [A-Za-z0-9/._=-], which no
 * shell looks at twice: every other byte travels as =ooo, three octal digits,
 * so nothing is ever quoted for a shell. The request is the agent's first one,
 * and is handed to it as the last word of its command line.
 *
 * They are not sent on stdin, which would be the obvious way, because sshd
 * opens a session's window only with its answer to the exec request: the
 * first byte of stdin costs a round trip more.
 *
 * What the script does:
 *
 * 1. goes to the login's home, and runs "<root>/.release/bin/agent-<hash>
 *    serve <nonce> <request>" if that is there (a .release/bin that belongs to
 *    another user counts for nothing, here and below);
 * 2. else prints "\ngit-release-need <nonce> <os> <machine> <gzip|plain>\n",
 *    reads "<bytes> <gzip|plain>\n" and that many bytes, which it keeps in
 *    the first place that can hold them;
 * 3. tries <root>/.release/bin (if there is one), /dev/shm, $TMPDIR or /tmp,
 *    and the home: unpacks a copy there and runs "<copy> check <hash>". A
 *    place that is full or noexec fails this, and the next one is tried. In
 *    .release/bin the copy becomes agent-<hash>; elsewhere it is started as
 *    "<copy> serve <nonce> <request> unlink" and removes itself;
 * 4. else starts any agent of .release/bin, whose greeting tells its
 *    protocol;
 * 5. else prints "\ngit-release-fail <nonce> <reason>\n".
 */
void bootstrap_line(const char *root, const char *hash, const char *nonce,
		    const struct strbuf *request, struct strbuf *out);

/* Appends bytes as one word of that line, as above; none at all are "-". */
void bootstrap_word(const char *bytes, size_t len, struct strbuf *out);

#endif
