"""What a place where work is found must offer, what it may look at, and what it reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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


class Change(Protocol):
    """One commit that is no merge."""

    @property
    def at(self) -> datetime:
        """When its author made it."""
        ...

    @property
    def paths(self) -> Sequence[str]:
        """What it changed, also what is gone since."""
        ...


class Past(Protocol):
    """What git knows about how the base came to be."""

    @property
    def shallow(self) -> bool:
        """The history is cut off: what was written before its end seems as young as the end."""
        ...

    def births(self, path: str, lines: Sequence[int]) -> Mapping[int, datetime]:
        """When each of these lines (1-based) got its present text. Lines that nothing is known of are left out."""
        ...

    def churn(self, days: int) -> Mapping[str, int]:
        """For each path the commits that changed it in the last so many days; none for one that was left alone."""
        ...

    def changes(self, since: datetime) -> Iterator[Change]:
        """The commits since then, the newest first, read as they are asked for."""
        ...


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that was run on a throwaway copy of the base, in the sandbox."""

    code: int | None
    """None when it was killed."""
    stdout: bytes
    stderr: bytes
    killed: str = ""
    """Why it was ended before its own end, or nothing."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """A file that another program wrote about the repository: a scanner's report, test results, measurements."""

    name: str
    """Its path as a person would write it."""
    read: Callable[[], bytes]
    """Raises OSError."""
    at: datetime
    """When it was written."""


class Kept(Protocol):
    """Bytes kept from one look to the next. What is lost or damaged is `None`, and found anew."""

    def load(self, name: str) -> bytes | None: ...
    def save(self, name: str, data: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class View:
    """The committed base that sources look at. Scanners and tests run elsewhere, in the sandbox."""

    commit: str
    """The base."""
    files: Mapping[str, Entry]
    """Repo-relative path to entry; only tracked, committed files."""
    read: Callable[[str], bytes]
    scan: Callable[[Tool], tuple[Finding, ...]]
    failing: Callable[[], TestRun]
    run: Callable[[Sequence[str], float], Ran]
    """The command, with the repository's own interpreter as `python`, and its wall seconds."""
    past: Past
    artefacts: tuple[Artefact, ...]
    root: Path
    now: datetime
    holding: Callable[[Sequence[str]], Iterable[tuple[str, frozenset[str]]]] | None = None
    """The committed files in which one of these words (ASCII letters) stands as a word of its own, each with those
    that do or may. What is said last of a file counts, and it can be none. None where every file must be read."""
    kept: Kept | None = None
    attributed: Callable[[Sequence[str]], Mapping[str, Mapping[str, bool]]] | None = None
    """For each path of which the committed `.gitattributes` say that these attributes are true or false, what is said.
    None where nobody can tell."""


class Found(BaseModel, frozen=True, extra="forbid", defer_build=True):
    """One thing a source reports. `fingerprint` identifies it in its source, never by its line number."""

    fingerprint: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    named: bool = False
    """A person gave the id: another source that uses it means the same item."""
    content: str = ""
    """The same thing in another file has the same one, so that a renamed file keeps its items."""
    anchor: str = ""
    """What stands around it in its file (a function's name, the code below): by this the same place is told again
    when the words were changed, and one of two that read the same is told from the other."""
    same_as: tuple[str, ...] = ()
    """Names of the matter itself, such as `test:tests/test_a.py::test_b`, `issue:#12` or
    `advisory:CVE-2019-10906@jinja2`: what another source reports under one of them is the same item."""
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
    unseen: frozenset[str | None] = frozenset()
    """Paths that it could not look into: what was found there before is not gone. None stands for what was found
    without a path."""


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
