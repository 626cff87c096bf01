"""Whether an item may be begun at all: reasons that need no model to be seen."""

from __future__ import annotations

from backlog.item import Item
from checks.check import FindingCheck
from graph.outcome import Outcome, blocked
from sandbox.scope import ALWAYS, Scope, is_test


def not_workable(item: Item, scope: Scope) -> Outcome | None:
    """The ending of an item that can not be worked here, or None."""
    check = item.check
    if not isinstance(check, FindingCheck):
        return None
    if is_test(check.path):
        return blocked("test_file", f"{check.path} is a test: existing tests are only changed by a person")
    permission = scope.permits(check.path)
    return None if permission.ok else blocked("scope", f"{check.path} may not be changed: {permission.reason}")


def scope_in_words(scope: Scope) -> str:
    """What may be changed, in one line."""
    allowed = "everything" if scope.allowed is None else ", ".join(scope.allowed) or "nothing"
    restricted = ", ".join(rule.lstrip("/") for rule in (*scope.restricted, *ALWAYS))
    return f"{allowed}, but not {restricted}; at most {scope.limits.max_files} files, tests included"
