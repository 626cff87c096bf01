"""Scanner findings become one item for each rule in each file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from backlog.discover import look
from backlog.item import Kind
from backlog.score import Scoring, score
from backlog.source import Found, View
from backlog.sources.findings import Findings, title
from checks.check import FindingCheck
from checks.finding import Finding, ScannerFailed
from tests.backlog.conftest import NOON, make_item, make_view

Look = Callable[..., View]
FILES = {
    "ruff.toml": "select = ['ALL']",
    ".bandit": "[bandit]\nskips = B404\n",
    "src/a.py": "",
    "src/b.py": "",
    "tests/test_a.py": "",
    "vendor/v.py": "",
}


def finding(rule: str = "F401", path: str = "src/a.py", line: int = 1, **fields: Any) -> Finding:
    plain: dict[str, Any] = {
        "tool": "ruff", "message": "`os` imported but unused", "severity": "low", "snippet": "import os",
        "fixable": True, "name": "unused-import",
    }  # fmt: skip
    return Finding(rule=rule, path=path, line=line, **(plain | fields))


def hole(rule: str = "B602", severity: str = "high", **fields: Any) -> Finding:
    return finding(rule, tool="bandit", severity=severity, fixable=False, name="", **fields)


def found(*findings: Finding, tool: Any = "ruff") -> tuple[Found, ...]:
    return Findings(tool).look(make_view(FILES, findings)).found


def test_findings_of_a_rule_in_a_file_are_one_item() -> None:
    (one, other) = found(finding(line=9), finding(line=4), finding(path="src/b.py"))
    assert one.title == "Remove unused import (F401) in src/a.py"
    assert one.check == FindingCheck(tool="ruff", rule="F401", path="src/a.py", count=2, fixable=True)
    assert (one.line, one.path, other.path) == (4, "src/a.py", "src/b.py")
    assert one.criteria == ("ruff does not report F401 in src/a.py any more, and all tests pass as before.",)


def test_a_group_is_fixable_only_when_all_of_it_is() -> None:
    (one,) = found(finding(), finding(line=2, fixable=False))
    assert isinstance(one.check, FindingCheck)
    assert not one.check.fixable


def test_the_id_does_not_change_with_lines_or_number() -> None:
    (before,) = found(finding(line=3))
    (after,) = found(finding(line=30), finding(line=31, snippet="import sys"))
    assert before.fingerprint == after.fingerprint


@pytest.mark.parametrize(
    ("given", "kind", "base"),
    [
        (finding("invalid-syntax", name="", fixable=False), Kind.BUG, 18.0),
        (finding("E999", fixable=False), Kind.BUG, 18.0),
        (finding("F821", name="undefined-name", fixable=False), Kind.BUG, 13.0),
        (hole(), Kind.SECURITY, 8.6667),
        (hole(severity="medium"), Kind.SECURITY, 5.3333),
        (hole(severity="low"), Kind.SECURITY, 2.0),
        (finding("S110", severity="medium", fixable=False), Kind.SECURITY, 2.0),
        (finding("S602", severity="high", fixable=False), Kind.SECURITY, 8.6667),
        (finding(), Kind.LINT, 4.0),
        (finding("B006", fixable=False), Kind.LINT, 2.5),
        (finding("D100", fixable=False), Kind.LINT, 2.0),
    ],
)
def test_each_family_is_worth_what_the_table_says(given: Finding, kind: Kind, base: float) -> None:
    (one,) = found(given, tool=given.tool)
    scored = score(make_item(inputs=one.inputs, kind=one.kind), Scoring(), NOON)
    assert (one.kind, scored.base) == (kind, base)
    assert all(t.source.startswith("rule:") for t in scored.terms if t.name == "value")


def test_many_places_without_a_fix_are_bigger() -> None:
    sizes = [
        found(*(finding("B006", line=n + 1, fixable=False) for n in range(count)))[0].inputs.size
        for count in (5, 6, 21)
    ]
    assert sizes == [2, 3, 5]


def test_noise_in_tests_is_left_out() -> None:
    noise = hole("B101", "low", path="tests/test_a.py")
    grave = hole("B602", "high", path="tests/test_a.py")
    assert [f.kind for f in found(noise, grave, tool="bandit")] == [Kind.SECURITY]
    assert found(finding("S101", path="tests/test_a.py")) == ()
    assert found(hole("B301", "medium", path="tests/test_a.py"), tool="bandit") == ()


@pytest.mark.parametrize(
    ("files", "rules"),
    [
        ({}, ["B006", "E711", "F401", "invalid-syntax"]),
        ({"pyproject.toml": "[project]\nname = 'ruff'\n"}, ["B006", "E711", "F401", "invalid-syntax"]),
        ({"ruff.toml": "line-length = 100\n"}, ["B006", "E711", "F401", "invalid-syntax"]),
        (
            {"pyproject.toml": "[tool.ruff.lint]\nextend-select = ['I']\n"},
            ["B006", "E711", "F401", "I001", "invalid-syntax"],
        ),
        ({"lib/ruff.toml": "select = ['ALL']\n"}, ["B006", "E711", "F401", "I001", "S101", "UP007", "invalid-syntax"]),
    ],
)
def test_style_is_work_only_where_the_repository_chose_its_rules(files: dict[str, str], rules: list[str]) -> None:
    told = tuple(finding(rule) for rule in ("F401", "I001", "UP007", "B006", "E711", "S101", "invalid-syntax"))
    report = Findings("ruff").look(make_view({"src/a.py": "", **files}, told))
    assert sorted(f.check.rule for f in report.found if isinstance(f.check, FindingCheck)) == sorted(rules)
    left = 7 - len(rules)
    assert report.reason.startswith(f"{left} findings of style" if left else "")


def test_a_chosen_letter_is_a_family_and_not_a_beginning() -> None:
    view = make_view(
        {"src/a.py": "", "ruff.toml": "select = ['B', 'PL', 'UP0']"}, (finding("BLE001"), finding("PLR2004"))
    )
    (one,) = Findings("ruff").look(view).found
    assert isinstance(one.check, FindingCheck)
    assert one.check.rule == "PLR2004"


@pytest.mark.parametrize("text", ["select = 3", "select = [1]", "lint = 'x'", "[[[", "[tool]\nruff = 1"])
def test_settings_that_can_not_be_read_choose_nothing(text: str) -> None:
    for name in ("ruff.toml", "pyproject.toml"):
        assert Findings("ruff").look(make_view({"src/a.py": "", name: text}, (finding("I001"),))).found == ()


@pytest.mark.parametrize(
    ("files", "count"),
    [({}, 1), ({".bandit": "[bandit]\nskips: B1\n"}, 4), ({"pyproject.toml": "[tool.bandit]\n"}, 4)],
)
def test_what_most_people_mean_is_a_weakness_only_where_the_repository_says_so(
    files: dict[str, str], count: int
) -> None:
    told = (
        hole("B101", "low"),
        hole("B307", "medium", line=3),
        hole("B404", "low", line=4),
        hole("B603", "low", line=5),
    )
    assert len(Findings("bandit").look(make_view({"src/a.py": "", **files}, told)).found) == count


@pytest.mark.parametrize("path", ["vendor/v.py", "not/committed.py"])
def test_files_of_others_and_files_not_committed_are_left_out(path: str) -> None:
    assert found(finding(path=path)) == ()


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (finding(), "Remove unused import (F401) in src/a.py"),
        (finding("F821", name="undefined-name"), "Define or import the undefined name (F821) in src/a.py"),
        (
            finding("B006", name="mutable-argument-default"),
            "Resolve mutable argument default (B006) in src/a.py",
        ),
        (finding("B307", name="blacklist", message="Use of eval."), "Use of eval (B307) in src/a.py"),
        (finding("X1", name="", message="Use of x. See y."), "Use of x (X1) in src/a.py"),
    ],
)
def test_titles_can_be_read(given: Finding, text: str) -> None:
    assert title(given) == text


def test_a_scanner_that_failed_has_not_found_nothing(view: Look) -> None:
    def fails(_tool: str) -> tuple[Finding, ...]:
        raise ScannerFailed("bandit: gave no JSON:\nTraceback")

    report = look(Findings("bandit"), replace(view(FILES), scan=fails))
    assert (report.status, report.reason) == ("not run", "bandit: gave no JSON: Traceback")
