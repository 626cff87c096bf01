"""Packages of the lock files and requirements, matched with the OSV advisories on this machine.

Every package is vulnerable, clean as of the database's date, or unknown: without an exact version, without advisories
for its ecosystem, with a version that can not be compared, or with a database that is too old.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backlog.source import NotConfigured, Report, View
from backlog.sources.outcome import outcome
from backlog.sources.packages.inventory import Wanted, inventory
from backlog.sources.packages.osv_database import Database, database
from backlog.sources.packages.vulnerable import Vulnerability, all_found


@dataclass(frozen=True, slots=True)
class Dependencies:
    osv: str | None
    """Where the advisories are."""
    days: int
    """From so many days on they are stale."""
    name: str = "dependencies"

    def look(self, view: View) -> Report:
        """Raises NotConfigured without a database or dependencies, SourceBroken when either can not be read."""
        if not self.osv:
            raise NotConfigured("no OSV advisories on this machine: the setting osv says where they are")
        wanted = inventory(view)
        if not wanted:
            raise NotConfigured("no lock file and no requirements")
        known = database(self.osv, {(w.ecosystem, w.name) for w in wanted})
        unknown = Counter(why for w in wanted if (why := _unknown(w, known)))
        gaps = [f"{count} of {len(wanted)} packages are unknown: {why}" for why, count in sorted(unknown.items())]
        if stale := self._stale(known, view):
            gaps.append(stale)
        date = f"{known.newest:%Y-%m-%d}" if known.newest else "no date"
        notes = [f"{len(wanted)} packages, advisories as of {date}"]
        return outcome(self.name, all_found(self.name, _vulnerable(wanted, known)), view.files, notes=notes, gaps=gaps)

    def _stale(self, known: Database, view: View) -> str:
        if known.newest is None:
            return "the advisories have no date"
        days = (view.now - known.newest).days
        return f"the advisories are {days} days old: what came later is unknown" if days >= self.days else ""


def _unknown(wanted: Wanted, known: Database) -> str:
    """Why nothing can be said, or nothing."""
    if not wanted.version:
        return "no exact version"
    if not known.counts.get(wanted.ecosystem):
        return f"no advisories for {wanted.ecosystem}"
    about = known.advisories.get((wanted.ecosystem, wanted.name), ())
    said = {a.verdict(wanted.name, wanted.ecosystem, wanted.version) for a in about}
    return "a version that can not be compared" if "unknown" in said and "affected" not in said else ""


def _vulnerable(wanted: Sequence[Wanted], known: Database) -> Iterator[Vulnerability]:
    for one in wanted:
        for advisory in known.advisories.get((one.ecosystem, one.name), ()) if one.version else ():
            if advisory.verdict(one.name, one.ecosystem, one.version) == "affected":
                yield Vulnerability(
                    package=one.name,
                    version=one.version,
                    ids=advisory.ids,
                    fixed=advisory.fixed_in(one.name, one.ecosystem),
                    grade=advisory.grade,
                    summary=advisory.summary,
                    path=one.path,
                )
