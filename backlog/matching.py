"""Which of the things a source reports now are which of those it reported before? Pure, and never by line number.

The surest ground first; what is told by one is out of the way of the next:

1. the fingerprint (source, path, words, how many-th of equal words) with what stands around it
2. path, words and what stands around it: one of several that read the same
3. the fingerprint alone
4. words and what stands around it, in another file: a file was renamed or split, a function was moved
5. words alone, where the old file is gone: in the file that most of its words went to
6. as many equal words in one file as before: in their order
7. other words in the same place, or in the same file: reworded, where enough of the words are left
"""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from backlog.sighting import Sighting
from backlog.source import Found

ALIKE_IN_PLACE, ALIKE = 0.45, 0.75
"""How alike words must be to be the same note reworded: with the same things around it, and anywhere in the file."""
MOST_COMPARED = 2_500
"""Pairs of words compared in one file; where there are more, what was reworded is taken for new."""

Exists = Callable[[str], bool]
Thing = TypeVar("Thing", Sighting, Found)


@dataclass(frozen=True, slots=True)
class Matched:
    same: Mapping[str, Sighting]
    """Fingerprint of what is reported now, to what it was before."""
    new: tuple[Found, ...]
    missing: tuple[Sighting, ...]
    """Present before, and not reported any more."""


def match(known: Sequence[Sighting], found: Sequence[Found], exists: Exists) -> Matched:
    """`exists` tells whether the base has a path. What is present comes before what was gone at the last look."""
    pairing = _Pairing({k.key: k for k in known}, {f.fingerprint: f for f in found})
    for present in (True, False):
        pairing.where(lambda t: t.anchor and (t.fingerprint, t.anchor), present)
        pairing.where(lambda t: t.content and t.anchor and (t.path, t.content, t.anchor), present)
    for present in (True, False):
        pairing.where(lambda t: t.fingerprint, present)
    pairing.known = {key: k for key, k in pairing.known.items() if k.present}
    pairing.where(lambda t: t.content and t.anchor and (t.content, t.anchor))
    _follow_files(pairing, exists)
    _in_order(pairing)
    _reworded(pairing)
    return Matched(
        same={f.fingerprint: k for k, f in pairing.pairs},
        new=tuple(pairing.found.values()),
        missing=tuple(pairing.known.values()),
    )


@dataclass(slots=True)
class _Pairing:
    """What is not told yet, and what is."""

    known: dict[tuple[str, str], Sighting]
    found: dict[str, Found]
    pairs: list[tuple[Sighting, Found]] = field(default_factory=list)

    def pair(self, known: Sighting, found: Found) -> None:
        del self.known[known.key], self.found[found.fingerprint]
        self.pairs.append((known, found))

    def where(
        self,
        key: Callable[[Sighting | Found], Hashable],
        present: bool = True,
        known: Callable[[Sighting], Hashable] | None = None,
    ) -> None:
        """Pair what alone has a key on both sides; nothing has a key that is false."""
        before = [k for k in self.known.values() if k.present is present]
        old, new = grouped(before, known or key), grouped(self.found.values(), key)
        for name in old.keys() & new.keys():
            if len(old[name]) == len(new[name]) == 1:
                self.pair(old[name][0], new[name][0])


def grouped(things: Iterable[Thing], key: Callable[[Thing], Hashable]) -> dict[Hashable, list[Thing]]:
    groups: dict[Hashable, list[Thing]] = defaultdict(list)
    for thing in things:
        if name := key(thing):
            groups[name].append(thing)
    return groups


def _follow_files(pairing: _Pairing, exists: Exists) -> None:
    """Words of a file that is gone are looked for in the file that most of them went to."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for k, f in pairing.pairs:
        if k.path and f.path and k.path != f.path and not exists(k.path):
            votes[k.path][f.path] += 1
    alike = grouped(pairing.found.values(), lambda f: f.content)
    for k in pairing.known.values():
        if k.path and k.content and not exists(k.path):
            votes[k.path].update({f.path for f in alike.get(k.content, ()) if f.path})
    to = {path: min(counted, key=lambda p: (-counted[p], p)) for path, counted in votes.items() if counted}
    there = lambda k: k.content and k.path in to and (to[k.path], k.content)  # noqa: E731
    pairing.where(lambda f: f.content and (f.path, f.content), known=there)
    _in_order(pairing, to)
    _reworded(pairing, to)


def _in_order(pairing: _Pairing, to: Mapping[str, str] | None = None) -> None:
    """As many equal words as before: the first is the first."""
    place = _place(to)
    old = grouped(pairing.known.values(), lambda k: k.content and (place(k), k.content))
    new = grouped(pairing.found.values(), lambda f: f.content and (f.path, f.content))
    for name in old.keys() & new.keys():
        if len(old[name]) == len(new[name]):
            for k, f in zip(_by_line(old[name]), _by_line(new[name]), strict=True):
                pairing.pair(k, f)


def _reworded(pairing: _Pairing, to: Mapping[str, str] | None = None) -> None:
    place = _place(to)
    old = grouped(pairing.known.values(), lambda k: k.anchor and (place(k), k.kind))
    new = grouped(pairing.found.values(), lambda f: f.anchor and (f.path, f.kind.value))
    for name in sorted(old.keys() & new.keys(), key=str):
        if len(old[name]) * len(new[name]) <= MOST_COMPARED:
            _alike(pairing, old[name], new[name])


def _alike(pairing: _Pairing, old: Sequence[Sighting], new: Sequence[Found]) -> None:
    """The most alike first, where they are alike enough."""
    likeness = [(_likeness(k, f), -abs((k.line or 0) - (f.line or 0)), k, f) for k in old for f in new]
    for alike, _, k, f in sorted(likeness, key=lambda one: one[:2], reverse=True):
        enough = ALIKE_IN_PLACE if k.anchor and k.anchor == f.anchor else ALIKE
        if alike >= enough and k.key in pairing.known and f.fingerprint in pairing.found:
            pairing.pair(k, f)


def _likeness(known: Sighting, found: Found) -> float:
    """0 to 1: the share of words that both have, in order."""
    old, new = known.snippet.split(), found.snippet.split()
    return difflib.SequenceMatcher(None, old, new, autojunk=False).ratio()


def _place(to: Mapping[str, str] | None) -> Callable[[Sighting], str | None]:
    return lambda k: k.path if to is None else to.get(k.path or "")


def _by_line(things: Sequence[Thing]) -> list[Thing]:
    return sorted(things, key=lambda t: t.line or 0)
