"""What in a file is a comment? A lexer of its language decides, so that a marker in a string is none."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field

from backlog.sources.languages import CLOSING, language_of, pattern_of

MISSING_TAGS = 100
"""After so many here-documents without an end, `<<` is taken for an operator in the rest of the file."""

LONGEST_FOR_TOKENIZE = 1_000
"""On longer lines `tokenize` can take time quadratic in their length; the rules here never do."""


@dataclass(frozen=True, slots=True)
class Comment:
    line: int
    """1-based."""
    column: int
    """Characters before it on its line."""
    text: str
    """With its comment signs."""
    alone: bool
    """Only blanks stand before it on its line."""


@dataclass(slots=True)
class _Here:
    """The bodies of here-documents that begin after the current line."""

    start: int = 0
    end: int = 0
    missing: int = 0
    absent: set[str] = field(default_factory=set)


def comments(path: str, text: str) -> list[Comment] | None:
    """The comments of the file, in order; None when its language is not known. Lines end with `\\n`."""
    language = language_of(path, text[:200].partition("\n")[0])
    if language is None:
        return None
    if language == "python" and max(map(len, text.split("\n"))) <= LONGEST_FOR_TOKENIZE:
        try:
            return list(_python(text))
        except (tokenize.TokenError, SyntaxError, ValueError):
            pass  # Python 2, a template, half a file: the rules below need no valid program.
    return list(_placed(text, _spans(text, language, 0, len(text))))


def _python(text: str) -> Iterator[Comment]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            yield Comment(row, column, token.string, not token.line[:column].strip())


def _spans(text: str, language: str, position: int, end: int) -> Iterator[tuple[int, int]]:
    """Start and end of every comment between `position` and `end`."""
    pattern, here = pattern_of(language), _Here()
    # A search from beyond the end would begin at the end again.
    while position <= end and (match := pattern.search(text, position, end)) is not None:
        if here.end and match.start() >= here.start:
            # Never back: a string that began before the body may reach beyond it.
            position, here.end = max(position, here.end), 0
            continue
        kind = (match.lastgroup or "").partition("_")[2]
        position = max(match.end(), match.start() + 1)
        if kind == "comment":
            yield match.span()
        elif kind == "nest":
            position = _closed(text, match, end)
            yield match.start(), position
        elif kind == "heredoc":
            _expect(text, match, end, here)
        elif kind == "embed":
            tongue = "javascript" if match["tongue"] == "script" else "css"
            yield from _spans(text, tongue, *match.span("body"))


def _closed(text: str, opening: re.Match[str], end: int) -> int:
    """Where the nesting comment that `opening` begins is closed."""
    sign = opening.group()
    either = re.compile(f"{re.escape(sign)}|{re.escape(CLOSING[sign])}")
    depth = 0
    for match in either.finditer(text, opening.start(), end):
        depth += 1 if match.group() == sign else -1
        if depth == 0:
            return match.end()
    return end


def _expect(text: str, opening: re.Match[str], end: int, here: _Here) -> None:
    """Note where the here-document's body lies: from the next line to its tag."""
    tag = opening["tag"]
    if tag in here.absent or here.missing >= MISSING_TAGS:
        return
    start = here.end or text.find("\n", opening.end(), end) + 1
    loose = opening["loose"] or text[opening.start() : opening.start() + 3] == "<<<"
    blanks = r"[ \t]*" if loose else ""
    last = re.compile(rf"^{blanks}{re.escape(tag)}\b", re.MULTILINE).search(text, start, end) if start else None
    if last is None:
        here.missing += 1
        here.absent.add(tag)
        return
    if not here.end:
        here.start = start
    here.end = last.end()


def _placed(text: str, spans: Iterator[tuple[int, int]]) -> Iterator[Comment]:
    line, seen = 1, 0
    for start, end in spans:
        line += text.count("\n", seen, start)
        seen = start
        begin = text.rfind("\n", 0, start) + 1
        body = text[start:end]
        lead = len(body) - len(body.lstrip(" \t"))
        before = text[begin : start + lead]
        yield Comment(line, len(before), body[lead:], not before.strip())
