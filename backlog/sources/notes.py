"""What do comments ask for? Turns comments into notes: a marker, its words, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from backlog.sources.comments import Comment

MARKERS = ("TODO", "FIXME", "HACK", "XXX", "BUG")
MARKER = re.compile(
    r"(?<![\w./#$%:\"'`“‘\\|=])(?<!\w-)(?P<marker>TODO|FIXME|HACK|XXX|BUG)(?![\w\-/\"'`”’]|\.\w)"
    r"(?:\s*(?P<hint>[(\[][\w.@#+/:-]{1,40}(?:\s*[,;]\s*[\w.@#+/:-]{1,40}){0,5}[)\]]))?(?P<after>\s*[:!,.–—\-]*)\s*"
)
NOT_A_NOTE = re.compile(
    r"\b(?:end|no|not|the|an?|see|all|any|every|these|those|this|of|like|or|and)\s+$", re.IGNORECASE
)
IS_ONE = re.compile(r"\b(?:is|are|remains)\s+(?:still\s+)?an?\s+$", re.IGNORECASE)
"""As in `fixing that is a TODO`."""
TALKED_ABOUT = re.compile(r"(?:list|comments?|markers?|items?|files?)\b")
"""What stands behind the word when it is only named."""
REPORT = re.compile(r"#?\d{3,}\b|#\d")
"""How the number of a report begins, as in `BUG 12345`: where it was fixed as often as where it is open."""
OPENERS = re.compile(
    r"^\s*(?:/\*+[!<]?|//+[!<]?|#+[|=!]?|<!--+|--\[=*\[|--+|;+|%+|\{-|\{#|\(\*|<%#|\{\{!(?:--)?|<#|=begin\b|dnl\b|"
    r'\.\.(?=\s)|\.\\"|"+(?=\s|TODO|FIXME|XXX)|@?[Rr][Ee][Mm]\b|::|\*+(?!/))+\s?'
)
CLOSERS = re.compile(r"\s*(?:\*+/|--+>|-\}|#\}|\*\)|\|#|=#|#>|\]=*\]|^=end\b)\s*$")
CLOSING = ("/", ">", "}", ")", "#", "]", "=end")
"""One of them is at the end of everything that CLOSERS finds."""
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
    hint: str = ""
    """What stands in brackets behind the marker: `(anna)`, `(#12)`, `[parser]`."""
    anchor: str = ""


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
    run, below = 0, (0, 0)
    for comment in comments:
        run += not comment.follows(below)
        below = comment.below
        for offset, row in enumerate(comment.text.split("\n")):
            yield Line(comment.line + offset, _bare(row), run)


def _bare(row: str) -> str:
    opened = OPENERS.match(row)
    bare = (row[opened.end() :] if opened else row).strip()
    return CLOSERS.sub("", bare).strip() if bare.endswith(CLOSING) else bare


def _note(line: Line) -> Note | None:
    if not any(marker in line.text for marker in MARKERS):
        return None
    for match in MARKER.finditer(line.text):
        before = line.text[: match.start()]
        if not _mentions(match["marker"], before, match["after"], line.text[match.end() :]):
            words = line.text[match.end() :].strip() or before.strip(" -:(,")
            return Note(match["marker"], line.number, words, hint=match["hint"] or "")
    return None


def _mentions(marker: str, before: str, after: str, rest: str) -> bool:
    """The word is only talked about: `see the TODO list`, `END FIXME`, `in case of a BUG here`."""
    if NOT_A_NOTE.search(before):
        return marker in ("BUG", "HACK") or not IS_ONE.search(before)
    if before.endswith("[") and before[:-1].strip():
        return True
    if marker == "BUG" and not after.strip() and REPORT.match(rest):
        return True
    if marker in ("BUG", "HACK") and before.upper() != before and not after.strip():
        return True
    return bool(TALKED_ABOUT.match(rest)) and not after.strip()
