"""All sources of work of one repository, and which of them are to look."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.disagreeing import synced_names
from app.house import House
from app.settings import ConfigError
from app.thirdparty import installed, named
from backlog.source import Source, View
from backlog.sources.architecture import Architecture, rules_version
from backlog.sources.configuration import Configuration
from backlog.sources.coverage_run import CoverageRun
from backlog.sources.credentials import Secrets
from backlog.sources.documentation import Documentation
from backlog.sources.failing_tests import FailingTests
from backlog.sources.files import BacklogMd, BacklogYml
from backlog.sources.findings import Findings
from backlog.sources.flaky import FlakyTests
from backlog.sources.guarded import Unusable
from backlog.sources.markers import Markers
from backlog.sources.packages.dependencies import Dependencies
from backlog.sources.reports.artefacts import Absent, artefact_sources
from backlog.sources.reports.formats import formats
from backlog.sources.requested import OnRequest
from backlog.sources.type_errors import TypeErrors
from backlog.sources.weekly import Weekly
from checks.steady import manners
from checks.suite import run_tests
from checks.testrun import TestRun

TIMES = 2
"""Runs of all tests beside the first one, to see which of them are flaky."""


@dataclass(frozen=True, slots=True)
class Known:
    source: Source
    slow: str = ""
    """Why it looks only when it is asked for; nothing for one that always looks."""


def sources(house: House, view: View, only: Sequence[str] = ()) -> tuple[Source, ...]:
    """Those that are to look: all, with stand-ins for slow ones that nobody asked for; or those named.

    `sarif` names `sarif` and all `sarif:…`. Raises ConfigError for a name that means nothing.
    """
    known = _known(house, view)
    if not only:
        wanted = _words(house.settings.sources)
        _refuse_unknown(wanted, known)
        return tuple(_standing(k, wanted) for k in known)
    chosen: dict[str, Source] = {}
    for name in only:
        matching = [k.source for k in known if _means(name, k.source.name)] or _otherwise(name, house, known)
        chosen |= {source.name: source for source in matching}
    return tuple(chosen.values())


def _known(house: House, view: View) -> tuple[Known, ...]:
    built_in = (*_always(house), *_slow(house))
    reports = tuple(Known(source) for source in artefact_sources(view.artefacts, formats()))
    taken = {k.source.name for k in (*built_in, *reports)}
    return (*built_in, *reports, *(_distinct(source, taken) for source in installed(house.repository.root)))


def _always(house: House) -> tuple[Known, ...]:
    made: tuple[Source, ...] = (
        Markers(),
        Findings("ruff"),
        Findings("bandit"),
        FailingTests(),
        BacklogYml(lambda: synced_names(house)),
        BacklogMd(),
        Secrets(),
        Dependencies(house.settings.osv, house.settings.osv_days),
        Configuration(),
        Documentation(),
    )
    return tuple(Known(source) for source in made)


def _slow(house: House) -> tuple[Known, ...]:
    suite = house.suite
    return (
        Known(TypeErrors(), "mypy takes a while"),
        Known(FlakyTests(lambda: _in_other_orders(house)), f"all tests are run {TIMES} times more"),
        Known(CoverageRun(suite.args, suite.timeout_s), "all tests are run once more"),
        Known(Weekly(Architecture(), rules_version), "a year of history is read"),
    )


def _in_other_orders(house: House) -> Iterator[TestRun]:
    for manner in manners(house.base_tree, TIMES, repeats=1):
        # Blind runs show what a test does when it is not watched: another question.
        yield run_tests(house.site, house.base_tree, suite=house.suite, manner=replace(manner, blind=False))


def _distinct(source: Source, taken: set[str]) -> Known:
    """Two sources of one name would close each other's items; and a report's tool may get its file tomorrow."""
    reserved = {"report", *(format.name for format in formats())}
    if source.name not in taken and source.name.partition(":")[0] not in reserved:
        taken.add(source.name)
        return Known(source)
    number = 2
    while f"{source.name}#{number}" in taken:
        number += 1
    name = f"{source.name}#{number}"
    taken.add(name)
    return Known(Unusable(name, f"another source is called {source.name!r} already"))


def _standing(known: Known, wanted: Sequence[str]) -> Source:
    if known.slow and not any(_means(name, known.source.name) for name in wanted):
        return OnRequest(known.source, known.slow)
    return replace(known.source, asked=False) if isinstance(known.source, Weekly) else known.source


def _otherwise(name: str, house: House, known: Sequence[Known]) -> list[Source]:
    """A tool of which there is no file, or a source of the user's own. Raises ConfigError."""
    if name.partition(":")[0] in {format.name for format in formats()}:
        return [Absent(name)]
    own = named(name, house.repository.root)
    if own is not None:
        return [_distinct(own, {k.source.name for k in known}).source]
    raise _unknown(name, known)


def _words(setting: str | None) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(setting or ""))
    except ValueError as error:
        raise ConfigError(f"setting sources: {error}") from None


def _refuse_unknown(wanted: Iterable[str], known: Sequence[Known]) -> None:
    for name in wanted:
        if not any(_means(name, k.source.name) for k in known):
            raise _unknown(name, known)


def _unknown(name: str, known: Sequence[Known]) -> ConfigError:
    return ConfigError(f"no source is called {name!r}; known: {', '.join(k.source.name for k in known)}")


def _means(name: str, source: str) -> bool:
    return source == name or source.startswith(f"{name}:")
