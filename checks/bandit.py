"""Runs bandit, ours, without any configuration or plugin of the repository."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from checks.answer import Sources, json_answer
from checks.finding import Finding, Severity
from sandbox.site import Site

# Files and no folders are named, so bandit looks for no .bandit file. An exclusion that matches nothing replaces
# its defaults, which leave out every path that has `.git` or `CVS` as a part of a name.
_ARGV = ("-I", "-m", "bandit", "-q", "-f", "json", "-x", "/nothing-is-excluded")
_AT_ONCE = 500
_SEVERITY: Mapping[str, Severity] = {"LOW": "low", "MEDIUM": "medium", "HIGH": "high"}


def scan(site: Site, tree: str, paths: Sequence[str] = (), *, suppressed: bool = False) -> tuple[Finding, ...]:
    """Findings in `paths` (none: every Python file of the tree), ordered by path and line.

    A file that bandit can not parse is itself a finding, `unparsable`. With `suppressed`, `nosec` comments
    are ignored. Raises ScannerFailed, SandboxUnavailable.
    """
    files = tuple(paths) or _python(site, tree)
    found: list[Finding] = []
    for start in range(0, len(files), _AT_ONCE):
        found += _scan(site, tree, files[start : start + _AT_ONCE], suppressed=suppressed)
    return tuple(sorted(found, key=lambda finding: (finding.path, finding.line, finding.rule)))


def _scan(site: Site, tree: str, files: Sequence[str], *, suppressed: bool) -> list[Finding]:
    argv = (*_ARGV, *(("--ignore-nosec",) if suppressed else ()), "--", *(f"./{path}" for path in files))
    answer = json_answer(site, tree, "bandit", argv)
    sources = Sources(site, tree)
    found = [_finding(sources, entry) for entry in answer["results"]]
    return found + [_unparsable(entry) for entry in answer["errors"]]


def _python(site: Site, tree: str) -> tuple[str, ...]:
    """Regular files only: what a link shows is scanned where it lies, a submodule is not there."""
    entries = site.trees.entries(tree).items()
    return tuple(path for path, entry in entries if path.endswith(".py") and entry.mode.startswith("100"))


def _finding(sources: Sources, entry: Mapping[str, Any]) -> Finding:
    path, line = _path(entry), int(entry["line_number"])
    return Finding(
        tool="bandit",
        rule=str(entry["test_id"]),
        path=path,
        line=line,
        message=str(entry["issue_text"]),
        severity=_SEVERITY.get(str(entry["issue_severity"]), "low"),
        snippet=sources.line(path, line),
        name=str(entry["test_name"]),
    )


def _unparsable(entry: Mapping[str, Any]) -> Finding:
    return Finding("bandit", "unparsable", _path(entry), 1, str(entry["reason"]), "medium", "", name="unparsable")


def _path(entry: Mapping[str, Any]) -> str:
    path = str(entry["filename"])
    while path.startswith("./"):
        path = path[2:]
    return path
