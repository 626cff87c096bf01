"""An engineer says that the item is done already. Where the item brings its check, the check is asked."""

from __future__ import annotations

from checks.check import Check, CommandCheck, TestCheck
from checks.verdict import Reason, check_fails
from graph.deps import Deps
from graph.state import ItemState


def not_done(state: ItemState, deps: Deps) -> tuple[Reason, ...]:
    """Why the claim is not true. Empty when nothing speaks against it. Raises SandboxUnavailable, ScannerFailed."""
    check = state["item"].check
    if isinstance(check, TestCheck) and not check.ids:
        return ()
    verdict = check_fails(deps.site, state["base_tree"], check, deps.suite)
    told = f"it is not done already, its check fails before any change. {_named(check)}"
    return (Reason("not_done", told),) if verdict.passed else ()


def _named(check: Check) -> str:
    match check:
        case TestCheck(ids=ids):
            return f"Failing: {', '.join(ids)}"
        case CommandCheck(argv=argv):
            return f"Failing: {' '.join(argv)}"
    return f"{check.tool} reports {check.rule} in {check.path}"
