"""The next time of a cron expression, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.cron import next_time

SUNDAY = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "then"),
    [
        ("* * * * *", "2026-03-01 12:01"),
        ("0 12 * * *", "2026-03-02 12:00"),
        ("30 2 * * 1", "2026-03-02 02:30"),
        ("30 2 * * MON-FRI", "2026-03-02 02:30"),
        ("0 0 1 * *", "2026-04-01 00:00"),
        ("*/20 12 * * *", "2026-03-01 12:20"),
        ("5/20 12 * * *", "2026-03-01 12:05"),
        ("0 6 13 * 5", "2026-03-06 06:00"),
        ("0 6 * * 7", "2026-03-08 06:00"),
        ("0 6 29 2 *", "2028-02-29 06:00"),
        ("15,45 13-14/1 * jan,mar *", "2026-03-01 13:15"),
    ],
)
def test_the_next_time(expression: str, then: str) -> None:
    found = next_time(expression, SUNDAY)
    assert found is not None
    assert f"{found:%Y-%m-%d %H:%M}" == then


@pytest.mark.parametrize(
    "expression", ["", "* * * *", "60 * * * *", "@daily", "0 0 31 2 *", "*/0 * * * *", "a b c d e", "5-2 * * * *"]
)
def test_what_can_not_be_read_or_never_comes_is_not_guessed(expression: str) -> None:
    assert next_time(expression, SUNDAY) is None


@given(st.integers(0, 59), st.integers(0, 23), st.integers(0, 10**9))
def test_it_is_always_later_and_fits(minute: int, hour: int, seconds: int) -> None:
    after = datetime.fromtimestamp(seconds, UTC)
    found = next_time(f"{minute} {hour} * * *", after)
    assert found is not None
    assert (found.hour, found.minute) == (hour, minute)
    assert 0 < (found - after).total_seconds() <= 86_400
