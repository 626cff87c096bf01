"""Failing tests of the base become bugs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from backlog.discover import look
from backlog.item import Kind
from backlog.source import Found, Report
from backlog.sources.failing_tests import FailingTests
from checks.check import CommandCheck, TestCheck
from checks.testrun import Outcome, Raised, TestRun
from tests.backlog.conftest import make_view


def report(*outcomes: Outcome, **fields: Any) -> Report:
    run = replace(TestRun({o.id: o for o in outcomes}, finished=True), **fields)
    return look(FailingTests(), make_view(run=run))


def found(*outcomes: Outcome) -> tuple[Found, ...]:
    return report(*outcomes).found


def failed(name: str, **fields: Any) -> Outcome:
    return Outcome(f"tests/test_a.py::{name}", "failed", **fields)


def test_parametrisations_of_one_function_are_one_bug() -> None:
    (one,) = found(failed("test_b[1]"), failed("test_b[x::y]"), Outcome("tests/test_a.py::test_b[2]", "passed"))
    assert one.kind is Kind.BUG
    assert one.title == "Make test_b pass (tests/test_a.py)"
    assert one.check == TestCheck(ids=("tests/test_a.py::test_b[1]", "tests/test_a.py::test_b[x::y]"))
    assert one.criteria == ("tests/test_a.py::test_b passes, and every test that passes now still does.",)


def test_methods_of_different_classes_are_different_bugs() -> None:
    ids = [f.fingerprint for f in found(failed("TestA::test_b"), failed("TestC::test_b"))]
    assert len(set(ids)) == 2


def test_the_story_says_how_it_fails() -> None:
    (one,) = found(failed("test_b", raised=Raised("ValueError", "no\nsuch \x1b[31mthing")))
    assert one.story == "It fails on the base in call: ValueError: no such [31mthing"


def test_only_failures_and_errors_count() -> None:
    endings = [Outcome(f"t.py::test_{e}", e) for e in ("passed", "skipped", "xfailed", "xpassed", "error")]
    assert [f.path for f in found(*endings)] == ["t.py"]


def test_a_file_that_can_not_be_collected_is_its_own_check() -> None:
    (one,) = found(Outcome("tests/test_a.py", "error", "collect"), Outcome("t.py::test_x", "passed"))
    assert one.title == "Make tests/test_a.py collectable"
    assert isinstance(one.check, CommandCheck)
    assert one.check.argv[-1] == "tests/test_a.py"


def test_a_run_that_proves_nothing_is_not_run() -> None:
    died = report(finished=False, trouble="the process ended with signal 9")
    assert (died.status, died.reason) == ("not run", "the process ended with signal 9")
    doubtful = report(failed("test_b"), trouble="3 collected tests were not run")
    assert (doubtful.status, doubtful.found) == ("not run", ())


def test_no_tests_at_all_is_not_configured() -> None:
    assert report(trouble="no tests were collected").status == "not configured"


def test_all_green_is_ready_and_empty() -> None:
    green = report(Outcome("t.py::test_x", "passed"))
    assert (green.status, green.found) == ("ready", ())
