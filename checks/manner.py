"""In which manner a suite is run: what may differ from run to run and must change nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manner:
    order: int | None = None
    """None as collected, 0 backwards, any other number is a seed to shuffle with."""
    blind: bool = False
    """The tested code is not told that it is tested."""
    hash_seed: int = 0
    repeats: int = 1
    """How often each test is run in the one process."""


AS_EVER = Manner()
