"""pytest-benchmark's JSON against a baseline that a person put into `.lamplighter/baseline/`.

Slower counts when the median is more than 20 % above the baseline's, the middle halves of both measurements do not
overlap, and both have at least 5 rounds. Numbers of another machine or another Python are not compared.

| what                | kind        | value | time | risk | size |
|---------------------|-------------|-------|------|------|------|
| slower than before  | performance | 5     | 3    | 3    | 3    |
| more than twice     | performance | 8     | 5    | 3    | 3    |
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backlog.identity import item_id
from backlog.item import Kind
from backlog.source import Found, NotConfigured, Report, SourceBroken, View
from backlog.sources.outcome import outcome
from backlog.sources.reports.artefacts import Part
from backlog.sources.reports.documents import Document
from backlog.sources.text import clean
from backlog.sources.valued import Worth

BASELINE = ".lamplighter/baseline/benchmark.json"
THRESHOLD, ROUNDS = 1.2, 5
SLOWER = Worth("rule:slower", Kind.PERFORMANCE, 5, 3, 3, 3)
MUCH_SLOWER = Worth("rule:twice-as-slow", Kind.PERFORMANCE, 8, 5, 3, 3)
MACHINE = ("node", "machine", "processor", "system", "python_implementation", "python_version")


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds of one benchmark."""

    name: str
    median: float
    q1: float
    q3: float
    rounds: int


class Benchmarks:
    name = "benchmark"

    def parts(self, document: Document) -> Mapping[str, Any] | None:
        value = document.value
        if not (isinstance(value, dict) and "machine_info" in value and isinstance(value.get("benchmarks"), list)):
            return None
        if not value["benchmarks"]:
            raise SourceBroken("has no benchmark in it")
        return {"": value}

    def report(self, name: str, parts: Sequence[Part], view: View) -> Report:
        """Raises NotConfigured without a baseline, SourceBroken when it can not be read."""
        before = _baseline(view)
        newest = max(parts, key=lambda part: part.document.at).value
        if _machine(newest) != _machine(before):
            return Report(name, "not run", "measured on another machine or another Python than the baseline")
        old, new = timed(before), timed(newest)
        gone = sorted(old.keys() - new.keys())
        gaps = [f"{len(gone)} benchmarks of the baseline were not measured: {', '.join(gone[:3])}"] if gone else []
        added = len(new.keys() - old.keys())
        notes = [f"{added} benchmarks are not in the baseline"] if added else []
        slower = (n for n in sorted(new.keys() & old.keys()) if regressed(old[n], new[n]))
        return outcome(name, (_found(old[n], new[n], view) for n in slower), view.files, notes=notes, gaps=gaps)


def regressed(old: Timed, new: Timed) -> bool:
    """By the rule above."""
    enough = min(old.rounds, new.rounds) >= ROUNDS
    return enough and new.median > old.median * THRESHOLD and new.q1 > old.q3


def timed(value: Mapping[str, Any]) -> dict[str, Timed]:
    """By full name."""
    return {t.name: t for t in _timed(value["benchmarks"])}


def _timed(rows: Sequence[Mapping[str, Any]]) -> Iterator[Timed]:
    for row in rows:
        stats = row["stats"]
        name = str(row.get("fullname") or row["name"])
        yield Timed(name, float(stats["median"]), float(stats["q1"]), float(stats["q3"]), int(stats["rounds"]))


def _baseline(view: View) -> Mapping[str, Any]:
    try:
        value: Mapping[str, Any] = json.loads((view.root / BASELINE).read_bytes())
        return {"machine_info": value["machine_info"], "benchmarks": value["benchmarks"]}
    except FileNotFoundError:
        raise NotConfigured(f"there is no baseline: copy a report that is good to {BASELINE}") from None
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise SourceBroken(f"{BASELINE}: can not be read: {type(error).__name__}") from None


def _machine(value: Mapping[str, Any]) -> tuple[object, ...]:
    info = value["machine_info"]
    cpu = info.get("cpu") or {}
    return (*(info.get(key) for key in MACHINE), cpu.get("brand_raw"), cpu.get("count"))


def _found(old: Timed, new: Timed, view: View) -> Found:
    ratio = new.median / old.median if old.median else 0.0
    worth = MUCH_SLOWER if ratio > 2 else SLOWER
    path = new.name.partition("::")[0]
    name = clean(new.name.rpartition("::")[2] or new.name, 120)
    return Found(
        fingerprint=item_id("benchmark", "", new.name, prefix="slower"),
        kind=worth.kind,
        title=f"Make {name} as fast as it was: {ratio:.1f} times the baseline",
        path=path if path in view.files else None,
        inputs=worth.inputs(),
        criteria=(f"The median of {clean(new.name, 250)} is at most {THRESHOLD} times the baseline's.",),
        story=f"Median {new.median:.6g} s (middle half {new.q1:.6g} to {new.q3:.6g}), before {old.median:.6g} s "
        f"({old.q1:.6g} to {old.q3:.6g}).",
        test_notes=f"Benchmark: {clean(new.name, 250)}",
    )
