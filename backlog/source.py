"""What a place where work is found must offer, what it may look at, and what it reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from pydantic import BaseModel, Field

from backlog.item import Inputs, Kind, Status, Trust
from checks.check import Check, TestCheck, Tool
from checks.finding import Finding
from checks.testrun import TestRun


class Entry(Protocol):
    """What is committed under a path: `is_file` is false for a link and a submodule; `oid` is git's object id."""

    @property
    def is_file(self) -> bool: ...
    @property
    def oid(self) -> str: ...


@dataclass(frozen=True, slots=True)
class View:
    """The committed base that sources look at. Scanners and tests run elsewhere, in the sandbox."""

    files: Mapping[str, Entry]
    """Repo-relative path to entry; only tracked, committed files."""
    read: Callable[[str], bytes]
    scan: Callable[[Tool], tuple[Finding, ...]]
    failing: Callable[[], TestRun]
    root: Path
    now: datetime


class Found(BaseModel, frozen=True, extra="forbid", defer_build=True):
    """One thing a source reports. `fingerprint` identifies it in its source, never by its line number."""

    fingerprint: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    named: bool = False
    """A person gave the id: another source that uses it means the same item."""
    content: str = ""
    """The same thing in another file has the same one, so that a renamed file keeps its items."""
    kind: Kind
    title: str = Field(min_length=1, max_length=300)
    path: str | None = None
    line: int | None = Field(default=None, ge=1)
    snippet: str = ""
    check: Check = TestCheck()
    inputs: Inputs = Inputs()
    criteria: tuple[str, ...] = ()
    story: str = ""
    trust: Trust = "member"
    labels: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    security_notes: str = ""
    test_notes: str = ""
    hold: bool = False
    status: Status | None = None
    """What the source says the item's status is; most say nothing."""
    reason: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What looking gave. `found` is only meaningful when the status is `ready`; a source that could not
    look says so and why, which is never the same as having found nothing."""

    name: str
    status: Literal["ready", "not configured", "not run"]
    reason: str = ""
    found: tuple[Found, ...] = ()
    seconds: float = 0.0


class Source(Protocol):
    @property
    def name(self) -> str: ...

    def look(self, view: View) -> Report:
        """What is there now. May raise: discovery calls it `not run` and goes on with the other sources."""
        ...


class NotConfigured(Exception):
    """What the source needs is not set up in this repository; one line that says what."""


class SourceBroken(Exception):
    """What the source reads can not be understood; one line with file and line."""
