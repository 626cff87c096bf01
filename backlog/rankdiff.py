"""What changed in the ranking between two looks at it, and why. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

KEPT = 1_000
"""Places of a ranking that a scan keeps."""
INPUTS = ("value", "time_criticality", "risk_reduction", "size")


class Line(NamedTuple):
    """One place of a ranking: the item and what its score was made of."""

    id: str
    score: float
    base: float
    boost: float
    aging: float
    value: int
    time_criticality: int
    risk_reduction: int
    size: int


@dataclass(frozen=True, slots=True)
class Scan:
    """A ranking as it was, best first."""

    number: int
    """0 for the ranking as it is now."""
    at: datetime
    scoring: str
    """Digest of the scoring."""
    said: str
    """The scoring in words."""
    total: int
    lines: tuple[Line, ...]
    """At most KEPT."""


@dataclass(frozen=True, slots=True)
class Moved:
    id: str
    was: int
    now: int
    """Places, 1 is the best."""
    why: str


@dataclass(frozen=True, slots=True)
class Came:
    id: str
    now: int
    why: str


@dataclass(frozen=True, slots=True)
class Left:
    id: str
    was: int
    why: str


@dataclass(frozen=True, slots=True)
class RankDiff:
    came: tuple[Came, ...]
    left: tuple[Left, ...]
    up: tuple[Moved, ...]
    """Those that rose the furthest first."""
    down: tuple[Moved, ...]
    stayed: int
    scoring: str
    """How the scoring changed, or nothing."""


def rank_diff(before: Scan, after: Scan, closed: Mapping[str, str], known: Mapping[str, datetime]) -> RankDiff:
    """`closed` says of each item that is not ranked any more how it ended or why it waits; `known` when each item
    of `after` came into the backlog."""
    old = {line.id: (place, line) for place, line in enumerate(before.lines, 1)}
    new = {line.id: (place, line) for place, line in enumerate(after.lines, 1)}
    came = tuple(Came(i, place, _why_came(known.get(i), before)) for i, (place, _) in new.items() if i not in old)
    left = tuple(Left(i, place, closed.get(i) or _fell(after)) for i, (place, _) in old.items() if i not in new)
    moved = [_moved(old[i], new[i], before, after, came, left) for i in new if i in old and old[i][0] != new[i][0]]
    changed = "" if before.scoring == after.scoring else f"{before.said} → {after.said}"
    return RankDiff(
        came=came,
        left=left,
        up=tuple(sorted((m for m in moved if m.now < m.was), key=lambda m: (m.now - m.was, m.now))),
        down=tuple(sorted((m for m in moved if m.now > m.was), key=lambda m: (m.was - m.now, m.now))),
        stayed=sum(1 for i in new if i in old and old[i][0] == new[i][0]),
        scoring=changed,
    )


def _why_came(born: datetime | None, before: Scan) -> str:
    if born is not None and born >= before.at:
        return "new"
    return "came back, or was below the places that are kept"


def _fell(after: Scan) -> str:
    return f"is below the first {len(after.lines):,}" if after.total > len(after.lines) else "is in the backlog no more"


def _moved(
    was: tuple[int, Line], now: tuple[int, Line], before: Scan, after: Scan, came: Sequence[Came], left: Sequence[Left]
) -> Moved:
    (old_place, old), (new_place, new) = was, now
    own = _own_change(old, new, before.scoring != after.scoring)
    entered = sum(1 for c in came if c.now < new_place)
    gone = sum(1 for e in left if e.was < old_place)
    others = [f"{entered} new before it"] if entered and new_place > old_place else []
    others += [f"{gone} before it left"] if gone and new_place < old_place else []
    if not own and not others:
        own = ["others passed it" if new_place > old_place else "it passed others"]
        others = ["its own score did not change"] if old.score == new.score else []
    return Moved(new.id, old_place, new_place, "; ".join((*own, *others)))


def _own_change(old: Line, new: Line, scoring_changed: bool) -> list[str]:
    """Which terms of its score are others; aging is only named alone when nothing else is."""
    if old.score == new.score and old == new:
        return []
    said = [
        f"{name} {getattr(old, name)} → {getattr(new, name)}"
        for name in INPUTS
        if getattr(old, name) != getattr(new, name)
    ]
    if old.boost != new.boost:
        said.append(f"boost {old.boost:g} → {new.boost:g}")
    if scoring_changed and old.base != new.base and not said:
        said.append("the scoring changed")
    elif old.base != new.base and not said:
        said.append(f"base {old.base:g} → {new.base:g}")
    if old.aging != new.aging:
        alone = "aging alone" if not said else "aging"
        said.append(f"{alone} {old.aging:g} → {new.aging:g}")
    return [*said, f"score {old.score:g} → {new.score:g}"] if said else []


def diff_data(diff: RankDiff) -> dict[str, Any]:
    def rows(entries: Sequence[Came | Left | Moved]) -> list[dict[str, Any]]:
        return [{name: getattr(e, name) for name in e.__slots__} for e in entries]

    return {
        "came": rows(diff.came),
        "left": rows(diff.left),
        "up": rows(diff.up),
        "down": rows(diff.down),
        "stayed": diff.stayed,
        "scoring": diff.scoring,
    }


def diff_lines(diff: RankDiff, before: Scan, after: Scan, titles: Mapping[str, str], most: int) -> list[str]:
    name = f"scan {before.number}, {before.at:%Y-%m-%d %H:%M}"
    lines = [f"since {name}: {before.total} ranked then, {after.total} now"]
    if diff.scoring:
        lines.append(f"the scoring changed: {diff.scoring}")
    lines += _group("came", [(f"{c.now:>5}", c.id, c.why) for c in diff.came], titles, most)
    lines += _group("left", [(f"{e.was:>5}", e.id, e.why) for e in diff.left], titles, most)
    lines += _group("up", [(f"{m.was:>5} → {m.now}", m.id, m.why) for m in diff.up], titles, most)
    lines += _group("down", [(f"{m.was:>5} → {m.now}", m.id, m.why) for m in diff.down], titles, most)
    return [*lines, f"in the same place: {diff.stayed}"]


def _group(name: str, rows: list[tuple[str, str, str]], titles: Mapping[str, str], most: int) -> list[str]:
    if not rows:
        return [f"{name}: none"]
    shown = [f"{place:<14} {i:<22}  {titles.get(i, '')[:60]}\n{'':<14} {why}" for place, i, why in rows[:most]]
    rest = [f"  … and {len(rows) - most} more (--json has all)"] if len(rows) > most else []
    return [f"{name}: {len(rows)}", *shown, *rest]
