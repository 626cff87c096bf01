"""Trials become results, results become reports, and an earlier time is compared with."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from app.settings import ConfigError
from evals.report import page
from evals.results import Results, SuiteResult, read_results, regressions
from evals.suite import Trial
from evals.told import junit, lines, markdown
from tests.evals.suites import suite


def results(*trials: Trial) -> Results:
    summed = SuiteResult.of(suite(), trials)
    return Results(
        made="2026-01-02T03:04:05+00:00", command="lamplighter eval small", versions={"x": "1"}, suites=(summed,)
    )


GOOD, BAD, GONE = (
    Trial("good", ok=True),
    Trial("bad", ok=False, detail="went | wrong"),
    Trial("gone", False, skipped="no"),
)


def test_counts_are_of_what_came_out() -> None:
    summed = results(GOOD, BAD, GONE).suites[0]
    assert (summed.n, summed.passed, summed.failed, summed.skipped) == (3, 1, 1, 1)
    assert summed.headline == {"bad": 1}
    assert not summed.ok


def test_a_case_that_passed_before_and_fails_now_is_a_regression() -> None:
    worse = regressions(results(Trial("bad", ok=True), GOOD), results(GOOD, BAD).suites)
    assert [(r.suite, r.case) for r in worse] == [("small", "bad")]


@pytest.mark.parametrize("before", [BAD, Trial("bad", False, skipped="no"), GOOD])
def test_a_case_that_did_not_pass_before_is_no_regression(before: Trial) -> None:
    assert regressions(results(before), results(BAD).suites) == ()


def test_results_are_read_back_from_a_file_and_from_an_envelope(tmp_path: Path) -> None:
    made = results(GOOD, BAD)
    (tmp_path / "a.json").write_text(made.model_dump_json())
    (tmp_path / "b.json").write_text(json.dumps({"version": 1, "result": made.model_dump(mode="json")}))
    assert read_results(tmp_path / "a.json") == read_results(tmp_path / "b.json") == made


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"result": 3}', '{"suites": [{}]}'])
def test_a_file_without_results_is_told_in_a_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(ConfigError, match=r"a\.json has no results") as raised:
        read_results(tmp_path / "a.json")
    assert "\n" not in str(raised.value)


def test_junit_has_every_case_and_how_it_came_out() -> None:
    root = ElementTree.fromstring(junit(results(GOOD, BAD, GONE)))
    told = {case.get("name"): [child.tag for child in case] for case in root.iter("testcase")}
    assert told == {"good": [], "bad": ["failure"], "gone": ["skipped"]}
    assert root[0].get("failures") == root[0].get("skipped") == "1"


def test_junit_can_hold_what_no_xml_can() -> None:
    ElementTree.fromstring(
        junit(results(Trial("bad", ok=False, detail="\x1b[31m\x00 <&> \ud800".encode("utf-8", "replace").decode())))
    )


def test_a_table_is_not_broken_by_what_a_case_says() -> None:
    assert "went \\| wrong" in markdown(results(BAD))


def test_lines_name_what_failed_and_what_was_skipped_and_the_missed_threshold() -> None:
    text = "\n".join(lines(results(GOOD, BAD, GONE)))
    assert "failed small: bad: went | wrong" in text
    assert "skipped small: gone: no" in text
    assert "small misses its threshold: bad 1" in text


def test_the_report_says_of_every_suite_whether_it_was_run() -> None:
    cheats = results(GOOD).suites[0].model_copy(update={"name": "cheats"})
    text = page([results(GOOD).model_copy(update={"suites": (cheats,)})])
    assert "| [cheats](#cheats) | 1 | 1 | 0 | 0 | met |" in text
    assert "| capability | not run |" in text
    assert "`lamplighter eval small`, 2026-01-02; n = 1;" in text
