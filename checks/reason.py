"""What a gate decided and why, said to the one who must act."""

from __future__ import annotations

from dataclasses import dataclass

from checks.testrun import TestRun


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    """Stable and short, for example `weakened`."""
    sentence: str
    """Which test or file, what happened, what to do."""


@dataclass(frozen=True, slots=True)
class Verdict:
    passed: bool
    reasons: tuple[Reason, ...] = ()
    """Why not; or, when it passed, what the reader should know."""
    runs: tuple[TestRun, ...] = ()
    """The test runs it rests on, in the order they were made."""
