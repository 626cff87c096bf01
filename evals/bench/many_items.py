"""A backlog of 100,000 items: how fast the next is found, how fast all are put in order anew, in how much memory.

Measured in a process of its own (`python -m evals.bench.many_items FOLDER N ROUNDS`), because memory is.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backlog.item import Inputs, Item, Kind, Status
from backlog.ranking import best, order, put_in_order
from backlog.readiness import pick
from backlog.rows import insert_items
from backlog.scoring import FIBONACCI, PRESETS, Scoring
from backlog.store import Backlog
from evals.bench.figure import Figure, Goal, Section
from evals.bench.ground import Ground
from evals.bench.process import timed

ITEMS = 100_000
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AT_ONCE = 5_000


def many_items(ground: Ground, number: int) -> Section:
    """Raises BenchFailed."""
    folder = ground.root / "many"
    folder.mkdir(exist_ok=True)
    argv = (ground.python, "-m", "evals.bench.many_items", str(folder), str(ITEMS), str(number))
    said = timed(argv, Path(__file__).resolve().parents[2], ground.environment()).said
    found = json.loads(said.splitlines()[-1])
    return Section(
        "Many items",
        f"A backlog of {ITEMS:,} items, two thirds of them READY, of all kinds, sizes and ages up to 400 days. "
        "Next: from the open database to the item with its score and standing. Anew: the scoring changed, so every "
        "item gets another place. One: an item was written since. Memory: the largest the measuring process became, "
        "after all of it.",
        (
            Figure("next", " ms", found["next"], Goal(5)),
            Figure("next after one was written", " ms", found["one"]),
            Figure("all put in order anew", " s", found["anew"], Goal(2)),
            Figure("the first 50 of the list", " ms", found["list"]),
            Figure("memory", " MB", found["memory"], Goal(300)),
        ),
    )


def filled(folder: Path, count: int) -> Backlog:
    """The same items every time."""
    backlog, chance = Backlog(folder / "backlog.db"), random.Random(1)
    for start in range(0, count, AT_ONCE):
        with backlog.writing() as connection:
            insert_items(connection, list(_items(chance, range(start, min(count, start + AT_ONCE)))))
    return backlog


def _items(chance: random.Random, numbers: Sequence[int]) -> Iterator[Item]:
    kinds, rule = list(Kind), dict.fromkeys(("value", "size"), "rule:TODO")
    for n in numbers:
        value, critical, risk, size = (chance.choice(FIBONACCI) for _ in range(4))
        made = NOW - timedelta(days=400 * chance.random())
        yield Item(
            id=f"item-{n}", title=f"Do what stands in line {n}", kind=chance.choice(kinds), source="markers",
            status=Status.READY if n % 3 else Status.NEW, criteria=("it is done, and a test shows it",),
            inputs=Inputs(value=value, time_criticality=critical, risk_reduction=risk, size=size, source=rule),
            path=f"src/module_{n % 3000}.py", line=1 + n % 500, story="A comment says so. " * 10,
            created_at=made, updated_at=made,
        )  # fmt: skip


def _ms(started: float) -> float:
    return 1000 * (time.perf_counter() - started)


def measured(folder: Path, count: int, rounds: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"next": [], "one": [], "anew": [], "list": [], "memory": []}
    scoring = PRESETS["default"]
    with filled(folder, count) as backlog:
        put_in_order(backlog, scoring)
        next(best(backlog, scoring, NOW))
        for number in range(rounds):
            other = scoring.model_copy(update={"boost_cap": 2.4 - number / 100})
            started = time.perf_counter()
            put_in_order(backlog, other)
            found["anew"].append(_ms(started) / 1000)
            found["next"].append(_next(backlog, other))
            backlog.update(f"item-{number}", lambda item: item.model_copy(update={"title": "Something else"}))
            found["one"].append(_next(backlog, other))
            started = time.perf_counter()
            backlog.some(place.id for place in order(backlog, other, NOW, (Status.READY,))[:50])
            found["list"].append(_ms(started))
    found["memory"].append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return found


def _next(backlog: Backlog, scoring: Scoring) -> float:
    started = time.perf_counter()
    picked = pick(backlog, scoring, NOW, lambda _item: None)
    took = _ms(started)
    assert picked.item is not None
    return took


if __name__ == "__main__":
    print(json.dumps(measured(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
