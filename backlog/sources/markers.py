"""Notes that people left in comments: TODO, FIXME, HACK, XXX, BUG."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from backlog.source import Found, Report, View
from backlog.sources.ages import Lines, ages
from backlog.sources.known_notes import Known, restored, rules_version, stored
from backlog.sources.languages import tongue
from backlog.sources.note_items import NAME, items
from backlog.sources.noted import Left, Noted, noted
from backlog.sources.notes import MARKERS
from backlog.sources.text import showable
from backlog.sources.whose import foreign_in
from sandbox.git import GitFailed

KEPT = "marker-notes"
FEW = 100
"""So many files are just read; of more, it is asked first which hold a marker."""
AGE_SECONDS = 20.0


@dataclass(slots=True)
class _Scan:
    found: list[Found] = field(default_factory=list)
    left: dict[str, Left] = field(default_factory=dict)
    """Files with a marker that gave no notes."""


@dataclass(frozen=True, slots=True)
class Markers:
    name: str = NAME
    age_seconds: float = AGE_SECONDS
    """That a look may spend on finding out when notes were written; 0 for never."""
    tick: Callable[[], float] = time.monotonic

    def look(self, view: View) -> Report:
        """One Found per note in committed files that people here maintain and whose comments can be told."""
        version = rules_version()
        known = restored(view.kept.load(KEPT) if view.kept else None, version)
        scan = _scanned(view, known)
        if known.changed and view.kept:
            view.kept.save(KEPT, stored(known, {entry.oid for entry in view.files.values()}))
        found, waiting = self._aged(view, scan.found)
        said = [
            _left_out(scan.left),
            f"ages of {waiting} of {len(found)} notes not looked up yet" if waiting else "",
            "a shallow clone: ages are lower bounds" if view.past.shallow and self.age_seconds > 0 and found else "",
        ]
        unseen = frozenset(path for path, why in scan.left.items() if why.unseen)
        return Report(NAME, "ready", "; ".join(filter(None, said)), tuple(found), unseen=unseen)

    def _aged(self, view: View, found: list[Found]) -> tuple[list[Found], int]:
        """The notes with the dates of their lines, and of how many there was no time to find it out."""
        if self.age_seconds <= 0:
            return found, 0
        lines: dict[str, list[int]] = {}
        for one in found:
            lines.setdefault(one.path or "", []).append(one.line or 0)
        asked = [Lines(path, view.files[path].oid, numbers) for path, numbers in lines.items()]
        told = ages(asked, view.past, view.kept, self.age_seconds, self.tick)
        dated = [(one, told.born.get((one.path or "", one.line or 0))) for one in found]
        return [one.model_copy(update={"created_at": at}) if at else one for one, at in dated], told.waiting


def _scanned(view: View, known: Known) -> _Scan:
    outcomes: dict[str, tuple[Noted, Sequence[Found]]] = {}
    foreign = foreign_in(view)
    for path, words in _candidates(view, known):
        if not words:
            outcomes.pop(path, None)
        elif not foreign(path):
            there = _noted(view, known, path, words)
            outcomes[path] = there, tuple(items(path, there.notes))  # at once, while git still looks
    scan = _Scan()
    for path in sorted(outcomes):
        outcome, found = outcomes[path]
        if outcome.left:
            scan.left[path] = outcome.left
        scan.found.extend(found)
    return scan


def _candidates(view: View, known: Known) -> Iterator[tuple[str, frozenset[str]]]:
    """The files in which a marker stands or may stand, each with those that may; what is said last counts."""
    every = frozenset(MARKERS)
    files = {path: entry.oid for path, entry in view.files.items() if entry.is_file and entry.oid not in known.empty}
    new = {path for path, oid in files.items() if oid not in known.noted}
    if len(new) <= FEW or view.holding is None:
        yield from ((path, every) for path in files)
        return
    yield from ((path, every) for path in files.keys() - new)
    held: dict[str, bool] = {}
    for path, words in view.holding(MARKERS):
        if path in new:
            held[path] = bool(words)
            yield path, words
    known.put_empty(files[path] for path in new if not held.get(path))


def _noted(view: View, known: Known, path: str, words: frozenset[str]) -> Noted:
    if not showable(path):
        return Noted(left=Left.NAME)
    oid, language = view.files[path].oid, tongue(path)
    before = known.get(oid, language)
    if before is None or not words <= before.words:
        try:
            before = noted(path, view.read(path), words)
        except GitFailed:
            return Noted(left=Left.BROKEN)
        known.put(oid, language, before)
    return before


def _left_out(left: Mapping[str, Left]) -> str:
    counted = sorted((why.value, count) for why, count in Counter(left.values()).items())
    return f"files with markers left out: {', '.join(f'{n} {why}' for why, n in counted)}" if left else ""
