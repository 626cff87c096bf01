"""What notes stand in one file, or why nobody looks for them there? Pure; knows a file by its name and its bytes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from backlog.sources.anchors import Anchors
from backlog.sources.bundled import bundled
from backlog.sources.comments import Comment, comments_with
from backlog.sources.languages import HEAD, is_template, language_of
from backlog.sources.notes import MARKERS, Note, notes
from backlog.sources.text import decoded, unreadable

WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")


class Left(StrEnum):
    """Why a file with a marker in it gave no notes."""

    LARGE = "larger than 4 MB"
    MINIFIED = "minified"
    GENERATED = "generated"
    BUNDLED = "released or built"
    LANGUAGE = "in a language not known"
    BROKEN = "that can not be read"
    NAME = "with a name that is not text"

    @property
    def unseen(self) -> bool:
        """Notes may stand in it all the same. What a program or another project writes is left out for good."""
        return self not in (Left.GENERATED, Left.BUNDLED)


@dataclass(frozen=True, slots=True)
class Noted:
    notes: tuple[Note, ...] = ()
    left: Left | None = None
    words: frozenset[str] = frozenset(MARKERS)
    """The markers that were looked for."""


def noted(path: str, data: bytes, words: Collection[str] = MARKERS) -> Noted:
    """`words` are the markers that stand in it, as far as is known."""
    asked = frozenset(words)
    text = decoded(data)
    places = hits(text, asked) if text is not None else []
    if text is None or not places:
        return Noted(words=asked)
    if (why := unreadable(data, text)) is not None and not (why == Left.GENERATED and is_template(path)):
        return Noted(left=Left(why), words=asked)
    if bundled(path, text):
        return Noted(left=Left.BUNDLED, words=asked)
    language = language_of(path, text[:HEAD])
    if language is None:
        return Noted(left=Left.LANGUAGE, words=asked)
    held = comments_with(text, language, places)
    return Noted(tuple(_anchored(text, held, notes(held))), words=asked)


def hits(text: str, words: Collection[str]) -> list[int]:
    """Where one of the words stands as a word of its own, in order."""
    found: list[int] = []
    for word in words:
        at = text.find(word)
        while at >= 0:
            end = at + len(word)
            if text[end : end + 1] not in WORD and (at == 0 or text[at - 1] not in WORD):
                found.append(at)
            at = text.find(word, end)
    return sorted(found)


def _anchored(text: str, held: list[Comment], found: list[Note]) -> list[Note]:
    """The notes with what stands around them."""
    starts = [comment.line for comment in held]
    anchors = Anchors(text, len(found))
    made = []
    for note in found:
        comment = held[bisect_left(starts, note.line + 1) - 1]
        place = _line_of(text, comment.at, note.line - comment.line)
        column = comment.column if comment.line == note.line else 0
        where = anchors.of(place, column, _line_of(text, place, len(note.more)))
        made.append(Note(note.marker, note.line, note.text, note.more, note.hint, where))
    return made


def _line_of(text: str, place: int, further: int) -> int:
    """An offset on the line so many lines below that of `place`."""
    for _ in range(further):
        place = text.find("\n", place) + 1
    return place
