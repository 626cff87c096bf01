"""What is known of deliveries, as a history of sizes. Apart from how they are collected, which takes more imports."""

from __future__ import annotations

from app.house import House
from backlog.calibration.outcomes import outcomes
from backlog.estimate import Delivered

HISTORY_OF = 1_000
"""The last so many deliveries."""


def history(house: House) -> list[Delivered]:
    """The sizes that what is known of deliveries turned out to have."""
    measured = [(o, o.actual) for o in outcomes(house.backlog, HISTORY_OF)]
    return [Delivered(o.kind, o.source, size) for o, size in measured if size is not None]
