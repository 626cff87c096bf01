"""Files that other programs wrote: recognised by content, one source for each tool, and never quietly empty."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backlog.discover import discover
from backlog.source import Artefact, NotConfigured, SourceBroken
from backlog.sources.reports.artefacts import age, artefact_sources
from backlog.sources.reports.documents import LARGEST, opened
from backlog.sources.reports.formats import formats
from backlog.store import Backlog
from tests.backlog.conftest import NOON
from tests.backlog.sources.shop import artefact, as_json, real, report, reports, result, sarif, shop


def test_a_file_is_recognised_by_what_is_in_it() -> None:
    assert list(reports(artefact(real("bandit.sarif"), "x.txt"))) == ["sarif:bandit"]


def test_every_tool_is_a_source_of_its_own() -> None:
    told = reports(real("bandit.sarif"), real("ruff.sarif"), real("junit.xml"))
    assert set(told) == {"sarif:bandit", "sarif:ruff", "junit"}


def test_a_format_without_a_file_is_not_configured() -> None:
    view = shop()
    names = {source.name for source in artefact_sources((), formats())}
    assert names == {format.name for format in formats()}
    for source in artefact_sources((), formats()):
        with pytest.raises(NotConfigured, match="no file of this kind"):
            source.look(view)


def test_the_age_of_a_file_is_said() -> None:
    assert "made 12 days ago" in report(artefact(real("junit.xml"), days=12)).reason


@pytest.mark.parametrize(
    ("days", "text"), [(0, "just now"), (1 / 24, "1 hour ago"), (0.01, "14 minutes ago"), (3, "3 days ago")]
)
def test_ages_are_told_in_words(days: float, text: str) -> None:
    assert age(artefact(b"", days=days).at, NOON) == text


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b'{"runs": [', "cut off"),
        (b"<testsuites><testsuite", "not well-formed"),
        (b"\x00\x01\x02", "is binary"),
        (b"\xff\xfe\xff", "is binary"),
        (b'{"hello": 1}', "no format that is known"),
        (b"just words", "no format that is known"),
        (b"[" * 100_000, "nested too deep"),
        (b"[]", "no format that is known"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "not valid JSON"),
    ],
)
def test_a_file_that_can_not_be_understood_is_a_source_that_was_not_run(data: bytes, why: str) -> None:
    told = report(artefact(data, "x.json"))
    assert (told.name, told.status) == ("report:.lamplighter/reports/x.json", "not run")
    assert why in told.reason


def test_a_file_that_is_too_large_is_not_read() -> None:
    with pytest.raises(SourceBroken, match="larger than 20 MB"):
        opened(artefact(b" " * (LARGEST + 1)))


def test_a_file_that_can_not_be_opened_is_not_nothing() -> None:
    def fails() -> bytes:
        raise PermissionError(13, "Permission denied")

    told = report(Artefact("r.json", fails, NOON))
    assert (told.status, told.reason) == ("not run", "r.json: can not be read: Permission denied")


@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE t [<!ENTITY a "aaa">]><testsuite><testcase name="&a;"/></testsuite>',
        '<!DOCTYPE t [<!ENTITY a SYSTEM "file:///etc/passwd">]><testsuite><testcase name="&a;"/></testsuite>',
        '<!DOCTYPE t [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><testsuite><testcase name="t"/></testsuite>',
        "<testsuite>" * 1_000 + "<testcase name='t'/>" + "</testsuite>" * 1_000,
    ],
)
def test_no_entity_is_expanded_and_no_depth_followed(xml: str) -> None:
    assert report(xml).status == "not run"


def test_a_missing_report_of_one_tool_closes_nothing(backlog: Backlog) -> None:
    both = shop(artefact(real("bandit.sarif"), "b"), artefact(sarif(result("x", line=2)), "c"))
    first = discover(backlog, artefact_sources(both.artefacts, formats()), both, NOON)
    assert first.added
    one = shop(both.artefacts[1])
    again = discover(backlog, artefact_sources(one.artefacts, formats()), one, NOON)
    assert again.gone == ()


def test_nothing_counts_as_gone_while_a_file_can_not_be_read(backlog: Backlog) -> None:
    """The file that was cut off may be one of the same tool."""
    good, other = sarif(result("x")), sarif(result("y", line=2))
    both = shop(artefact(good, "a"), artefact(other, "b"))
    assert len(discover(backlog, artefact_sources(both.artefacts, formats()), both, NOON).added) == 2
    cut = shop(artefact(good, "a"), artefact(other[:-40], "b"))
    again = discover(backlog, artefact_sources(cut.artefacts, formats()), cut, NOON)
    assert again.gone == ()
    assert "nothing counts as gone while .lamplighter/reports/b can not be read" in again.reports[0].reason
    fixed = shop(artefact(good, "a"), artefact(sarif(), "b"))
    assert len(discover(backlog, artefact_sources(fixed.artefacts, formats()), fixed, NOON).gone) == 1


def test_what_lies_in_no_file_is_not_gone_either(backlog: Backlog) -> None:
    rows = [{"name": n, "version": "1", "vulns": [{"id": f"X-{n}", "fix_versions": []}]} for n in ("a", "b")]
    whole, half = ({"dependencies": r, "fixes": []} for r in (rows, [rows[0], {"name": "b", "skip_reason": "no"}]))
    first, again = shop(artefact(as_json(whole))), shop(artefact(as_json(half)))
    assert len(discover(backlog, artefact_sources(first.artefacts, formats()), first, NOON).added) == 2
    assert discover(backlog, artefact_sources(again.artefacts, formats()), again, NOON).gone == ()


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=300) | st.text(max_size=200).map(lambda t: f"<{t}>".encode("utf-8", "replace")))
def test_no_bytes_make_a_report_that_found_nothing(data: bytes) -> None:
    assert all(told.status == "not run" for told in reports(data).values())


FIXTURES = (
    "bandit.sarif",
    "ruff.sarif",
    "opengrep.sarif",
    "gitleaks.sarif",
    "junit.xml",
    "coverage.json",
    "coverage.xml",
    "pip-audit.json",
    "pip-audit-skipped.json",
    "pip-outdated.json",
    "npm-outdated.json",
    "benchmark.json",
)


@pytest.mark.parametrize("name", FIXTURES)
def test_what_tools_really_wrote_is_recognised(name: str) -> None:
    assert not report(artefact(real(name), name)).name.startswith("report:")


@pytest.mark.parametrize("name", FIXTURES)
@settings(max_examples=15, deadline=None)
@given(share=st.floats(0.02, 0.97))
def test_a_report_that_was_cut_off_anywhere_is_not_ready(name: str, share: float) -> None:
    data = real(name)
    assert report(artefact(data[: int(len(data.rstrip()) * share)], name)).status == "not run"
