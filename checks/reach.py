"""What a changed file newly reaches for: the network, other programs, the clock, a memory of its own …

A fix seldom needs a reach that its file did not have. Where one comes in, the tests may show little of what it does,
so a person is asked. Read from the text: a name is enough, whatever is done with it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator, Mapping
from typing import Literal

from checks.lines import added_lines
from checks.reason import Reason
from checks.syntax import last_name, parsed

Reach = Literal[
    "surroundings", "clock", "chance", "network", "programs", "files", "threads", "the end of the process",
    "memory between calls", "its own idea of equality", "what it was given", "imports of others", "unknown packages",
]  # fmt: skip

_MODULES: Mapping[str, Reach] = {
    **dict.fromkeys(("socket", "ssl", "http", "requests", "httpx", "aiohttp", "urllib3", "ftplib", "smtplib",
    "telnetlib",
                     "xmlrpc", "poplib", "imaplib", "socketserver", "websocket", "websockets"), "network"),
    **dict.fromkeys(("subprocess", "pty", "multiprocessing", "ctypes", "cffi", "timeit", "runpy", "code", "codeop",
                     "cProfile", "profile", "pdb", "bdb", "trace", "ensurepip", "venv", "webbrowser", "sched"),
                     "programs"),
    **dict.fromkeys(("threading", "_thread", "concurrent", "signal", "asyncio"), "threads"),
    **dict.fromkeys(("time", "datetime", "calendar"), "clock"),
    **dict.fromkeys(("random", "secrets", "uuid"), "chance"),
    **dict.fromkeys(("shutil", "tempfile", "pathlib", "glob", "fileinput", "mmap", "sqlite3", "dbm", "shelve", "pickle",
                     "marshal", "zipfile", "tarfile", "pkgutil", "linecache"), "files"),
    **dict.fromkeys(("platform", "getpass", "pwd", "grp", "resource", "locale", "gc", "inspect", "traceback"),
                    "surroundings"),
    **dict.fromkeys(("atexit",), "the end of the process"),
    **dict.fromkeys(("importlib", "imp", "zipimport"), "imports of others"),
}  # fmt: skip
_ATTRIBUTES: Mapping[str, Reach] = {
    **dict.fromkeys(("environ", "environb", "getenv", "getuid", "geteuid", "getgid", "getlogin", "uname", "cpu_count",
                     "getpid", "getppid", "flags", "argv", "orig_argv", "version_info", "hexversion", "implementation",
                     "gethostname", "current_thread", "main_thread", "get_ident", "executable", "gettrace", "getcwd",
                     "getsizeof", "getrefcount", "loadavg", "getloadavg", "isatty"), "surroundings"),
    **dict.fromkeys(("system", "popen", "fork", "execv", "execve", "execvp", "spawnl", "spawnv", "posix_spawn",
    "startfile",
                     "ForkingPickler", "attrgetter", "methodcaller"), "programs"),
    **dict.fromkeys(("remove", "unlink", "rmtree", "rmdir", "removedirs", "makedirs", "mkdir", "write_text",
                     "write_bytes", "symlink_to", "truncate", "read_text", "read_bytes", "open_binary"), "files"),
    **dict.fromkeys(("finalize", "__del__"), "the end of the process"),
    **dict.fromkeys(("__dict__", "modules", "meta_path", "path_hooks", "setattr"), "imports of others"),
}  # fmt: skip
_METHODS = frozenset({"remove"})
"""Names that lists have too: they count on modules and paths alone."""
_MUTATORS = frozenset({"append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse", "update", "popitem",
                       "setdefault", "add", "discard"})  # fmt: skip
_BEGUN = frozenset({"iter", "count", "chain", "repeat", "cycle", "deque", "Counter", "defaultdict", "list",
"dict", "set",
                    "local", "Queue", "SimpleQueue", "lru_cache", "cache"})  # fmt: skip
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def newly_reached(texts: Mapping[str, tuple[str, str]], known: Collection[str]) -> Iterator[tuple[Reach, Reason]]:
    """`texts` are path to old and new text of changed Python files; `known` the names of packages that may be imported.

    Once for each file and each kind of reach that the old text had not.
    """
    for path, (old, new) in texts.items():
        lines = added_lines(old, new)
        had = {reach for reach, _, _ in _reaches(old, known)}
        for reach, line, what in _reaches(new, known):
            if reach not in had and line in lines:
                had.add(reach)
                told = f"{path}:{line} newly reaches for {reach} (`{what}`): see that this is what was asked for"
                yield reach, Reason("reaches", told)


def packages(paths: Collection[str], texts: Collection[str]) -> frozenset[str]:
    """Names of a repository's own modules, and of what its files import already."""
    own = {part.removesuffix(".py") for path in paths if path.endswith(".py") for part in path.split("/")}
    return frozenset(own | {name for text in texts for name, _ in _imports(parsed(text))})


def _reaches(text: str, known: Collection[str]) -> list[tuple[Reach, int, str]]:
    tree = parsed(text)
    found = [*_modules(tree, known), *_named(tree), *_kept(tree), *_changed(tree), *_hooks(tree)]
    return sorted(found, key=lambda one: one[1])


def _modules(tree: ast.Module, known: Collection[str]) -> Iterator[tuple[Reach, int, str]]:
    for name, line in _imports(tree):
        if name in _MODULES:
            yield _MODULES[name], line, name
        elif name not in sys.stdlib_module_names and name not in known:
            yield "unknown packages", line, name


def _imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((alias.name.split(".")[0], node.lineno) for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.split(".")[0], node.lineno


def _named(tree: ast.Module) -> Iterator[tuple[Reach, int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=owner, attr=name) if name in _ATTRIBUTES:
                if name not in _METHODS or ast.unparse(owner) in ("os", "shutil"):
                    yield _ATTRIBUTES[name], node.lineno, ast.unparse(node)[:40]
            case ast.alias(name=name) if name in _ATTRIBUTES:
                yield _ATTRIBUTES[name], node.lineno, name
            case ast.Name(id="__debug__"):
                yield "surroundings", node.lineno, "__debug__"
            case ast.Name(id="open" | "input"):
                yield "files", node.lineno, node.id
            case ast.Name(id="vars" | "globals" | "__import__" | "exec" | "eval" | "compile" | "setattr" | "delattr"):
                yield "imports of others", node.lineno, node.id


def _kept(tree: ast.Module) -> Iterator[tuple[Reach, int, str]]:
    """Names of a module or a class that are begun empty or by a call and may so hold what came before."""
    classes = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    for statement in tree.body:
        value = getattr(statement, "value", None)
        if isinstance(statement, ast.Assign | ast.AnnAssign) and value is not None and _begun(value):
            yield "memory between calls", statement.lineno, ast.unparse(statement)[:40]
    for node in ast.walk(tree):
        match node:
            case ast.Global(names=names):
                yield "memory between calls", node.lineno, f"global {', '.join(names)}"
            case ast.AugAssign(target=ast.Attribute(value=ast.Name(id=name))) if name in {*classes, "cls"}:
                yield "memory between calls", node.lineno, ast.unparse(node)[:40]
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                for part in _lasting(node):
                    yield "memory between calls", part.lineno, ast.unparse(part)[:40]


def _lasting(function: _Function) -> Iterator[ast.expr]:
    """What belongs to a function and outlives a call: defaults that can change, what remembers its results."""
    arguments = function.args
    yield from (default for default in (*arguments.defaults, *arguments.kw_defaults) if default and _begun(default))
    yield from (decorator for decorator in function.decorator_list if last_name(decorator) in _BEGUN)


def _begun(value: ast.expr) -> bool:
    match value:
        case ast.List(elts=[]) | ast.Dict(keys=[]):
            return True
        case ast.Call(func=function):
            return last_name(function) in _BEGUN
    return False


def _changed(tree: ast.Module) -> Iterator[tuple[Reach, int, str]]:
    """Parameters that a function changes for its caller; `self` is its own."""
    for function in (node for node in ast.walk(tree) if isinstance(node, _Function)):
        given = {argument.arg for argument in (*function.args.posonlyargs, *function.args.args)} - {"self", "cls"}
        given -= {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        for node in ast.walk(function):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) if (
                    name in given and method in _MUTATORS
                ):
                    yield "what it was given", node.lineno, ast.unparse(node)[:40]
                case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()) if name in given:
                    yield "what it was given", node.lineno, ast.unparse(node)[:40]


def _hooks(tree: ast.Module) -> Iterator[tuple[Reach, int, str]]:
    for top in tree.body:
        if isinstance(top, _Function) and top.name in ("__getattr__", "__dir__"):
            yield "imports of others", top.lineno, f"def {top.name}"
    for node in ast.walk(tree):
        if isinstance(node, _Function) and node.name == "__eq__":
            yield "its own idea of equality", node.lineno, "def __eq__"
        if isinstance(node, _Function) and node.name == "__del__":
            yield "the end of the process", node.lineno, "def __del__"
