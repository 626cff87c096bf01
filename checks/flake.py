"""Did a change break a test, or did that test fail now and then all along? The base is asked; nothing turns green."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checks.reason import Reason
from checks.steady import manners
from checks.suite import Suite, run_tests
from checks.testrun import Ending, TestRun
from sandbox.site import Site

BROKEN = "test_broken"
_BAD: frozenset[Ending] = frozenset({"failed", "error"})
_TURNS = 5


@dataclass(frozen=True, slots=True)
class Flake:
    """A test that passed on the base and now fails there too."""

    id: str
    failed: int
    turns: int
    """How often it was run for this."""


def told_apart(
    site: Site, base_tree: str, reasons: Sequence[Reason], *, broken: Sequence[str], suite: Suite, times: int = 3
) -> tuple[Reason, ...]:
    """The reasons, where those that say `test_broken` of a flake of the base say `flaky_before` instead.

    `broken` are the tests that passed in the baseline and fail on the result. Nothing becomes green by this: a flake
    is work of its own. Raises SandboxUnavailable.
    """
    if not broken:
        return tuple(reasons)
    flakes = recheck(site, base_tree, broken, suite, times)
    return tuple(_retold(reason, flakes) for reason in reasons)


def recheck(site: Site, base_tree: str, ids: Sequence[str], suite: Suite, times: int = 3) -> tuple[Flake, ...]:
    """Those of `ids` that fail on the base now and then: run there again, alone, each several times."""
    ways = manners(base_tree, times, _TURNS)
    runs = [run_tests(site, base_tree, ids=ids, suite=suite, manner=manner) for manner in ways]
    return tuple(_flakes(ids, [run for run in runs if run.proves]))


def _flakes(ids: Sequence[str], runs: Sequence[TestRun]) -> Iterator[Flake]:
    for name in ids:
        shown = [run.turns.get(name, ()) for run in runs]
        failed = sum(ending in _BAD for turns in shown for ending in turns)
        if failed and (len(set(shown)) > 1 or any(turns[:1] and turns[0] in _BAD for turns in shown)):
            yield Flake(name, failed, sum(map(len, shown)))


def _retold(reason: Reason, flakes: Sequence[Flake]) -> Reason:
    for flake in flakes:
        if reason.code == BROKEN and reason.sentence.startswith(f"{flake.id} "):
            counts = f"failed {flake.failed} of {flake.turns} times when it was run again there"
            todo = f"make an item of it (repair the flaky test {flake.id}) and do that first"
            return Reason("flaky_before", f"{flake.id} is flaky on the base already: it {counts}; {todo}")
    return reason
