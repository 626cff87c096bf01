"""Are the expectations of the new tests simply written down in the code?

Code that answers a test's own values one by one passes it and does nothing else. It can look just like an honest
table, so this never refuses: it asks a person to look. It asks only when every expectation that can be read in the
new tests is answered so, and the code answers nothing that is not in the tests.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from checks.lines import added_lines
from checks.syntax import parsed

_PLAIN = (0, 1, -1, "", None, True, False, (), 0.0, 1.0, b"")
"""Values that honest code asks for all the time: the end of a recursion, nothing given."""


@dataclass(frozen=True, slots=True)
class Answer:
    """For these inputs, this output."""

    inputs: tuple[object, ...]
    output: object
    path: str = ""
    line: int = 0


def written_down(code: Mapping[str, tuple[str, str]], tests: Mapping[str, tuple[str, str]]) -> tuple[Answer, ...]:
    """The answers that a change adds to `code` to what it adds to `tests`; both are path to old and new text.

    Empty when there is nothing to ask about.
    """
    answers = [a for path, (old, new) in code.items() for a in _added(path, old, new)]
    expected = [e for old, new in tests.values() for e in _beyond(old, new)]
    if not answers or not expected or all(_plain(a) for a in answers):
        return ()
    met = [any(_meets(a, e) for a in answers) for e in expected]
    used = [any(_meets(a, e) for e in expected) for a in answers]
    return tuple(answers) if all(met) and all(used) else ()


def _added(path: str, old: str, new: str) -> list[Answer]:
    lines = added_lines(old, new)
    return [replace(answer, path=path) for answer in _answers(new) if answer.line in lines]


def _beyond(old: str, new: str) -> list[Answer]:
    known = [repr(e) for e in _expectations(old)]
    return [e for e in _expectations(new) if repr(e) not in known]


def _meets(answer: Answer, expected: Answer) -> bool:
    return _same(answer.output, expected.output) and all(
        any(_same(value, given) for given in expected.inputs) for value in answer.inputs
    )


def _same(a: object, b: object) -> bool:
    return type(a) is type(b) and a == b


def _plain(answer: Answer) -> bool:
    return all(any(_same(value, plain) for plain in _PLAIN) for value in answer.inputs)


def _answers(text: str) -> Iterator[Answer]:
    for node in ast.walk(parsed(text)):
        match node:
            case ast.If(test=test, body=[ast.Return(value=ast.expr() as value), *_]):
                yield from _answer(_asked(test), value, node.lineno)
            case ast.IfExp(test=test, body=value):
                yield from _answer(_asked(test), value, node.lineno)
            case ast.match_case(pattern=ast.MatchValue(value=asked), body=[ast.Return(value=ast.expr() as value), *_]):
                yield from _answer([asked], value, asked.lineno)
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    yield from _answer([key] if key else [], value, value.lineno)


def _answer(asked: Sequence[ast.expr], value: ast.expr, line: int) -> Iterator[Answer]:
    inputs = [v for node in asked for v in _literals(node)]
    outputs = _literals(value)
    if inputs and len(outputs) == 1:
        yield Answer(tuple(inputs), outputs[0], line=line)


def _asked(test: ast.expr) -> list[ast.expr]:
    """What something is compared with, in `x == 3`, `(a, b) == (1, 2)` and several of them together."""
    match test:
        case ast.BoolOp(op=ast.And(), values=values):
            return [one for value in values for one in _asked(value)]
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            given = right if _literals(right) else left
            return list(given.elts) if isinstance(given, ast.Tuple) else [given]
    return []


def _literals(node: ast.expr) -> list[object]:
    """The value of a literal, in a list of one; empty where it is no literal."""
    try:
        return [ast.literal_eval(node)]
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return []


def _expectations(text: str) -> Iterator[Answer]:
    for node in ast.walk(parsed(text)):
        match node:
            case ast.Assert(test=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right])):
                yield from _expected(left, right)
            case ast.Call(func=ast.Attribute(attr="assertEqual" | "assertEquals"), args=[left, right, *_]):
                yield from _expected(left, right)
            case ast.Call(func=ast.Attribute(attr="parametrize"), args=[_, ast.List(rows) | ast.Tuple(rows), *_]):
                yield from (row for found in rows for row in _row(found))


def _expected(left: ast.expr, right: ast.expr) -> Iterator[Answer]:
    call, value = (left, right) if isinstance(left, ast.Call) else (right, left)
    if not isinstance(call, ast.Call) or not _literals(value):
        return
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    inputs = [v for node in given for v in _literals(node)]
    if inputs and len(inputs) == len(given):
        yield Answer(tuple(inputs), _literals(value)[0])


def _row(row: ast.expr) -> Iterator[Answer]:
    """Parameters whose last is what is expected, as most people write them."""
    values = _literals(row)
    if values and isinstance(values[0], tuple) and len(values[0]) > 1:
        yield Answer(values[0][:-1], values[0][-1])
