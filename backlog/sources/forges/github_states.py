"""Which of the rows that GitHub lists are open. One of which that can not be told is not closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
OVER = ("closed", "fixed", "dismissed", "auto_dismissed", "resolved", "withdrawn")


def opened(rows: Sequence[Row]) -> tuple[list[Row], list[str]]:
    """The open ones, and how many are neither open nor over, as a sentence."""
    strange = [row for row in rows if row["state"] not in (*OVER, "open")]
    gaps = [f"whether {len(strange)} of {len(rows)} are open can not be told"] if strange else []
    return [row for row in rows if row["state"] == "open"], gaps
