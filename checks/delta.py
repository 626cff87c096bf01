"""Which findings a change brought: by what they say about which line of code, wherever that line moved to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from checks.finding import Finding


def new_findings(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those of `after` without a counterpart in `before`, in their order; the same twice counts twice."""
    known = Counter(map(_identity, before))
    new = []
    for finding in after:
        if known[_identity(finding)] > 0:
            known[_identity(finding)] -= 1
        else:
            new.append(finding)
    return tuple(new)


def _identity(finding: Finding) -> tuple[str, str, str, str]:
    return finding.tool, finding.rule, finding.path, " ".join(finding.snippet.split())
