"""Models that do not do what they should: each ends BLOCKED with the reason, and the repository is untouched."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from model.port import ToolCall, Turn
from model.scripted import Scripted, call
from tests.graph.conftest import Lab
from tests.graph.engineers import CONTRACT, DONE, FIX, NOTHING, REVIEW, SUBMIT_TEST, TEST_ID, WRITE_TEST


def contents(root: Path) -> dict[str, str]:
    """Every file of the work tree and of .git but what Lamplighter may add to."""
    ours = (".lamplighter", ".git/objects")
    files = [p for p in root.rglob("*") if p.is_file()]
    names = {p.relative_to(root).as_posix(): p for p in files}
    return {n: hashlib.sha256(p.read_bytes()).hexdigest() for n, p in names.items() if not n.startswith(ours)}


def blocked(lab: Lab, *turns: Turn) -> tuple[str, str]:
    """Works the item and checks that nothing was published or touched. The code and the reason."""
    root = lab.house.repository.root
    before = contents(root)
    outcome = lab.work(Scripted(turns))
    assert outcome.kind == "blocked", outcome
    assert lab.branches == ["main"]
    assert contents(root) == before
    return outcome.code, outcome.reason


def test_a_check_that_never_fails(lab: Lab) -> None:
    passing = call("write_file", path="tests/test_new.py", text="def test_nothing():\n    assert True\n")
    submit = call("submit_tests", ids=["tests/test_new.py::test_nothing"])
    _, reason = blocked(lab, CONTRACT, passing, *[submit] * 6)
    assert reason.startswith("red was refused")


def test_never_green_keeps_the_work_as_a_patch(lab: Lab) -> None:
    wrong = call("edit_file", path="calc.py", old="return a - b", new="return a * b")
    lab_outcome = lab.work(Scripted([CONTRACT, WRITE_TEST, SUBMIT_TEST, wrong, *[DONE] * 6]))
    assert lab_outcome.kind == "blocked"
    assert TEST_ID in lab_outcome.reason
    assert lab_outcome.patch
    assert "return a * b" in Path(lab_outcome.patch).read_text()


def test_breaking_another_test(lab: Lab) -> None:
    breaks = call(
        "write_file", path="calc.py", text="def add(a, b):\n    return a + b\n\n\ndef double(a):\n    return a\n"
    )
    _, reason = blocked(lab, CONTRACT, WRITE_TEST, SUBMIT_TEST, breaks, *[DONE] * 6)
    assert "test_double" in reason


def test_editing_a_test_in_green_is_refused_by_tool_and_by_command(lab: Lab) -> None:
    by_tool = call("edit_file", path="tests/test_calc.py", old="assert add(2, 3) == 5", new="assert True")
    by_command = call("run", command="sed -i 's/== 5/== -1/' tests/test_calc.py")
    blocked(lab, CONTRACT, WRITE_TEST, SUBMIT_TEST, by_tool, by_command, *[DONE] * 6)
    assert "locked" in lab.said()
    assert "ead-only file system" in lab.said() or "undone as a whole" in lab.said()


def test_writing_outside_the_contract_is_refused(lab: Lab) -> None:
    outside = call("write_file", path="other.py", text="x = 1\n")
    by_command = call("run", command="echo x > other.py; echo x > README.md")
    blocked(lab, CONTRACT, WRITE_TEST, SUBMIT_TEST, outside, by_command, *[DONE] * 6)
    assert "the contract names only calc.py" in lab.said()


def test_an_unknown_tool_is_answered_and_then_ends_it(lab: Lab) -> None:
    code, _ = blocked(lab, *[call("format_disk", really=True)] * 20)
    assert code == "faults"
    assert "there is no tool 'format_disk'; the tools are: read_file" in lab.said()


@pytest.mark.parametrize("arguments", ["", "{", "[]", '{"path": 3}', '{"path": "a", "more": 1}', "null"])
def test_malformed_arguments_do_nothing(lab: Lab, arguments: str) -> None:
    turn = Turn(calls=(ToolCall(id="c", name="read_file", arguments=arguments),))
    code, _ = blocked(lab, *[turn] * 20)
    assert code == "faults"


def test_words_without_a_call_end_it(lab: Lab) -> None:
    code, _ = blocked(lab, *[Turn(text="I have fixed everything.")] * 20)
    assert code == "faults"


def test_turns_are_limited(lab: Lab) -> None:
    code, reason = blocked(lab, *[call("find_files", glob=f"{n}*") for n in range(100)])
    assert code == "clarify_turns"
    assert "40 turns" in reason


def test_an_honest_stop_keeps_its_reason(lab: Lab) -> None:
    code, reason = blocked(lab, call("stop", kind="blocked", reason="the wanted behaviour contradicts README.md"))
    assert (code, reason) == ("blocked", "stopped in clarify: the wanted behaviour contradicts README.md")


def test_a_contract_out_of_scope_is_refused(lab: Lab) -> None:
    wants = call("submit_contract", criteria=["x"], files=[".github/workflows/ci.yml"])
    _, reason = blocked(lab, *[wants] * 6)
    assert ".github/workflows/ci.yml may not be changed" in reason


def test_claiming_success_without_work(lab: Lab) -> None:
    _, reason = blocked(lab, CONTRACT, WRITE_TEST, SUBMIT_TEST, *[DONE] * 6)
    assert "nothing was changed" in reason or TEST_ID in reason


def test_findings_that_are_never_mended_end_it(lab: Lab) -> None:
    problem = call(
        "submit_review", problems=[{"path": "calc.py", "line": 5, "problem": "still wrong"}], checklist="bad"
    )
    again = [DONE, NOTHING, problem]
    code, reason = blocked(lab, CONTRACT, WRITE_TEST, SUBMIT_TEST, FIX, DONE, NOTHING, problem, *again * 3)
    assert code == "findings"
    assert "still wrong" in reason


def test_a_dangerous_new_line_does_not_pass(lab: Lab) -> None:
    evil = call("edit_file", path="calc.py", old="return a - b", new="return eval(f'{a}+{b}')")
    code, _ = blocked(lab, CONTRACT, WRITE_TEST, SUBMIT_TEST, evil, *[DONE, NOTHING, REVIEW] * 4)
    assert code == "findings"


def test_a_spent_budget_is_a_limit(make_lab: Callable[..., Lab]) -> None:
    from graph.deps import ItemLimits
    from model.port import Usage

    lab = make_lab()
    dear = Turn(calls=CONTRACT.calls, usage=Usage(prompt=10, completion=1))
    outcome = lab.work(Scripted([dear, *[call("find_files")] * 9]), ItemLimits(tokens=5))
    assert (outcome.kind, outcome.code) == ("limit", "tokens")


def test_a_regression_can_not_hide_behind_a_test_rewritten_in_red(lab: Lab) -> None:
    weaker = call("edit_file", path="tests/test_calc.py", old="assert double(2) == 4", new="assert double(2)")
    broken = "def add(a, b):\n    return a + b\n\n\ndef double(a):\n    return a\n"
    test = "from calc import add\n\n\ndef test_add():\n    assert add(2, 3) == 5\n"
    breaks, added = (
        call("write_file", path="calc.py", text=broken),
        call("write_file", path="tests/test_add.py", text=test),
    )
    ids = call("submit_tests", ids=["tests/test_add.py::test_add"])
    _, reason = blocked(lab, CONTRACT, weaker, added, ids, breaks, *[DONE] * 6)
    assert "with the tests as they were before" in reason
    assert "test_double" in reason


def test_many_lines_wait_for_a_person_however_they_look(lab: Lab) -> None:
    sums = "def add(a, b):\n    return a + b\n\n\ndef double(a):\n    return a * 2\n\n\n"
    write = call("write_file", path="calc.py", text=sums + 'TEXT = """\n' + "++ x\n" * 300 + '"""\n')
    outcome = lab.work(Scripted([CONTRACT, WRITE_TEST, SUBMIT_TEST, write, DONE, NOTHING, REVIEW, NOTHING]))
    assert (outcome.kind, outcome.code) == ("needs_person", "approval"), outcome
