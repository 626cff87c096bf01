"""Inside the sandbox: the pytest plugin that says what happened. PYTEST_DONT_REWRITE

The functions run in every process of pytest (workers of xdist too) and hang the exception's facts on each
report. `Reporter` is given to the controlling process alone and writes the events. Loaded from a file whose
name nobody can guess. Works with pytest 6.2 and later, imports nothing of ours, Python 3.8 on.
"""

from __future__ import annotations

import platform
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest

TEXT = 4000
MESSAGE = 2000
FRAMES = 60


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
