"""The report as text and as JSON."""

from __future__ import annotations

from evals.bench.figure import Figure, Goal, Section
from evals.bench.table import WIDTH, Report, lines, summary

MET = Section("Help", "help against pass. " * 12, (Figure("help / pass", "×", [2.0, 3.0], Goal(5)),))
LEFT = Figure("left on disk, in all", " B", [7e6])
MISSED = Section("Disk", "bytes", (LEFT, Figure("disk", "×", [7], Goal(6))))
BROKEN = Section("rounds", "", trouble="lamplighter ended with 8")


def report(*sections: Section) -> Report:
    return Report("2026-03-01T12:00:00+00:00", 61.4, {"cores": "2"}, {"openai": "3.1"}, sections)


def test_the_columns_of_all_sections_stand_in_line() -> None:
    rows = [line for line in lines(report(MET, MISSED)) if line.startswith("  ") and "  n  " not in line]
    goals = {line.index("≤") for line in rows if "≤" in line}
    assert len(goals) == 1


def test_explanations_are_wrapped() -> None:
    assert max(len(line) for line in lines(report(MET))) <= WIDTH


def test_the_head_says_when_where_and_with_what() -> None:
    assert list(lines(report(MET)))[:3] == ["2026-03-01T12:00:00+00:00, 61 s", "cores 2", "openai 3.1"]


def test_what_could_not_be_measured_says_why() -> None:
    assert "  not measured: lamplighter ended with 8" in lines(report(BROKEN))


def test_the_last_line_counts_the_goals_and_names_the_missed() -> None:
    said = "1 of 2 goals met; not met: disk (missed by 1.00×); not measured: rounds"
    assert summary([MET, MISSED, BROKEN]) == said
    assert summary([MET]) == "1 of 1 goals met"


def test_json_has_a_version_and_every_section() -> None:
    written = report(MET, BROKEN).as_json()
    assert written["version"] == 1
    assert [s["title"] for s in written["sections"]] == ["Help", "rounds"]
    assert written["sections"][1]["trouble"] == "lamplighter ended with 8"
