"""Functions that tests do not reach, that are intricate, and that people keep changing.

risk = (share of its lines that no test ran) · (branches + 1) · (1 + commits of its file in 180 days)

Only functions with at least 4 branches, at least half of their lines not run, and a risk of 20 or more are reported,
the 20 riskiest. In a file that was never imported no line was run, whether the measurement lists it or not.

| what             | kind | value | time | risk | size |
|------------------|------|-------|------|------|------|
| risk 20 and more | test | 3     | 1    | 5    | 3    |
| 60 and more      | test | 5     | 2    | 8    | 3    |
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from backlog.identity import content_key, item_id
from backlog.item import Kind
from backlog.source import Found, Report, View
from backlog.sources.intricate import branches, defined, function_name, parsed
from backlog.sources.outcome import outcome
from backlog.sources.paths import is_test
from backlog.sources.text import clean, showable
from backlog.sources.valued import Worth
from backlog.sources.whose import foreign_in

DAYS = 180
BRANCHES, SHARE, RISK, HIGH, MOST = 4, 0.5, 20.0, 60.0, 20
SOME = Worth("rule:untested-risk", Kind.TEST, 3, 1, 5, 3)
MUCH = Worth("rule:untested-high-risk", Kind.TEST, 5, 2, 8, 3)

Measured = Mapping[str, tuple[set[int], set[int]]]
"""For each path the lines that were run, and those that could have been."""


@dataclass(frozen=True, slots=True)
class Function:
    path: str
    name: str
    """With the names of its classes and functions around it."""
    line: int
    branches: int
    missed: int
    lines: int
    changes: int

    @property
    def share(self) -> float:
        return self.missed / self.lines if self.lines else 0.0

    @property
    def risk(self) -> float:
        return self.share * (self.branches + 1) * (1 + self.changes)


def report_on(name: str, measured: Measured, view: View, notes: Sequence[str] = ()) -> Report:
    python = {path for path in measured if path.endswith(".py")}
    if not python:
        return Report(name, "not run", "it measures no Python file of this repository")
    changes = view.past.churn(DAYS)
    roots = {path.partition("/")[0] for path in python if "/" in path}
    risky: list[Function] = []
    unread = 0
    foreign = foreign_in(view)
    for path in sorted(p for p in view.files if _counts(p, view, measured, roots) and not foreign(p)):
        tree = parsed(view.read(path))
        unread += tree is None
        if tree is not None:
            risky += _functions(path, tree, measured.get(path), changes.get(path, 0))
    risky.sort(key=lambda f: (-f.risk, f.path, f.line))
    gaps = [f"{unread} files can not be parsed"] if unread else []
    return outcome(name, (_found(name, f) for f in risky[:MOST]), view.files, notes=notes, gaps=gaps)


def _counts(path: str, view: View, measured: Measured, roots: set[str]) -> bool:
    """Measured, or beside what was measured: a file that was never imported may be missing from a report."""
    if not path.endswith(".py") or not view.files[path].is_file or is_test(path) or not showable(path):
        return False
    return path in measured or path.partition("/")[0] in roots


def _functions(
    path: str, tree: ast.Module, lines: tuple[set[int], set[int]] | None, changes: int
) -> Iterator[Function]:
    for name, node in defined(tree):
        inner = {n for child in node.body for n in _statements(child)}
        can_run = inner if lines is None else inner & (lines[0] | lines[1])
        missed = can_run if lines is None else can_run - lines[0]
        function = Function(path, name, node.lineno, branches(node), len(missed), len(can_run), changes)
        if function.branches >= BRANCHES and function.share >= SHARE and function.risk >= RISK:
            yield function


def _statements(node: ast.AST) -> Iterator[int]:
    return (n.lineno for n in ast.walk(node) if isinstance(n, ast.stmt))


def _found(source: str, function: Function) -> Found:
    worth = MUCH if function.risk >= HIGH else SOME
    name, path = clean(function.name, 100), function.path
    return Found(
        fingerprint=item_id("untested", path, function.name, prefix="untested"),
        content=content_key("untested", function.name),
        same_as=(function_name(path, function.name),),
        kind=worth.kind,
        title=f"Test {name} ({clean(path, 150)}): intricate and hardly tested",
        path=path,
        line=function.line,
        inputs=worth.inputs(),
        criteria=(f"Tests run at least 80 % of the lines of {name} in {clean(path, 300)} and check what it gives.",),
        story=(
            f"{function.missed} of its {function.lines} lines are run by no test, it has {function.branches} branches, "
            f"and its file was changed in {function.changes} commits of the last {DAYS} days: risk {function.risk:.0f}."
        ),
        test_notes=f"{name} in {clean(path, 300)}",
    )
