"""What scanners say, one item for each rule in each file.

| what                                         | kind     | value | time | risk | size | base |
|----------------------------------------------|----------|-------|------|------|------|------|
| file that can not be parsed                  | bug      | 8     | 5    | 5    | 1    | 18   |
| undefined name (F821, F822, F823)            | bug      | 5     | 3    | 5    | 1    | 13   |
| security, high severity                      | security | 8     | 5    | 13   | 3    | 8.7  |
| security, medium severity                    | security | 5     | 3    | 8    | 3    | 5.3  |
| security, low severity                       | security | 1     | 1    | 2    | 2    | 2    |
| any other, with a fix that is called safe    | lint     | 2     | 1    | 1    | 1    | 4    |
| likely mistake without one (F, B, E7, PL…)   | lint     | 2     | 1    | 2    | 2    | 2.5  |
| any other without one                        | lint     | 2     | 1    | 1    | 2    | 2    |

More than 5 places of a kind that no fix covers are one size bigger, more than 20 two.

A rule that the repository's settings name counts. A finding of any other has to be a likely mistake (of ruff F, E4, E7,
E9, B, PLE, ASYNC; of bandit all but `assert` and starting programs without a shell): style that nobody asked for is no
work. In tests, only grave weaknesses count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from backlog.identity import content_key, item_id
from backlog.item import Inputs, Kind
from backlog.source import Found, Report, View
from backlog.sources.chosen_rules import Chosen, chosen_of_bandit, chosen_of_ruff
from backlog.sources.paths import is_test
from backlog.sources.sameness import rule_name
from backlog.sources.text import clean, showable
from backlog.sources.valued import WEAKNESS, Grade, Worth
from backlog.sources.whose import foreign_in
from checks.check import FindingCheck, Tool
from checks.finding import Finding, Severity

UNPARSABLE = re.compile(r"^(?:E9\d\d|invalid-syntax|syntax-error|)$", re.IGNORECASE)
UNDEFINED = ("F821", "F822", "F823")
LIKELY_MISTAKE = re.compile(r"^(?:F|B|E7|PLE|PLW|RUF|BLE|ASYNC)\d")
RUFF_SECURITY = re.compile(r"^S\d{3}$")
VERSION_BOUND = re.compile(r"^(?:UP|FA)\d")
"""Rules of ruff whose fix is right only for some versions of Python: without a declared one, no fix is safe."""
RUFF_CONFIGS = ("pyproject.toml", "ruff.toml", ".ruff.toml")
ANYBODYS = re.compile(r"^(?:F|B|PLE|ASYNC|E[479])\d")
"""Rules of ruff that tell of a likely mistake in anybody's code."""
SAYS_PYTHON = re.compile(rb"^\s*(?:requires-python|target-version)\s*=", re.MULTILINE)
MEANT = ("B101", "B404", "B603", "B607")
"""Of bandit, what nearly everybody means who writes it: `assert`, and starting a program without a shell."""
MINOR = re.compile(r"^S(?:101|10[567]|110|112|311|40[34]|60[367])$")
"""Rules of ruff that bandit, where they come from, calls low. Ruff itself grades none."""


BROKEN = Worth("rule:unparsable", Kind.BUG, 8, 5, 5, 1)
UNKNOWN_NAME = Worth("rule:undefined-name", Kind.BUG, 5, 3, 5, 1)
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
        chosen = chosen_of_ruff(view) if self.name == "ruff" else chosen_of_bandit(view)
        foreign = foreign_in(view)
        ours = [f for f in found if f.path in view.files and not foreign(f.path) and showable(f.path)]
        wanted = [f for f in ours if _counts(f, chosen)]
        wanted.sort(key=lambda f: (f.path, f.rule, f.line))
        groups = groupby(wanted, key=lambda f: (f.path, f.rule))
        left = len(ours) - len(wanted)
        told = f"{left} findings of style, or of no weight in tests, left out" if left else ""
        return Report(self.name, "ready", told, tuple(_found(list(group)) for _, group in groups))


def worth(group: Sequence[Finding]) -> Worth:
    """What findings of one rule in one file are worth, by the table above."""
    first = group[0]
    if first.tool == "bandit":
        return WEAKNESS[_worst(group)]
    return worth_of_rule(first.rule, _worst(group), all(f.fixable for f in group))


def worth_of_rule(rule: str, grade: Grade, fixable: bool = False) -> Worth:
    """What a rule of ruff is worth, by the table above."""
    if UNPARSABLE.match(rule):
        return BROKEN
    if rule in UNDEFINED:
        return UNKNOWN_NAME
    if RUFF_SECURITY.match(rule):
        return WEAKNESS[grade]
    if fixable:
        return FIXABLE
    return MISTAKE if LIKELY_MISTAKE.match(rule) else STYLE


def _declares_python(view: View) -> bool:
    """Whether a file that ruff reads says which Python the code is for."""
    configs = (path for path in RUFF_CONFIGS if path in view.files)
    return any(SAYS_PYTHON.search(view.read(path)) for path in configs)


def _counts(finding: Finding, chosen: Chosen) -> bool:
    security = finding.tool == "bandit" or bool(RUFF_SECURITY.match(finding.rule))
    if is_test(finding.path) and security:
        return finding.severity == "high"
    if UNPARSABLE.match(finding.rule) or chosen.has(finding.rule):
        return True
    if finding.tool == "bandit":
        return finding.rule not in MEANT
    return bool(ANYBODYS.match(finding.rule))


def _worst(group: Iterable[Finding]) -> Severity:
    severities = {"low" if MINOR.match(f.rule) else f.severity for f in group}
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
        same_as=(rule_name(rule, first.path),),
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
    steps = 0 if fixable else (len(group) > 5) + (len(group) > 20)
    return worth(group).inputs(steps, f"{len(group)} places")


def _story(group: Sequence[Finding]) -> str:
    first = group[0]
    places = ", ".join(str(f.line) for f in group[:20]) + (" …" if len(group) > 20 else "")
    return f"{first.tool} {first.rule} in {first.path}, line {places}: {clean(first.message, 400)}"


def _severity_note(group: Sequence[Finding]) -> str:
    return f"{group[0].tool} calls it {_worst(group)}." if worth(group).kind is Kind.SECURITY else ""
