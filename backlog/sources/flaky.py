"""Tests that end otherwise when the base is tested again, backwards and shuffled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from backlog.source import Found, NotConfigured, Report, SourceBroken, View
from backlog.sources.failing_tests import function_of
from backlog.sources.outcome import outcome
from backlog.sources.reports.test_results import flaky
from backlog.sources.text import showable
from checks.testrun import TestRun


@dataclass(frozen=True, slots=True)
class FlakyTests:
    again: Callable[[], Iterable[TestRun]]
    """Runs of the same tests in other orders."""
    name: str = "flaky"

    def look(self, view: View) -> Report:
        """Raises NotConfigured without tests, SourceBroken when a run proves nothing."""
        first = view.failing()
        if first.finished and not first.outcomes:
            raise NotConfigured("no tests were collected")
        runs = [first, *self.again()] if first.proves else [first]
        doubtful = next((run for run in runs if not run.proves), None)
        if doubtful is not None:
            raise SourceBroken(doubtful.trouble or "a test run did not reach its end")
        found = (_found(name, ends, view) for name, ends in sorted(moving(runs).items()) if showable(name))
        return outcome(self.name, found, view.files, notes=[f"{len(runs)} runs were compared"])


def moving(runs: Sequence[TestRun]) -> Mapping[str, tuple[str, ...]]:
    """The functions with a test that passed in one run and failed in another, and how it ended each time."""
    return {function_of(name): ends for name, ends in _ends(runs) if {"passed"} < {_side(e) for e in ends}}


def _ends(runs: Sequence[TestRun]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in sorted({name for run in runs for name in run.outcomes}):
        yield name, tuple(run.outcomes[name].ending if name in run.outcomes else "not run" for run in runs)


def _side(ending: str) -> str:
    return "failed" if ending in ("failed", "error", "not run") else "passed"


def _found(function: str, ends: Sequence[str], view: View) -> Found:
    path = function.partition("::")[0]
    told = f"as the order of the tests changes: {', '.join(ends)}."
    return flaky(function, path if path in view.files else None, "It ends otherwise", told)
