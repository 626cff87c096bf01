"""What a measure is as a size: stated tables."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from backlog.scoring import HIGHEST

Steps = tuple[tuple[float, int], ...]

TABLES: Mapping[str, Steps] = MappingProxyType(
    {
        "hours": ((1, 1), (2, 2), (4, 3), (8, 5), (16, 8)),
        "tokens": ((20_000, 1), (50_000, 2), (150_000, 3), (400_000, 5), (1_000_000, 8)),
        "lines": ((10, 1), (30, 2), (100, 3), (300, 5), (1_000, 8)),
    }
)
"""Up to so much is that size, more is 13. Chosen by us, not measured: calibration compares kinds with each other, so
that a table that is too generous for all of them changes nothing."""


def size_by(steps: Steps, value: float) -> int:
    return next((size for limit, size in steps if value <= limit), HIGHEST)
