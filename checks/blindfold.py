"""Inside the sandbox: the pytest plugin that takes away what tells code that a test watches it. PYTEST_DONT_REWRITE

From before the first conftest.py: no variable of pytest's in the environment, a command line that says nothing,
and no test framework in `sys.modules` for those who look from a file of the repository that is no test.
Imports keep working: the interpreter itself asks its own table. Left to see are the call stack, what the garbage
collector knows, /proc, and a plain `import pytest`. Loaded from a file whose name nobody can guess, beside
`plan.json` with {"root": the repository's folder}. Works with pytest 6.2 and later, Python 3.8 on.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest

SIGNS = frozenset({"pytest", "_pytest", "pluggy", "iniconfig", "unittest", "xdist", "execnet"})
NEUTRAL = "-c"


class Modules(MutableMapping, dict):  # type: ignore[type-arg,metaclass,misc]
    """Stands before the interpreter's table of modules and says of a test framework that it is not there.

    It keeps nothing of its own, so that the two can never differ.
    """

    def __init__(self, real: dict[str, Any], root: str, own: frozenset[str]) -> None:
        self._real, self._root, self._signs = real, root + os.sep, SIGNS | own

    def __getitem__(self, name: str) -> Any:
        if self._tells(name) and self._asked_by_product():
            raise KeyError(name)
        return self._real[name]

    def __setitem__(self, name: str, module: Any) -> None:
        self._real[name] = module

    def __delitem__(self, name: str) -> None:
        del self._real[name]

    def __iter__(self) -> Iterator[str]:
        blind = self._asked_by_product()
        return iter([name for name in list(self._real) if not (blind and self._tells(name))])

    def __len__(self) -> int:
        return len(self._real)

    def __repr__(self) -> str:
        return repr(self.copy())

    def copy(self) -> dict[str, Any]:
        return {name: self._real[name] for name in self}

    def _tells(self, name: Any) -> bool:
        first = str(name).split(".")[0]
        return first in self._signs or first.startswith("pytest_")

    def _asked_by_product(self) -> bool:
        frame = sys._getframe(1)
        while frame.f_back and frame.f_globals.get("__name__") in (__name__, "collections.abc", "_collections_abc"):
            frame = frame.f_back
        return self._is_product(frame.f_code.co_filename)

    def _is_product(self, path: str) -> bool:
        if not path.startswith(self._root):
            return False
        *folders, name = path[len(self._root) :].split(os.sep)
        test = name.startswith(("test_", "conftest.")) or name.endswith("_test.py")
        return not test and not {"test", "tests", "site-packages", "dist-packages"} & {*folders}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: Any) -> None:
    """The earliest moment a plugin gets: nothing of the repository has been imported."""
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "plan.json"), encoding="utf-8") as file:
        root = json.load(file)["root"]
    own = frozenset(name[:-3] for name in os.listdir(here) if name.endswith(".py"))
    runner: Any = sys.modules["_pytest.runner"]
    runner._update_current_test_var = lambda item, when: None  # else it says before every step which test runs
    if not getattr(early_config.known_args_namespace, "numprocesses", None):
        _quiet_environment()
    _quiet_command_line()
    sys.modules = Modules(sys.modules, root, own)  # type: ignore[assignment]


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """What workers of xdist were started with goes now: they have got it, and forget it here themselves."""
    _quiet_environment()
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != here]


def _quiet_environment() -> None:
    environment = os.environ  # noqa: TID251 - the one in the sandbox
    for name in [name for name in environment if name.startswith("PYTEST")]:
        del environment[name]


def _quiet_command_line() -> None:
    sys.argv[:] = [NEUTRAL]
    if hasattr(sys, "orig_argv"):
        sys.orig_argv[:] = [sys.orig_argv[0], NEUTRAL]
    main = sys.modules["__main__"]
    if hasattr(main, "__file__"):
        del main.__file__
