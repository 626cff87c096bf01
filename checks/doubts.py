"""What may be wrong with a change though its tests pass: shown by trying it, and for a person to decide."""

from __future__ import annotations

from collections.abc import Sequence

from checks.compare import listed
from checks.onesided import one_sided
from checks.otherinputs import only_for_the_tests
from checks.reading import Change
from checks.reason import Reason
from checks.suite import Suite
from checks.testrun import TestRun
from sandbox.site import Site


def doubtful(
    site: Site, base_tree: str, tree: str, change: Change, ids: Sequence[str], suite: Suite, after: TestRun
) -> tuple[Reason, ...]:
    """`ids` are the new tests, `after` the whole run of `tree`. Raises SandboxUnavailable."""
    if suite.argv:
        return ()
    return (
        *one_sided(site, tree, code=change.python, ids=ids, suite=suite, first=after),
        *only_for_the_tests(site, base_tree, tree, code=change.texts, tests=change.python_tests, ids=ids, suite=suite),
    )


def idle(change: Change) -> Reason:
    """Of a change that can not be what makes its tests pass."""
    why = "was changed in comments and layout alone: that can not be what makes a test pass, unless it reads the file"
    return Reason("no_effect", f"{listed(change.code)} {why}")
