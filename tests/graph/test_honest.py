"""The whole way for honest work."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from checks.check import CommandCheck, FindingCheck, TestCheck
from graph.recipes import recipe_for
from model.mechanic import Mechanic
from model.scripted import Scripted, call
from tests.graph.conftest import FILES, Lab, git
from tests.graph.engineers import CONTRACT, DONE, FIX, NOTHING, REVIEW, WRITE_TEST, honest


def test_a_bug_becomes_a_branch_with_red_and_green_commits_and_evidence(lab: Lab) -> None:
    outcome = lab.work(Scripted(honest()))
    assert (outcome.kind, outcome.branch) == ("published", "lamplighter/bug-1")
    root = lab.house.repository.root
    subjects = git(root, "log", "--format=%s", "--reverse", "main..lamplighter/bug-1").splitlines()
    assert subjects == ["test: add() subtracts", "fix: add() subtracts"]
    note = json.loads(git(root, "notes", "--ref=lamplighter", "show", "lamplighter/bug-1"))
    assert note["ids"] == ["tests/test_calc.py::test_add"]
    assert git(root, "show", "lamplighter/bug-1:calc.py").count("return a + b") == 1


def test_a_pull_request_record_says_what_was_proven(lab: Lab) -> None:
    outcome = lab.work(Scripted(honest()))
    assert outcome.pull_request
    folder = Path(outcome.pull_request)
    assert {p.name for p in folder.iterdir()} == {"pull.json", "body.md", "change.patch", "evidence.json", "record"}
    assert "1 test(s) fail for the right reason" in (folder / "body.md").read_text()


def test_each_request_is_an_exact_prefix_of_the_next(lab: Lab) -> None:
    seen: list[list[object]] = []
    script = iter(honest())

    def answer(messages: object, _tools: object) -> object:
        seen.append(list(messages))  # type: ignore[call-overload]
        return next(script)

    assert lab.work(Scripted(answer)).kind == "published"  # type: ignore[arg-type]
    work = [m for m in seen if "careful senior engineer" in str(m[0])]
    assert len(work) == len(seen) - 1, "the review is a conversation of its own"
    for before, after in pairwise(work):
        assert after[: len(before)] == before


def test_the_reviewer_sees_the_change_but_not_the_authors_reasoning(lab: Lab) -> None:
    seen: list[str] = []
    script = iter(honest())

    def answer(messages: object, _tools: object) -> object:
        seen.append(str(messages))
        return next(script)

    lab.work(Scripted(answer))  # type: ignore[arg-type]
    review = next(m for m in seen if "review one change" in m)
    assert "return a + b" in review
    assert "test_add fails: add subtracts" not in review


def test_a_finding_is_fixed_by_the_mechanic_without_a_model(make_lab: Callable[..., Lab]) -> None:
    files = FILES | {"calc.py": "import os\n" + FILES["calc.py"]}
    check = FindingCheck(tool="ruff", rule="F401", path="calc.py", count=1, fixable=True)
    lab = make_lab(files, check, kind="lint", title="Remove unused import in calc.py")
    recipe = recipe_for(lab.item)
    assert recipe
    outcome = lab.work(Mechanic(recipe))
    assert outcome.kind == "published", outcome
    assert "import os" not in git(lab.house.repository.root, "show", f"{outcome.branch}:calc.py")


def test_a_command_can_be_the_check(make_lab: Callable[..., Lab]) -> None:
    argv = ("python", "-c", "import calc; assert calc.add(2, 3) == 5")
    lab = make_lab(None, CommandCheck(argv=argv))
    outcome = lab.work(Scripted([CONTRACT, FIX, DONE, NOTHING, REVIEW, NOTHING]))
    assert outcome.kind == "published", outcome


def test_failing_tests_can_be_the_item(make_lab: Callable[..., Lab]) -> None:
    failing = FILES["tests/test_calc.py"] + "\n\ndef test_add():\n    from calc import add\n    assert add(1, 1) == 2\n"
    lab = make_lab(FILES | {"tests/test_calc.py": failing}, TestCheck(ids=("tests/test_calc.py::test_add",)))
    outcome = lab.work(Scripted([CONTRACT, FIX, DONE, NOTHING, REVIEW, NOTHING]))
    assert outcome.kind == "published", outcome


def test_a_question_waits_for_a_person_and_the_answer_reaches_the_model(lab: Lab) -> None:
    ask = call("submit_contract", criteria=["?"], files=["calc.py"], questions=["Should add() also take strings?"])
    outcome = lab.work(Scripted([ask, *honest()]), answer="No, numbers only.")
    assert outcome.kind == "published", outcome
    assert "No, numbers only." in lab.said()


def test_a_wrong_test_may_be_mended_once(lab: Lab) -> None:
    wrong = call(
        "write_file",
        path="tests/test_add.py",
        text="from calc import add\n\n\ndef test_add():\n    assert add(2, 2) == 5\n",
    )
    right = call(
        "write_file",
        path="tests/test_add.py",
        text="from calc import add\n\n\ndef test_add():\n    assert add(2, 3) == 5\n",
    )
    ids = call("submit_tests", ids=["tests/test_add.py::test_add"])
    stop = call("stop", kind="test_wrong", reason="2 + 2 is not 5")
    outcome = lab.work(Scripted([CONTRACT, wrong, ids, stop, right, ids, FIX, DONE, NOTHING, REVIEW, NOTHING]))
    assert outcome.kind == "published", outcome
    again = Scripted([CONTRACT, wrong, ids, stop, wrong, ids, stop])
    assert again


def test_a_reviewers_finding_sends_the_change_back(lab: Lab) -> None:
    problem = call(
        "submit_review",
        problems=[{"path": "calc.py", "line": 5, "problem": "adds None without a word"}],
        checklist="input bad",
    )
    turns = honest()
    outcome = lab.work(Scripted([*turns[:6], problem, DONE, NOTHING, REVIEW, NOTHING]))
    assert outcome.kind == "published", outcome
    assert "adds None without a word" in lab.said()


def test_an_item_that_is_too_big_is_split(lab: Lab) -> None:
    halves = [
        {"title": "first half", "criteria": ["add(1, 1) is 2"]},
        {"title": "second half", "criteria": ["add(None, 1) raises TypeError"], "needs": [1]},
    ]
    big = call("submit_contract", criteria=["x"], files=["calc.py"], effort=8, parts=halves)
    outcome = lab.work(Scripted([big]))
    assert (outcome.kind, outcome.code) == ("blocked", "split")
    assert [(p.title, p.criteria, p.needs) for p in outcome.parts] == [
        ("first half", ("add(1, 1) is 2",), ()),
        ("second half", ("add(None, 1) raises TypeError",), (1,)),
    ]


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ([], "at least two"),
        ([{"title": "all of it", "criteria": ["x"]}], "at least two"),
        (
            [{"title": "one", "criteria": ["x"]}, {"title": "two", "criteria": [" "]}],
            "part 2 needs a title and criteria",
        ),
        ([{"title": "one", "criteria": ["x"], "needs": [2]}, {"title": "two", "criteria": ["x"]}], "only need earlier"),
    ],
)
def test_parts_that_could_not_be_worked_are_refused(lab: Lab, parts: list[dict[str, object]], told: str) -> None:
    big = call("submit_contract", criteria=["x"], files=["calc.py"], effort=8, parts=parts)
    lab.work(Scripted([big, call("stop", kind="blocked", reason="too big")]))
    assert told in lab.said()


def test_writing_only_a_test_is_undone_when_red_is_not_red(lab: Lab) -> None:
    passing = call("submit_tests", ids=["tests/test_calc.py::test_double"])
    outcome = lab.work(Scripted([CONTRACT, WRITE_TEST, passing, *honest()[2:]]))
    assert outcome.kind == "published", outcome
    assert "refused:" in lab.said()
