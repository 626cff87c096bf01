"""What scanners say, one item for each rule in each file.

| what                                         | kind     | value | time | risk | size | base |
|----------------------------------------------|----------|-------|------|------|------|------|
| file that can not be parsed                  | bug      | 8     | 5    | 5    | 1    | 18   |
| undefined name (F821, F822, F823)            | bug      | 5     | 3    | 5    | 1    | 13   |
| security, high severity                      | security | 8     | 5    | 13   | 3    | 8.7  |
| security, medium severity                    | security | 5     | 3    | 8    | 3    | 5.3  |
| security, low severity                       | security | 2     | 1    | 3    | 2    | 3    |
| any other, with a fix that is called safe    | lint     | 2     | 1    | 1    | 1    | 4    |
| likely mistake without one (F, B, E7, PL…)   | lint     | 2     | 1    | 2    | 2    | 2.5  |
| any other without one                        | lint     | 2     | 1    | 1    | 2    | 2    |

More than 5 places of a kind that no fix covers are one size bigger, more than 20 two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from backlog.identity import content_key, item_id
from backlog.item import Inputs, Kind
from backlog.scoring import FIBONACCI
from backlog.source import Found, Report, View
from backlog.sources.paths import foreign, is_test
from backlog.sources.text import clean, showable
from checks.check import FindingCheck, Tool
from checks.finding import Finding, Severity

UNPARSABLE = re.compile(r"^(?:E9\d\d|invalid-syntax|syntax-error|)$", re.IGNORECASE)
UNDEFINED = ("F821", "F822", "F823")
LIKELY_MISTAKE = re.compile(r"^(?:F|B|E7|PLE|PLW|RUF|BLE|ASYNC)\d")
RUFF_SECURITY = re.compile(r"^S\d{3}$")
VERSION_BOUND = re.compile(r"^(?:UP|FA)\d")
"""Rules of ruff whose fix is right only for some versions of Python: without a declared one, no fix is safe."""
RUFF_CONFIGS = ("pyproject.toml", "ruff.toml", ".ruff.toml")
SAYS_PYTHON = re.compile(rb"^\s*(?:requires-python|target-version)\s*=", re.MULTILINE)
ASSERT_RULES = ("B101", "S101")
"""`assert`: what tests are made of."""


@dataclass(frozen=True, slots=True)
class Worth:
    rule: str
    kind: Kind
    value: int
    time_criticality: int
    risk_reduction: int
    size: int


BROKEN = Worth("rule:unparsable", Kind.BUG, 8, 5, 5, 1)
UNKNOWN_NAME = Worth("rule:undefined-name", Kind.BUG, 5, 3, 5, 1)
SECURITY: dict[Severity, Worth] = {
    "high": Worth("rule:security-high", Kind.SECURITY, 8, 5, 13, 3),
    "medium": Worth("rule:security-medium", Kind.SECURITY, 5, 3, 8, 3),
    "low": Worth("rule:security-low", Kind.SECURITY, 2, 1, 3, 2),
}
FIXABLE = Worth("rule:safe-fix", Kind.LINT, 2, 1, 1, 1)
MISTAKE = Worth("rule:likely-mistake", Kind.LINT, 2, 1, 2, 2)
STYLE = Worth("rule:style", Kind.LINT, 2, 1, 1, 2)


class Findings:
    """The findings of one scanner."""

    def __init__(self, tool: Tool) -> None:
        self.name: Tool = tool

    def look(self, view: View) -> Report:
        """Raises ScannerFailed: a scanner that gave no answer has not found nothing."""
        declared = _declares_python(view)
        found = (
            f if declared or not VERSION_BOUND.match(f.rule) else replace(f, fixable=False)
            for f in view.scan(self.name)
        )
        wanted = [f for f in found if f.path in view.files and _counts(f)]
        wanted.sort(key=lambda f: (f.path, f.rule, f.line))
        groups = groupby(wanted, key=lambda f: (f.path, f.rule))
        return Report(self.name, "ready", "", tuple(_found(list(group)) for _, group in groups))


def worth(group: Sequence[Finding]) -> Worth:
    """What findings of one rule in one file are worth, by the table above."""
    first = group[0]
    if first.tool == "ruff" and UNPARSABLE.match(first.rule):
        return BROKEN
    if first.rule in UNDEFINED:
        return UNKNOWN_NAME
    if first.tool == "bandit" or RUFF_SECURITY.match(first.rule):
        return SECURITY[_worst(group)]
    if all(f.fixable for f in group):
        return FIXABLE
    return MISTAKE if LIKELY_MISTAKE.match(first.rule) else STYLE


def _declares_python(view: View) -> bool:
    """Whether a file that ruff reads says which Python the code is for."""
    configs = (path for path in RUFF_CONFIGS if path in view.files)
    return any(SAYS_PYTHON.search(view.read(path)) for path in configs)


def _counts(finding: Finding) -> bool:
    """Not in other people's code, and not what scanners always say about tests."""
    if foreign(finding.path) or not showable(finding.path):
        return False
    if not is_test(finding.path):
        return True
    return finding.rule not in ASSERT_RULES and not (finding.tool == "bandit" and finding.severity == "low")


def _worst(group: Iterable[Finding]) -> Severity:
    severities = {f.severity for f in group}
    return next((s for s in ("high", "medium") if s in severities), "low")


def _found(group: list[Finding]) -> Found:
    first, fixable = group[0], all(f.fixable for f in group)
    rule = first.rule or "syntax-error"
    source = f"{first.tool}:{rule}"
    snippets = "\n".join(f.snippet for f in group)
    return Found(
        # Without the snippets: as long as the rule is broken in the file, it is the same item.
        fingerprint=item_id(source, first.path, "", prefix=rule if first.tool == "ruff" else source),
        content=content_key(source, snippets) if snippets.strip() else "",
        kind=worth(group).kind,
        title=title(first),
        path=first.path,
        line=max(1, first.line),
        snippet=clean(first.snippet, 500),
        check=FindingCheck(tool=first.tool, rule=rule, path=first.path, count=len(group), fixable=fixable),
        inputs=_inputs(group, fixable),
        criteria=(f"{first.tool} does not report {rule} in {first.path} any more, and all tests pass as before.",),
        story=_story(group),
        security_notes=_severity_note(group),
    )


def title(finding: Finding) -> str:
    """For example `Remove unused import (F401) in src/x.py`."""
    # Bandit calls dozens of different calls and imports `blacklist`: its message says which.
    name = "" if finding.name == "blacklist" else finding.name
    words = name.replace("-", " ").replace("_", " ").strip()
    verb, _, rest = words.partition(" ")
    if verb == "unused" and rest:
        text = f"Remove {words}"
    elif verb == "undefined" and rest:
        text = f"Define {rest}" if rest != "name" else "Define or import the undefined name"
    elif words:
        text = f"Resolve {words}"
    else:
        text = clean(re.split(r"(?<=[.!?])\s", finding.message, maxsplit=1)[0], 100).rstrip(".") or "Resolve"
    path = finding.path if len(finding.path) <= 150 else "…" + finding.path[-149:]
    return f"{text} ({finding.rule or 'syntax-error'}) in {path}"


def _inputs(group: Sequence[Finding], fixable: bool) -> Inputs:
    w = worth(group)
    steps = 0 if fixable else (len(group) > 5) + (len(group) > 20)
    size = FIBONACCI[min(FIBONACCI.index(w.size) + steps, len(FIBONACCI) - 1)]
    source = dict.fromkeys(("value", "time_criticality", "risk_reduction", "size"), w.rule)
    if steps:
        source["size"] = f"{w.rule}, {len(group)} places"
    return Inputs(
        value=w.value,
        time_criticality=w.time_criticality,
        risk_reduction=w.risk_reduction,
        size=size,
        source=source,
    )


def _story(group: Sequence[Finding]) -> str:
    first = group[0]
    places = ", ".join(str(f.line) for f in group[:20]) + (" …" if len(group) > 20 else "")
    return f"{first.tool} {first.rule} in {first.path}, line {places}: {clean(first.message, 400)}"


def _severity_note(group: Sequence[Finding]) -> str:
    return f"{group[0].tool} calls it {_worst(group)}." if worth(group).kind is Kind.SECURITY else ""
