"""Does a change do anything for inputs other than those its tests happen to use?

Code that looks for a test's own values (in a table, by their digest, by their length) passes it and is otherwise as
wrong as before. So the new tests are given other inputs, and run before and after the change: where every one of them
ends in the same words both times, the change makes no difference but for the tests. Texts first keep how they begin;
where that shows no difference they keep how they end, for a rule about endings. An honest answer to one certain value
(a status code) looks the same both times, so a person is asked.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from checks.compare import listed
from checks.lines import added_lines
from checks.mutations import other
from checks.reason import Reason
from checks.source import Edit, Source, spliced
from checks.suite import Suite, run_tests
from checks.syntax import parsed
from checks.testrun import TestRun
from sandbox.site import Site
from sandbox.tree import Entry

_FEW = 2
"""Numbers up to this are everybody's, and so are texts as short as most words."""
_LONG = 12
_VARYING = re.compile(r"\d+\.\d+(e-?\d+)?|0x[0-9a-f]+")
_Named = Mapping[str, tuple[str, str]]
_Told = Mapping[str, tuple[str, str, str]]
_Other = Callable[[object], str]
"""The source of another value of the same kind; empty when there is none."""


def only_for_the_tests(
    site: Site, base_tree: str, result_tree: str, *, code: _Named, tests: _Named, ids: Sequence[str], suite: Suite
) -> tuple[Reason, ...]:
    """`code` and `tests` are path to old and new text of what changed. Raises SandboxUnavailable."""
    python = {path: texts for path, texts in code.items() if path.endswith(".py")}
    naming = sorted(path for path, (old, new) in python.items() if names_values(old, new))
    if not naming and any(moves_bounds(old, new) for old, new in python.values()):
        return ()
    longer, in_front = (_changed(tests, ids, another) for another in (other, other_in_front))
    both = partial(_both, site, base_tree, result_tree, ids=sorted({name.split("[")[0] for name in ids}), suite=suite)
    if not longer or not _alike(*both(longer)) or (in_front != longer and _differ(*both(in_front))):
        return ()
    looked_at = listed(naming or sorted(python)) if python else "the change"
    why = "does for other inputs than those of the new tests just what was done before: see whether it does more"
    return (Reason("special_case", f"{looked_at} {why}"),)


def names_values(old: str, new: str) -> bool:
    """Do the added lines compare with, or look up, values that are not everybody's?"""
    lines = added_lines(old, new)
    return any(_certain(node) for node in _looked_up(parsed(new)) if getattr(node, "lineno", 0) in lines)


def moves_bounds(old: str, new: str) -> bool:
    """A fix of `<` to `<=` makes a difference at one value alone, and so may any new bound."""
    found = [ast.dump(node) for node in ast.walk(parsed(old)) if _bounds(node)]
    return any(_bounds(node) and ast.dump(node) not in found for node in ast.walk(parsed(new)))


def _bounds(node: ast.AST) -> bool:
    return isinstance(node, ast.Compare) and any(isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for op in node.ops)


def other_in_front(value: object) -> str:
    """Ends as it did; a number has no ending of its own and is changed like any."""
    if isinstance(value, str):
        return repr("x" + value)
    return repr(b"x" + value) if isinstance(value, bytes) else other(value)


def with_other_inputs(text: str, names: Collection[str], another: _Other = other) -> str:
    """The file with other numbers and texts in these tests wherever nothing is expected; empty when there are none."""
    try:
        source = Source(text.encode())
    except ValueError:
        return ""
    wanted = {name.split("[")[0].rpartition("::")[2] for name in names}
    functions = [n for n in ast.walk(source.tree) if isinstance(n, ast.FunctionDef) and n.name in wanted]
    edits = {edit.start: edit for function in functions for edit in _inputs(source, function, another)}
    return spliced(source.text, edits.values()) if edits else ""


def _of(path: str, ids: Iterable[str]) -> list[str]:
    return [name for name in ids if name.split("::")[0] == path]


def _changed(tests: _Named, ids: Sequence[str], another: _Other) -> dict[str, str]:
    found = {path: with_other_inputs(new, _of(path, ids), another) for path, (_, new) in tests.items()}
    return {path: text for path, text in found.items() if text}


def _both(
    site: Site, base_tree: str, result_tree: str, changed: Mapping[str, str], *, ids: Sequence[str], suite: Suite
) -> tuple[_Told, _Told]:
    """What these tests say before and after the change; nothing where a run proves nothing."""
    files = {path: Entry("100644", site.trees.put(text.encode())) for path, text in changed.items()}
    before = run_tests(site, site.trees.edit(base_tree, files), ids=ids, suite=suite)
    after = run_tests(site, site.trees.edit(result_tree, files), ids=ids, suite=suite)
    return (_told(before, ids), _told(after, ids)) if before.proves and after.proves else ({}, {})


def _alike(before: _Told, after: _Told) -> bool:
    """A test that did not come to its comparison says nothing about the code."""
    return bool(after) and all(map(_compared, after.values())) and before == after


def _differ(before: _Told, after: _Told) -> bool:
    return any(_compared(told) and told != before.get(name) for name, told in after.items())


def _compared(told: tuple[str, str, str]) -> bool:
    ending, kind, _ = told
    return ending == "passed" or kind == "AssertionError"


def _told(run: TestRun, ids: Collection[str]) -> _Told:
    """How each test ended and what it said, without what is never twice the same."""
    return {
        name: (o.ending, o.raised.type if o.raised else "", _VARYING.sub("#", o.raised.message if o.raised else ""))
        for name, o in run.outcomes.items()
        if name.split("[")[0] in ids or o.stage == "collect"
    }


def _looked_up(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, ops=ops, comparators=others):
                if any(isinstance(op, ast.Eq | ast.NotEq | ast.In | ast.NotIn | ast.Is) for op in ops):
                    yield from (left, *others)
            case ast.Dict(keys=keys):
                yield from (key for key in keys if key)
            case ast.Set():
                yield node
            case ast.MatchValue(value=value):
                yield value


def _certain(node: ast.expr) -> bool:
    return any(isinstance(one, ast.Constant) and _own(one.value) for one in ast.walk(node))


def _own(value: object) -> bool:
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, int | float):
        return abs(value) > _FEW or value != int(value)
    return isinstance(value, str | bytes) and len(value) >= _LONG


def _inputs(source: Source, function: ast.FunctionDef, another: _Other) -> Iterator[Edit]:
    expected = {id(below) for node in ast.walk(function) for side in _sides(node) for below in ast.walk(side)}
    given = (n for n in ast.walk(function) if isinstance(n, ast.Constant) and id(n) not in expected)
    for node in given:
        if not _special(node.value) and (text := another(node.value)):
            yield Edit(*source.span(node), text)


def _special(value: object) -> bool:
    """Nothing, one and the empty text: often the very case that a change is about."""
    return isinstance(value, bool) or value in (0, 1, -1, "", b"")


def _sides(node: ast.AST) -> Iterator[ast.AST]:
    """What says what must come out, or is no input: it stays as it is."""
    match node:
        case ast.Assert(test=ast.Compare(left=left, comparators=others)):
            yield from (side for side in (left, *others) if not _calls(side))
        case ast.Call(func=ast.Attribute(attr=name), args=args) if name.startswith("assert"):
            yield from (side for side in args if not _calls(side))
        case ast.Call(func=ast.Attribute(attr="parametrize"), args=[names, rows, *_]):
            yield names
            yield from (row.elts[-1] for row in getattr(rows, "elts", ()) if _several(row))
        case ast.Subscript(slice=key):
            yield key
        case ast.JoinedStr() | ast.ImportFrom():
            yield node
        case ast.Expr(value=ast.Constant() as text):
            yield text
        case ast.Call(keywords=[*keywords]):
            yield from (k.value for k in keywords if k.arg in ("match", "ids", "encoding", "mode"))


def _calls(node: ast.AST) -> bool:
    return any(isinstance(one, ast.Call) for one in ast.walk(node))


def _several(row: ast.AST) -> bool:
    return isinstance(row, ast.Tuple | ast.List) and len(row.elts) > 1
