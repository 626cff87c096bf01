"""What a command was called with, before anything is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Call:
    repo: Path | None = None
    config: Path | None = None
    flags: Mapping[str, Any] = field(default_factory=dict)
    """Settings given as flags; None means not given."""
