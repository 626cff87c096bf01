"""What a command of ours answers: the same result for a person and for a program."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

OK = 0
FAILED = 1
USAGE = 2
INVALID = 3
GATE = 4
PERSON = 5
LIMIT = 6
NO_SANDBOX = 8


@dataclass(frozen=True)
class Answer:
    result: dict[str, Any]
    """For `--json`."""
    lines: tuple[str, ...] = field(default=())
    """For a terminal."""
    exit_code: int = OK
