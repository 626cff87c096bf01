"""What runs and people delivered, taken into the backlog's outcomes."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from app.house import House
from app.run_item import usage
from app.runs import Begun, Runs
from backlog.calibration.outcomes import Outcome, keep_outcomes, recorded_runs
from backlog.item import Item
from backlog.score import facts, score
from evidence.event import Decided
from evidence.record import EVENTS, read_chain

DAY = 86_400


def collect(house: House) -> int:
    """Take in every run that published and is not known yet; how many those were. Doing it twice changes nothing.

    Raises RecordBroken, BacklogBroken.
    """
    runs = Runs(house.state / "runs")
    known = recorded_runs(house.backlog)
    of_item: dict[str, list[Begun]] = defaultdict(list)
    for begun in runs.all():
        of_item[begun.item.id].append(begun)
    found = [
        outcome_of(house, runs, begun, of_item[begun.item.id])
        for some in of_item.values()
        for begun in some
        if begun.run not in known and _published(runs, begun.run)
    ]
    return keep_outcomes(house.backlog, sorted(found, key=lambda o: (o.at, o.run)))


def outcome_of(house: House, runs: Runs, begun: Begun, tries: Sequence[Begun]) -> Outcome:
    """What the run and the tries before it took. Raises RecordBroken."""
    item = begun.item
    began, ended, rounds = _course(runs.path(begun.run))
    tokens = sum(usage(runs.path(other.run))["tokens"] for other in tries)
    outcome = runs.ended(begun.run) or {}
    return _outcome(house, item, ended).model_copy(
        update={
            "run": begun.run,
            "seconds": (ended - began).total_seconds(),
            "tokens": tokens,
            "lines": _changed_lines(outcome.get("pull_request")),
            "rounds": rounds,
        }
    )


def by_hand(house: House, item: Item, hours: float | None, now: datetime) -> Outcome:
    """What a person closed as done; `hours` as the person said."""
    return _outcome(house, item, now).model_copy(update={"hours": hours})


def _outcome(house: House, item: Item, at: datetime) -> Outcome:
    return Outcome(
        item=item.id,
        at=at,
        kind=facts(item).kind,
        source=item.source,
        size=facts(item).size,
        size_from=item.inputs.source.get("size", "default"),
        risk_reduction=facts(item).risk_reduction,
        waited_days=max(0.0, round((at - item.created_at).total_seconds() / DAY, 2)),
        score=score(item, house.scoring, at).score,
    )


def _published(runs: Runs, run: str) -> bool:
    ended = runs.ended(run)
    return ended is not None and ended.get("kind") == "published"


def _course(folder: Path) -> tuple[datetime, datetime, int]:
    """When the record begins and ends, and how often a person decided in between."""
    lines, rounds = [], 0
    for line, event, _ in read_chain(folder / EVENTS):
        lines.append(line)
        rounds += isinstance(event, Decided)
    first, last = (datetime.fromisoformat(json.loads(line)["at"]) for line in (lines[0], lines[-1]))
    return first, last, rounds


def _changed_lines(folder: object) -> int | None:
    """Added and removed lines of the pull request; None where its patch is not there any more."""
    if not isinstance(folder, str):
        return None
    try:
        patch = (Path(folder) / "change.patch").read_bytes()
    except OSError:
        return None
    lines = patch.splitlines()
    return sum(1 for line in lines if line[:1] in (b"+", b"-") and line[:4] not in (b"+++ ", b"--- "))
