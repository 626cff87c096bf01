"""What in a file is a comment? A lexer of its language decides, so that a marker in a string is none."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field

from backlog.sources.languages import CLOSING, HEAD, TONGUES, language_of, pattern_of, starter_of
from backlog.sources.skipping import reach, skipper

MISSING_TAGS = 100
"""After so many here-documents without an end, `<<` is taken for an operator in the rest of the file."""


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
    at: int
    """Its offset in the text."""

    @property
    def below(self) -> tuple[int, int]:
        """Where a comment of one line must stand, line and column, to go on with this one."""
        # A comment of several lines is whole: what stands below it is another.
        return (0, 0) if "\n" in self.text else (self.line + 1, self.column)

    def follows(self, below: tuple[int, int]) -> bool:
        return self.alone and (self.line, self.column) == below and "\n" not in self.text


@dataclass(slots=True)
class _Here:
    """The bodies of here-documents that begin after the current line."""

    start: int = 0
    end: int = 0
    missing: int = 0
    absent: set[str] = field(default_factory=set)


def comments(path: str, text: str) -> list[Comment] | None:
    """The comments of the file, in order; None when its language is not known. Lines end with `\\n`."""
    language = language_of(path, text[:HEAD])
    if language is None:
        return None
    return [comment for comment, _, _ in _placed(text, _spans(text, language, 0, len(text)))]


def comments_with(text: str, language: str, places: Sequence[int]) -> list[Comment]:
    """Of the file's comments those in which one of these places lies, with those that go on below them.

    `places` are offsets, in order. Where the language allows it only what lies near them is read; the answer is
    the one that reading all of it gives.
    """
    found: list[Comment] = []
    below = (0, 0)
    for comment, start, end in _placed(text, _near(text, language, places)):
        first = bisect_left(places, start)
        if (first < len(places) and places[first] < end) or comment.follows(below):
            found.append(comment)
            below = comment.below
        elif start > places[-1]:
            break
    return found


def _near(text: str, language: str, places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """At least the comments that hold a place, and those that stand directly below them."""
    skip = skipper(language, text)
    if skip is None:
        yield from _spans(text, language, 0, len(text))
        return
    position = 0
    for place in places:
        if place >= position:
            begin = skip(text, position, max(position, text.rfind("\n", position, place) + 1))
            position = yield from _window(text, language, begin, place, reach(language, text, place))


def _window(text: str, language: str, position: int, place: int, end: int) -> Generator[tuple[int, int], None, int]:
    """The comments from `position`, where nothing is open, to the one that holds `place` and those below it, which
    end before `end`.

    Returns a place behind them where nothing is open either.
    """
    last = -1
    while (match := _next(text, language, position, end)) is not None:
        start, behind = match.span()
        is_comment = (match.lastgroup or "").endswith("_comment")
        if start > place and (not is_comment or last < 0 or text.count("\n", last, start) > 1):
            return start
        position = max(behind, start + 1)
        if is_comment:
            yield start, behind
            last = behind if behind > place else last
    return end


def _spans(text: str, language: str, position: int, end: int) -> Iterator[tuple[int, int]]:
    """Start and end of every comment between `position` and `end`."""
    here = _Here()
    # A search from beyond the end would begin at the end again.
    while position <= end and (match := _next(text, language, position, end)) is not None:
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
            yield from _spans(text, TONGUES[match["tongue"]], *match.span("body"))


def _next(text: str, language: str, position: int, end: int) -> re.Match[str] | None:
    """What `pattern.search` finds, only faster where it is known with what it begins."""
    pattern, starter = pattern_of(language), starter_of(language)
    if starter is None:
        return pattern.search(text, position, end)
    while (found := starter.search(text, position, end)) is not None:
        match = pattern.match(text, found.start(), end)
        if match is not None:
            return match
        position = found.end()
    return None


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


def _placed(text: str, spans: Iterator[tuple[int, int]]) -> Iterator[tuple[Comment, int, int]]:
    """Each comment with its span."""
    line, seen = 1, 0
    for start, end in spans:
        line += text.count("\n", seen, start)
        seen = start
        begin = text.rfind("\n", 0, start) + 1
        body = text[start:end]
        lead = len(body) - len(body.lstrip(" \t"))
        before = text[begin : start + lead]
        yield Comment(line, len(before), body[lead:], not before.strip(), start + lead), start, end
