"""Inside the sandbox: the pytest plugin that says what happened. PYTEST_DONT_REWRITE

The functions run in every process of pytest (workers of xdist too): they choose the wanted tests and hang the
exception's facts on each report. `Reporter` is given to the controlling process alone and writes the events.
Loaded from a file whose name nobody can guess, beside `plan.json`:
{"root": folder, "ids": [wanted tests, files or folders; none is all], "canary": planted file to run last, or null}.
Works with pytest 6.2 and later, imports nothing of ours, Python 3.8 on.
"""

from __future__ import annotations

import functools
import json
import os
import platform
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest

TEXT = 4000
MESSAGE = 2000
FRAMES = 60


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
    return None if _below(inside, plan["places"]) else True


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
def pytest_collection_modifyitems(items: list[Any]) -> Iterator[None]:
    """Canaries are kept whatever the configuration deselects, once, and run after all other tests."""
    planted = _plan()["canary"]
    last = {item.nodeid: item for item in items if planted and item.nodeid.startswith(planted)}
    yield
    rest = [item for item in items if item.nodeid not in last and _wanted(item.nodeid)]
    items[:] = [*rest, *last.values()]


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: Any, call: Any) -> Iterator[None]:
    result: Any = yield
    if call.excinfo is not None:
        result.get_result().lamplighter = _raised(call.excinfo.value)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_make_collect_report(collector: Any) -> Iterator[None]:
    result: Any = yield
    report = result.get_result()
    call = getattr(report, "call", None)
    if call is not None and call.excinfo is not None:
        report.lamplighter = _raised(call.excinfo.value)


def _raised(value: BaseException) -> dict[str, Any]:
    """The exception's facts. What pytest wraps around an error at import is taken off again."""
    if type(value).__name__ == "CollectError" and value.__cause__ is not None:
        value = value.__cause__
    return {
        "type": type(value).__name__,
        "bases": [base.__name__ for base in type(value).__mro__[1:-1]],
        "message": _message(value)[:MESSAGE],
        "frames": _frames(value),
    }


def _message(value: BaseException) -> str:
    try:
        return str(value)
    except Exception as error:  # a __str__ of the tested code may do anything
        return f"(its message can not be shown: {type(error).__name__})"


def _frames(value: BaseException) -> list[list[Any]]:
    frames = [
        [frame.f_code.co_filename, line, frame.f_code.co_name] for frame, line in traceback.walk_tb(value.__traceback__)
    ]
    return frames if len(frames) <= FRAMES else frames[: FRAMES // 2] + frames[-FRAMES // 2 :]


class Reporter:
    """Tells `write(event, **fields)` what the controlling process of pytest sees."""

    def __init__(self, write: Callable[..., None]) -> None:
        self._write = write

    def pytest_configure(self, config: Any) -> None:
        self._write(
            "begin",
            runner=f"pytest {pytest.__version__}, Python {platform.python_version()}",
            python_functions=list(config.getini("python_functions")),
        )

    def pytest_collection_finish(self, session: Any) -> None:
        self._write("collected", ids=[item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:
        self._write("collected", ids=list(ids))

    def pytest_collectreport(self, report: Any) -> None:
        if report.outcome != "passed":
            self._write("collect", **_told(report))

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._write("start", id=nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        wasxfail = getattr(report, "wasxfail", None)
        self._write(
            "report",
            stage=report.when,
            seconds=float(getattr(report, "duration", 0.0)),
            xfail=wasxfail is not None,
            **_told(report),
        )

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, exitstatus: Any) -> None:
        self._write("finish", exit=int(exitstatus))


def _told(report: Any) -> dict[str, Any]:
    return {
        "id": report.nodeid,
        "outcome": report.outcome,
        "text": "" if report.outcome == "passed" else _text(report),
        "raised": getattr(report, "lamplighter", None),
    }


def _text(report: Any) -> str:
    """The failure as pytest shows it and the end of what the test printed, both cut in the middle."""
    text = _cut(_longrepr(report), TEXT)
    for title, printed in getattr(report, "sections", ()):
        text += f"\n--- {title} ---\n{_cut(printed, TEXT // 4)}"
    return text


def _longrepr(report: Any) -> str:
    longrepr = report.longrepr
    if isinstance(longrepr, tuple):  # a skip: path, line, reason
        return str(longrepr[2])
    return str(getattr(report, "longreprtext", longrepr) or "")


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return f"{text[: limit // 2]}\n... {len(text) - limit} characters left out ...\n{text[-limit // 2 :]}"
