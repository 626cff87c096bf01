"""Does an item's check fail, or pass, on one tree? As values, with the runs they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checks.check import Check, CommandCheck, FindingCheck, TestCheck
from checks.compare import each_id, listed, message
from checks.finding import Finding
from checks.reason import Reason, Verdict
from checks.repaired import finding_gone, matching, scan_files
from checks.suite import Suite, run_tests
from checks.testrun import TestRun
from checks.trouble import NO_TESTS
from sandbox.limits import TESTS
from sandbox.policy import Result
from sandbox.site import Site


def check_fails(site: Site, tree: str, check: Check, suite: Suite) -> Verdict:
    """Passed when the check really fails there: what an item needs on its base.

    Raises SandboxUnavailable, ScannerFailed.
    """
    if isinstance(check, TestCheck):
        run = run_tests(site, tree, ids=check.ids, suite=suite)
        return _verdict(_not_failing(check, run), run)
    if isinstance(check, FindingCheck):
        return _verdict(_not_found(check, _reported(site, tree, check)))
    result = run_command(site, tree, check.argv, suite.timeout_s)
    return _verdict(_not_refused(check, result))


def check_passes(site: Site, tree: str, check: Check, suite: Suite) -> Verdict:
    """Passed when the check passes there. Raises SandboxUnavailable, ScannerFailed."""
    if isinstance(check, TestCheck):
        run = run_tests(site, tree, ids=check.ids, suite=suite)
        return _verdict(proves(run) or tests_pass(check, run), run)
    if isinstance(check, FindingCheck):
        return _verdict(finding_gone(check, _reported(site, tree, check)))
    return _verdict(command_passes(check, run_command(site, tree, check.argv, suite.timeout_s)))


def run_command(site: Site, tree: str, argv: Sequence[str], wall_s: float) -> Result:
    """The command on a fresh copy of `tree` that it may write to. Raises SandboxUnavailable."""
    with site.fresh(tree) as workspace:
        box = site.box(workspace, writable=(".",), environment={"PYTHONDONTWRITEBYTECODE": "1"})
        return box.run(argv, limits=replace(TESTS, wall_s=wall_s))


def proves(run: TestRun) -> tuple[Reason, ...]:
    """Why the run proves nothing; empty when it does."""
    if run.proves:
        return ()
    return (Reason("no_proof", run.trouble or "the test run did not come to its end"),)


def baseline_holds(baseline: TestRun) -> tuple[Reason, ...]:
    """Why nothing can be compared with this run of the base. A base without any test is no obstacle."""
    if baseline.proves or baseline.trouble == NO_TESTS:
        return ()
    why = baseline.trouble or "it did not come to its end"
    return (Reason("no_baseline", f"the suite of the base proves nothing, so no change can be judged: {why}"),)


def tests_pass(check: TestCheck, run: TestRun) -> tuple[Reason, ...]:
    if not check.ids:
        return (Reason("no_tests_named", "the check names no tests: nothing shows that the item is done"),)
    return tuple(_not_passing(run, name) for name in each_id(check.ids, run) if name not in run.with_ending("passed"))


def command_passes(check: CommandCheck, result: Result) -> tuple[Reason, ...]:
    if result.ok:
        return ()
    end = f"was stopped for crossing its {result.killed} limit" if result.killed else f"exits with {result.code}"
    return (Reason("command_fails", f"`{' '.join(check.argv)}` {end}: {_end(result)}"),)


def _reported(site: Site, tree: str, check: FindingCheck) -> tuple[Finding, ...]:
    return matching(check, scan_files(site, tree, check, (check.path,)))


def _not_failing(check: TestCheck, run: TestRun) -> tuple[Reason, ...]:
    if not run.finished:
        return proves(run)
    ids = each_id(check.ids, run)
    lost = [name for name in ids if not {name, name.split("::")[0]} & run.outcomes.keys()]
    if lost:
        return (Reason("check_missing", f"{listed(lost)} is not there: name a test that the suite finds"),)
    fine = [name for name in ids if not {name, name.split("::")[0]} & run.with_ending("failed", "error")]
    if check.ids and not fine:
        return ()
    return (Reason("check_holds_already", f"{listed(fine) or 'no test'} does not fail here: there is nothing to do"),)


def _not_found(check: FindingCheck, found: Sequence[Finding]) -> tuple[Reason, ...]:
    if found:
        return ()
    return (Reason("check_holds_already", f"{check.tool} does not report {check.rule} in {check.path}: nothing to do"),)


def _not_refused(check: CommandCheck, result: Result) -> tuple[Reason, ...]:
    command = " ".join(check.argv)
    if result.killed:
        return (
            Reason(
                "no_proof",
                f"`{command}` was stopped for crossing its {result.killed} limit: that shows nothing",
            ),
        )
    if result.code in (126, 127):
        return (Reason("no_proof", f"`{command}` can not be run here: {_end(result)}"),)
    return (Reason("check_holds_already", f"`{command}` exits with 0 already: nothing to do"),) if result.ok else ()


def _not_passing(run: TestRun, name: str) -> Reason:
    outcome = run.outcomes.get(name)
    if outcome is None:
        return Reason("check_lost", f"{name} was not run: it must be collected and pass")
    return Reason(
        "check_fails",
        f"{name} must pass and is {outcome.ending}{message(outcome)}: change the code, not the test",
    )


def _end(result: Result) -> str:
    text = (result.stdout + b"\n" + result.stderr).decode(errors="replace").strip()
    return text[-300:] or "it printed nothing"


def _verdict(reasons: tuple[Reason, ...], *runs: TestRun) -> Verdict:
    return Verdict(not reasons, reasons, runs)
