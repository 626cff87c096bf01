"""How strong new tests are, by measurement: which wrong versions of the changed lines they notice."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checks.events import Events
from checks.mutants import Mutant
from checks.reason import Reason
from checks.suite import Suite
from checks.trial import Trial, trial, tried
from sandbox import convention
from sandbox.policy import Result
from sandbox.site import Site

_FEW = 2
"""Numbers up to this say nothing."""


@dataclass(frozen=True, slots=True)
class Survivor:
    """A wrong version that no new test noticed: `after` stood where `before` should be."""

    path: str
    line: int
    operator: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Strength:
    """Counts are of mutants that were tried; what the time did not suffice for is not among them."""

    killed: int = 0
    total: int = 0
    survivors: tuple[Survivor, ...] = ()
    unreached: tuple[str, ...] = ()
    """`path:line` of changed statements in functions that no new test runs."""
    deaf: tuple[str, ...] = ()
    """Tests that noticed none of their changed expectations, though they have some."""
    unseen: tuple[str, ...] = ()
    """`path:line` of returns that the new tests run, where none of them notices what is returned; else empty."""
    seconds: float = 0.0
    trouble: str = ""
    """One sentence: why nothing (`total` is 0 then), or not everything, could be measured."""
    perturbed: int = 0
    noticed: int = 0
    """Tests with changed expectations, and those of them that failed then."""


def measure(
    site: Site,
    *,
    base_tree: str,
    result_tree: str,
    ids: Sequence[str],
    suite: Suite,
    limit: int = 60,
    wall_s: float = 120,
    is_test: Callable[[str], bool] = convention.is_test,
) -> Strength:
    """Try at most `limit` mutants of the lines that differ, and every new test with other expectations.

    `ids` are the new tests; they must pass on `result_tree`. When `wall_s` seconds are over, what was tried
    until then counts, and `trouble` says how much is missing. Raises SandboxUnavailable.
    """
    if suite.argv:
        return Strength(trouble="mutants are made for Python tests run by pytest")
    plan = trial(site, base_tree=base_tree, result_tree=result_tree, ids=ids, limit=limit, is_test=is_test)
    if not plan.mutants and not any(found.edits for found in plan.expectations.values()):
        return Strength()
    events, result = tried(site, result_tree, ids=ids, suite=suite, plan=plan, wall_s=wall_s)
    return strength(plan, events, result)


def judge_strength(strength: Strength) -> tuple[Reason, ...]:
    """Refuses tests that notice nothing; how much the others notice is for a person to weigh."""
    reasons = []
    if strength.total and not strength.killed:
        reasons.append(Reason("weak_tests", _weak(strength)))
    if strength.deaf:
        named = ", ".join(strength.deaf[:3])
        sentence = f"{named}: passes whatever it is told to expect; let it compare with what must come out"
        reasons.append(Reason("deaf_tests", sentence))
    return tuple(reasons)


def unmeasured(strength: Strength, suite: Suite) -> tuple[Reason, ...]:
    """Where mutants could be made and nothing came of it, nobody knows what the tests are worth."""
    if suite.argv or strength.total or not strength.trouble:
        return ()
    return (Reason("strength_unknown", f"how strong the new tests are could not be measured: {strength.trouble}"),)


def _weak(strength: Strength) -> str:
    shown = "; ".join(f"{s.path}:{s.line}: {s.before} → {s.after}" for s in strength.survivors[:3])
    return f"the new tests notice none of {strength.total} wrong versions of the changed lines: test for {shown}"


def strength(plan: Trial, events: Events, result: Result) -> Strength:
    """What the events of a trial say."""
    why = _void(events, result)
    if why:
        return Strength(seconds=result.seconds, trouble=why)
    verdicts = {e["index"]: e["verdict"] for e in events.lines if e["event"] == "mutant"}
    deaf, with_expectations = _deaf(plan, events)
    unreached = _unreached(plan, events)
    return Strength(
        killed=sum(verdict == "killed" for verdict in verdicts.values()),
        total=len(verdicts),
        survivors=_survivors(m for i, m in enumerate(plan.mutants) if verdicts.get(i, "killed") != "killed"),
        unreached=unreached,
        deaf=deaf,
        unseen=_unseen(plan, verdicts, unreached),
        seconds=result.seconds,
        trouble=_missing(plan, events, len(verdicts)),
        perturbed=with_expectations,
        noticed=with_expectations - len(deaf),
    )


def unseen(strength: Strength) -> tuple[Reason, ...]:
    """Tests that say what must not come out, and not what must: a person is asked."""
    if not strength.unseen:
        return ()
    told = "what is returned there could be anything and no new test would notice: see what they compare it with"
    return (Reason("unseen_return", f"{', '.join(strength.unseen[:3])}: {told}"),)


def not_run(strength: Strength) -> tuple[Reason, ...]:
    """Changed lines about which the new tests say nothing at all."""
    if not strength.unreached:
        return ()
    where = ", ".join(strength.unreached[:5]) + (" and more" if len(strength.unreached) > 5 else "")
    return (Reason("not_run", f"{where}: no new test runs what was changed there: see what it is for"),)


def fitted(strength: Strength, tests: Mapping[str, tuple[str, str]]) -> tuple[Reason, ...]:
    """A number in the code that could be another, and that the new tests happen to use: made to measure for them."""
    used = {number for _, new in tests.values() for number in re.findall(r"\b\d+\b", new)}
    found = [s for s in strength.survivors if s.operator == "constant" and s.before in used and int(s.before) > _FEW]
    told = "stands in the new tests too, and no test notices another: see whether it was only made to fit them"
    return tuple(Reason("fitted", f"{s.path}:{s.line} the number {s.before} {told}") for s in found[:3])


def _unseen(plan: Trial, verdicts: Mapping[int, str], unreached: Collection[str]) -> tuple[str, ...]:
    tried = [(m, verdicts[i]) for i, m in enumerate(plan.mutants) if m.operator == "return" and i in verdicts]
    if any(verdict == "killed" for _, verdict in tried):
        return ()
    return tuple(at for m, _ in tried if (at := f"{m.path}:{m.line}") not in unreached)


def _survivors(left: Any) -> tuple[Survivor, ...]:
    mutants: list[Mutant] = sorted(left, key=lambda m: (m.path, m.edit.start))
    return tuple(Survivor(m.path, m.line, m.operator, m.before, m.after) for m in mutants)


def _void(events: Events, result: Result) -> str:
    if events.forged:
        return "somebody else wrote into the report of the measurement: nothing in it counts"
    unusable = _first(events, "unusable")
    if unusable:
        return f"pytest can not be loaded: {unusable['message']}"
    if _first(events, "void"):
        return (
            "the new tests failed in one of several runs on code that does the same: they depend on something else too"
        )
    control = _first(events, "control")
    if not control:
        return f"the new tests did not finish in {result.seconds:.0f} s where their strength is measured"
    if not control["ok"]:
        return f"the new tests do not pass where their strength is measured: {control['by'] or 'none passed'}"
    return ""


def _missing(plan: Trial, events: Events, tried: int) -> str:
    planned, other = len(plan.mutants), _first(events, "perturbed")
    if tried < planned:
        return f"{planned - tried} of {planned} mutants were not tried: the time was up"
    if other is not None and other["how"] != "ended":
        return f"the tests did not come to their end with other expectations: {other['by']}"
    return ""


def _unreached(plan: Trial, events: Events) -> tuple[str, ...]:
    """Empty too when nobody could watch the lines."""
    reached = _first(events, "reached")
    if not reached or reached["lost"]:
        return ()
    ran = {(path, line) for path, line in reached["lines"]}
    return tuple(
        f"{path}:{line}" for path, lines in plan.statements.items() for line in sorted(lines) if (path, line) not in ran
    )


def _deaf(plan: Trial, events: Events) -> tuple[tuple[str, ...], int]:
    """Tests that passed all the same, and how many had expectations to change; of a test's cases one must fail."""
    before, after = _outcomes(events, "control"), _outcomes(events, "perturbed")
    deaf, count = [], 0
    for test in (f"{path}::{name}" for path, found in plan.expectations.items() for name in found.names):
        cases = [name for name, ending in before.items() if ending == "passed" and name.split("[")[0] == test]
        told = [after[name] for name in cases if name in after]
        count += bool(told)
        if told and all(ending == "passed" for ending in told):
            deaf.append(test)
    return tuple(deaf), count


def _outcomes(events: Events, name: str) -> Mapping[str, str]:
    found: Mapping[str, str] = (_first(events, name) or {}).get("outcomes", {})
    return found


def _first(events: Events, name: str) -> Mapping[str, Any] | None:
    return next((event for event in events.lines if event["event"] == name), None)
