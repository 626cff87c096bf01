"""Backlogs as JSON of the systems that came before."""

from __future__ import annotations

from typing import Any

import pytest

from backlog.item import Kind, Status
from tests.backlog.sources.shop import as_json, report

EXECUTOR = {
    "id": "custom_1",
    "title": "Custom Task",
    "description": "Manually created",
    "task_type": "feature",
    "impact": 8,
    "effort": 3,
    "status": "READY",
    "wsjf_score": 4.33,
    "created_at": "2025-01-15T10:30:00",
    "updated_at": "2025-01-15T10:30:00",
    "links": ["https://github.com/repo/issues/123"],
    "acceptance_criteria": ["Implement feature X", "Add unit tests"],
    "security_notes": "Review",
    "test_notes": "Tests",
}


@pytest.mark.parametrize("wrap", [lambda i: [i], lambda i: {"items": [i]}, lambda i: {"backlog": [i], "version": 1}])
def test_an_item_of_the_executor_is_taken_with_all_it_says(wrap: Any) -> None:
    (found,) = report(as_json(wrap(EXECUTOR))).found
    assert (found.title, found.kind, found.status) == ("Custom Task", Kind.FEATURE, Status.READY)
    assert (found.inputs.value, found.inputs.size) == (8, 3)
    assert found.criteria == ("Implement feature X", "Add unit tests")
    assert (found.security_notes, found.test_notes) == ("Review", "Tests")


def test_its_own_score_is_kept_beside_ours() -> None:
    (found,) = report(as_json([EXECUTOR])).found
    assert found.inputs.source["given_wsjf"] == "4.33"


def test_a_score_that_will_be_calculated_is_none() -> None:
    (found,) = report(as_json([{**EXECUTOR, "wsjf_score": 0.0, "task_type": "TaskType.FEATURE"}])).found
    assert "given_wsjf" not in found.inputs.source
    assert found.kind is Kind.FEATURE


def test_an_entry_that_is_wrong_is_named() -> None:
    told = report(as_json([EXECUTOR, {**EXECUTOR, "id": "b", "impact": 99}]))
    assert (told.status, "impact" in told.reason or "value must be" in told.reason) == ("not run", True)
