"""diff, calibrate, report and close --done, as a user calls them."""

from __future__ import annotations

import re
import subprocess

import pytest

from backlog.calibration.outcomes import keep_outcomes
from backlog.store import Backlog
from evals.calibration import BIASED, history
from tests.cli.conftest import Program


@pytest.fixture
def looked(sample: Program) -> Program:
    assert sample.run("discover", "--source", "markers", "--source", "ruff", "--source", "bandit").returncode == 0
    return sample


def ids(program: Program) -> list[str]:
    return [i["id"] for i in program.json("backlog", "list")[1]["items"]]


def taught(program: Program, n: int) -> None:
    with Backlog(program.root / ".lamplighter" / "backlog.db") as backlog:
        keep_outcomes(backlog, history(BIASED, n, 1))


def test_a_discovery_leaves_a_scan_that_later_rankings_are_compared_with(looked: Program) -> None:
    first, _, third = ids(looked)
    looked.run("backlog", "edit", third, "value=13")
    looked.run("backlog", "close", first, "--reason", "not wanted")
    looked.run("backlog", "add", "Count days", "--criterion", "2d is 172800", "--value", "1", "--size", "13")
    code, result = looked.json("backlog", "diff")
    diff = result["diff"]
    assert (code, diff["since"]["scan"], diff["now"]) == (0, 1, 3)
    assert diff["left"] == [{"id": first, "was": 1, "why": "CANCELLED: not wanted"}]
    assert [(c["now"], c["why"]) for c in diff["came"]] == [(3, "new")]
    risen = next(m for m in diff["up"] if m["id"] == third)
    assert (risen["was"], risen["now"]) == (3, 1)
    assert risen["why"].startswith("value 2 → 13; score ")
    assert looked.run("backlog", "diff", "--since", "77").returncode == 2
    assert third in looked.run("backlog", "diff").stdout


def test_before_the_first_scan_there_is_nothing_to_compare(sample: Program) -> None:
    done = sample.run("backlog", "diff")
    assert (done.returncode, done.stdout) == (0, "no scan was made yet: lamplighter discover leaves one each time\n")


def test_explain_says_what_would_put_an_item_first_and_that_does(looked: Program) -> None:
    last = ids(looked)[-1]
    _, result = looked.json("backlog", "explain", last)
    stands = result["explain"]["stands"]
    assert (stands["rank"], stands["of"]) == (3, 3)
    change = next(c for c in stands["changes"] if c["what"] == "value")
    looked.run("backlog", "edit", last, f"value={change['to'] - 1}")
    assert ids(looked)[0] != last
    looked.run("backlog", "edit", last, f"value={change['to']}")
    assert ids(looked)[0] == last


def test_a_focus_ranks_for_one_command_and_is_named(looked: Program) -> None:
    before = ids(looked)
    _, result = looked.json("backlog", "explain", before[0], "--focus", "debt")
    assert result["explain"]["focus"] == "debt"
    assert "focus debt: weight of risk_reduction: 1 → 1.5" in result["explain"]["notes"]
    assert ids(looked) == before
    code, told = looked.json("next", "--focus", "dept")
    assert (code, told["error"]) == (3, "there is no focus area 'dept': did you mean debt?")


def test_a_repository_can_not_bring_its_own_scoring_function(looked: Program) -> None:
    (looked.root / "lamplighter.toml").write_text('scoring = "os:system"\n')
    code, told = looked.json("backlog", "list")
    assert code == 3
    assert told["error"].startswith("scoring can not be set by a repository's own file")


def test_a_scoring_function_that_is_not_there_is_one_line(looked: Program) -> None:
    done = looked.run("backlog", "list", LAMPLIGHTER_SCORING="no_such_module:f")
    assert done.returncode == 3
    assert done.stderr.startswith("lamplighter: scoring function no_such_module:f: can not be loaded: ModuleNotFound")
    assert len(done.stderr.splitlines()) == 1


class TestCalibrate:
    def test_with_too_few_deliveries_nothing_changes_and_all_is_well(self, looked: Program) -> None:
        taught(looked, 7)
        done = looked.run("backlog", "calibrate")
        assert (done.returncode, done.stdout) == (0, "nothing changed: n=7 < 20\n")

    def test_a_period_has_its_turn_once(self, looked: Program) -> None:
        assert looked.run("backlog", "calibrate", "--monthly").stdout == "nothing changed: n=0 < 20\n"
        taught(looked, 200)
        assert (
            "has been calibrated already: nothing changed: n=0 < 20"
            in looked.run("backlog", "calibrate", "--monthly").stdout
        )
        assert "version 2 is a shadow" in looked.run("backlog", "calibrate", "--weekly").stdout

    def test_a_shadow_moves_nothing_until_it_is_adopted_and_can_be_taken_back(self, looked: Program) -> None:
        taught(looked, 200)
        before = looked.run("backlog", "list").stdout
        code, result = looked.json("backlog", "calibrate")
        found = result["calibrate"]
        assert (code, found["version"], found["versions"][0]["state"]) == (0, 1, "shadow")
        assert found["calibration"]["after"] > found["calibration"]["before"]
        assert found["effect"]["n"] == 3
        assert looked.run("backlog", "list").stdout == before
        assert looked.json("backlog", "calibrate")[1]["calibrate"]["version"] == 1
        assert looked.run("backlog", "calibrate", "--adopt", "1").returncode == 0
        assert looked.run("backlog", "list").stdout != before
        lint = next(i for i in ids(looked) if i.startswith("f401"))
        terms = {t["name"]: t for t in looked.json("backlog", "explain", lint)[1]["explain"]["terms"]}
        assert terms["calibrated_size"]["source"] == "calibration 1"
        assert looked.run("backlog", "calibrate", "--revert").returncode == 0
        assert looked.run("backlog", "list").stdout == before
        assert looked.run("backlog", "calibrate", "--revert").returncode == 2

    def test_it_adopts_itself_only_where_the_setting_says_so(self, looked: Program) -> None:
        taught(looked, 200)
        done = looked.run("backlog", "calibrate", LAMPLIGHTER_CALIBRATION="auto")
        assert "version 1 is in force now, by the setting calibration = auto" in done.stdout

    def test_to_adopt_what_is_not_there_is_refused(self, looked: Program) -> None:
        code, told = looked.json("backlog", "calibrate", "--adopt", "5")
        assert (code, told["error"]) == (2, "calibration 5 does not exist: can be adopted: none yet")


def test_what_a_run_delivered_is_an_outcome_once(looked: Program) -> None:
    _, published = looked.json("run")
    assert published["outcome"] == "published"
    for _ in range(2):
        assert looked.run("backlog", "calibrate").stdout == "nothing changed: n=1 < 20\n"
    _, closed = looked.json("backlog", "close", published["item"], "--done")
    assert closed["impact"]["by_run"] is True
    assert looked.run("backlog", "calibrate").stdout == "nothing changed: n=1 < 20\n"


def test_what_a_person_closes_as_done_is_told_with_what_was_expected(looked: Program) -> None:
    _, made = looked.json(
        "backlog", "add", "Write it down", "--kind", "docs", "--criterion", "it is there", "--size", "2"
    )
    done = looked.run("backlog", "close", made["item"]["id"], "--done", "--hours", "3.5")
    lines = done.stdout.splitlines()
    assert lines[1].startswith("expected: size 2 (from person), score ")
    assert lines[3] == "took: size 3"
    assert looked.run("backlog", "close", ids(looked)[0], "--hours", "1").returncode == 2


def test_a_new_item_without_a_size_gets_that_of_what_was_delivered(looked: Program) -> None:
    with Backlog(looked.root / ".lamplighter" / "backlog.db") as backlog:
        keep_outcomes(backlog, [o.model_copy(update={"lines": 5, "tokens": None}) for o in history({"docs": 1}, 9, 1)])
    _, made = looked.json("backlog", "add", "Write it down", "--kind", "docs")
    assert made["item"]["inputs"]["size"] == 1
    assert made["item"]["inputs"]["source"]["size"] == "history: median of n=9 delivered docs items"
    _, other = looked.json("backlog", "add", "Build it", "--kind", "feature")
    assert "size" not in other["item"]["inputs"]["source"]


class TestReport:
    def test_its_three_forms_say_the_same(self, looked: Program) -> None:
        _, result = looked.json("backlog", "report")
        sections = result["report"]["sections"]
        markdown = looked.run("backlog", "report", "--markdown").stdout
        plain = looked.run("backlog", "report").stdout
        for section in sections:
            assert f"## {section['title']}" in markdown
            assert f"\n{section['title']}\n" in plain
        assert [s["name"] for s in sections][:3] == ["header", "ranking", "sources"]
        assert len(sections[1]["rows"]) == 3

    def test_the_repository_is_told_by_facts_with_evidence(self, looked: Program) -> None:
        (looked.root / ".lamplighter" / "reports").mkdir()
        (looked.root / ".lamplighter" / "reports" / "coverage.json").write_text("{}")
        _, result = looked.json("backlog", "report")
        section = next(s for s in result["report"]["sections"] if s["name"] == "maturity")
        state = {r["fact"]: (r["state"], r["evidence"]) for r in section["rows"]}
        assert state["readme"] == ("yes", "README.md")
        assert state["licence"] == ("no", "no committed file has such a name")
        assert state["tests pass"][0] == "unknown"
        assert state["coverage"][0] == "yes"
        assert state["security items"][0] == "no"
        assert section["notes"][0].startswith("level 0 of 4")

    def test_the_words_that_promise_too_much_are_not_in_it(self, looked: Program) -> None:
        told = looked.run("backlog", "report").stdout.lower()
        assert [word for word in ("production", "100 %", "★", "✅", "zero") if word in told] == []

    def test_the_next_time_is_that_of_a_committed_workflow(self, looked: Program) -> None:
        assert "next scheduled: not known" in looked.run("backlog", "report").stdout
        workflow = looked.root / ".github" / "workflows" / "night.yml"
        workflow.parent.mkdir(parents=True)
        workflow.write_text(
            "on:\n  schedule:\n    - cron: '30 3 * * *'\njobs: {a: {steps: [{run: lamplighter shift}]}}\n"
        )
        for words in (("add", "-A"), ("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "night")):
            subprocess.run(["git", *words], cwd=looked.root, check=True)
        told = looked.run("backlog", "report").stdout
        assert re.search(r"next scheduled: \d{4}-\d\d-\d\d 03:30 UTC, by .github/workflows/night.yml", told)
