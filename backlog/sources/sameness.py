"""The names by which the same matter is told again, whoever reports it. docs/sources.md lists the spellings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

from backlog.identity import normal
from backlog.source import View
from backlog.sources.text import clean, decoded

BANDIT = re.compile(r"^S(\d{3})$")
"""Ruff's rule S602 is bandit's B602."""


def line_of(view: View, path: str | None, line: int | None) -> str | None:
    """A line of a committed file without what indenting changes; None when there is no such line."""
    if line is None or path is None or path not in view.files or not view.files[path].is_file:
        return None
    lines = (decoded(view.read(path)) or "").split("\n")
    return normal(lines[line - 1]) if 1 <= line <= len(lines) else None


def line_here(view: View, path: str | None, line: object) -> int | None:
    """The line's number, where the committed file has so many."""
    if path is None or not isinstance(line, int) or isinstance(line, bool):
        return None
    return None if line_of(view, path, line) is None else line


def rule_name(rule: str, path: str) -> str:
    """For a rule of ruff or bandit, however their findings came here."""
    number = BANDIT.sub(r"B\1", clean(rule, 200))
    return f"finding:{number}@{path}"


def weakness_names(cwes: Iterable[str], path: str, line: str) -> list[str]:
    """For a weakness in code, by each CWE and the words of the source line."""
    if not line:
        return []
    short = sha256(line.encode("utf-8", "replace")).hexdigest()[:12]
    return [f"finding:{cwe}@{path}:{short}" for cwe in cwes]


def advisory_names(ids: Iterable[str], package: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"advisory:{clean(i, 100)}@{clean(package, 200)}" for i in ids if i.strip()))
