"""Notes that people left in comments: TODO, FIXME, HACK, XXX, BUG."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from backlog.estimate import estimated
from backlog.identity import content_key, item_id, normal
from backlog.item import Inputs, Kind
from backlog.source import Found, Report, View
from backlog.sources.comments import comments
from backlog.sources.notes import ANY, Note, notes
from backlog.sources.paths import foreign
from backlog.sources.text import clean, decoded, showable, unreadable

NAME = "markers"
KINDS: Mapping[str, Kind] = {
    "TODO": Kind.DEBT,
    "FIXME": Kind.BUG,
    "HACK": Kind.REFACTOR,
    "XXX": Kind.INVESTIGATION,
    "BUG": Kind.CRITICAL_BUG,
}
INPUTS: Mapping[str, tuple[int, int, int, int]] = {
    "TODO": (3, 1, 1, 3),
    "FIXME": (5, 2, 3, 3),
    "HACK": (3, 1, 3, 5),
    "XXX": (2, 1, 3, 3),
    "BUG": (8, 5, 5, 3),
}
"""value, time criticality, risk reduction, size"""
SENTENCE_END = re.compile(r"(?<=[\w)\]][.!?])\s+(?=[A-Z])|(?<=[.!?])\s*$")
LINK = re.compile(r"https?://[^\s<>\"'`)\]]+|(?<![\w&/])#\d+\b")


class Markers:
    name = NAME

    def look(self, view: View) -> Report:
        """One Found per note in committed files that people here maintain and whose comments can be told."""
        found: list[Found] = []
        passed: Counter[str] = Counter()
        for path in sorted(view.files):
            if not view.files[path].is_file or foreign(path):
                continue
            if not showable(path):
                passed["with a name that is not text"] += 1
                continue
            outcome = in_file(path, view.read(path))
            if isinstance(outcome, str):
                passed[outcome] += 1
            else:
                found.extend(outcome)
        left = ", ".join(f"{count} {why}" for why, count in sorted(passed.items()))
        return Report(NAME, "ready", f"files with markers left out: {left}" if left else "", tuple(found))


def in_file(path: str, data: bytes) -> list[Found] | str:
    """The notes of one file, or why it was left out although a marker stands in it."""
    if not ANY.search(data) and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return []
    text = decoded(data)
    if text is None:
        return []
    reason = unreadable(data, text)
    if reason is not None:
        return reason
    found = comments(path, text)
    return "in a language not known" if found is None else list(_found(path, notes(found)))


def _found(path: str, found: list[Note]) -> Iterator[Found]:
    seen: Counter[tuple[str, str]] = Counter()
    for note in found:
        words = normal(" ".join((note.text, *note.more)))
        ordinal = seen[note.marker, words]
        seen[note.marker, words] += 1
        yield _one(path, note, words, ordinal)


def _one(path: str, note: Note, words: str, ordinal: int) -> Found:
    source = f"{NAME}:{note.marker}"
    title = _title(path, note)
    return Found(
        fingerprint=item_id(source, path, words, ordinal),
        content=content_key(source, words, ordinal),
        kind=KINDS[note.marker],
        title=title,
        path=path,
        line=note.line,
        snippet=clean(f"{note.marker}: {words}", 500),
        inputs=_inputs(note.marker, words),
        criteria=(
            f"What the {note.marker} comment in {path} asks for is done, and a test shows it.",
            "The comment is gone (no test for that).",
        ),
        story=_story(path, note, words),
        links=tuple(dict.fromkeys(link.rstrip(".,;:") for link in LINK.findall(words))),
    )


def _title(path: str, note: Note) -> str:
    words = clean(" ".join((note.text, *note.more)), 2_000)
    text = clean(SENTENCE_END.split(words, maxsplit=1)[0], 120)
    place = f"{note.marker} in {path if len(path) <= 120 else '…' + path[-119:]}"
    return f"{text} ({place})" if text else f"{place} that says nothing"


def _story(path: str, note: Note, words: str) -> str:
    by = f" for {clean(note.owner, 80)}" if note.owner else ""
    return f"A comment in {path} is marked {note.marker}{by}: {clean(words, 2_000) or 'it says no more'}"


def _inputs(marker: str, words: str) -> Inputs:
    value, critical, risk, size = INPUTS[marker]
    rule = f"rule:{marker}"
    source = dict.fromkeys(("value", "time_criticality", "risk_reduction", "size"), rule)
    inputs = Inputs(value=value, time_criticality=critical, risk_reduction=risk, size=size, source=source)
    return estimated(inputs, words, "member")
