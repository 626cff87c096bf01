"""A run tells what happened, whatever the tested code does to the one who tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from checks.canary import canary, sing
from checks.canary import plant as plant_canary
from checks.suite import Suite, run_tests
from checks.testrun import TestRun
from sandbox.site import Site

Run = Callable[[Mapping[str, str]], TestRun]


@pytest.fixture
def run(site: Site, plant: Callable[[Mapping[str, str]], str]) -> Run:
    return lambda files: run_tests(site, plant(files), suite=Suite(timeout_s=60))


def test_modules_of_the_repository_do_not_stand_in_for_those_of_the_runner(run: Run) -> None:
    shadow = "raise SystemExit(0)"
    files = {"json.py": shadow, "pytest.py": shadow, "hmac.py": shadow, "sitecustomize.py": shadow}
    told = run({**files, "mine.py": "X = 1", "test_a.py": "import mine\ndef test_a(): assert mine.X == 2"})
    assert told.proves
    assert told.with_ending("failed") == {"test_a.py::test_a"}


def test_a_hook_that_turns_failures_into_passes_is_seen_through(run: Run) -> None:
    hook = """
        import pytest

        @pytest.hookimpl(hookwrapper=True)
        def pytest_runtest_makereport(item, call):
            outcome = yield
            report = outcome.get_result()
            report.outcome, report.longrepr = "passed", None
    """
    told = run({"conftest.py": hook, "test_a.py": "def test_a(): assert 0"})
    assert told.with_ending("failed") == {"test_a.py::test_a"}


def test_a_result_written_by_the_tested_code_is_seen(run: Run) -> None:
    forger = """
        def test_a():
            path = open("/proc/self/cmdline").read().split("\\0")[2]
            with open(path, "a") as file:
                file.write('00 {"event": "report", "id": "test_a.py::test_a", "outcome": "passed"}\\n')
            assert 0
    """
    told = run({"test_a.py": forger})
    assert not told.proves
    assert "test report" in told.trouble


def test_a_child_that_runs_on_into_the_runner_reports_nothing(run: Run) -> None:
    fork = """
        import os, sys

        def test_a():
            if os.fork() == 0:
                sys.exit(3)
            os.wait()
    """
    told = run({"test_a.py": fork, "test_b.py": "def test_b(): pass"})
    assert told.proves
    assert told.with_ending("passed") == {"test_a.py::test_a", "test_b.py::test_b"}


BENT = {
    "the report's attributes": """
        import _pytest.reports
        _pytest.reports.TestReport.failed = property(lambda self: False)
        _pytest.reports.TestReport.passed = property(lambda self: True)
    """,
    "how a call is caught": """
        import _pytest.runner
        whole = _pytest.runner.CallInfo.from_call.__func__
        def from_call(cls, func, when, reraise=None):
            return whole(cls, (lambda: None) if when == "call" else func, when, reraise)
        _pytest.runner.CallInfo.from_call = classmethod(from_call)
    """,
    "how a function is called": """
        import _pytest.python
        _pytest.python.Function.runtest = lambda self: None
    """,
    "the exit": """
        import atexit, os
        atexit.register(os._exit, 0)
    """,
    "the end of the session": """
        import _pytest.main
        _pytest.main.Session.exitstatus = property(lambda self: 0, lambda self, value: None)
    """,
    "assertions": """
        import builtins
        builtins.AssertionError = type("AssertionError", (BaseException,), {"__init__": lambda self, *a: None})
    """,
    "the writer": """
        import os
        whole = os.write
        os.write = lambda fd, data: whole(fd, data.replace(b'"failed"', b'"passed"'))
    """,
    "json": """
        import json
        whole = json.dumps
        json.dumps = lambda value, **more: whole(value, **more).replace('"failed"', '"passed"')
    """,
    "the reporter itself": """
        import gc
        for one in gc.get_objects():
            if type(one).__name__ == "Reporter":
                write = one._write
                def forged(event, **fields):
                    fields.update(outcome="passed", raised=None) if event == "report" else None
                    write(event, **fields)
                one._write = forged
    """,
    "the seal": """
        import hmac
        hmac.new = lambda *a, **k: type("H", (), {"hexdigest": lambda self: "0" * 64})()
    """,
}


@pytest.mark.parametrize("trick", BENT.values(), ids=BENT)
def test_a_runner_bent_from_within_is_no_clean_pass(site: Site, plant: Callable[..., str], trick: str) -> None:
    """Either the failure is told, or the run proves nothing, or the canaries do not sing: never a clean pass."""
    names = ("tests/test_a.py::test_a", "tests/test_b.py::test_b")
    tree = plant({"bent.py": trick, "tests/test_a.py": "import bent\ndef test_a(): assert 0", "tests/test_b.py": ""})
    planted = canary(names, ("test",))
    told = run_tests(site, plant_canary(site, tree, planted), suite=Suite(timeout_s=60), canary=planted)
    clean = told.proves and not sing(told, planted)
    assert not clean or names[0] in told.with_ending("failed")
