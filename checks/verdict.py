"""The verdict runner: is a result green? Decided in a fresh sandbox, on a tree the harness assembled."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from checks.check import Check, CommandCheck, TestCheck
from checks.compare import still_failing
from checks.holds import baseline_holds, command_passes, run_command, tests_pass
from checks.holds import check_fails as check_fails
from checks.holds import check_passes as check_passes
from checks.intact import overreach, tampered
from checks.plugins import plugins_of
from checks.reason import Reason as Reason
from checks.reason import Verdict as Verdict
from checks.repaired import repaired
from checks.suite import Suite
from checks.testrun import TestRun
from checks.whole import by_the_old_tests, whole_run
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
    run: they must be as in the base unless `contract_files` names them. With `is_test`, so must other tests.
    What counts is a whole run of the suite with canaries planted in it. `reasons` of a verdict that passed
    say what failed before and fails still. Raises SandboxUnavailable, ScannerFailed.
    """
    base, result = site.trees.entries(base_tree), site.trees.entries(result_tree)
    plugins = plugins_of(site.trees, base_tree)

    def steers(path: str) -> bool:
        return protected(path) or path in plugins

    refused = (
        *tampered(base, result, locked),
        *overreach(base, result, locked=locked, protected=steers, is_test=is_test, named=contract_files),
        *baseline_holds(baseline),
    )
    if refused:
        return Verdict(False, refused)
    named = check.ids if isinstance(check, TestCheck) else ()
    run, reasons = whole_run(site, result_tree, base_tree=base_tree, beside=named, baseline=baseline, suite=suite)
    reasons = reasons or _check(site, base_tree, result_tree, check, run, suite)
    reasons = reasons or by_the_old_tests(
        site, base_tree=base_tree, tree=result_tree, baseline=baseline, suite=suite, is_test=is_test
    )
    return Verdict(not reasons, reasons or still_failing(baseline, run), (run,))


def _check(site: Site, base_tree: str, tree: str, check: Check, run: TestRun, suite: Suite) -> tuple[Reason, ...]:
    if isinstance(check, TestCheck):
        return tests_pass(check, run)
    if isinstance(check, CommandCheck):
        return _command(site, base_tree, tree, check, suite)
    return repaired(site, base_tree, tree, check)


def _command(site: Site, base_tree: str, tree: str, check: CommandCheck, suite: Suite) -> tuple[Reason, ...]:
    before = check_fails(site, base_tree, check, suite)
    return before.reasons or command_passes(check, run_command(site, tree, check.argv, suite.timeout_s))
