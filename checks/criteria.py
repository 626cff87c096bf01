"""Criteria that say what a call must give are more than words: they are run, whatever the new tests say.

`total([(150, 2)]) is 300` and `parse("x") raises ValueError` are; `each line counts` is not. Who writes the tests can
not choose what the item asked for, so a change that satisfies tests of another thing is told by this.
"""

from __future__ import annotations

import ast
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checks.reason import Reason
from checks.suite import Suite, run_tests
from checks.syntax import module_parts, parsed
from sandbox.site import Site
from sandbox.tree import Entry

_SAYS = re.compile(
    r"(?P<call>[A-Za-z_][\w.]*\(.*\))\s+(?P<verb>is|are|returns?|gives?|equals?|yields?|==|→|=>|->|raises?)\s+(?P<what>.+?)\.?"
)
_PLAIN = str.maketrans({"`": ""})
_NOBODYS = frozenset({"NameError", "ImportError", "ModuleNotFoundError"})
"""A name in the criterion that is not there: it was meant for people."""


@dataclass(frozen=True, slots=True)
class Example:
    """`call` is an expression; `what` a literal, or with `raises` the name of an exception."""

    said: str
    call: str
    what: str
    raises: bool
    name: str
    """Of the function that is called."""


def examples(criteria: Iterable[str]) -> tuple[Example, ...]:
    """Those of the criteria that are wholly a call and what comes of it."""
    return tuple(example for said in criteria if (example := _example(said)))


def unmet(site: Site, tree: str, criteria: Iterable[str], suite: Suite) -> tuple[Reason, ...]:
    """Raises SandboxUnavailable. What can not be tried, because nothing of that name can be imported, is left alone."""
    found = [(e, module) for e in examples(criteria) if (module := _home(site, tree, e.name))]
    if not found or suite.argv:
        return ()
    path = f"test_{secrets.token_hex(6)}.py"
    file = Entry("100644", site.trees.put(_text(found).encode()))
    run = run_tests(site, site.trees.edit(tree, {path: file}), ids=(path,), suite=suite)
    failed = [
        (example, outcome)
        for number, (example, _) in enumerate(found)
        if (outcome := run.outcomes.get(f"{path}::test_{number}")) and outcome.ending == "failed"
    ]
    return tuple(
        Reason("criterion_unmet", f"the item says `{e.said}`, and that does not hold: {_first(o.raised.message)}")
        for e, o in failed
        if o.raised and o.raised.type not in _NOBODYS
    )


def _first(message: str) -> str:
    return message.strip().split("\n", 1)[0][:120]


def _example(said: str) -> Example | None:
    match = _SAYS.fullmatch(said.translate(_PLAIN).strip())
    if not match:
        return None
    raises = match["verb"].startswith("raise")
    try:
        call = ast.parse(match["call"], mode="eval").body
        ast.literal_eval(match["what"]) if not raises else ast.parse(match["what"], mode="eval")
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    if (
        not isinstance(call, ast.Call)
        or not isinstance(call.func, ast.Name)
        or (raises and not match["what"].isidentifier())
    ):
        return None
    return Example(said, match["call"], match["what"], raises, call.func.id)


def _home(site: Site, tree: str, name: str) -> str:
    """The dotted name of the one module that defines this function at its top; empty when there is none, or several."""
    found = []
    for path, entry in site.trees.entries(tree).items():
        if path.endswith(".py") and entry.is_file and not path.split("/")[-1].startswith("test_"):
            data = site.trees.blob(entry.oid)
            if f"def {name}(".encode() in data and _defines(data, name):
                found.append(path)
    return ".".join(module_parts(found[0])) if len(found) == 1 else ""


def _defines(data: bytes, name: str) -> bool:
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in parsed(data).body)


def _text(found: Sequence[tuple[Example, str]]) -> str:
    tests = [_test(number, example, module) for number, (example, module) in enumerate(found)]
    return "import pytest\n" + "".join(tests)


def _test(number: int, example: Example, module: str) -> str:
    head = f"\n\ndef test_{number}():\n    from {module} import {example.name}\n\n"
    if example.raises:
        return f"{head}    with pytest.raises({example.what}):\n        {example.call}\n"
    sign = "is" if example.what in ("None", "True", "False") else "=="
    return f"{head}    assert {example.call} {sign} {example.what}\n"
