#!/usr/bin/env python3
"""random-lists.py <seed> <files> <directory>: files that set clear_paths.

Each <n>.php is a deploy.php for Deployer that has its clear_paths written out,
in one of the many ways that PHP has for it, among code, comments and strings
that look like more. The same seed gives the same files."""

import os
import random
import sys

WORDS = ["docs", "a/b.php", ".env.example", "tests", "AGENTS.md", "x-y_z",
         "n*", "caf\u00e9", "v[12]", "0", "a@b+c,d=e%f"]
LOOKS = ["set('clear_x', ['no']);", "add(\\'x\\', [", "?> <?php", "/* */ //",
         "<<<X", "]);", "deploy:clear_paths"[:7]]


class Writer:
    def __init__(self, rng):
        self.rng = rng
        self.label = 0

    def pick(self, *choices):
        return self.rng.choice(choices)

    def gap(self):
        return self.pick("", "", " ", "\n", "\t", "/* 'no', */",
                         "// 'no', ]);\n", "# clear_paths\n", "\r\n",
                         "/** add('clear_paths', ['no']) */")

    def escaped(self, word):
        out = ""
        for c in word.encode():
            form = self.rng.randrange(6)
            if form == 0:
                out += "\\x%02x" % c
            elif form == 1:
                out += "\\%03o" % c
            elif form == 2 and c < 0x80:
                out += "\\u{%x}" % c
            else:
                out += chr(c) if c < 0x80 else "\\x%02X" % c
        return '"%s"' % out

    def heredoc(self, word):
        self.label += 1
        label = "T%d" % self.label
        quote = self.pick("", "'", '"')
        blanks = self.pick("", "  ", "\t")
        return "<<<%s%s%s\n%s%s\n%s%s" % (quote, label, quote, blanks, word,
                                          blanks, label)

    def text(self, word, deep=0):
        form = self.rng.randrange(8)
        if form == 0 and len(word) > 1 and deep < 3:
            at = self.rng.randrange(1, len(word))
            return self.text(word[:at], deep + 1) + self.gap() + "." + \
                self.gap() + self.text(word[at:], deep + 1)
        if form == 1 and deep < 3:
            return "(" + self.gap() + self.text(word, deep + 1) + ")"
        if form == 2 and deep == 0:
            return self.heredoc(word)
        if form == 3:
            return self.escaped(word)
        if form == 4:
            return '"%s"' % word
        return self.pick("", "", "b") + "'%s'" % word

    def key(self):
        form = self.rng.randrange(8)
        if form == 0:
            return str(self.rng.randrange(4)) + self.gap() + "=>"
        if form == 1:
            return "'%d' =>" % self.rng.randrange(4)
        if form == 2:
            return self.text(self.pick("k", "l", "m1")) + " =>"
        return ""

    def items(self):
        out = [self.gap() + self.key() + self.gap() +
               self.text(self.rng.choice(WORDS)) + self.gap()
               for _ in range(self.rng.randrange(5))]
        return ",".join(out) + (self.pick("", ",") if out else "") + self.gap()

    def list(self, deep=0):
        form = self.rng.randrange(6)
        if form == 0 and deep < 3:
            lists = [self.gap() + self.list(deep + 1)
                     for _ in range(self.rng.randrange(1, 4))]
            return self.pick("array_merge", "\\ARRAY_merge") + "(" + \
                ",".join(lists) + self.pick("", ",") + self.gap() + ")"
        if form == 1:
            return self.pick("array", "Array") + self.gap() + "(" + \
                self.items() + ")"
        if form == 2 and deep < 3:
            return "(" + self.list(deep + 1) + self.gap() + ")"
        return "[" + self.items() + "]"

    def call(self):
        name = self.pick("set", "add", "add", "Add", "\\Deployer\\set")
        return name + self.gap() + "(" + self.gap() + \
            self.text("clear_paths") + self.gap() + "," + self.gap() + \
            self.list() + self.gap() + self.pick("", ",") + self.gap() + ")" + \
            self.pick(";", ";", self.gap() + ";", " ?>\nadd( ['no']<?php ")

    def noise(self):
        look = self.rng.choice(LOOKS).replace("\\'", "'")
        plain = look.replace("'", '"')
        self.label += 1
        return self.pick(
            "$x = '%s';" % plain,
            '$x = "%s";' % plain.replace('"', '\\"'),
            "$x = \"{$y[\"%d\"]} ${z} {\\$a} \\\" $y[0]\";" % self.label,
            "set('other', ['no', 'x' => function () { return 'no'; }]);",
            "task('t%d', function () { $a = ['no']; return; });" % self.label,
            "$x = <<<T%d\n%s {$y[<<<Z\n a\n Z . 'b']}\nT%d;\n" % (
                self.label, look.replace("<<<", ""), self.label),
            "if ($y) { $x = fn () => ['no']; } else { add('o', ['no']); }",
            "task('deploy', ['deploy:clear_paths', 'x']);",
            "?><a href='x'>add('clear_paths', ['no']);</a><?php ",
            "/* %s" % plain.replace("*/", "") + " */")

    def file(self):
        out = "<?php\nnamespace Deployer;\n$y = ['0']; $z = '';\n"
        for _ in range(self.rng.randrange(1, 7)):
            out += self.gap() + self.pick(self.noise, self.call)()
        return out + self.call() + "\n"


def main():
    rng = random.Random(int(sys.argv[1]))
    for n in range(int(sys.argv[2])):
        path = os.path.join(sys.argv[3], "%d.php" % n)
        with open(path, "w", newline="") as f:
            f.write(Writer(rng).file())


main()
