"""JUnit XML: failing tests, flaky tests, and runs that did not reach their end."""

from __future__ import annotations

import pytest

from backlog.item import Kind
from backlog.sources.failing_tests import FailingTests
from checks.check import TestCheck
from checks.testrun import Outcome, TestRun
from tests.backlog.sources.shop import real, report, shop

ONE = '<testsuite name="s" tests="1"><testcase classname="tests.test_orders" name="test_a">{}</testcase></testsuite>'
PASSED, FAILED = ONE.format(""), ONE.format('<failure message="no"/>')


def test_pytests_own_output_gives_node_ids() -> None:
    rebate, digest = sorted(report(real("junit.xml")).found, key=lambda f: f.title, reverse=True)
    assert rebate.check == TestCheck(
        ids=("tests/test_orders.py::test_rebate[1]", "tests/test_orders.py::test_rebate[2]")
    )
    assert digest.same_as == ("test:tests/test_orders.py::TestDigest::test_digest",)
    assert (digest.kind, digest.path) == (Kind.BUG, "tests/test_orders.py")


def test_a_failing_test_is_called_as_our_own_run_calls_it() -> None:
    run = TestRun({"a": Outcome("tests/test_orders.py::test_a", "failed")}, finished=True)
    ours = FailingTests().look(shop(run=run)).found[0]
    assert ours.same_as == report(FAILED).found[0].same_as


def test_one_test_that_fails_here_and_passes_there_is_flaky() -> None:
    (found,) = report(PASSED, FAILED).found
    assert (found.kind, found.labels) == (Kind.TEST, ("flaky-test",))
    assert found.title == "Make test_a end the same every time (tests/test_orders.py)"


def test_what_the_runner_repeated_until_it_passed_is_flaky() -> None:
    (found,) = report(ONE.format('<flakyFailure message="sometimes"/>')).found
    assert found.labels == ("flaky-test",)


def test_all_green_is_ready_and_empty() -> None:
    told = report(PASSED)
    assert (told.status, told.found) == ("ready", ())


@pytest.mark.parametrize(
    ("xml", "why"),
    [
        ("<testsuites/>", "no test case"),
        ('<testsuite tests="0" name="s"/>', "no test case"),
        (ONE.replace('tests="1"', 'tests="9"').format(""), "counts 9 tests and has 1"),
    ],
)
def test_a_run_that_did_not_reach_its_end_is_not_green(xml: str, why: str) -> None:
    told = report(xml)
    assert (told.status, why in told.reason) == ("not run", True)


def test_a_test_of_another_language_keeps_its_own_name() -> None:
    (found,) = report('<testsuite><testcase classname="cart" name="adds"><failure/></testcase></testsuite>').found
    assert (found.path, found.check, found.same_as) == (None, TestCheck(), ("test:cart::adds",))


def test_a_file_that_could_not_be_collected_is_no_test() -> None:
    case = '<testcase classname="" name="tests.test_orders"><error message="collection failure"/></testcase>'
    (found,) = report(f"<testsuite>{case}</testsuite>").found
    assert found.title == "Make tests/test_orders.py collectable (tests/test_orders.py)"
    assert found.same_as == ()
