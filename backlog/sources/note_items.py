"""How a note in a comment reads as a found thing: its title, story, numbers, and what it is the same as."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from backlog.estimate import estimated, strongest
from backlog.identity import content_key, item_id, normal
from backlog.item import Inputs, Kind
from backlog.source import Found
from backlog.sources.notes import Note
from backlog.sources.references import owner, references
from backlog.sources.text import clean

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
SAYS_NOTHING = (1, 1, 1, 3)
"""Of a marker without a word: whoever takes it up has to find out what was meant."""
ASKS = (2, 1, 1, 3)
"""Of one that asks: nobody has decided that it is work."""
QUESTION = re.compile(r"[^.!?]*\?")
SENTENCE_END = re.compile(r"\s(?<=[\w)\]][.!?]\s)(?=[A-Z])")


def items(path: str, notes: Sequence[Note]) -> Iterator[Found]:
    """One for each note of the file at `path`, in order."""
    seen: Counter[tuple[str, str]] = Counter()
    for note in notes:
        words = normal(" ".join((note.text, *note.more)))
        ordinal = seen[note.marker, words]
        seen[note.marker, words] += 1
        yield _one(path, note, words, ordinal)


def _one(path: str, note: Note, words: str, ordinal: int) -> Found:
    said = clean(words, 2_000)
    source = f"{NAME}:{note.marker}"
    told = references(note.hint, words)
    return Found(
        fingerprint=item_id(source, path, words, ordinal),
        content=content_key(source, words),
        anchor=note.anchor,
        same_as=told.same_as,
        kind=KINDS[note.marker],
        title=_title(path, note.marker, said),
        path=path,
        line=note.line,
        snippet=clean(f"{note.marker}: {words}", 500),
        inputs=_inputs_of(note.marker, said),
        criteria=(
            f"What the {note.marker} comment in {path} asks for is done, and a test shows it.",
            "The comment is gone (no test for that).",
        ),
        story=_story(path, note, said),
        labels=told.labels,
        links=told.links,
    )


def _title(path: str, marker: str, said: str) -> str:
    end = SENTENCE_END.search(said)
    text = clean(said[: end.start()] if end else said, 120)
    place = f"{marker} in {path if len(path) <= 120 else '…' + path[-119:]}"
    return f"{text} ({place})" if text else f"{place} that says nothing"


def _story(path: str, note: Note, said: str) -> str:
    who = owner(note.hint)
    by = f" for {clean(who, 80)}" if who else ""
    return f"A comment in {path} is marked {note.marker}{by}: {said or 'it says no more'}"


def _inputs_of(marker: str, said: str) -> Inputs:
    if not said:
        return _plain(SAYS_NOTHING, f"rule:{marker} without words")
    if marker == "TODO" and QUESTION.match(said):
        return _plain(ASKS, f"rule:{marker} that asks")
    return _inputs(marker, strongest(said)[1])


def _plain(numbers: tuple[int, int, int, int], rule: str) -> Inputs:
    names = ("value", "time_criticality", "risk_reduction", "size")
    return Inputs(**dict(zip(names, numbers, strict=True)), source=dict.fromkeys(names, rule))


@lru_cache(maxsize=256)
def _inputs(marker: str, word: str) -> Inputs:
    """`word` is the strongest one of the note, or nothing."""
    value, critical, risk, size = INPUTS[marker]
    rule = f"rule:{marker}"
    source = dict.fromkeys(("value", "time_criticality", "risk_reduction", "size"), rule)
    inputs = Inputs(value=value, time_criticality=critical, risk_reduction=risk, size=size, source=source)
    return estimated(inputs, word, "member")
