"""What an item took becomes a size by stated tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from backlog.calibration.outcomes import (
    Outcome,
    keep_outcomes,
    note_rework,
    outcomes,
    recorded_runs,
    rework,
)
from backlog.calibration.sizes import TABLES, size_by
from backlog.scoring import FIBONACCI
from backlog.store import Backlog
from tests.backlog.conftest import NOON


def made(**fields: Any) -> Outcome:
    return Outcome(**({"item": "a", "run": "a-1", "at": NOON, "kind": "lint", "source": "ruff", "size": 3} | fields))


@pytest.mark.parametrize(
    ("measures", "size"),
    [
        ({"lines": 10}, 1),
        ({"lines": 11}, 2),
        ({"hours": 4}, 3),
        ({"tokens": 2_000_000}, 13),
        ({"tokens": 20_000, "lines": 1_000}, 8**0.5),
        ({"tokens": 0, "lines": 90}, 3),
        ({"lines": 90, "rounds": 1}, 3),
        ({"lines": 90, "rounds": 2}, 5),
        ({"lines": 90, "rounds": 2, "reworked": True}, 8),
        ({"lines": 9_999, "reworked": True}, 13),
        ({}, None),
        ({"seconds": 999}, None),
    ],
)
def test_the_size_of_what_was_measured(measures: dict[str, Any], size: float | None) -> None:
    assert made(**measures).actual == (None if size is None else pytest.approx(size))


def test_every_table_climbs_the_scale() -> None:
    for steps in TABLES.values():
        assert [size for _, size in steps] == list(FIBONACCI[:-1])
        assert [limit for limit, _ in steps] == sorted(limit for limit, _ in steps)
        assert size_by(steps, 10**9) == 13


def test_rework_is_only_known_once_the_days_are_over() -> None:
    day = timedelta(days=1)
    assert rework(NOON, None, NOON + 14 * day) is None
    assert rework(NOON, None, NOON + 15 * day) is False
    assert rework(NOON, NOON + 14 * day, NOON + 15 * day) is True
    assert rework(NOON, NOON + 20 * day, NOON + 30 * day) is False


def test_a_run_is_kept_once(backlog: Backlog) -> None:
    assert keep_outcomes(backlog, [made(), made(), made(run="a-2")]) == 2
    assert keep_outcomes(backlog, [made(lines=5)]) == 0
    assert [o.run for o in outcomes(backlog)] == ["a-1", "a-2"]
    assert recorded_runs(backlog) == {"a-1", "a-2"}


def test_the_last_so_many_come_oldest_first(backlog: Backlog) -> None:
    keep_outcomes(backlog, [made(run=f"a-{n}", at=NOON + timedelta(hours=n)) for n in range(5)])
    assert [o.run for o in outcomes(backlog, 2)] == ["a-3", "a-4"]


def test_what_became_known_later_is_written_down(backlog: Backlog) -> None:
    keep_outcomes(backlog, [made(lines=90)])
    assert note_rework(backlog, "a", True) == 1
    assert [o.actual for o in outcomes(backlog)] == [5]
    assert note_rework(backlog, "unknown", True) == 0
