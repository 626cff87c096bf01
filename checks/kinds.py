"""A whole number that became a float: equal in every comparison, and not the same for who uses it."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping

from checks.reason import Reason
from checks.syntax import parsed

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def floats_for_whole(code: Mapping[str, tuple[str, str]]) -> Iterator[Reason]:
    """`code` are path to old and new text of changed Python files; functions are matched by name."""
    for path, (old, new) in code.items():
        before = {function.name: function for function in _functions(old)}
        for function in _functions(new):
            was = before.get(function.name)
            for value in sorted(_became(was, function)) if was else ():
                told = f"what was {value} in {function.name} is {float(value)} now: see that callers can use a float"
                yield Reason("kind_changed", f"{path}:{function.lineno} {told}")


def _became(was: _Function, now: _Function) -> set[int]:
    """Whole numbers of the old function that the new one has as floats, where it had none of that value."""
    gone = _numbers(was, int) - _numbers(now, int)
    come = _numbers(now, float) - _numbers(was, float)
    return {int(value) for value in come if value in gone}


def _numbers(function: _Function, kind: type) -> Counter[float]:
    values = (node.value for node in ast.walk(function) if isinstance(node, ast.Constant))
    return Counter(value for value in values if isinstance(value, int | float) and type(value) is kind)


def _functions(text: str) -> list[_Function]:
    return [node for node in ast.walk(parsed(text)) if isinstance(node, _Function)]
