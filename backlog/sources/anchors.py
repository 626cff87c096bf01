"""What stands around a note: the function or class it lies in, and the code it is about.

By this the same place is told again when the note was reworded, the file re-indented or the block moved. Cheap and
the same for all languages: it reads indentation and a few words, and knows no grammar.
"""

from __future__ import annotations

import re

HEADERS = frozenset(
    [
        "def",
        "class",
        "func",
        "function",
        "fn",
        "sub",
        "struct",
        "interface",
        "trait",
        "impl",
        "enum",
        "module",
        "namespace",
        "package",
        "object",
        "type",
        "record",
        "proc",
        "resource",
        "describe",
        "context",
        "it",
    ]
)
"""Words with a name behind them."""
NAME = re.compile(r"\s*(?:\([^()]{0,80}\)\s*)?[\"']?([\w.:$~?!-]+)")
"""What follows such a word, in Go behind the receiver."""
CALLED = re.compile(r"[\w:~.$]+")
NO_FUNCTION = frozenset({"if", "for", "while", "switch", "catch", "return", "else", "elif", "with", "do", "until"})
WORDS = 7
"""Words of a line among which one of HEADERS may stand."""
COMMENT = re.compile(r"#(?!\s*(?:if|define|include|el|end))|//|/\*|\*|--|;|%|<!--|\{#|\"{3}|'{3}|\.\.\s|rem\b", re.I)
HIGHEST = 3_000
"""Lines above a note that are looked at."""
LOWEST = 60
"""Lines below."""
MOST_LINES = 300_000
"""That are looked at in one file."""
LONGEST = 120
SEEN = 400
"""Characters of a line that are looked at."""


class Anchors:
    """Gives the anchors of one file's notes, best asked for in order."""

    def __init__(self, text: str, notes: int) -> None:
        """`notes` is how many will be asked for: with many of them less is looked at for each."""
        self._text = text
        self._lowest = min(LOWEST, MOST_LINES // max(1, notes))
        self._highest = min(HIGHEST, MOST_LINES // max(1, notes))
        self._last = (-1, -1, "")
        """Of the note before: where its line began, how far its code was indented, and what it lay in."""

    def of(self, place: int, column: int, last: int) -> str:
        """`place` is an offset on the note's first line, whose comment begins at `column`; it ends on the line with
        `last`. Empty where there is nothing around it."""
        begin = self._text.rfind("\n", 0, place) + 1
        before = self._text[begin : begin + min(column, SEEN)]
        code = " ".join(before.split()) if before.strip() else ""
        at = begin
        if not code:
            at, code = _below(self._text, last, self._lowest)
        indent = _indent(self._text, at if at >= 0 else begin)
        inside = self._inside(begin, indent)
        self._last = (begin, indent, inside)
        return f"{inside[:LONGEST]} | {code[:LONGEST]}".strip(" |") if inside or code else ""

    def _inside(self, begin: int, indent: int) -> str:
        """The name of the nearest thing above that the line which begins at `begin` lies in."""
        text, stop, above = self._text, begin - 1, self._last
        for _ in range(self._highest):
            if stop <= 0 or indent == 0:
                break
            start = text.rfind("\n", 0, stop) + 1
            if not text[start : start + indent].isspace():
                line = text[start : min(stop, start + SEEN)].strip()
                if line and line[0] not in "{})]#/*:":
                    indent = min(indent, _indent(text, start))
                    if name := _name(line):
                        return name
            if (start, indent) == above[:2]:
                return above[2]
            stop = start - 1
        return ""


def _below(text: str, place: int, most: int) -> tuple[int, str]:
    """Where the next line with code begins, and what it says; (-1, "") when there is none near."""
    start = text.find("\n", place) + 1
    for _ in range(most):
        if start <= 0 or start >= len(text):
            break
        end = text.find("\n", start)
        line = text[start : min(end if end >= 0 else len(text), start + SEEN)].strip()
        if line and not COMMENT.match(line):
            return start, " ".join(line.split())
        start = end + 1
    return -1, ""


def _name(line: str) -> str:
    """What the line begins: behind a word of HEADERS, or, where languages have no word for it, before a bracket."""
    for word in line.split(None, WORDS)[:WORDS]:
        if word in HEADERS and (named := NAME.match(line, line.index(word) + len(word))):
            return named[1]
    before, bracket, _ = line.partition("(")
    called = before.split()[-1].lstrip("*&") if bracket and line[-1] != ";" and before.strip() else ""
    return called if CALLED.fullmatch(called) and called not in NO_FUNCTION else ""


def _indent(text: str, start: int) -> int:
    line = text[start : start + SEEN]
    return len(line) - len(line.lstrip(" \t"))
