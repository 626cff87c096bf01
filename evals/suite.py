"""What a suite of evals is: cases that are played, judged one by one, and summed up in a headline with a threshold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Ground:
    """Where one trial is made, and with which settings."""

    folder: Path
    """Empty, and this trial's own."""
    flags: Mapping[str, Any] = field(default_factory=dict)
    """Settings as flags give them: model, base_url … ; None means not given."""


@dataclass(frozen=True)
class Trial:
    """What one case came to."""

    case: str
    ok: bool
    detail: str = ""
    """One line: what happened, and where it was not what should be."""
    skipped: str = ""
    """Why the case could not be played; then `ok` says nothing."""
    seconds: float = 0.0
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What the headline is made from. JSON values only."""

    @property
    def failed(self) -> bool:
        return not self.ok and not self.skipped


@dataclass(frozen=True)
class Suite:
    name: str
    about: str
    """One sentence."""
    names: Callable[[], Sequence[str]]
    """Of the cases, in order. Cheap."""
    play: Callable[[str, Ground], Any]
    """Do the case: the solver. What it returns goes to `judge` as it is."""
    judge: Callable[[str, Any], Trial]
    """Say whether what came out is right: the scorer."""
    headline: Callable[[Sequence[Trial]], dict[str, Any]]
    """The suite in a few figures. JSON values only."""
    passes: Callable[[Mapping[str, Any]], bool]
    """The threshold, on the headline."""


class Skipped(Exception):
    """Raised by `play` when the case can not be played here. One line: what is missing, and how to get it."""
