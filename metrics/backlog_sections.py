"""What a backlog holds, as sections of a report. Pure, from plain values; every share says of how many."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from metrics.sections import Section

AGES = ((1, "up to a day"), (7, "up to a week"), (30, "up to 30 days"), (90, "up to 90 days"))
OLDER = "longer"
DEBT_KINDS = frozenset({"debt", "refactor", "lint", "test", "dependency", "docs"})
"""What a repository owes itself, as far as its items say so."""
MARKERS = "markers"
"""The source of TODO and FIXME comments: they are debt whatever they ask for."""
MOST_FOLDERS = 30


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open item."""

    id: str
    title: str
    kind: str
    source: str
    status: str
    path: str
    """Empty where it has none."""
    score: float
    band: str
    size: int
    waited_days: float


@dataclass(frozen=True, slots=True)
class Done:
    """One item that was delivered in the period."""

    id: str
    score: float | None
    waited_days: float


def ranking(ranked: Sequence[Waiting], top: int) -> Section:
    rows = [
        (n, w.score, w.band, w.status, w.kind, w.size, round(w.waited_days, 1), w.id, w.title)
        for n, w in enumerate(ranked[:top], 1)
    ]
    columns = ("rank", "score", "band", "status", "kind", "size", "days", "id", "title")
    return Section(
        "ranking", "Ranking", columns, tuple(rows), (f"the first {len(rows)} of n={len(ranked)} open items",)
    )


def shares(waiting: Sequence[Waiting]) -> tuple[Section, Section]:
    """By source and by kind."""
    by_source, by_kind = Counter(w.source for w in waiting), Counter(w.kind for w in waiting)
    return _shares("sources", "Open items by source", by_source), _shares("kinds", "Open items by kind", by_kind)


def _shares(name: str, title: str, counts: Counter[str]) -> Section:
    n = sum(counts.values())
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    rows = tuple((what, count, f"{100 * count / n:.0f} %") for what, count in ordered)
    return Section(name, title, (name[:-1], "items", "share"), rows, (f"n={n}",))


def ages(waiting: Sequence[Waiting]) -> Section:
    counts = Counter(_age(w.waited_days) for w in waiting)
    rows = tuple((name, counts[name]) for name in (*(name for _, name in AGES), OLDER))
    if not waiting:
        return Section("ages", "How long open items wait", notes=("n=0",))
    middle = median(w.waited_days for w in waiting)
    oldest = max(waiting, key=lambda w: (w.waited_days, w.id))
    notes = (
        f"n={len(waiting)}; median {middle:.1f} days; the oldest is {oldest.id}, {oldest.waited_days:.1f} days",
        "counted from when what an item is about began, where its source knows that",
    )
    return Section("ages", "How long open items wait", ("waiting", "items"), rows, notes)


def _age(days: float) -> str:
    return next((name for limit, name in AGES if days <= limit), OLDER)


def debt(waiting: Sequence[Waiting]) -> Section:
    """By folder. What it would take is the sum of estimated sizes, which is no number of hours."""
    owed = [w for w in waiting if w.kind in DEBT_KINDS or w.source == MARKERS]
    folders: dict[str, list[Waiting]] = defaultdict(list)
    for w in owed:
        folders[_folder(w.path)].append(w)
    ordered = sorted(folders.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    rows = tuple(
        (folder, len(some), sum(w.size for w in some), _kinds(some), f"{max(w.waited_days for w in some):.0f}")
        for folder, some in ordered[:MOST_FOLDERS]
    )
    kinds = ", ".join(sorted(DEBT_KINDS))
    notes = [f"n={len(owed)} of {len(waiting)} open items: of the kinds {kinds}, or from {MARKERS}"]
    notes.append("only what sources reported: no items of a folder does not mean that nothing is owed there")
    if len(ordered) > MOST_FOLDERS:
        notes.append(f"the {MOST_FOLDERS} folders with the most of {len(ordered)}")
    columns = ("folder", "items", "sum of sizes", "kinds", "oldest, days")
    return Section("debt", "Debt by folder", columns, rows, tuple(notes))


def _folder(path: str) -> str:
    return path.rpartition("/")[0] + "/" if "/" in path else ("./" if path else "(no path)")


def _kinds(some: Sequence[Waiting]) -> str:
    return ", ".join(f"{kind} {n}" for kind, n in sorted(Counter(w.kind for w in some).items()))


def delivery(done: Sequence[Done], finished: int, given_up: int, open_now: int, days: int) -> Section:
    """`done` is what is known of deliveries; `finished` and `given_up` count the moves to DONE and CANCELLED."""
    scored = [d.score for d in done if d.score is not None]
    of = finished + given_up + open_now
    rows = (
        ("delivered: handed over by a run, or closed as done", len(done), f"n={len(done)}"),
        ("score delivered, as it was then", round(sum(scored), 2) if scored else None, f"n={len(scored)}"),
        ("closed as done", finished, f"of {of} that were open in the period"),
        ("completion rate", f"{100 * finished / of:.1f} %" if of else None, f"{finished} of {of}"),
        ("cancelled, or no longer found", given_up, f"of {of}"),
        ("median days from beginning to delivery", _middle([d.waited_days for d in done]), f"n={len(done)}"),
        ("forecast", None, "nothing here is projected"),
    )
    return Section("delivery", "Delivery", ("figure", "value", "n"), rows, (f"the last {days} days",))


def _middle(values: Sequence[float]) -> float | None:
    return round(median(values), 2) if values else None
