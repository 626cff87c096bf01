"""Run red and green again, in fresh sandboxes, on trees whose papers are in order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from app.house import House
from app.papers import CHECK, Seen
from app.strength import strength_json
from checks.check import Check, TestCheck
from checks.red import judge_red
from checks.strength import Strength, judge_strength, measure, unmeasured
from checks.suite import run_tests
from checks.testrun import TestRun
from checks.verdict import Verdict, check_fails, judge_green
from evidence.sound import FULL, runs_of
from evidence.statement import Statement
from graph.proof import summary
from sandbox.scope import is_test, protected
from sandbox.site import Site
from sandbox.tree import Trees


@dataclass(frozen=True)
class Rerun:
    seen: tuple[Seen, ...]
    red: dict[str, Any]
    """`passed`, `ids`, `reasons[]` (code, sentence), and `counts` of the run where tests were run."""
    green: dict[str, Any]
    strength: dict[str, Any] | None
    """Of the tests that are the check; None where there are none, or red or green failed."""
    isolation: dict[str, Any]
    """Of the sandbox here."""


def rerun(house: House, said: Statement, trees: Trees) -> Rerun:
    """Raises SandboxUnavailable, ScannerFailed."""
    site = replace(house.site, trees=trees)
    check = CHECK.validate_python(said.check)
    before = run_tests(site, said.base_tree, suite=house.suite)
    red = _red(house, site, said, check, before)
    green = _green(house, site, said, check, before)
    isolation = site.sandbox.isolation
    strength = _strength(house, site, said) if red.passed and green.passed and said.ids else None
    seen = (
        *_isolated(isolation.level),
        Seen("red", red.passed, _told(red) or "the check fails before the change, for the right reason"),
        Seen("green", green.passed, _told(green) or "the check passes after it, and nothing that passed before fails"),
        *(_strong(strength, check, house) if strength else ()),
        *_figures(house, said, green),
    )
    told = {"backend": isolation.backend, "version": isolation.version, "level": isolation.level}
    found = strength_json(strength, red.passed) if strength else None
    return Rerun(seen, {"ids": list(said.ids)} | _as_json(red), _as_json(green), found, told)


def _isolated(level: str) -> tuple[Seen, ...]:
    why = f"the sandbox here has isolation {level!r}, not {FULL!r}: nothing is proven in it"
    return () if level == FULL else (Seen("isolation", False, why),)


def _strength(house: House, site: Site, said: Statement) -> Strength:
    return measure(
        site, base_tree=said.base_tree, result_tree=said.result_tree, ids=said.ids, suite=house.suite, is_test=is_test
    )


def _strong(strength: Strength, check: Check, house: House) -> tuple[Seen, ...]:
    """Tests that came with the item were not its author's to strengthen: of those the score is only told."""
    own = isinstance(check, TestCheck) and not check.ids
    reasons = (*judge_strength(strength), *unmeasured(strength, house.suite)) if own else ()
    told = f"the tests notice {strength.killed} of {strength.total} wrong versions of the change"
    return (Seen("strength", not reasons, "; ".join(r.sentence for r in reasons) or told),)


def _figures(house: House, said: Statement, green: Verdict) -> tuple[Seen, ...]:
    """The figures of the first run are those of this one, where the same Python made both."""
    stated = runs_of(said, "validate")
    if not green.passed or not green.runs or not stated:
        return ()
    now = summary(green.runs[-1])
    if said.versions.get("python") != house.toolchain.version:
        return (Seen("figures", True, f"not compared: they were made with Python {said.versions.get('python')}"),)
    wrong = next((name for name in ("ids", "counts") if stated[-1][name] != now[name]), None)
    detail = f"stated {_counted(stated[-1])}; now {_counted(now)}"
    return (Seen("figures", wrong is None, f"{detail}: other {wrong}" if wrong else detail),)


def _counted(run: dict[str, Any]) -> str:
    return ", ".join(f"{n} {ending}" for ending, n in run["counts"].items()) or "no tests"


def _told(verdict: Verdict) -> str:
    return "; ".join(r.sentence for r in verdict.reasons)


def _as_json(verdict: Verdict) -> dict[str, Any]:
    reasons = [{"code": r.code, "sentence": r.sentence} for r in verdict.reasons]
    counts = {"counts": summary(verdict.runs[-1])["counts"]} if verdict.runs else {}
    return {"passed": verdict.passed, "reasons": reasons} | counts


def _red(house: House, site: Site, said: Statement, check: Check, before: TestRun) -> Verdict:
    if not isinstance(check, TestCheck) or said.red_tree == said.base_tree:
        return check_fails(site, said.base_tree, check, house.suite)
    return judge_red(
        site,
        base_tree=said.base_tree,
        red_tree=said.red_tree,
        ids=said.ids,
        promised=(*said.symbols, *said.files),
        baseline=before,
        is_test=is_test,
        suite=house.suite,
    )


def _green(house: House, site: Site, said: Statement, check: Check, before: TestRun) -> Verdict:
    return judge_green(
        site,
        base_tree=said.base_tree,
        result_tree=said.result_tree,
        locked=said.locked,
        check=TestCheck(ids=said.ids) if isinstance(check, TestCheck) else check,
        baseline=before,
        suite=house.suite,
        protected=protected,
        contract_files=said.files,
        is_test=is_test,
    )
