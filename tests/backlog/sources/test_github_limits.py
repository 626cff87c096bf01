"""GitHub was asked too often: it says when it may be asked again, and so does the report."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backlog.discover import look
from backlog.sources.forges.forge import OnForge, Page
from backlog.sources.forges.github_limits import again_from
from tests.backlog.conftest import NOON
from tests.backlog.sources.shop import artefact, as_json, report, shop
from tests.backlog.sources.test_github_files import API, Recorded

DATE = "Sun, 01 Mar 2026 09:00:00 GMT"
GIVEN = datetime(2026, 3, 1, 9, tzinfo=UTC)
RESET = GIVEN + timedelta(minutes=20)
PRIMARY = "API rate limit exceeded for user ID 1."
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."


def head(status: int, **fields: str) -> bytes:
    """As `gh api --include` prints it."""
    rows = [f"{name.replace('_', '-').title()}: {value}\r\n" for name, value in fields.items()]
    return f"HTTP/2.0 {status} x\n{''.join(rows)}\r\n".encode()


def primary(status: int = 403) -> bytes:
    return head(status, date=DATE, x_ratelimit_limit="60", x_ratelimit_remaining="0", x_ratelimit_reset=stamp(RESET))


def stamp(at: datetime) -> str:
    return str(int(at.timestamp()))


@pytest.mark.parametrize("status", [403, 429])
def test_the_report_says_when_the_limit_is_over(status: int) -> None:
    told = report(primary(status) + as_json({"message": PRIMARY}))
    assert told.status == "not run"
    assert f"{PRIMARY}; it may be asked again from 2026-03-01 09:20:00 UTC on" in told.reason


@pytest.mark.parametrize("status", [403, 429])
def test_seconds_to_wait_count_from_when_the_answer_was_given(status: int) -> None:
    told = report(
        head(status, date=DATE, retry_after="90", x_ratelimit_remaining="12") + as_json({"message": SECONDARY})
    )
    assert "again from 2026-03-01 09:01:30 UTC on" in told.reason


def test_without_a_head_it_is_left_alone_for_a_minute_from_when_it_was_written_down() -> None:
    body = {"message": SECONDARY, "documentation_url": "https://docs.github.com", "status": "403"}
    assert "again from 2026-02-28 12:01:00 UTC on" in report(artefact(as_json(body), days=1)).reason
    kept = {"url": f"{API}/dependabot/alerts", "status": 403, "body": body}
    told = report(artefact(as_json(kept), days=1))
    assert (told.name, told.status) == ("github:dependabot", "not run")
    assert "again from 2026-02-28 12:01:00 UTC on" in told.reason


def test_a_client_says_when_it_may_be_asked_again() -> None:
    told = look(OnForge(Recorded(Page(status=429, said=PRIMARY, again=RESET)), "workflows"), shop())
    assert told.reason == f"GitHub answered 429: {PRIMARY}; it may be asked again from 2026-03-01 09:20:00 UTC on"


@pytest.mark.parametrize(
    ("status", "fields", "said"),
    [
        (403, {}, "Resource not accessible by integration"),
        (403, {"x-ratelimit-remaining": "12", "x-ratelimit-reset": "1772356800"}, "Must have admin rights"),
        (404, {"x-ratelimit-remaining": "4999"}, "Not Found"),
        (401, {}, "Bad credentials"),
    ],
)
def test_waiting_does_not_help_against_missing_rights(status: int, fields: dict[str, str], said: str) -> None:
    assert again_from(status, fields, said, NOON) is None


@pytest.mark.parametrize(
    ("fields", "again"),
    [
        ({"retry-after": "soon"}, NOON + timedelta(minutes=1)),
        ({"retry-after": "9" * 40}, NOON + timedelta(minutes=1)),
        ({"retry-after": "-1"}, NOON + timedelta(minutes=1)),
        ({"retry-after": "60", "date": "yesterday"}, NOON + timedelta(minutes=1)),
        ({"retry-after": "60", "date": "Sun, 01 Mar 2026 09:00:00 -0000"}, GIVEN + timedelta(minutes=1)),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "99999999999999"}, NOON + timedelta(minutes=1)),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": ""}, NOON + timedelta(minutes=1)),
        (
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": stamp(RESET), "retry-after": "5"},
            NOON + timedelta(seconds=5),
        ),
    ],
)
def test_odd_heads_are_no_reason_to_ask_at_once(fields: dict[str, Any], again: datetime) -> None:
    assert again_from(429, fields, "", NOON) == again
