"""What was delivered: what had been expected of an item and what it took. Sizes come of measures by stated tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import BaseModel, Field
from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert

from backlog.calibration.sizes import TABLES, size_by
from backlog.moments import stamp
from backlog.scoring import FIBONACCI, HIGHEST
from backlog.store import Backlog
from backlog.tables import OUTCOMES

REWORK_DAYS = 14


class Outcome(BaseModel, frozen=True, extra="forbid"):
    """One delivered item. What was not measured is None."""

    item: str
    run: str = ""
    """Empty when a person closed it."""
    at: datetime
    kind: str
    """Empty when only a stranger's text said what kind it is."""
    source: str
    size: int = Field(ge=1, le=13)
    """As estimated when it was begun, before any calibration."""
    size_from: str = "default"
    """Who or what estimated it."""
    risk_reduction: int = Field(default=1, ge=1, le=13)
    waited_days: float = Field(default=0.0, ge=0)
    """From its beginning to its delivery."""
    score: float | None = None
    """What it scored when it was delivered."""
    seconds: float | None = Field(default=None, ge=0)
    """Wall time of the run. Kept, but no measure of size: it depends on the machine and the model."""
    hours: float | None = Field(default=None, gt=0)
    """A person's, as the person said."""
    tokens: int | None = Field(default=None, ge=0)
    lines: int | None = Field(default=None, ge=0)
    """Added and removed."""
    rounds: int = Field(default=0, ge=0)
    """How often a person had to answer or to decide."""
    reworked: bool | None = None
    """Reverted or redone within REWORK_DAYS; None: not known, or not yet."""

    @property
    def actual(self) -> float | None:
        """The size it had: the geometric mean of its measures by TABLES, one step of the scale more when a person
        had to decide more than once, and one more when it was reworked. None when nothing was measured."""
        given = {"hours": self.hours, "tokens": self.tokens or None, "lines": self.lines}
        sizes = [size_by(TABLES[name], value) for name, value in given.items() if value is not None]
        if not sizes:
            return None
        mean = math.exp(sum(math.log(size) for size in sizes) / len(sizes))
        steps = (self.rounds > 1) + (self.reworked is True)
        return _up(mean, steps)


def _up(size: float, steps: int) -> float:
    for _ in range(steps):
        size = next((step for step in FIBONACCI if step > size), HIGHEST)
    return size


def rework(delivered: datetime, reverted: datetime | None, now: datetime) -> bool | None:
    """Whether what was delivered then counts as reworked: None while it may still be."""
    until = delivered + timedelta(days=REWORK_DAYS)
    if reverted is not None and reverted <= until:
        return True
    return False if now > until else None


def keep_outcomes(backlog: Backlog, outcomes: Sequence[Outcome]) -> int:
    """How many of them were not there yet; one item and run are kept once."""
    new = 0
    with backlog.writing() as connection:
        for o in outcomes:
            values = {"item": o.item, "run": o.run, "at": stamp(o.at), "body": o.model_dump_json()}
            new += connection.execute(insert(OUTCOMES).values(values).on_conflict_do_nothing()).rowcount
    return new


def note_rework(backlog: Backlog, item: str, reworked: bool) -> int:
    """Write down what became known of an item's deliveries; how many there are."""
    with backlog.writing() as connection:
        rows = connection.execute(select(OUTCOMES).where(OUTCOMES.c.item == item)).mappings().all()
        for row in rows:
            changed = Outcome.model_validate_json(row["body"]).model_copy(update={"reworked": reworked})
            values = update(OUTCOMES).where(OUTCOMES.c.number == row["number"])
            connection.execute(values.values(body=changed.model_dump_json()))
    return len(rows)


def outcomes(backlog: Backlog, most: int | None = None) -> list[Outcome]:
    """The last so many, or all, oldest first."""
    query = select(OUTCOMES.c.body).order_by(OUTCOMES.c.at.desc(), OUTCOMES.c.number.desc())
    with backlog.reading() as connection:
        found = connection.execute(query if most is None else query.limit(most)).scalars().all()
    return [Outcome.model_validate_json(body) for body in reversed(found)]


def delivered(backlog: Backlog, item: str) -> bool:
    """Whether a run delivered the item."""
    query = select(OUTCOMES.c.number).where(OUTCOMES.c.item == item, OUTCOMES.c.run != "")
    with backlog.reading() as connection:
        return connection.execute(query).first() is not None


def impact_lines(outcome: Outcome, size_from: str, by_run: bool) -> list[str]:
    """What had been expected of a delivered item and what came of it, for the person who closes it."""
    score = "not measured" if outcome.score is None else f"{outcome.score:g}"
    actual = "not measured (--hours says what it took)" if outcome.actual is None else f"{outcome.actual:g}"
    lines = [
        f"expected: size {outcome.size} (from {size_from}), score {score} when it was closed",
        f"waited: {outcome.waited_days:g} days from its beginning",
    ]
    return [*lines, "took: see the run that delivered it" if by_run else f"took: size {actual}"]


def recorded_runs(backlog: Backlog) -> set[str]:
    with backlog.reading() as connection:
        return set(connection.execute(select(OUTCOMES.c.run).where(OUTCOMES.c.run != "")).scalars())
