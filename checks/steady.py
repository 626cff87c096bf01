"""Do new tests end the same however often, in whatever order, and whether or not the code knows it is tested?

What is compared is how a test ended turn by turn: a test that can be run only once in a process is steady, one that
fails now and then is not. How likely a test that fails by chance gets through all the same says `accepted`:

| fails with | 1 turn | 3 turns | 10 turns | (3 processes beside the first run)
|---|---|---|---|
| p = 0.5  | 0.125 | 0.008 | 0.000 |
| p = 0.1  | 0.656 | 0.350 | 0.039 |
| p = 0.01 | 0.961 | 0.904 | 0.732 |
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from checks.compare import listed
from checks.holds import proves
from checks.manner import Manner
from checks.reason import Reason
from checks.suite import Suite, run_tests
from checks.testrun import TestRun
from sandbox.site import Site

MOST = 10
"""Turns of a test in one process, at most."""
ENOUGH_S = 0.3
"""How long all turns of one process may take, going by the first run; one turn is always made."""

_Ends = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Steady:
    reasons: tuple[Reason, ...]
    """Empty when every run ended as the first."""
    runs: tuple[TestRun, ...]
    manners: tuple[Manner, ...]
    """How each of the runs was made."""

    @property
    def seeds(self) -> tuple[int, ...]:
        return tuple(manner.hash_seed for manner in self.manners)


def steady(site: Site, tree: str, *, ids: Sequence[str], suite: Suite, times: int = 3, first: TestRun) -> Steady:
    """Run `ids` on `tree` `times` more and compare with `first`: backwards, blind, then shuffled.

    Every run has a fresh copy and another hash seed. Reasons are `unsteady` (ends otherwise from run to run),
    `watched` (ends otherwise when the code is not told that it is tested) and `no_proof`. Raises SandboxUnavailable.
    """
    ways = manners(tree, times, turns(first, ids))
    runs: list[TestRun] = []
    for manner in ways:
        runs.append(run_tests(site, tree, ids=ids, suite=suite, manner=manner))
        if not runs[-1].proves:
            return Steady(_doubtful(runs[-1], manner), tuple(runs), ways[: len(runs)])

    def again(manner: Manner) -> TestRun:
        return run_tests(site, tree, ids=ids, suite=suite, manner=manner)

    return Steady(_differing(ids, first, tuple(zip(ways, runs, strict=True)), again), tuple(runs), ways)


def manners(tree: str, times: int, repeats: int) -> tuple[Manner, ...]:
    """The same for the same tree, so that anyone can repeat them, and not to be foreseen by who writes the tree."""
    chance = random.Random(tree)  # nosec B311
    seeds = [chance.randrange(1, 2**32) for _ in range(times)]
    shuffled = [Manner(order=seed, hash_seed=seed, repeats=repeats) for seed in seeds]
    backwards = [replace(manner, order=0) for manner in shuffled[:1]]
    blind = [replace(manner, blind=True) for manner in shuffled[1:2]]
    return (*backwards, *blind, *shuffled[2:])


def turns(first: TestRun, ids: Collection[str]) -> int:
    """How often each test is to be run in one process, so that it does not take long."""
    seconds = sum(outcome.seconds for name, outcome in first.outcomes.items() if meant(name, ids))
    return max(1, min(MOST, int(ENOUGH_S / max(seconds, 0.001))))


def accepted(p: float, processes: int, repeats: int) -> float:
    """The probability that a test failing by chance with `p` shows the same in every run."""

    def alike(runs: int) -> float:
        return float(p**runs + (1 - p) ** runs)

    return alike(processes + 1) * alike(processes) ** (repeats - 1)


def meant(name: str, ids: Collection[str]) -> bool:
    """Is this one of `ids`, a case of one, or the file of one, which could not be imported?"""
    whole = (name, name.split("[")[0], *_above(name))
    return any(one in ids for one in whole) or any(one.startswith(f"{name}::") for one in ids)


def _above(name: str) -> Iterator[str]:
    parts = name.split("[")[0].split("::")
    return ("::".join(parts[:end]) for end in range(1, len(parts)))


def _doubtful(run: TestRun, manner: Manner) -> tuple[Reason, ...]:
    how = "blind" if manner.blind else "in another order"
    return tuple(Reason(r.code, f"run again {how}, the tests prove nothing: {r.sentence}") for r in proves(run))


def _differing(
    ids: Collection[str], first: TestRun, made: Sequence[tuple[Manner, TestRun]], again: Callable[[Manner], TestRun]
) -> tuple[Reason, ...]:
    """What only the blind run shows may still be chance or order: it is run once more in its manner, but seeing."""
    seeing = [run for manner, run in made if not manner.blind]
    moved = _moved(ids, first, seeing)
    blind = {name for manner, run in made if manner.blind for name in _moved(ids, first, [*seeing, run])} - moved
    reasons = (_unsteady(moved),) if moved else ()
    if not blind:
        return reasons
    (manner,) = [manner for manner, _ in made if manner.blind]
    chance = blind & _moved(ids, first, [*seeing, again(replace(manner, blind=False))])
    return (
        *((_unsteady(moved | chance),) if moved | chance else ()),
        *((_watched(blind - chance),) if blind - chance else ()),
    )


def _moved(ids: Collection[str], first: TestRun, runs: Sequence[TestRun]) -> set[str]:
    """Tests that did not end in all `runs` alike, or not as in `first`."""
    before = {name: _end(first, name)[:1] for name in first.outcomes if meant(name, ids)}
    ends: list[_Ends] = [{name: _end(run, name) for name in run.outcomes} for run in runs]
    names = set(before).union(*ends)
    return {name for name in names if len({end.get(name) for end in ends} | _begun(before, ends, name)) > len(ends[:1])}


def _begun(before: _Ends, ends: Sequence[_Ends], name: str) -> set[tuple[str, ...] | None]:
    """Nothing new where every run began as `first` ended."""
    return set() if all((end.get(name) or ())[:1] == before.get(name, ()) for end in ends) else {("otherwise",)}


def _end(run: TestRun, name: str) -> tuple[str, ...]:
    """How it ended, turn by turn, with what it raised where it always ended in the same way."""
    outcome = run.outcomes[name]
    endings = tuple(run.turns.get(name, (outcome.ending,)))
    raised = f" {outcome.raised.type}" if outcome.raised and len(set(endings)) == 1 else ""
    return tuple(ending + raised for ending in endings)


def _unsteady(names: Collection[str]) -> Reason:
    told = "ends otherwise when it is run again, in another order or with other hashes"
    return Reason("unsteady", f"{listed(names)} {told}: free it of order, time and chance")


def _watched(names: Collection[str]) -> Reason:
    told = "ends otherwise when the code is not told that it is being tested"
    return Reason("watched", f"{listed(names)} {told}: what it does may not depend on who watches")
