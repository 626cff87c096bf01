"""Scripted engineers: an honest one, turn by turn, to be varied by the tests."""

from __future__ import annotations

from model.port import Turn
from model.scripted import call, calls

TEST = "\n\ndef test_add():\n    from calc import add\n\n    assert add(2, 3) == 5\n    assert add(-1, 1) == 0\n"
TEST_ID = "tests/test_calc.py::test_add"

CONTRACT = call(
    "submit_contract", criteria=["add(2, 3) is 5"], files=["calc.py"], plan="test_add fails: add subtracts", effort=1
)
WRITE_TEST = call(
    "edit_file", path="tests/test_calc.py", old="    assert double(2) == 4\n", new="    assert double(2) == 4\n" + TEST
)
SUBMIT_TEST = call("submit_tests", ids=[TEST_ID])
FIX = call("edit_file", path="calc.py", old="return a - b", new="return a + b")
DONE = call("submit_done", note="add() adds.")
NOTHING = call("submit_done", note="nothing to do")
REVIEW = call(
    "submit_review", problems=[], checklist="input ok, authorization none, secrets none, errors ok, logging none"
)


def honest() -> list[Turn]:
    return [CONTRACT, WRITE_TEST, SUBMIT_TEST, FIX, DONE, NOTHING, REVIEW, NOTHING]


__all__ = [
    "CONTRACT",
    "DONE",
    "FIX",
    "NOTHING",
    "REVIEW",
    "SUBMIT_TEST",
    "TEST",
    "TEST_ID",
    "WRITE_TEST",
    "calls",
    "honest",
]
