"""Inside the sandbox: the pytest plugin that chooses which tests run, and in which order. PYTEST_DONT_REWRITE

It runs in every process of pytest, workers of xdist too. Loaded from a file whose name nobody can guess, beside
`plan.json`: {"root": folder, "ids": [wanted tests, files or folders; none is all], "canary": planted file to run
last, or null, "order": null as collected, 0 backwards, else a seed to shuffle with, "repeats": how often each test}.
Works with pytest 6.2 and later, imports nothing of ours, Python 3.8 on.
"""

from __future__ import annotations

import functools
import json
import os
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest


@functools.lru_cache(maxsize=1)
def _plan() -> dict[str, Any]:
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "plan.json"), encoding="utf-8") as file:
        plan: dict[str, Any] = json.load(file)
    plan["ids"] = frozenset(plan["ids"])
    plan["places"] = tuple(i.split("::")[0].rstrip("/") for i in plan["ids"])
    plan["whole"] = tuple(i.rstrip("/") for i in plan["ids"] if "::" not in i)
    return plan


def _below(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(place + "/") for place in places)


def _wanted(nodeid: str) -> bool:
    """By its own id, that of its function or class, or because its file or folder is named."""
    plan = _plan()
    if not plan["ids"] or nodeid in plan["ids"] or _below(nodeid.split("::")[0], plan["whole"]):
        return True
    return any(nodeid.startswith((f"{name}[", f"{name}::")) for name in plan["ids"])


def _ignored(path: str) -> bool | None:
    """True for a file that holds none of the wanted tests; folders and packages are always entered."""
    plan = _plan()
    if not plan["ids"] or os.path.isdir(path) or os.path.basename(path) == "__init__.py":
        return None
    inside = os.path.relpath(path, plan["root"]).replace(os.sep, "/")
    return None if _below(inside, plan["places"]) or inside == plan["canary"] else True


def _ignored_since_7(collection_path: Any) -> bool | None:
    return _ignored(str(collection_path))


def _ignored_before_7(path: Any) -> bool | None:
    return _ignored(str(path))


# The hook's argument was renamed, and a hook may not name an argument that its pytest does not have.
pytest_ignore_collect: Callable[..., Any] = (
    _ignored_since_7 if int(pytest.__version__.split(".")[0]) >= 7 else _ignored_before_7
)


def pytest_configure(config: Any) -> None:
    """The canary is collected whatever the project's own patterns, arguments and testpaths are."""
    planted = _plan()["canary"]
    if not planted:
        return
    config.getini("python_files").append(os.path.basename(planted))  # the list that pytest itself asks
    file = os.path.join(_plan()["root"], planted)
    named = [os.path.abspath(argument.split("::")[0]) for argument in config.args]
    if not any(os.path.isdir(path) and os.path.commonpath([path, file]) == path for path in named):
        config.args.append(file)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: Any, items: list[Any]) -> Iterator[None]:
    """Canaries are kept whatever the configuration deselects, once, and run after all other tests."""
    planted = _plan()["canary"]
    last = {item.nodeid: item for item in items if planted and item.nodeid.startswith(planted)}
    yield
    rest = [item for item in items if item.nodeid not in last and _wanted(item.nodeid)]
    items[:] = [*_repeated(config, _ordered(rest)), *last.values()]


def _ordered(items: list[Any]) -> list[Any]:
    order = _plan()["order"]
    if order is None:
        return items
    if order == 0:
        return items[::-1]
    shuffled = list(items)
    own = random.Random(order)  # nosec B311
    own.shuffle(shuffled)  # the tests' generator is left as it was
    return shuffled


def _repeated(config: Any, items: list[Any]) -> list[Any]:
    """Every test that often in one process. Not with xdist: there its turns would land in different ones."""
    apart = hasattr(config, "workerinput") or getattr(config.option, "dist", "no") != "no"
    return items if apart else items * _plan()["repeats"]
