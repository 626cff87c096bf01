"""Constructs that new code may not bring in: text run as code, shells, unpickling; by meaning."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from checks.lines import added_lines
from checks.meaning import Names
from checks.pythonic import is_python, odd_coding

_CODE, _SHELL, _DATA = "runs text as code", "starts a shell", "runs what the data says"
# Called, passed on or stored: naming one of these is enough.
_NEVER = {
    "builtins.eval": _CODE,
    "builtins.exec": _CODE,
    "builtins.compile": _CODE,
    "code.interact": _CODE,
    "os.system": _SHELL,
    "os.popen": _SHELL,
    "pty.spawn": _SHELL,
    "subprocess.getoutput": _SHELL,
    "subprocess.getstatusoutput": _SHELL,
    "asyncio.create_subprocess_shell": _SHELL,
    "pickle.load": _DATA,
    "pickle.loads": _DATA,
    "pickle.Unpickler": _DATA,
    "dill.load": _DATA,
    "dill.loads": _DATA,
    "cloudpickle.load": _DATA,
    "cloudpickle.loads": _DATA,
    "marshal.load": _DATA,
    "marshal.loads": _DATA,
    "shelve.open": _DATA,
    "yaml.unsafe_load": _DATA,
    "yaml.UnsafeLoader": _DATA,
}
_WITH_SHELL = frozenset(f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen"))
_MODULES = frozenset(name.split(".")[0] for name in _NEVER)


@dataclass(frozen=True, slots=True)
class Forbidden:
    path: str
    line: int
    """1-based, where the construct begins."""
    construct: str
    """What it is once aliases are followed, for example `os.system`."""
    why: str
    snippet: str


def forbidden(before: str, after: str, path: str) -> tuple[Forbidden, ...]:
    """The forbidden constructs on those lines of `after` that `before` does not have, in order.

    Python files alone, scripts without an ending too. A changed file that can not be parsed, or not as it will be
    run because of its coding, is reported too (`unparsable`): anything could hide in it.
    """
    lines = added_lines(before, after)
    if not lines or not is_python(path, after):
        return ()
    coding = odd_coding(after)
    if coding:
        return (Forbidden(path, coding[0], "unparsable", f"is in the coding {coding[1]}, not as it is read", ""),)
    try:
        found = tuple(_found(ast.parse(after)))
    except (SyntaxError, ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None) or min(lines)
        return (Forbidden(path, line, "unparsable", "can not be read as Python", ""),)
    source = after.splitlines()
    new = {
        Forbidden(path, node.lineno, construct, why, source[node.lineno - 1].strip())
        for node, construct, why in found
        if not lines.isdisjoint(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    }
    return tuple(sorted(new, key=lambda one: (one.line, one.construct)))


def _found(module: ast.Module) -> Iterator[tuple[ast.expr, str, str]]:
    names = Names(module, _NEVER)
    for node in ast.walk(module):
        if not isinstance(node, ast.expr) or isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del)):
            continue
        name = names.of(node)
        if name in _NEVER:
            yield node, name, _NEVER[name]
        if isinstance(node, ast.Call):
            yield from ((node, construct, why) for construct, why in _called(node, names))
        reached = names.reaches_by_text(node)
        if reached in _MODULES or reached == "builtins.__import__":
            yield node, f"{reached}[…]", "looks a name up by a text made at run time"


def _called(node: ast.Call, names: Names) -> Iterator[tuple[str, str]]:
    name = names.of(node.func)
    if name in _WITH_SHELL and any(_is_shell(keyword) for keyword in node.keywords):
        yield f"{name}(shell)", _SHELL
    if name == "yaml.load" and not any("SafeLoader" in ast.unparse(part) for part in _arguments(node)):
        yield "yaml.load", _DATA


def _arguments(node: ast.Call) -> Iterator[ast.expr]:
    yield from node.args[1:]
    yield from (keyword.value for keyword in node.keywords)


def _is_shell(keyword: ast.keyword) -> bool:
    """`shell=` with anything but a literal false, also inside a literal `**{...}`."""
    if keyword.arg is None and isinstance(keyword.value, ast.Dict):
        pairs = zip(keyword.value.keys, keyword.value.values, strict=True)
        return any(isinstance(k, ast.Constant) and k.value == "shell" and _maybe(v) for k, v in pairs)
    return keyword.arg == "shell" and _maybe(keyword.value)


def _maybe(value: ast.expr) -> bool:
    return not (isinstance(value, ast.Constant) and not value.value)
