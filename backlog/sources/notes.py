"""What do comments ask for? Turns comments into notes: a marker, its words, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from backlog.sources.comments import Comment

MARKERS = ("TODO", "FIXME", "HACK", "XXX", "BUG")
ANY = re.compile(rb"(?<![A-Za-z0-9_])(?:TODO|FIXME|HACK|XXX|BUG)(?![A-Za-z0-9_])")
MARKER = re.compile(
    r"(?<![\w\-./#$%:\"'`“‘\\])(?P<marker>TODO|FIXME|HACK|XXX|BUG)(?![\w\-/\"'`”’]|\.\w)"
    r"(?:\s*[(\[](?P<owner>[^)\]\n]{0,80})[)\]])?(?P<after>\s*[:!,.–—\-]*)\s*"
)
NOT_A_NOTE = re.compile(
    r"\b(?:end|no|not|the|an?|see|all|any|every|these|those|this|of|like|or|and)\s+$", re.IGNORECASE
)
OPENERS = re.compile(
    r"^\s*(?:/\*+[!<]?|//+[!<]?|#+[|=!]?|<!--+|--\[=*\[|--+|;+|%+|\{-|\{#|\(\*|<#|=begin\b|\*+(?!/))+\s?"
)
CLOSERS = re.compile(r"\s*(?:\*+/|--+>|-\}|#\}|\*\)|\|#|=#|#>|\]=*\]|^=end\b)\s*$")
ENDS = re.compile(r"^(?:[@\\][a-z]|[-=*_~#]{3,}\s*$|```|end\s+(?:TODO|FIXME|HACK|XXX|BUG)\b)", re.IGNORECASE)
LONGEST = 12
"""Lines that one note may go on for."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comment without its signs; `run` numbers the comment it belongs to."""

    number: int
    text: str
    run: int


@dataclass(frozen=True, slots=True)
class Note:
    marker: str
    line: int
    text: str
    """The words on the marker's line, maybe none."""
    more: tuple[str, ...] = ()
    """The lines that go on with it."""
    owner: str = ""


def notes(comments: Iterable[Comment]) -> list[Note]:
    """Every open note in the comments, in order. Only capitals count; `END TODO` and mentions do not."""
    found: list[Note] = []
    last_run, open_note = -1, False
    for line in lines(comments):
        note = _note(line)
        if note is not None:
            found.append(note)
            open_note = True
        elif not line.text or ENDS.match(line.text) or line.run != last_run:
            open_note = False
        elif open_note and len(found[-1].more) < LONGEST:
            found[-1] = replace(found[-1], more=(*found[-1].more, line.text))
        last_run = line.run
    return found


def lines(comments: Iterable[Comment]) -> Iterator[Line]:
    """The comments line by line; one straight below another, in the same column, belongs to its run."""
    run, expected = 0, (0, 0)
    for comment in comments:
        here, rows = (comment.line, comment.column), comment.text.split("\n")
        if not (comment.alone and here == expected and len(rows) == 1):
            run += 1
        for offset, row in enumerate(rows):
            yield Line(comment.line + offset, _bare(row), run)
        # A comment of several lines is whole: what stands below it is another.
        expected = (comment.line + 1, comment.column) if len(rows) == 1 else (0, 0)


def _bare(row: str) -> str:
    return CLOSERS.sub("", OPENERS.sub("", row)).strip()


def _note(line: Line) -> Note | None:
    for match in MARKER.finditer(line.text):
        before = line.text[: match.start()]
        if not _mentions(match["marker"], before, match["after"], line.text[match.end() :]):
            words = line.text[match.end() :].strip() or before.strip(" -:(,")
            return Note(match["marker"], line.number, words, owner=(match["owner"] or "").strip())
    return None


def _mentions(marker: str, before: str, after: str, rest: str) -> bool:
    """The word is only talked about: `see the TODO list`, `END FIXME`, `in case of a BUG here`."""
    if NOT_A_NOTE.search(before):
        return True
    if marker in ("BUG", "HACK") and before.strip() and not after.strip():
        return True
    return bool(re.match(r"(?:list|comments?|markers?|items?|files?)\b", rest)) and not after.strip()
