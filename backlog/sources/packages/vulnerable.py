"""Vulnerable packages, whoever reports them: one item for each package in each file that asks for it.

| what                                | kind           | value | time | risk | size |
|-------------------------------------|----------------|-------|------|------|------|
| a package the repository depends on | security       | 3…13  | 2…8  | 3…13 | 2    |
| a package of a container image      | infrastructure | as above, with the labels `security` and `container`  |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from packaging.version import InvalidVersion, Version

from backlog.identity import item_id
from backlog.item import Kind
from backlog.source import Found
from backlog.sources.sameness import advisory_names
from backlog.sources.text import clean
from backlog.sources.valued import VULNERABLE, Grade, worst


@dataclass(frozen=True, slots=True)
class Vulnerability:
    """One advisory about one package as it is used here."""

    package: str
    """As its registry spells it; for Python by PEP 503."""
    version: str
    ids: tuple[str, ...]
    """All names of the advisory, the best known first."""
    fixed: tuple[str, ...] = ()
    """Versions that no longer have it."""
    grade: Grade = "unknown"
    summary: str = ""
    path: str | None = None
    """The file that asks for the package, where that is one of the repository."""
    where: str = ""
    """What else tells where it is: an image, a target."""
    container: bool = False


def all_found(source: str, vulnerabilities: Iterable[Vulnerability]) -> Iterator[Found]:
    """One Found for each package and place; its names are those of all its advisories."""
    ordered = sorted(vulnerabilities, key=_place)
    for _, group in groupby(ordered, key=_place):
        yield _one(source, list(group))


def _place(v: Vulnerability) -> tuple[str, str, str, str]:
    return (v.path or "", v.where, v.package, v.version)


def _one(source: str, group: Sequence[Vulnerability]) -> Found:
    first = group[0]
    ids = tuple(dict.fromkeys(i for v in group for i in v.ids[:1]))
    better, worth = target(first.version, group), VULNERABLE[worst([v.grade for v in group])]
    package, place = clean(first.package, 100), clean(first.path or first.where, 80)
    where = f" in {place}" if place else ""
    names = ", ".join(clean(i, 40) for i in ids[:3]) + (f" and {len(ids) - 3} more" if len(ids) > 3 else "")
    verb = f"Update {package} to {clean(better, 40)}" if better else f"Replace or contain {package}"
    worth = replace(worth, kind=Kind.INFRASTRUCTURE) if first.container else worth
    return Found(
        fingerprint=item_id(source, first.path or first.where, first.package, prefix=f"dep-{package}"),
        content="" if first.container else f"{first.package}@{first.version}"[:200],
        same_as=advisory_names((i for v in group for i in v.ids), first.package),
        kind=worth.kind,
        title=clean(f"{verb}: {names}{where}", 300),
        path=first.path,
        inputs=worth.inputs(),
        criteria=(f"{package} is used{where} in no version that {names} affects, and all tests pass as before.",),
        story=_story(group, first),
        labels=("security", "container") if first.container else ("dependency",),
        security_notes=f"Severity: {worst([v.grade for v in group])}.",
    )


def target(version: str, group: Sequence[Vulnerability]) -> str:
    """The lowest version in which all of them are fixed; nothing when one has no fix that is known."""
    return (
        max((b for v in group if (b := _lowest(version, v.fixed))), key=_order, default="")
        if all(_lowest(version, v.fixed) for v in group)
        else ""
    )


def _lowest(version: str, fixed: Sequence[str]) -> str:
    """The lowest fix above the version in use."""
    above = [f for f in fixed if _order(f) > _order(version)]
    return min(above or fixed, key=_order, default="")


def _order(version: str) -> tuple[Version, str]:
    try:
        return Version(version), version
    except InvalidVersion:
        return Version("0"), version


def _story(group: Sequence[Vulnerability], first: Vulnerability) -> str:
    told = "; ".join(
        f"{clean(', '.join(v.ids[:3]), 120)} ({v.grade}): {clean(v.summary, 200) or 'no summary'}" for v in group[:8]
    )
    more = f"; {len(group) - 8} more" if len(group) > 8 else ""
    return f"{clean(first.package, 100)} {clean(first.version, 60)}: {told}{more}"
