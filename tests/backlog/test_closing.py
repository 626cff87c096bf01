"""What was run decides whether an item is done; a text that is gone shows only that it is gone."""

from __future__ import annotations

import pytest

from backlog.closing import Seen, closing
from backlog.item import Status
from backlog.sighting import Sighting

BASE, BEFORE = "b" * 40, "a" * 40
TOUCHED = "1234567 of 2026-03-01 by A: tidy"


def seen_by(source: str = "markers", commit: str = BEFORE) -> Sighting:
    return Sighting(source, "x-1", "x-1", "a.py", 1, "bug", "", "", "", "d", False, commit)


@pytest.mark.parametrize(
    ("seen", "status", "told"),
    [
        (Seen(BASE, TOUCHED), Status.CANCELLED, "no longer found by markers at bbbbbbbbbb; last changed in 1234567"),
        (Seen(BASE), Status.CANCELLED, "no commit changed its file"),
        (Seen(BASE, TOUCHED, True, "test_a passes"), Status.DONE, "its check passes at bbbbbbbbbb: test_a passes"),
        (Seen(BASE, TOUCHED, False, "test_a fails"), None, ""),
        (Seen(BASE, TOUCHED, None, "a comment silences it", True), Status.CANCELLED, "a comment silences it"),
    ],
)
def test_an_item_ends_as_what_was_seen_shows(seen: Seen, status: Status | None, told: str) -> None:
    found = closing((seen_by(),), seen)
    assert (found.status if found else None) is status
    assert told in (found.reason if found else "")


def test_a_check_that_passes_on_the_base_on_which_it_failed_closes_nothing() -> None:
    assert closing((seen_by("tests", BASE),), Seen(BASE, TOUCHED, True, "test_a passes")) is None


def test_every_source_that_reported_it_is_named() -> None:
    found = closing((seen_by("ruff"), seen_by("bandit")), Seen(BASE))
    assert found is not None
    assert "no longer found by bandit, ruff" in found.reason
