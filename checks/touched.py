"""What a change did to tests that were there: which were changed, which are gone, with the lines to look at.

New tests, more parameters for an old one, and changed fixtures or data leave an old test as it was: whether the
tests as they were still pass is for a run to show.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from typing import Literal

Function = ast.FunctionDef | ast.AsyncFunctionDef
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Touched:
    """One test, or lines of a test file in a language that is not read here."""

    path: str
    name: str
    """`Class::test` or `test`; empty where lines are all that is known."""
    line: int
    """In the new file; in the old one when it is gone there."""
    what: Literal["changed", "removed", "set_aside"]
    lines: tuple[str, ...]
    """The first lines of the difference, with `-` and `+`."""


def touched(path: str, old: str, new: str | None) -> tuple[Touched, ...]:
    """Tests of the file `old` that are not in `new` as they were. `new` is None where the file is gone."""
    before = _tests(old) if path.endswith(".py") else None
    after = _tests(new) if before is not None and new is not None else {}
    if before is None or after is None:
        return tuple(_by_lines(path, old, new or ""))
    return (*_by_tests(path, before, after, old, new or ""), *_stand_ins(path, old, new or ""))


def moved(gone: Touched, old: str, others: Mapping[str, str]) -> bool:
    """The same test, word for word, stands in one of the `others` (path to new text)."""
    wanted = (_tests(old) or {}).get(gone.name)
    if wanted is None:
        return False
    dumps = (ast.dump(test) for text in others.values() for test in (_tests(text) or {}).values())
    return ast.dump(wanted) in dumps


def _tests(text: str) -> dict[str, Function] | None:
    """Test functions by name; a later one of the same name hides an earlier one, as in Python."""
    try:
        return dict(_found(ast.parse(text), ""))
    except (SyntaxError, ValueError, RecursionError):
        return None


def _found(node: ast.Module | ast.ClassDef, above: str) -> Iterator[tuple[str, Function]]:
    for child in node.body:
        if isinstance(child, ast.ClassDef):
            yield from _found(child, f"{above}{child.name}::")
        elif isinstance(child, Function) and child.name.lower().startswith(("test", "runtest")):
            yield above + child.name, child


def _by_tests(
    path: str, before: Mapping[str, Function], after: Mapping[str, Function], old: str, new: str
) -> Iterator[Touched]:
    for name, was in before.items():
        now = after.get(name)
        if now is None:
            yield Touched(path, name, was.lineno, "removed", _lines(_source(old, was), ""))
        elif ast.dump(was) != ast.dump(now) and not _extended(was, now):
            aside = _marks(now) > _marks(was)
            shown = _lines(_source(old, was), _source(new, now))
            yield Touched(path, name, now.lineno, "set_aside" if aside else "changed", shown)


def _stand_ins(path: str, old: str, new: str) -> Iterator[Touched]:
    """A name that old tests got from elsewhere, and that the file now gives them itself."""
    imported = {name: origin for node in ast.parse(old).body for name, origin in _brought(node).items()}
    for node in ast.parse(new).body if new else ():
        brought = _brought(node)
        for name in sorted(imported.keys() & (_given(node) | brought.keys())):
            if brought.get(name) != imported[name]:
                shown = (f"-{name} from {imported[name]}", f"+{name} from {brought.get(name, 'the test file itself')}")
                yield Touched(path, name, node.lineno, "changed", shown)


def _brought(node: ast.stmt) -> dict[str, str]:
    """Imported names, and where from."""
    match node:
        case ast.Import(names=names):
            return {alias.asname or alias.name.split(".")[0]: alias.name for alias in names}
        case ast.ImportFrom(names=names):
            return {alias.asname or alias.name: f"{'.' * node.level}{node.module or ''}" for alias in names}
    return {}


def _given(node: ast.stmt) -> set[str]:
    if isinstance(node, Function | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}


def _marks(test: Function) -> int:
    """How often the test says that it shall not run or may fail."""
    words = {"skip", "skipif", "skipIf", "skipUnless", "skipTest", "xfail", "expectedFailure", "importorskip"}
    names = (n.attr if isinstance(n, ast.Attribute) else getattr(n, "id", "") for n in ast.walk(test))
    return sum(name in words for name in names)


def _extended(was: Function, now: Function) -> bool:
    """The only difference is that lists of parameters got longer."""
    if len(was.decorator_list) != len(now.decorator_list) or _bare(was) != _bare(now):
        return False
    pairs = zip(was.decorator_list, now.decorator_list, strict=True)
    return all(ast.dump(a) == ast.dump(b) or _longer(a, b) for a, b in pairs)


def _bare(test: Function) -> list[str]:
    parts: list[ast.AST] = [test.args, *test.body, *([test.returns] if test.returns else [])]
    return [type(test).__name__, *map(ast.dump, parts)]


def _longer(was: ast.expr, now: ast.expr) -> bool:
    """`parametrize(names, [...])` with all the old values, in their order, and more."""
    match was, now:
        case (
            ast.Call(func=ast.Attribute(attr="parametrize"), args=[names, ast.List(old) | ast.Tuple(old)]),
            ast.Call(func=ast.Attribute(attr="parametrize"), args=[names2, ast.List(new) | ast.Tuple(new)]),
        ):
            kept = iter(map(ast.dump, new))
            same = ast.dump(was.func) == ast.dump(now.func) and ast.dump(names) == ast.dump(names2)
            rest = [k.arg for k in (*was.keywords, *now.keywords) if k.arg != "ids"]
            return same and not rest and all(ast.dump(value) in kept for value in old)
    return False


def _by_lines(path: str, old: str, new: str) -> Iterator[Touched]:
    """Where a file's language is not known: any line that is gone."""
    shown = _lines(old, new)
    gone = next((i for i, line in enumerate(shown) if line.startswith("-")), None)
    if gone is not None:
        yield Touched(path, "", _first_gone(old, new), "changed" if new else "removed", shown[gone:])


def _first_gone(old: str, new: str) -> int:
    kept = iter(new.splitlines())
    return next((n for n, line in enumerate(old.splitlines(), 1) if line not in kept), 1)


def _source(text: str, node: Function) -> str:
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    return "\n".join(text.splitlines()[first - 1 : node.end_lineno])


def _lines(old: str, new: str) -> tuple[str, ...]:
    found = list(unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0))[2:]
    return tuple(line for line in found if not line.startswith("@@"))[:_SHOWN]
