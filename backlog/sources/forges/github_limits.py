"""When GitHub may be asked again that was asked too often, as its documentation of rate limits has it.

`retry-after` says it in seconds; else `x-ratelimit-reset` in seconds since 1970 once `x-ratelimit-remaining` is 0; else
it is to be left alone for a minute.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LIMITED = re.compile(r"rate limit|abuse detection", re.IGNORECASE)
AT_LEAST = timedelta(minutes=1)


def again_from(status: int, head: Mapping[str, str], said: str, at: datetime) -> datetime | None:
    """`at` is when the answer was written down, for one that does not say when it was given. None: it was refused for
    another reason than a limit, so that waiting does not help."""
    begin, waits, reset = _given(head, at), head.get("retry-after", ""), head.get("x-ratelimit-reset", "")
    try:
        if re.fullmatch(r"\d{1,9}", waits):
            return begin + timedelta(seconds=int(waits))
        if head.get("x-ratelimit-remaining") == "0" and re.fullmatch(r"\d{1,11}", reset):
            return datetime.fromtimestamp(int(reset), UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return begin + AT_LEAST if status == 429 or LIMITED.search(said) else None


def _given(head: Mapping[str, str], at: datetime) -> datetime:
    try:
        given = parsedate_to_datetime(head.get("date", ""))
    except (ValueError, TypeError):
        return at
    return given if given.tzinfo else given.replace(tzinfo=UTC)
