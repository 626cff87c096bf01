"""The verdict runner: is a result green? Decided in a fresh sandbox, on a tree the harness assembled."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from checks.assemble import assemble, overreach, tampered
from checks.canary import Canary, canary, plant, sing, without
from checks.check import Check, CommandCheck, TestCheck
from checks.compare import regressions, still_failing
from checks.holds import check_fails as check_fails
from checks.holds import check_passes as check_passes
from checks.holds import command_passes, proves, run_command, tests_pass
from checks.reason import Reason as Reason
from checks.reason import Verdict as Verdict
from checks.repaired import repaired
from checks.suite import Suite, run_tests
from checks.testrun import TestRun
from sandbox.site import Site


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
    run: they are as in the base unless `contract_files` names them. With `is_test`, no other test may change.
    The verdict of tests is a whole run of the suite with canaries. Raises SandboxUnavailable, ScannerFailed.
    """
    base, result = site.trees.entries(base_tree), site.trees.entries(result_tree)
    refused = (
        *tampered(result, locked),
        *overreach(base, result, locked=locked, protected=protected, is_test=is_test, named=contract_files),
    )
    if refused:
        return Verdict(False, refused)
    edits = assemble(base, result, locked=locked, protected=protected, named=contract_files)
    tree = site.trees.edit(result_tree, edits) if edits else result_tree
    run, reasons = _tests(site, tree, check, baseline, suite)
    reasons = reasons or _check(site, base_tree, tree, check, run, suite)
    return Verdict(not reasons, reasons or still_failing(baseline, run), (run,))


def _tests(
    site: Site, tree: str, check: Check, baseline: TestRun, suite: Suite
) -> tuple[TestRun, tuple[Reason, ...]]:
    """The whole suite on `tree`: the run without its canaries, and why it is not good enough."""
    if suite.argv:  # only pytest can be given canaries
        run = run_tests(site, tree, suite=suite)
        return run, proves(run) or _compared(baseline, run)
    planted = _canary(check, baseline)
    run = run_tests(site, plant(site, tree, planted), suite=suite, canary=planted)
    kept = without(run, planted)
    return kept, proves(run) or sing(run, planted) or _compared(baseline, kept)


def _canary(check: Check, baseline: TestRun) -> Canary:
    named = check.ids if isinstance(check, TestCheck) else ()
    return canary((*named, *sorted(baseline.ids)), baseline.python_files, baseline.python_functions)


def _compared(baseline: TestRun, run: TestRun) -> tuple[Reason, ...]:
    if not run.ids:
        return (Reason("no_tests", "not one test was run: without tests nothing is green"),)
    return regressions(baseline, run)


def _check(
    site: Site, base_tree: str, tree: str, check: Check, run: TestRun, suite: Suite
) -> tuple[Reason, ...]:
    if isinstance(check, TestCheck):
        return tests_pass(check, run)
    if isinstance(check, CommandCheck):
        return _command(site, base_tree, tree, check, suite)
    return repaired(site, base_tree, tree, check)


def _command(site: Site, base_tree: str, tree: str, check: CommandCheck, suite: Suite) -> tuple[Reason, ...]:
    before = check_fails(site, base_tree, check, suite)
    return before.reasons or command_passes(check, run_command(site, tree, check, suite))
