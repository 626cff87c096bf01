"""The verdict runner: is a result green? Decided in a fresh sandbox, on a tree the harness assembled."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from checks.canary import Canary, canary, plant, sing, without
from checks.check import Check, CommandCheck, TestCheck
from checks.compare import regressions, still_failing
from checks.holds import baseline_holds, command_passes, proves, run_command, tests_pass
from checks.holds import check_fails as check_fails
from checks.holds import check_passes as check_passes
from checks.intact import overreach, tampered
from checks.reason import Reason as Reason
from checks.reason import Verdict as Verdict
from checks.repaired import repaired
from checks.suite import Suite, run_tests
from checks.testrun import TestRun
from sandbox.site import Site
from sandbox.tree import Entry


def judge_green(
    site: Site,
    *,
    base_tree: str,
    result_tree: str,
    locked: Mapping[str, str],
    check: Check,
    baseline: TestRun,
    suite: Suite,
    protected: Callable[[str], bool],
    contract_files: Collection[str],
    is_test: Callable[[str], bool] = lambda path: False,
) -> Verdict:
    """Judge `result_tree` against `base_tree` and the `baseline` run made on it.

    `locked` are the test files proven red, path to blob id. `protected` says which files decide how tests
    run: they must be as in the base unless `contract_files` names them. With `is_test`, so must other tests.
    What counts is a whole run of the suite with canaries planted in it. `reasons` of a verdict that passed
    say what failed before and fails still. Raises SandboxUnavailable, ScannerFailed.
    """
    base, result = site.trees.entries(base_tree), site.trees.entries(result_tree)
    refused = (
        *tampered(base, result, locked),
        *overreach(base, result, locked=locked, protected=protected, is_test=is_test, named=contract_files),
        *baseline_holds(baseline),
    )
    if refused:
        return Verdict(False, refused)
    run, reasons = _tests(site, result_tree, check, baseline, suite)
    reasons = reasons or _check(site, base_tree, result_tree, check, run, suite)
    reasons = reasons or _by_the_old_tests(site, base, result, result_tree, baseline, suite, is_test)
    return Verdict(not reasons, reasons or still_failing(baseline, run), (run,))


def _tests(site: Site, tree: str, check: Check, baseline: TestRun, suite: Suite) -> tuple[TestRun, tuple[Reason, ...]]:
    """The whole suite on `tree`: the run without its canaries, and why it is not good enough."""
    if suite.argv:  # only pytest can be given canaries
        run = run_tests(site, tree, suite=suite)
        return run, proves(run) or _compared(baseline, run)
    planted = _canary(site, tree, check, baseline)
    run = run_tests(site, plant(site, tree, planted), suite=suite, canary=planted)
    kept = without(run, planted)
    return kept, proves(run) or sing(run, planted) or _compared(baseline, kept)


def _canary(site: Site, tree: str, check: Check, baseline: TestRun) -> Canary:
    """Beside a test whose file is one of the tree: some are found through links, where nothing can be planted."""
    named = check.ids if isinstance(check, TestCheck) else ()
    files = site.trees.entries(tree)
    beside = [name for name in (*named, *sorted(baseline.ids)) if name.split("::")[0] in files]
    return canary(beside, baseline.python_functions)


def _compared(baseline: TestRun, run: TestRun) -> tuple[Reason, ...]:
    if not run.ids:
        return (Reason("no_tests", "not one test was run: without tests nothing is green"),)
    return regressions(baseline, run)


def _check(site: Site, base_tree: str, tree: str, check: Check, run: TestRun, suite: Suite) -> tuple[Reason, ...]:
    if isinstance(check, TestCheck):
        return tests_pass(check, run)
    if isinstance(check, CommandCheck):
        return _command(site, base_tree, tree, check, suite)
    return repaired(site, base_tree, tree, check)


def _command(site: Site, base_tree: str, tree: str, check: CommandCheck, suite: Suite) -> tuple[Reason, ...]:
    before = check_fails(site, base_tree, check, suite)
    return before.reasons or command_passes(check, run_command(site, tree, check, suite))


def _by_the_old_tests(
    site: Site,
    base: Mapping[str, Entry],
    result: Mapping[str, Entry],
    tree: str,
    baseline: TestRun,
    suite: Suite,
    is_test: Callable[[str], bool],
) -> tuple[Reason, ...]:
    """The base's own tests, as they were, on the changed code: nothing written in RED can cover a regression."""
    paths = [path for path in base.keys() | result.keys() if is_test(path) and base.get(path) != result.get(path)]
    if not paths or not baseline.ids:
        return ()
    run = run_tests(site, site.trees.edit(tree, {path: base.get(path) for path in paths}), suite=suite)
    reasons = proves(run) or _compared(baseline, run)
    return tuple(Reason(r.code, f"with the tests as they were before this item, {r.sentence}") for r in reasons)
