"""The file and the backlog are merged field by field; nobody's edit is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backlog.edit import edited
from backlog.file.fields import LISTS, SHARED, told
from backlog.file.merge import Both, first, merge, merged
from backlog.file.status import moved
from backlog.file.synced import Agreed, Conflict, Value
from backlog.item import MOVES, Item, Status
from tests.backlog.conftest import NOON, make_item

WORDS = st.sampled_from(["a", "b", "c", "d"])
LISTED = st.lists(WORDS, unique=True, max_size=4).map(tuple)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("title", "story", "security_notes", "test_notes"), WORDS),
    **dict.fromkeys(("value", "time_criticality", "risk_reduction", "size"), st.integers(1, 13)),
    **dict.fromkeys(LISTS, LISTED),
    "kind": st.sampled_from(["bug", "feature", "docs"]),
    "hold": st.booleans(),
}
FIELDS = st.fixed_dictionaries(VALUES)
SOME = st.fixed_dictionaries({"title": WORDS}, optional={k: v for k, v in VALUES.items() if k != "title"})
STATUSES = st.sampled_from(list(Status))


def agreed(fields: dict[str, Value], status: Status, written: frozenset[str] = frozenset()) -> Agreed:
    return Agreed("a-1", "a-1", {**fields, "status": status.value, "reason": ""}, written)


def an_item(fields: dict[str, Any], status: Status) -> Item:
    made = make_item(**fields, id="a-1", status=status, source="markers")
    blocked = {"reason": "red", "blocked_from": Status.READY, "blocked_at": NOON} if status is Status.BLOCKED else {}
    return made.model_copy(update=blocked)


class TestOneField:
    @given(st.sampled_from(SHARED).flatmap(lambda n: st.tuples(st.just(n), VALUES[n], VALUES[n])))
    def test_the_side_that_changed_is_taken(self, drawn: tuple[str, Value, Value]) -> None:
        name, old, new = drawn
        assert merged(name, old, new, old) == Both(new, new)
        assert set(_parts(merged(name, old, old, new).backlog)) == set(_parts(new))

    @given(WORDS, WORDS, WORDS)
    def test_both_changed_differently_is_a_conflict_and_each_keeps_its_own(self, old: str, one: str, two: str) -> None:
        assume(len({old, one, two}) == 3)
        assert merged("title", old, one, two) == Both(one, two)

    def test_without_an_ancestor_nobody_knows_who_changed_it(self) -> None:
        assert merged("title", None, "a", "b") == Both("a", "b")
        assert merged("title", None, "a", "a") == Both("a", "a")

    @given(LISTED, LISTED, LISTED)
    def test_lists_lose_what_either_took_out_and_gain_what_either_put_in(
        self, old: tuple[str, ...], one: tuple[str, ...], two: tuple[str, ...]
    ) -> None:
        both = merged("criteria", old, one, two)
        assert both.file == both.backlog
        gone = (set(old) - set(one)) | (set(old) - set(two))
        assert set(_parts(both.file)) == (set(one) | set(two)) - gone
        assert merged("criteria", old, both.file, two) == both


def _parts(value: Value) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


@settings(deadline=None)
@given(FIELDS, SOME, FIELDS, STATUSES, st.none() | STATUSES, STATUSES, st.sets(st.sampled_from(SHARED)))
def test_a_merge_that_was_written_to_the_file_alone_is_the_same_when_it_is_done_again(
    old: dict[str, Value],
    file: dict[str, Value],
    here: dict[str, Value],
    was: Status,
    asked: Status | None,
    status: Status,
    written: set[str],
) -> None:
    """The file is written first: a crash then leaves the backlog as it was."""
    item = an_item(here, status)
    before = agreed(old, was, frozenset(written))
    said = dict(file) | ({"status": asked.value} if asked else {})
    once = merge(said, item, before, NOON)
    said_then = {k: v for k, v in {**said, **once.edits}.items() if v is not None}
    again = merge(said_then, item, before, NOON)
    assert (again.item, again.edits) == (once.item, {})
    assert (again.agreed.fields, again.agreed.conflicts) == (once.agreed.fields, once.agreed.conflicts)
    settled = merge(said_then, once.item, once.agreed, NOON)
    assert (settled.item, settled.edits, settled.agreed) == (once.item, {}, again.agreed)


@settings(deadline=None)
@given(SOME, FIELDS, STATUSES, st.none() | STATUSES)
def test_the_first_merge_is_the_same_when_it_is_done_again(
    file: dict[str, Value], here: dict[str, Value], status: Status, asked: Status | None
) -> None:
    item = an_item(here, status)
    said = dict(file) | ({"status": asked.value} if asked else {})
    once = merge(said, item, first(item, "a-1", said), NOON)
    said_then = {k: v for k, v in {**said, **once.edits}.items() if v is not None}
    again = merge(said_then, item, first(item, "a-1", said_then), NOON)
    assert (again.item, again.edits) == (once.item, {})
    settled = merge(said_then, once.item, once.agreed, NOON)
    assert (settled.item, settled.edits) == (once.item, {})


def test_what_a_person_wrote_is_theirs_from_then_on() -> None:
    item = make_item(source="markers", value=3)
    done = merge({"title": "Mine", "value": 8}, item, first(item, "a-1", {}), NOON).item
    assert (done.title, done.edited, done.inputs.value, done.inputs.source["value"]) == (
        "Mine",
        ("title",),
        8,
        "person",
    )


def test_what_a_person_said_by_other_means_is_not_overruled_by_a_first_sync() -> None:
    item = edited(make_item(source="backlog.yml"), {"title": "By command"}, NOON)
    done = merge({"title": "By file"}, item, first(item, "a-1", {}), NOON)
    assert (done.item.title, done.edits) == ("By command", {})
    assert done.agreed.conflicts == {"title": Conflict("By file", "By command")}


def test_a_key_that_was_never_there_says_nothing_and_one_that_was_taken_out_says_empty() -> None:
    item = make_item(story="why")
    before = agreed(told(item), Status.READY, frozenset({"title"}))
    assert merge({"title": "Do it"}, item, before, NOON).item.story == "why"
    before = agreed(told(item), Status.READY, frozenset({"title", "story"}))
    assert merge({"title": "Do it"}, item, before, NOON).item.story == ""


class TestStatus:
    @pytest.mark.parametrize("status", list(Status))
    @pytest.mark.parametrize("asked", list(Status))
    def test_a_request_is_followed_when_it_is_a_legal_move_and_else_the_file_is_told(
        self, status: Status, asked: Status
    ) -> None:
        item = an_item({}, status)
        done = merge({"title": "Do it", "status": asked.value}, item, agreed(told(item), status), NOON)
        if asked is status:
            assert (done.item, done.notes) == (item, [])
        elif asked in (Status.DOING, Status.PR):
            assert (done.item.status, done.edits["status"]) == (status, status.value)
        elif asked in MOVES[status] and status is Status.DOING:
            assert done.agreed.conflicts["status"] == Conflict(asked.value, "DOING")
        elif asked in MOVES[status]:
            assert (done.item.status, done.agreed.conflicts, "status" in done.edits) == (asked, {}, False)
        elif status is not Status.CANCELLED:
            assert (done.item.status, done.edits["status"], len(done.notes)) == (status, status.value, 1)

    def test_a_cancelled_item_can_be_asked_for_again(self) -> None:
        item = an_item({}, Status.CANCELLED)
        asked = {"title": "Do it", "status": "READY"}
        assert merge(asked, item, agreed(told(item), Status.CANCELLED), NOON).item.status is Status.READY

    def test_without_criteria_nothing_is_ready(self) -> None:
        item = an_item({"criteria": ()}, Status.NEW)
        done = merge({"title": "Do it", "status": "READY"}, item, agreed(told(item), Status.NEW), NOON)
        assert (done.item.status, done.edits["status"]) == (Status.NEW, "NEW")
        assert "criteria" in done.notes[0]

    def test_an_item_that_gets_its_criteria_is_ready(self) -> None:
        item = an_item({"criteria": ()}, Status.NEW)
        done = merge({"title": "Do it", "criteria": ("x",)}, item, agreed(told(item), Status.NEW), NOON)
        assert (done.item.status, done.edits) == (Status.READY, {"status": "READY"})

    def test_what_the_engine_did_is_one_key_in_the_file(self) -> None:
        item = moved(an_item({}, Status.DOING), Status.PR, NOON, "lamplighter/a-1")
        done = merge({"title": "Do it", "status": "READY"}, item, agreed(told(item), Status.READY), NOON)
        assert done.edits == {"status": "PR"}

    def test_a_blocked_item_says_why_and_no_longer_when_it_goes_on(self) -> None:
        item = an_item({}, Status.READY)
        blocked = moved(item, Status.BLOCKED, NOON, "tests are red")
        said: dict[str, Value] = {"title": "Do it", "status": "READY"}
        done = merge(said, blocked, agreed(told(item), Status.READY), NOON)
        assert done.edits == {"status": "BLOCKED", "reason": "tests are red"}
        ready = moved(blocked, Status.READY, NOON, "")
        then = merge(said | {"status": "BLOCKED", "reason": "tests are red"}, ready, done.agreed, NOON)
        assert then.edits == {"status": "READY", "reason": None}

    def test_both_moved_it_is_a_conflict(self) -> None:
        item = an_item({}, Status.BLOCKED)
        done = merge({"title": "Do it", "status": "DONE"}, item, agreed(told(item), Status.READY), NOON)
        assert (done.item.status, done.edits) == (Status.BLOCKED, {})
        assert done.agreed.conflicts == {"status": Conflict("DONE", "BLOCKED")}


@pytest.mark.parametrize(("name", "waits"), [("title", True), ("status", True), ("value", False), ("links", False)])
def test_an_item_waits_only_for_a_conflict_that_changes_the_work(name: str, waits: bool) -> None:
    assert bool(Agreed("a-1", "a-1", {}, conflicts={name: Conflict("x", "y")}).waits) is waits
