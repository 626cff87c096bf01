"""The look back at the end of a pass: what changed since the last scan, and what that asks for. Pure.

Proposals come of named facts alone, by rules that stand here, and are only proposed: nothing is put into the backlog.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from metrics.backlog_sections import Waiting
from metrics.sections import Section

MANY = 3
OLD_DAYS = 90
NAMED = 5


@dataclass(frozen=True, slots=True)
class Changes:
    """Counts since a scan."""

    scan: int
    at: str
    came: int
    left: int
    up: int
    down: int
    stayed: int
    left_why: tuple[str, ...]
    """Of each that left, the status it has now."""
    scoring: str


@dataclass(frozen=True, slots=True)
class Delivered:
    kind: str
    reworked: bool | None


def review(changes: Changes | None) -> Section:
    if changes is None:
        return Section("review", "Since the last scan", notes=("not measured: there was no scan before",))
    rows = [
        ("came", changes.came, ""),
        ("left", changes.left, _counts(changes.left_why)),
        ("rose", changes.up, ""),
        ("fell", changes.down, ""),
        ("in the same place", changes.stayed, ""),
    ]
    notes = [f"since scan {changes.scan}, {changes.at}; lamplighter backlog diff says why each moved"]
    if changes.scoring:
        notes.append(f"the scoring changed: {changes.scoring}")
    return Section("review", "Since the last scan", ("what", "items", "as"), tuple(rows), tuple(notes))


def proposals(
    waiting: Sequence[Waiting], blocked: Sequence[tuple[str, str]], delivered: Sequence[Delivered], shadow: int
) -> Section:
    """`blocked` holds id and reason; `shadow` is a calibration that waits to be adopted, or 0."""
    rows = [*_blocked(blocked), *_old(waiting), *_unrefined(waiting), *_reworked(delivered)]
    if shadow:
        rows.append((f"Look at calibration {shadow} and adopt it or not", f"it is a shadow: version {shadow}"))
    title, columns = "Proposed by what was seen", ("proposal", "because")
    if not rows:
        return Section("proposals", title, notes=("none: no rule of docs/reports.md holds",))
    return Section("proposals", title, columns, tuple(rows), ("proposed only: nothing was added to the backlog",))


def _blocked(blocked: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    of: dict[str, list[str]] = defaultdict(list)
    for item, reason in blocked:
        of[reason or "no reason given"].append(item)
    return [
        (f"Remove what blocks {len(items)} items: {reason}", _named(items))
        for reason, items in sorted(of.items())
        if len(items) >= MANY
    ]


def _old(waiting: Sequence[Waiting]) -> list[tuple[str, str]]:
    old = [w.id for w in waiting if w.waited_days > OLD_DAYS]
    what = "1 item that waits" if len(old) == 1 else f"{len(old)} items that wait"
    return [(f"Do or cancel {what} for more than {OLD_DAYS} days", _named(old))] if old else []


def _unrefined(waiting: Sequence[Waiting]) -> list[tuple[str, str]]:
    new = [w.id for w in waiting if w.status in ("NEW", "REFINED")]
    return [(f"Give criteria to {len(new)} items that are not READY", _named(new))] if len(new) >= MANY else []


def _reworked(delivered: Sequence[Delivered]) -> list[tuple[str, str]]:
    known = Counter(d.kind for d in delivered if d.reworked is not None)
    again = Counter(d.kind for d in delivered if d.reworked)
    return [
        (f"Find out what reviews of {kind} items miss", f"{n} of {known[kind]} deliveries were reworked")
        for kind, n in sorted(again.items())
        if n >= MANY
    ]


def _named(items: Sequence[str]) -> str:
    rest = f" and {len(items) - NAMED} more" if len(items) > NAMED else ""
    return ", ".join(items[:NAMED]) + rest


def _counts(names: Sequence[str]) -> str:
    return ", ".join(f"{name} {n}" for name, n in sorted(Counter(names).items()))
