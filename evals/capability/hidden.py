"""The hidden check: test files put into a finished tree, run in a sandbox on a copy that nobody worked in."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from app.house import House
from checks.suite import run_tests
from evals.capability.task import Task
from sandbox.tree import Entry

PLAIN = "100644"


def failing(house: House, tree: str, hidden: Mapping[str, str]) -> str:
    """What of the hidden check does not pass on `tree`; empty when all of it passes."""
    laid = {path: Entry(PLAIN, house.trees.put(text.encode())) for path, text in hidden.items()}
    names = [f"{path}::{name}" for path, text in hidden.items() for name in tests_in(text)]
    run = run_tests(house.site, house.trees.edit(tree, laid), ids=names, suite=house.suite)
    if not run.proves:
        return run.trouble or "the hidden check did not come to its end"
    passed = {name.split("[")[0] for name in run.with_ending("passed")}
    others = sorted({o.id.split("[")[0] for o in run.outcomes.values() if o.ending != "passed"})
    wrong = [*others, *(name for name in names if name not in passed and name not in others)]
    return ", ".join(wrong)


def tests_in(text: str) -> list[str]:
    """Names of the test functions of a file."""
    return [n.name for n in ast.parse(text).body if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")]


def with_reference(house: House, tree: str, task: Task) -> str:
    """The tree with the reference solution put over it."""
    files = {**task.reference.code, **task.reference.tests}
    return house.trees.edit(tree, {path: Entry(PLAIN, house.trees.put(t.encode())) for path, t in files.items()})
