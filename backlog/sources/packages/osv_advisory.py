"""One advisory in the OSV format, and whether it is about a version. Pure.

A version that is listed is affected. Otherwise the events of a range decide, in the order of versions; ranges
of commits say nothing about versions and are passed over. What can not be compared is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version
from pydantic import BaseModel, Field

from backlog.sources.valued import Grade, grade

Verdict = Literal["affected", "not affected", "unknown"]


class Event(BaseModel, frozen=True, extra="ignore"):
    introduced: str = ""
    fixed: str = ""
    last_affected: str = ""


class Range(BaseModel, frozen=True, extra="ignore"):
    type: str
    events: tuple[Event, ...] = ()


class Package(BaseModel, frozen=True, extra="ignore"):
    name: str = ""
    ecosystem: str = ""


class Affected(BaseModel, frozen=True, extra="ignore"):
    package: Package = Package()
    ranges: tuple[Range, ...] = ()
    versions: tuple[str, ...] = ()

    def about(self, name: str, ecosystem: str) -> bool:
        own = self.package.ecosystem.partition(":")[0]
        return own == ecosystem and _spelled(self.package.name, own) == _spelled(name, own)


class Details(BaseModel, frozen=True, extra="ignore"):
    severity: str | None = None


class Advisory(BaseModel, frozen=True, extra="ignore"):
    id: str
    aliases: tuple[str, ...] | None = ()
    summary: str = ""
    modified: str = ""
    withdrawn: str | None = None
    affected: tuple[Affected, ...] = ()
    database_specific: Details | None = Field(default=None)

    @property
    def ids(self) -> tuple[str, ...]:
        """CVE numbers first: most sources know them."""
        return tuple(sorted({self.id, *(self.aliases or ())}, key=lambda i: (not i.startswith("CVE-"), i)))

    @property
    def grade(self) -> Grade:
        return grade(self.database_specific.severity) if self.database_specific else "unknown"

    def fixed_in(self, name: str, ecosystem: str) -> tuple[str, ...]:
        mine = [a for a in self.affected if a.about(name, ecosystem)]
        found = (e.fixed for a in mine for r in a.ranges if r.type != "GIT" for e in r.events if e.fixed)
        return tuple(dict.fromkeys(found))

    def verdict(self, name: str, ecosystem: str, version: str) -> Verdict:
        """Whether this version of the package is affected."""
        if self.withdrawn:
            return "not affected"
        said = [_verdict(a, version) for a in self.affected if a.about(name, ecosystem)]
        if "affected" in said:
            return "affected"
        return "unknown" if "unknown" in said else "not affected"


def _spelled(name: str, ecosystem: str) -> str:
    return canonicalize_name(name) if ecosystem == "PyPI" else name


def _verdict(affected: Affected, version: str) -> Verdict:
    if version in affected.versions:
        return "affected"
    ranges = [r for r in affected.ranges if r.type != "GIT"]
    try:
        mine = Version(version)
        if any(Version(v) == mine for v in affected.versions if _valid(v)):
            return "affected"
        return "affected" if any(_within(mine, r.events) for r in ranges) else "not affected"
    except InvalidVersion:
        return "unknown" if ranges else "not affected"


def _within(version: Version, events: Iterable[Event]) -> bool:
    """Walk the events in the order of their versions up to this one. Raises InvalidVersion."""
    inside = False
    for at, starts, includes in sorted(_steps(events)):
        if at < version or (at == version and includes):
            inside = starts
    return inside


def _steps(events: Iterable[Event]) -> Iterable[tuple[Version, bool, bool]]:
    """Version, whether it is affected from there on, and whether that holds for the version itself."""
    for event in events:
        if event.introduced:
            yield Version("0.dev0" if event.introduced == "0" else event.introduced), True, True
        if event.fixed:
            yield Version(event.fixed), False, True
        if event.last_affected:
            yield Version(event.last_affected), False, False


def _valid(version: str) -> bool:
    try:
        Version(version)
    except InvalidVersion:
        return False
    return True
