"""The notes of every committed content that was looked at before, so that only what is new is read again.

Kept by git's object id and the language that the name tells, under a version of the rules: other rules know nothing.
Kept bytes whose sum is wrong are thrown away, so that a damaged file never hides a note.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backlog.sources import anchors, bundled, comments, languages, noted, notes, skipping, text
from backlog.sources.noted import Left, Noted
from backlog.sources.notes import Note

MOST_EMPTY = 400_000
MOST_NOTED = 40_000
"""Contents kept that the last look did not need."""
SUM = 64
"""Characters of the sum in front."""


@dataclass(slots=True)
class Known:
    """`empty` are contents without a marker; `noted` has what stands in others, by language."""

    version: str
    empty: set[str] = field(default_factory=set)
    noted: dict[str, dict[str, Noted]] = field(default_factory=dict)
    changed: bool = False

    def get(self, oid: str, tongue: str) -> Noted | None:
        return self.noted.get(oid, {}).get(tongue)

    def put(self, oid: str, tongue: str, found: Noted) -> None:
        self.noted.setdefault(oid, {})[tongue] = found
        self.changed = True

    def put_empty(self, oids: Iterable[str]) -> None:
        before = len(self.empty)
        self.empty.update(oids)
        self.changed |= len(self.empty) != before


def rules_version() -> str:
    """Changes with every change of the code that decides what a note is."""
    made = hashlib.sha256(repr(sys.version_info[:3]).encode())
    for module in (anchors, bundled, comments, languages, noted, notes, skipping, text):
        assert module.__file__ is not None
        made.update(Path(module.__file__).read_bytes())
    return made.hexdigest()[:16]


def restored(data: bytes | None, version: str) -> Known:
    """What was kept; nothing when it is damaged or of other rules."""
    if data is None or hashlib.sha256(data[SUM:]).hexdigest().encode() != data[:SUM]:
        return Known(version)
    try:
        told = json.loads(data[SUM:])
        if told["version"] != version:
            return Known(version)
        seen = {oid: {t: _noted(n) for t, n in by.items()} for oid, by in told["noted"].items()}
        return Known(version, set(told["empty"].split()), seen)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Known(version)


def stored(known: Known, needed: set[str]) -> bytes:
    """As bytes; without what is not `needed` any more when that is too much."""
    empty = known.empty if len(known.empty) <= MOST_EMPTY + len(needed) else known.empty & needed
    noted = known.noted
    if len(noted) > MOST_NOTED + len(needed):
        noted = {oid: by for oid, by in noted.items() if oid in needed}
    told = {
        "version": known.version,
        "empty": " ".join(sorted(empty)),
        "noted": {oid: {t: _told(n) for t, n in by.items()} for oid, by in noted.items()},
    }
    body = json.dumps(told, separators=(",", ":")).encode()
    return hashlib.sha256(body).hexdigest().encode() + body


def _told(found: Noted) -> str | list[Any]:
    return (
        found.left.value
        if found.left
        else [(note.marker, note.line, note.text, note.more, note.hint, note.anchor) for note in found.notes]
    )


def _noted(told: str | list[Any]) -> Noted:
    if isinstance(told, str):
        return Noted(left=Left(told))
    return Noted(tuple(Note(m, line, words, tuple(more), hint, where) for m, line, words, more, hint, where in told))
