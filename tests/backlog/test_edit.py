"""What a person changes by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.edit import KEYS, EditInvalid, edited
from backlog.item import Item, Kind, Status
from tests.backlog.conftest import NOON, make_item

Make = Callable[..., Item]


def test_numbers_are_marked_as_a_persons(item: Make, noon: datetime) -> None:
    changed = edited(item(), {"impact": "8", "effort": "2"}, noon)
    assert (changed.inputs.value, changed.inputs.size) == (8, 2)
    assert changed.inputs.source == {"value": "person", "size": "person"}


def test_fields_are_remembered_as_edited(item: Make, noon: datetime) -> None:
    changed = edited(item(), {"title": "Other", "hold": "yes"}, noon + timedelta(hours=1))
    assert (changed.title, changed.hold, changed.edited) == ("Other", True, ("hold", "title"))
    assert changed.updated_at == noon + timedelta(hours=1)


def test_a_kind_set_by_a_person_counts_for_text_of_strangers(item: Make, noon: datetime) -> None:
    changed = edited(item(trust="untrusted"), {"kind": "security"}, noon)
    assert changed.kind is Kind.SECURITY
    assert changed.inputs.source["kind"] == "person"


@pytest.mark.parametrize(
    ("text", "criteria"),
    [("a; b", ("a", "b")), ("a\nb\n", ("a", "b")), ('["a; b", "c"]', ("a; b", "c")), ("", ())],
)
def test_lists_are_separated_or_json(item: Make, noon: datetime, text: str, criteria: tuple[str, ...]) -> None:
    assert edited(item(), {"criteria": text}, noon).criteria == criteria


def test_criteria_and_status_may_come_together(item: Make, noon: datetime) -> None:
    changed = edited(item(status="NEW", criteria=()), {"status": "ready", "criteria": "works"}, noon)
    assert changed.status is Status.READY


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"titel": "x"}, "titel: no such key: did you mean title?"),
        ({"imapct": "3"}, "imapct: no such key: did you mean impact?"),
        ({"value": "14"}, "value: 14 is not a whole number from 1 to 13"),
        ({"value": "٣"}, "value: ٣ is not a whole number from 1 to 13"),
        ({"size": ""}, r"size: \(empty\) is not a whole number"),
        ({"kind": "securty"}, "kind: securty is not known: did you mean security?"),
        ({"hold": "maybe"}, "hold: maybe is neither yes nor no"),
        ({"title": ""}, "title: .*at least 1 character"),
        ({"criteria": "[1]"}, "criteria: a list of texts is needed"),
        ({"criteria": "[oops"}, "criteria: begins like a JSON list"),
        ({"status": "redy"}, "status: REDY is not known: did you mean READY?"),
        ({"status": "DOING"}, "run it instead"),
        ({"status": "PR"}, "can not go from READY to PR"),
        ({"reason": "x"}, "reason goes with a status"),
        ({}, "nothing to change: write key=value"),
    ],
)
def test_a_wrong_change_is_one_line(item: Make, noon: datetime, changes: dict[str, str], message: str) -> None:
    with pytest.raises(EditInvalid, match=message) as caught:
        edited(item(), changes, noon)
    assert "\n" not in str(caught.value)


def test_without_criteria_an_item_can_not_be_made_ready(item: Make, noon: datetime) -> None:
    with pytest.raises(EditInvalid, match="without acceptance criteria can not be READY"):
        edited(item(status="REFINED", criteria=()), {"status": "READY"}, noon)


@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), st.text(max_size=30), max_size=4))
def test_any_change_is_made_or_refused(changes: dict[str, str]) -> None:
    try:
        changed = edited(make_item(), changes, NOON)
    except EditInvalid as caught:
        refusal = str(caught)
    else:
        refusal = ""
        assert Item.model_validate(changed.model_dump()) == changed
    assert len(refusal.splitlines()) <= 1
