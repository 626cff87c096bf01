"""Results of other runners, from files that nobody has to trust."""

from __future__ import annotations

import pytest

from checks.junit import JunitInvalid, parse_junit

RESULTS = b"""<?xml version="1.0"?>
<testsuites><testsuite name="s" tests="5">
  <testcase classname="cart.Total" name="adds" time="1,000.5"/>
  <testcase classname="cart.Total" name="rounds">
    <failure type="java.lang.AssertionError" message="1 != 2">at x</failure>
  </testcase>
  <testcase classname="cart.Total" name="breaks"><error>boom</error></testcase>
  <testcase classname="cart.Total" name="later"><skipped type="pytest.skip"/></testcase>
  <testcase file="tests/a.js" name="known [x]"><skipped type="pytest.xfail"/></testcase>
</testsuite></testsuites>"""

LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<testsuite><testcase name="&b;"/></testsuite>"""

OUTSIDE = b"""<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuite><testcase name="&x;"/></testsuite>"""


def test_every_ending_is_read() -> None:
    endings = {name: outcome.ending for name, outcome in parse_junit(RESULTS).items()}
    assert endings == {
        "cart.Total::adds": "passed",
        "cart.Total::rounds": "failed",
        "cart.Total::breaks": "error",
        "cart.Total::later": "skipped",
        "tests/a.js::known [x]": "xfailed",
    }


def test_a_failure_keeps_its_type_and_message() -> None:
    raised = parse_junit(RESULTS)["cart.Total::rounds"].raised
    assert raised is not None
    assert (raised.type, raised.message) == ("AssertionError", "1 != 2")


def test_namesakes_are_told_apart_in_their_order() -> None:
    twins = b'<t><testcase name="a"/><testcase name="a"><failure/></testcase><testcase name="a"/></t>'
    told = parse_junit(twins)
    assert {name: outcome.ending for name, outcome in told.items()} == {"a": "passed", "a#2": "failed", "a#3": "passed"}
    assert all(name == outcome.id for name, outcome in told.items())


def test_a_case_without_a_name_is_a_file_that_could_not_be_loaded() -> None:
    (outcome,) = parse_junit(b'<t><testcase file="/srv/a/b.js" name=""><error/></testcase></t>', "/srv").values()
    assert (outcome.id, outcome.ending, outcome.stage) == ("a/b.js", "error", "collect")


@pytest.mark.parametrize("data", [LAUGHS, OUTSIDE])
def test_entities_are_never_expanded(data: bytes) -> None:
    with pytest.raises(JunitInvalid, match="document type"):
        parse_junit(data)


@pytest.mark.parametrize("data", [b"", b"<testsuite>", b"ok 1", b"\xff\xfe<"])
def test_what_is_no_xml_is_refused(data: bytes) -> None:
    with pytest.raises(JunitInvalid, match="XML"):
        parse_junit(data)
