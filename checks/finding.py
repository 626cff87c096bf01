"""One thing a scanner says about one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from checks.check import Tool

Severity = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True)
class Finding:
    tool: Tool
    rule: str
    path: str
    """Repo-relative, with forward slashes."""
    line: int
    """1-based."""
    message: str
    severity: Severity
    snippet: str
    """The source line without surrounding blanks: what identifies the finding when lines move."""
    fixable: bool = False
    """The scanner offers a fix that it calls safe."""
    name: str = ""
    """The rule's readable name, for example `unused-import`."""


class ScannerFailed(Exception):
    """The scanner did not give a usable answer: never the same as `nothing found`."""
