"""The mark before a phase says what came of it, also where the run waits for a person."""

from __future__ import annotations

from typing import Any

import pytest

from app.tell import told
from evidence.event import Judged


@pytest.mark.parametrize(
    ("passed", "update", "mark"),
    [
        (True, {}, "✓"),
        (True, {"contract": {"questions": []}, "doubts": []}, "✓"),
        (True, {"contract": None}, "✓"),
        (True, {"contract": {"questions": ["Floats as well?"]}}, "?"),
        (True, {"doubts": ["m.py:3 could always be true"]}, "?"),
        (False, {"doubts": ["m.py:3 could always be true"]}, "✗"),
        (False, {}, "✗"),
    ],
)
def test_what_waits_for_a_person_has_a_mark_of_its_own(passed: bool, update: dict[str, Any], mark: str) -> None:
    assert told(Judged(phase="validate", tree="t", passed=passed, update=update), "info") == f"  {mark} validate"
