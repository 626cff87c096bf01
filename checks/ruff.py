"""Runs ruff, ours, with the repository's own configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from checks.answer import Sources, json_answer
from checks.finding import Finding, Severity
from sandbox.site import Site

# Isolated, so that no module of the repository stands in for ruff's own.
_ARGV = ("-I", "-m", "ruff", "check", "--no-cache", "--no-fix", "--force-exclude", "--output-format", "json")
_BROKEN = frozenset({"invalid-syntax", "E999", "F821", "F822", "F823"})
_DOUBTFUL = frozenset({"F", "B", "S", "ASYNC", "PLE"})


def scan(site: Site, tree: str, paths: Sequence[str] = (), *, suppressed: bool = False) -> tuple[Finding, ...]:
    """Findings in `paths` (none: everything ruff finds by its configuration), ordered by path and line.

    With `suppressed`, `noqa` comments are ignored. Raises ScannerFailed, SandboxUnavailable.
    """
    where = tuple(f"./{path}" for path in paths) or (".",)
    argv = (*_ARGV, *(("--ignore-noqa",) if suppressed else ()), "--", *where)
    sources = Sources(site, tree)
    found = (_finding(site.at, sources, entry) for entry in json_answer(site, tree, "ruff", argv))
    return tuple(sorted(found, key=lambda finding: (finding.path, finding.line, finding.rule)))


def _finding(at: str, sources: Sources, entry: Mapping[str, Any]) -> Finding:
    path = str(entry["filename"]).removeprefix(f"{at}/").removeprefix("./")
    line, rule = int(entry["location"]["row"]), str(entry["code"] or "invalid-syntax")
    return Finding(
        tool="ruff",
        rule=rule,
        path=path,
        line=line,
        message=str(entry["message"]),
        severity=_severity(rule),
        snippet=sources.line(path, line),
        fixable=(entry["fix"] or {}).get("applicability") == "safe",
        name=str(entry.get("name") or ""),
    )


def _severity(rule: str) -> Severity:
    """Ruff has none of its own: what does not run is high, what may be wrong medium, style low."""
    if rule in _BROKEN:
        return "high"
    return "medium" if rule.rstrip("0123456789") in _DOUBTFUL else "low"
