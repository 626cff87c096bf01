"""Code that looks at who calls it, or changes what does not belong to it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from checks.always import Seen
from checks.meaning import Names, text

_CODE = "looks_at_caller"
_LOOKS, _HOOKS, _ENDS = "looks at who calls it", "hooks itself into the interpreter", "ends the process its own way"
_CHANCE = "decides chance for everybody in the process"
NAMED = {
    **dict.fromkeys(
        ("sys._getframe", "sys._getframemodulename", "sys._current_frames", "inspect.stack", "inspect.currentframe",
         "inspect.trace", "inspect.getouterframes", "traceback.extract_stack", "traceback.walk_stack",
         "traceback.format_stack", "traceback.print_stack", "gc.get_objects", "gc.get_referrers", "gc.get_referents"),
        _LOOKS,
    ),
    **dict.fromkeys(
        ("sys.settrace", "sys.setprofile", "threading.settrace", "threading.setprofile", "sys.monitoring",
         "sys.addaudithook", "sys.meta_path", "sys.path_hooks", "importlib.reload", "signal.signal", "atexit.register",
         "threading.settrace_all_threads", "ctypes.pythonapi", "sys.setrecursionlimit"),
        _HOOKS,
    ),
    "random.seed": _CHANCE, "random.setstate": _CHANCE,
    "os._exit": _ENDS, "os.abort": _ENDS, "os.kill": _ENDS, "signal.raise_signal": _ENDS,
}  # fmt: skip
_FRAMES = frozenset({"f_back", "f_globals", "f_locals", "f_builtins", "tb_frame", "gi_frame", "cr_frame", "ag_frame"})
_RUNNERS = frozenset({"pytest", "_pytest", "unittest", "pluggy"})
_MODULES = frozenset({*sys.stdlib_module_names, *_RUNNERS})
_ORDINARY = ("sys.std", "sys.excepthook", "sys.path", "sys.argv", "sys.ps", "sys.dont_write_bytecode")


def at_the_caller(module: ast.Module, names: Names) -> Iterator[Seen]:
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and node.attr in _FRAMES and isinstance(node.ctx, ast.Load):
            yield node, _CODE, f"goes through frames (`{node.attr}`)", "ask"
        if isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del)):
            name = names.of(node)
            if name in NAMED:
                yield node, _CODE, f"{NAMED[name]} (`{name}`)", "ask"
        for changed in _changed(node, names):
            yield from _patched(node, changed)


def _changed(node: ast.AST, names: Names) -> Iterator[str]:
    """The dotted names that a statement sets or deletes in modules."""
    match node:
        case ast.Assign(targets=targets) | ast.Delete(targets=targets):
            yield from filter(None, [_target(one, names) for one in targets])
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target, value=ast.expr()):
            yield from filter(None, [_target(target, names)])
        case ast.Call(func=function, args=[owner, key, *_]) if _sets(function):
            named = names.of(owner)
            if named:
                yield f"{named}.{text(key) or '…'}"
        case ast.Call(func=ast.Attribute(value=owner, attr="update" | "setdefault" | "pop" | "__setitem__")):
            named = names.of(owner)
            if named in ("sys.modules", "builtins"):
                yield f"{named}.…"


def _sets(function: ast.expr) -> bool:
    return ast.unparse(function) in ("setattr", "delattr", "object.__setattr__", "type.__setattr__")


def _target(target: ast.expr, names: Names) -> str | None:
    match target:
        case ast.Attribute(value=owner, attr=name):
            named = names.of(owner)
            return f"{named}.{name}" if named else None
        case ast.Subscript(value=owner, slice=key):
            named = names.of(owner)
            return f"{named}.{text(key) or '…'}" if named in ("sys.modules", "builtins") else None
        case ast.Tuple(elts=elts):
            return next((inner for one in elts if (inner := _target(one, names))), None)
    return None


def _patched(node: ast.AST, target: str) -> Iterator[Seen]:
    first = target.split(".")[0]
    runner = first in _RUNNERS or target.startswith(tuple(f"sys.modules.{name}" for name in _RUNNERS))
    if first in _MODULES and not target.startswith(_ORDINARY):
        yield node, _CODE, f"changes `{target}`, which is not its own", "refuse" if runner else "ask"
