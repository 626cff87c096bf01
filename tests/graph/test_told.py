"""What a model is told is true, and is all that it needs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from checks.check import CommandCheck, FindingCheck, TestCheck
from checks.suite import Suite
from checks.testrun import Outcome, TestRun
from graph.act import told
from graph.phases.clarify import of_criteria, where
from graph.phases.shown import LONGEST, shown
from model.port import Message, ToolSpec, Turn
from model.scripted import Scripted, call
from tests.graph.conftest import FILES, Lab
from tests.graph.engineers import honest
from tools.catalogue import WORK
from tools.submit import Contract, Stop


def test_a_contract_is_answered_with_what_becomes_of_its_criteria(lab: Lab) -> None:
    contract = call(
        "submit_contract", criteria=["add(2, 3) is 5", "`add(0, 0)` is 0", "sums are right"], files=["calc.py"]
    )
    assert lab.work(Scripted([contract, *honest()[1:]])).kind == "published"
    assert (
        "accepted:\n- run at the end as they stand: 2 of 3 criteria\n"
        "- as words only, which are not run: `sums are right`\n"
    ) in lab.said()


def test_criteria_that_are_not_tried_are_not_said_to_be(lab: Lab) -> None:
    item, suite = lab.item, Suite()
    contract = Contract(criteria=("add(1, 1) is 2",), files=("calc.py",))
    (reason,) = of_criteria(item, contract, suite)
    assert reason.sentence == "run at the end as they stand: 2 of 2 criteria", "the item's own is one of them"
    by_command = Suite(argv=("make", "test", "{junit}"))
    assert [r.sentence for r in of_criteria(item, contract, by_command)] == [
        "run at the end as they stand: 0 of 2 criteria",
        "as words only, which are not run: `add(1, 1) is 2`, `add(2, 3) is 5`",
    ]
    finding = FindingCheck(tool="ruff", rule="F401", path="calc.py", count=1, fixable=True)
    for check in (finding, CommandCheck(argv=("true",))):
        assert of_criteria(item.model_copy(update={"check": check}), contract, suite) == ()
    for other in ({"questions": ("Why?",)}, {"parts": ({"title": "a", "criteria": ("b",)},)}):
        assert of_criteria(item, Contract.model_validate(contract.model_dump() | other), suite) == ()
    assert of_criteria(item.model_copy(update={"check": TestCheck(ids=("t.py::test_a",))}), contract, suite)


def test_author_and_reviewer_see_the_same_diff_without_the_names_of_blobs(lab: Lab) -> None:
    lab.work(Scripted(honest()))
    assert lab.record
    work, review = ([str(m.get("content")) for m in lab.record.messages(talk)] for talk in ("work", "review"))
    refactor = next(text for text in work if text.startswith("Phase: refactor"))
    diff = refactor[refactor.index("diff --git") : refactor.index("\n\nOpen tools")]
    assert diff.startswith("diff --git a/calc.py b/calc.py\n--- a/calc.py\n+++ b/calc.py\n@@")
    assert "\n-    return a - b\n+    return a + b\n" in diff
    assert "tests/test_calc.py" in diff
    assert diff in review[1]


def test_a_diff_keeps_what_only_looks_like_the_name_of_a_blob() -> None:
    head = "diff --git a/x b/x\nindex 0123abc..4567def 100644\n--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n"
    body = " index 0123abc..4567def 100644\n+index 0123abc..4567def\n"
    assert shown((head + body).encode()) == head.replace("index 0123abc..4567def 100644\n", "") + body
    assert shown(b"x" * LONGEST) == "x" * LONGEST
    assert shown(b"x" * (LONGEST + 1)).endswith("x\n… cut here: read the other files yourself")


@pytest.mark.parametrize(
    ("options", "counted"),
    [("", "1 passed (doctests among them: none)"), ("--doctest-modules", "2 passed (doctests among them: 1)")],
)
def test_a_test_run_says_whether_examples_were_among_it(
    make_lab: Callable[..., Lab], options: str, counted: str
) -> None:
    example = FILES["calc.py"].replace(
        "def double(a):\n", 'def double(a):\n    """\n    >>> double(2)\n    4\n    """\n'
    )
    lab = make_lab(FILES | {"calc.py": example, "pytest.ini": f"[pytest]\naddopts = {options}\n"})
    lab.work(Scripted([call("run_tests"), call("stop", kind="blocked", reason="enough")]))
    assert counted in lab.said()


def run_of(*ids: str, runner: str = "pytest 9") -> TestRun:
    return TestRun(outcomes={i: Outcome(i, "passed") for i in ids}, finished=True, exit_code=0, runner=runner)


@pytest.mark.parametrize(
    ("name", "doctests"),
    [
        ("pkg/m.py::pkg.m.f", "1"),
        ("m.py::m", "1"),
        ("docs/use.rst::use.rst", "1"),
        ("tests/test_m.py::test_m", "none"),
        ("tests/test_m.py::test_f[1.5-a.b]", "none"),
        ("tests/test_m.py::Case::test_f", "none"),
    ],
)
def test_an_example_in_a_docstring_is_known_by_its_name(name: str, doctests: str) -> None:
    assert told(run_of(name)) == f"1 passed (doctests among them: {doctests})"


def test_of_another_runner_or_of_no_tests_nothing_is_said() -> None:
    assert told(run_of("m.py::m.f", runner="")) == "1 passed"
    assert told(run_of()) == "no tests were collected"


def test_who_found_an_item_is_said_in_plain_words(lab: Lab) -> None:
    by_hand = lab.item
    assert where(by_hand) == "a person wrote it, and named no file"
    assert where(by_hand.model_copy(update={"path": "calc.py", "line": 5})) == "a person wrote it, and named calc.py:5"
    by_tool = by_hand.model_copy(update={"source": "ruff"})
    assert where(by_tool) == "ruff, which named no file"
    assert where(by_tool.model_copy(update={"path": "calc.py"})) == "ruff, calc.py"


def test_every_kind_of_stop_is_explained_where_it_may_be_used(lab: Lab) -> None:
    lab.work(Scripted(honest()))
    kinds: tuple[str, ...] = Stop.model_fields["kind"].annotation.__args__  # type: ignore[union-attr]
    assert [kind for kind in kinds if kind not in lab.said()] == []


def test_the_first_request_is_short(make_lab: Callable[..., Lab]) -> None:
    """Every byte of it is sent again with every request of the item."""
    lab = make_lab(title="Parts of a duration are lost (1)", criteria=("parse('1h30m') is 5400: the parts add up",))
    sizes: list[int] = []

    def answer(messages: Sequence[Message], tools: Sequence[ToolSpec]) -> Turn:
        body: dict[str, Any] = {"messages": list(messages), "model": "bench", "tools": list(tools)}
        sizes.append(len(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()))
        return call("stop", kind="blocked", reason="enough")

    lab.work(Scripted(answer))
    assert sizes[0] < 6000


def test_the_number_of_lines_that_are_read_is_said() -> None:
    assert str(WORK["read_file"].arguments.model_fields["lines"].default) in WORK["read_file"].description
