"""What may be changed in a repository, and how much at once.

The owner says it in `.automation-scope.yaml`, which can only tighten what holds anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from sandbox.convention import folded, is_test, is_test_module, protected, secret
from sandbox.tree import is_git_name

__all__ = [
    "SCOPE_FILE", "Permission", "Scope", "ScopeInvalid", "ScopeLimits",
    "is_test", "is_test_module", "pattern", "protected", "secret",
]  # fmt: skip

SCOPE_FILE = ".automation-scope.yaml"

ALWAYS = (
    ".git/", ".lamplighter/", ".github/workflows/", f"/{SCOPE_FILE}",
    "*.env", ".env*", "*.key", "*.pem", "secrets/",
)  # fmt: skip
"""Restricted whatever the file says, at any depth."""


FLOORS = frozenset({"min_coverage"})
"""Limits that are stricter when they are higher."""


class ScopeInvalid(Exception):
    """The scope file cannot be taken at its word. One line: which key or pattern, and what is right."""


class Permission(NamedTuple):
    ok: bool
    reason: str
    """Empty when it is allowed."""


@dataclass(frozen=True)
class ScopeLimits:
    """How much automation may do at once. A file can make each one stricter, none laxer."""

    max_prs_per_day: int = 5
    max_files: int = 10
    """Changed by one pull request."""
    max_lines: int = 200
    """Added and removed by one pull request."""
    max_branch_age_hours: float = 24.0
    ci_failure_rate: float = 0.30
    """Above this share of failures nothing new is started."""
    min_coverage: float = 80.0
    """Per cent of the changed lines."""
    max_wsjf_score: float | None = None
    """Items scored higher need a person's approval; None: the score does not matter."""

    def tightens(self, name: str, value: float) -> bool:
        """Whether `value` for the limit `name` is at least as strict as what holds."""
        now = getattr(self, name)
        if now is None:
            return True
        return bool(value >= now if name in FLOORS else value <= now)


@dataclass(frozen=True)
class Scope:
    """Deny wins over allow; spelling in another case is the same path."""

    allowed: tuple[str, ...] | None = None
    """Patterns as in a `.gitignore`; None allows everything, no pattern nothing."""
    restricted: tuple[str, ...] = ()
    limits: ScopeLimits = ScopeLimits()
    github_api: bool = True
    docker_registry: bool = False
    deployment_targets: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    _answers: dict[str, Permission] = field(default_factory=dict, compare=False, repr=False)

    def permits(self, path: str) -> Permission:
        """Whether the repo-relative `path` may be created, changed or removed."""
        answer = self._answers.get(path)
        if answer is None:
            answer = self._answers[path] = self._judge(path)
        return answer

    def hidden(self, path: str) -> bool:
        """Whether neither code nor models may see the file."""
        return secret(path)

    def tightened(self, **limits: float) -> Scope:
        """With these limits where they are stricter than what holds; none gets laxer."""
        now = self.limits
        stricter: dict[str, Any] = {n: v for n, v in limits.items() if now.tightens(n, v)}
        return replace(self, limits=replace(now, **stricter))

    def _judge(self, path: str) -> Permission:
        malformed = _malformed(path)
        if malformed:
            return Permission(False, malformed)
        name = folded(path)
        for rule, regex in self._denying:
            if regex.search(name):
                where = "always restricted" if rule in ALWAYS else f"restricted in {SCOPE_FILE}"
                return Permission(False, f"{where}: `{rule}`")
        if self.allowed is not None and not any(regex.search(name) for _, regex in self._allowing):
            return Permission(False, f"not among the allowed paths of {SCOPE_FILE}: {', '.join(self.allowed)}")
        return Permission(True, "")

    @cached_property
    def _denying(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        return _compiled([*ALWAYS, *self.restricted])

    @cached_property
    def _allowing(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        return _compiled(self.allowed or ())


def pattern(rule: str) -> re.Pattern[str]:
    """A `.gitignore` pattern as a regular expression on folded paths. Raises ValueError."""
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    compiled = GitIgnoreSpecPattern(folded(rule))
    if compiled.include is not True or compiled.regex is None:
        raise ValueError("it selects nothing")
    regex = compiled.regex
    assert isinstance(regex, re.Pattern)
    return regex


def _compiled(rules: Iterable[str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((rule, pattern(_everything(rule))) for rule in rules)


def _everything(rule: str) -> str:
    return "**" if rule in ("./", ".", "/") else rule.removeprefix("./")


def _malformed(path: str) -> str:
    steps = path.split("/")
    if not path or path.startswith("/") or "\0" in path:
        return "not a path within the repository"
    if any(step in ("", ".", "..") for step in steps):
        return "a path must be plain: no empty step, no `.` and no `..`"
    if any(is_git_name(step) for step in steps):
        return "always restricted: `.git/`"
    return ""
