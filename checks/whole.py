"""The whole suite on a tree, with canaries in it, compared with the run of the base."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from checks.canary import Canary, canary, plant, sing, without
from checks.compare import regressions
from checks.flake import told_apart
from checks.holds import proves
from checks.reason import Reason
from checks.suite import Suite, run_tests
from checks.testrun import TestRun
from sandbox.site import Site


def whole_run(
    site: Site,
    tree: str,
    *,
    base_tree: str,
    beside: Sequence[str],
    baseline: TestRun,
    suite: Suite,
    exempt: frozenset[str] = frozenset(),
) -> tuple[TestRun, tuple[Reason, ...]]:
    """The run without its canaries, and why it is not good enough. The canaries lie beside the tests named.

    Tests in `exempt` may be lost or fail. Raises SandboxUnavailable.
    """
    run, reasons = sung(site, tree, beside=beside, baseline=baseline, suite=suite)
    return run, reasons or _compared(site, base_tree, baseline, run, suite, exempt)


def sung(
    site: Site, tree: str, *, beside: Sequence[str], baseline: TestRun, suite: Suite
) -> tuple[TestRun, tuple[Reason, ...]]:
    """The run without its canaries, and why it can not be believed."""
    if suite.argv:  # only pytest can be given canaries
        run = run_tests(site, tree, suite=suite)
        return run, proves(run)
    planted = canary_for(site, tree, beside, baseline)
    run = run_tests(site, plant(site, tree, planted), suite=suite, canary=planted)
    return without(run, planted), proves(run) or sing(run, planted)


def canary_for(site: Site, tree: str, beside: Sequence[str], baseline: TestRun) -> Canary:
    """Beside a test whose file is one of the tree: some are found through links, where nothing can be planted."""
    files = site.trees.entries(tree)
    there = [name for name in (*beside, *sorted(baseline.ids)) if name.split("::")[0] in files]
    return canary(there, baseline.python_functions, files)


def by_the_old_tests(
    site: Site,
    *,
    base_tree: str,
    tree: str,
    baseline: TestRun,
    suite: Suite,
    is_test: Callable[[str], bool],
) -> tuple[Reason, ...]:
    """The base's own tests, as they were, on the changed code: no new test or fixture can cover a regression."""
    changed = [change for change in site.trees.diff(base_tree, tree) if is_test(change.path)]
    if not changed or not baseline.ids:
        return ()
    run = run_tests(site, site.trees.edit(tree, {c.path: c.before for c in changed}), suite=suite)
    reasons = proves(run) or _compared(site, base_tree, baseline, run, suite)
    return tuple(Reason(r.code, f"with the tests as they were before this change, {r.sentence}") for r in reasons)


def _compared(
    site: Site, base_tree: str, baseline: TestRun, run: TestRun, suite: Suite, exempt: frozenset[str] = frozenset()
) -> tuple[Reason, ...]:
    if not run.ids:
        return (Reason("no_tests", "not one test was run: without tests nothing is green"),)
    broken = sorted((baseline.with_ending("passed") & run.with_ending("failed", "error")) - exempt)
    return told_apart(site, base_tree, regressions(baseline, run, exempt=exempt), broken=broken, suite=suite)
