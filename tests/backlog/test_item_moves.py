"""The moves an item can make."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import product

import pytest

from backlog.item import MOVES, IllegalMove, Item, Status

Make = Callable[..., Item]
LEGAL = [(a, b) for a in Status for b in MOVES[a]]
ILLEGAL = [(a, b) for a, b in product(Status, Status) if b not in MOVES[a]]


@pytest.mark.parametrize(("was", "to"), LEGAL)
def test_a_legal_move_is_made(item: Make, noon: datetime, was: Status, to: Status) -> None:
    moved = item(status=was).move(to, noon, "because")
    assert (moved.status, moved.reason) == (to, "because")


@pytest.mark.parametrize(("was", "to"), ILLEGAL)
def test_an_illegal_move_is_refused(item: Make, noon: datetime, was: Status, to: Status) -> None:
    with pytest.raises(IllegalMove, match=f"from {was} to {to}"):
        item(status=was).move(to, noon)


@pytest.mark.parametrize("was", [s for s in Status if Status.BLOCKED in MOVES[s]])
def test_a_blocked_item_remembers_where_it_was(item: Make, noon: datetime, was: Status) -> None:
    assert item(status=was).move(Status.BLOCKED, noon, "x").blocked_from is was


def test_spells_of_being_blocked_add_up(item: Make, noon: datetime) -> None:
    one = item().move(Status.BLOCKED, noon).move(Status.READY, noon + timedelta(hours=1))
    two = one.move(Status.BLOCKED, noon + timedelta(hours=2)).move(Status.READY, noon + timedelta(hours=4))
    assert two.blocked_seconds == 3 * 3600
