"""The scan for comment markers against a bare `git grep` in the same checkout, in turn."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from app.discovering import view
from app.house import House
from app.settings import Surroundings, load, on_disk
from app.state_folder import state_folder
from backlog.source import Report
from backlog.sources.markers import Markers
from evals.bench.figure import Figure, Goal, Section, ratios
from evals.bench.ground import Ground
from evals.bench.process import BenchFailed, timed
from evals.bench.sources import PLAIN, git, trees
from forge.repository import open_repository

PATTERN = "TODO|FIXME|HACK|XXX|BUG"
COLD, REPEAT = 3.0, 1.3
AGE_SECONDS = 60.0
HISTORY = 100
"""Commits from which on a repository is one with a history, whose ages are looked up."""


@dataclass(frozen=True)
class Round:
    """Milliseconds."""

    bare: float
    cold: float
    repeat: float
    notes: int


def markers(ground: Ground, number: int) -> list[Section]:
    """Raises BenchFailed."""
    found = []
    for tree in trees(ground.sources, ground.root / "sources"):
        found.append(_speed(ground, tree, number))
        if int(git(tree, "rev-list", "--count", "HEAD")) >= HISTORY:
            found.append(_ages(ground, tree))
    return found


def _speed(ground: Ground, tree: Path, number: int) -> Section:
    rounds = [_round(ground, tree, n) for n in range(number + 1)][1:]
    bare = [r.bare for r in rounds]
    return Section(
        f"Markers in {tree.name}",
        f"`git grep -nIwE '{PATTERN}'`, the first scan with nothing kept, and one after a commit that changes a file, "
        "in turn in one checkout. A scan is what the source costs in a process that has the repository open: from "
        f"asking git to the {rounds[-1].notes} items found, without ages.",
        (
            Figure("git grep", " ms", bare),
            Figure("first scan", " ms", [r.cold for r in rounds]),
            Figure("first scan / git grep", "×", ratios([r.cold for r in rounds], bare), Goal(COLD)),
            Figure("scan after a change", " ms", [r.repeat for r in rounds]),
            Figure("scan after a change / git grep", "×", ratios([r.repeat for r in rounds], bare), Goal(REPEAT)),
        ),
    )


def _round(ground: Ground, tree: Path, number: int) -> Round:
    bare = timed(("git", "grep", "-nIwE", PATTERN), tree, PLAIN).ms
    for kept in (tree / ".lamplighter" / "cache").glob("*.cache"):
        kept.unlink()
    cold, _ = _scan(ground, tree, Markers(age_seconds=0))
    changed = tree / "lamplighter_bench.py"
    changed.write_text(f"# TODO: the note of round {number}\n")
    git(tree, "add", "-f", changed.name)
    git(tree, "commit", "-qm", f"round {number}")
    repeat, report = _scan(ground, tree, Markers(age_seconds=0))
    if not any(f.path == changed.name and f"round {number}" in f.title for f in report.found):
        raise BenchFailed(f"the scan of {tree.name} after a change did not see the change")
    return Round(bare, cold, repeat, len(report.found))


def _ages(ground: Ground, tree: Path) -> Section:
    """All ages of the tree's notes, from nothing and again."""
    spent, report = _scan(ground, tree, Markers(age_seconds=AGE_SECONDS))
    again, _ = _scan(ground, tree, Markers(age_seconds=AGE_SECONDS))
    files = len({f.path for f in report.found})
    dated = sum(f.created_at is not None for f in report.found)
    return Section(
        f"Ages of notes in {tree.name}",
        f"The same scan with up to {AGE_SECONDS:.0f} s for finding out when each note was written, and once more: "
        f"{dated} of {len(report.found)} notes in {files} files have an age.",
        (
            Figure("first", " ms", [spent]),
            Figure("for a file", " ms", [spent / max(1, files)]),
            Figure("again", " ms", [again]),
        ),
    )


def _scan(ground: Ground, tree: Path, source: Markers) -> tuple[float, Report]:
    house = _house(ground, tree)
    seen = view(house)
    started = time.perf_counter()
    report = source.look(seen)
    return (time.perf_counter() - started) * 1000, report


def _house(ground: Ground, tree: Path) -> House:
    around = Surroundings(environment={}, home=ground.root / "home")
    return House(around, load(on_disk(tree), around, {}), open_repository(tree), state_folder(tree))
