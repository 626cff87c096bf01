"""Backlogs that were kept elsewhere come in, and this one goes out and comes in again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backlog.export import exported
from backlog.file.fields import SHARED, told
from backlog.importing import Imported, imported
from backlog.item import Inputs, Item, Kind, Status
from backlog.score import Scoring, rank
from backlog.source import SourceBroken
from checks.check import CommandCheck, FindingCheck, TestCheck
from tests.backlog.conftest import NOON, make_item


def taken(text: str, file: str = "old.json") -> Imported:
    found = imported(text.encode(), file, NOON)
    assert isinstance(found, Imported)
    return found


RECORD = {
    "id": "custom_1",
    "title": "Custom Task",
    "description": "Made by hand",
    "task_type": "FEATURE",
    "impact": 8,
    "effort": 3,
    "status": "READY",
    "wsjf_score": 5.8,
    "created_at": "2026-01-05T10:00:00",
    "links": ["https://example.org/123"],
    "acceptance_criteria": ["Implement feature X", "Add unit tests"],
    "security_notes": "Standard security review",
    "test_notes": "Requires integration tests",
}


@pytest.mark.parametrize(
    "shape",
    [
        [RECORD],
        {"items": [RECORD]},
        {"metadata": {"total": 1}, "backlog": {"items": [RECORD]}},
        {"custom_1": {k: v for k, v in RECORD.items() if k != "id"}},
        {"backlogItems": {"custom_1": RECORD}},
    ],
)
def test_every_shape_of_a_record_is_the_same_item(shape: Any) -> None:
    for text, file in ((json.dumps(shape), "old.json"), (json.dumps(shape, indent=1), "old.yml")):
        (item,) = taken(text, file).items
        assert (item.id, item.title, item.story, item.kind) == ("custom-1", "Custom Task", "Made by hand", Kind.FEATURE)
        assert (item.status, item.inputs.value, item.inputs.size) == (Status.READY, 8, 3)
        assert item.inputs.source["given_wsjf"] == "5.8"
        assert (item.criteria, item.links) == (("Implement feature X", "Add unit tests"), ("https://example.org/123",))
        assert (item.security_notes, item.test_notes) == ("Standard security review", "Requires integration tests")
        assert (item.source, item.created_at.year) == ("import", 2026)


@pytest.mark.parametrize(
    ("fields", "status", "reason"),
    [
        ({"status": "COMPLETED"}, Status.DONE, ""),
        ({"status": "MERGED"}, Status.DONE, ""),
        ({"status": "REFINED", "blocker": "needs a decision"}, Status.BLOCKED, "needs a decision"),
        ({"status": "REFINED", "blocker": ["one", "two"]}, Status.BLOCKED, "one; two"),
        ({"status": "DOING", "criteria": ["x"]}, Status.READY, ""),
        ({"status": "IN_PROGRESS"}, Status.NEW, ""),
    ],
)
def test_statuses_of_other_tools_have_their_meaning(fields: dict[str, Any], status: Status, reason: str) -> None:
    (item,) = taken(json.dumps([{"title": "A", **fields}])).items
    assert (item.status, item.reason) == (status, reason)


def test_numbers_one_level_deeper_and_in_camel_case_are_read() -> None:
    record = {"title": "A", "wsjf": {"businessValue": 8, "timeCriticality": 5, "jobSize": 2, "score": 6.5}}
    (item,) = taken(
        json.dumps(
            [
                record,
            ]
        )
    ).items
    assert (item.inputs.value, item.inputs.time_criticality, item.inputs.size) == (8, 5, 2)
    assert item.inputs.source["given_wsjf"] == "6.5"


def test_what_can_not_be_taken_is_named_and_the_rest_comes() -> None:
    rows = [{"id": "a", "title": "A", "effort": 21, "status": "PARKED", "owner": "ann"}, {"id": "b"}, "just a title"]
    found = taken(json.dumps(rows))
    assert [i.title for i in found.items] == ["A", "just a title"]
    assert found.items[0].inputs.size == 3
    assert found.notes == (
        "a: effort '21' means nothing here and is left out",
        "a: status 'PARKED' means nothing here and is left out",
        "line 1: an entry has no title and is left out",
        "fields that mean nothing here: owner",
    )


def test_a_table_and_a_plan_below_it_are_the_same_items() -> None:
    text = (
        "| Rank | ID | Title | Score | Category | Est. Hours | Impact |\n|---|---|---|---|---|---|---|\n"
        "| 1 | CICD-001 | Activate CI | 64.8 | Infrastructure | 8 | 10 |\n\n"
        "- [ ] **[CICD-001]** Move the workflows\n  - they run\n- [ ] Enable branch protection\n"
    )
    first, second = taken(text, "BACKLOG.md").items
    assert (first.title, first.story, first.criteria) == ("Activate CI", "Move the workflows", ("they run",))
    assert (first.inputs.value, first.inputs.size, first.inputs.source["given_wsjf"]) == (10, 5, "64.8")
    assert (second.title, second.status) == ("Enable branch protection", Status.NEW)


def test_settings_of_an_earlier_tool_are_no_backlog() -> None:
    content = {"github": {"username": "u"}, "analyzer": {"scanForTodos": True}}
    assert imported(json.dumps(content).encode(), "config.json", NOON) == content


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1', r"^old\.json:1: is not valid JSON"),
        ("{}", r"^old\.json: no backlog is known in it"),
        ("[" * 100_000, r"^old\.json: is nested too deeply"),
        ('[{"id": "a", "title": "A"}, {"id": "A", "title": "B"}]', r"^old\.json:1: id a is used in line 1 already"),
        ("x: !!python/name:os.system\n", r"^old\.json:1: is not valid YAML"),
        ("[" + '"A",' * 5_000 + '"A"]', r"^old\.json: has 5001 entries"),
        ("x" * 1_000_001, r"^old\.json: is binary or larger"),
        (
            '{"format": "lamplighter backlog 1", "items": [{"id": "a"}]}',
            r"^old\.json: item 1 is not as it was exported",
        ),
        ('{"format": "lamplighter backlog 1", "items": [3]}', r"^old\.json: item 1 is not as it was exported"),
    ],
)
def test_what_is_no_backlog_is_one_line(text: str, message: str) -> None:
    with pytest.raises(SourceBroken, match=message) as caught:
        taken(text)
    assert "\n" not in str(caught.value)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=20).map(
    lambda s: " ".join(s.split()) or "x"
)
NUMBER = st.integers(1, 13)
CHECKS = st.sampled_from(
    [
        TestCheck(),
        TestCheck(ids=("tests/test_a.py::test_b",)),
        CommandCheck(argv=("make", "lint")),
        FindingCheck(tool="ruff", rule="F401", path="a.py", count=2),
    ]
)


@st.composite
def items(draw: st.DrawFn) -> list[Item]:
    made = []
    for number in range(draw(st.integers(0, 4))):
        status = draw(st.sampled_from([Status.NEW, Status.REFINED, Status.READY, Status.BLOCKED, Status.DONE]))
        inputs = Inputs(
            value=draw(NUMBER), size=draw(NUMBER), time_criticality=draw(NUMBER), source={"value": "person"}
        )
        made.append(
            make_item(
                id=f"item-{number}",
                title=draw(TEXT),
                kind=draw(st.sampled_from(Kind)),
                story=draw(st.just("") | TEXT | st.tuples(TEXT, TEXT).map("\n\n".join)),
                criteria=tuple(draw(st.lists(TEXT, min_size=1, max_size=3, unique=True))),
                labels=tuple(draw(st.lists(TEXT.filter(lambda t: not t.startswith("id:")), max_size=2, unique=True))),
                depends_on=draw(st.just(()) | st.just(("item-0",))),
                security_notes=draw(st.just("") | TEXT),
                hold=draw(st.booleans()),
                path=draw(st.none() | st.just("src/ü.py")),
                line=draw(st.none() | st.integers(1, 99)),
                check=draw(CHECKS),
                inputs=inputs,
                status=status,
                reason=draw(TEXT) if status is Status.BLOCKED else "",
                source="import",
                created_at=NOON - timedelta(days=draw(st.integers(0, 40))),
            )
        )
    return made


def again(items: list[Item], form: str) -> dict[str, Item]:
    text = exported(rank(items, Scoring(), NOON), form)
    return {item.id: item for item in taken(text, f"backlog.{form}").items} if items else {}


@settings(deadline=None)
@given(items())
def test_json_gives_the_same_items_again(made: list[Item]) -> None:
    assert again(made, "json") == {item.id: item for item in made}


@settings(deadline=None)
@given(items())
def test_yaml_gives_again_what_people_own(made: list[Item]) -> None:
    back = again(made, "yml")
    assert back.keys() == {item.id for item in made}
    for item in made:
        other = back[item.id]
        assert told(other) == told(item)
        assert (other.status, other.path, other.line, other.created_at) == (
            item.status,
            item.path,
            item.line,
            item.created_at,
        )
        assert other.reason == item.reason


def test_markdown_gives_again_the_table_and_the_criteria() -> None:
    made = [
        make_item(id="a-1", title="Pipes | and *stars*", kind=Kind.BUG, value=8, size=2, criteria=("x", "y")),
        make_item(id="a-2", title="Done", status=Status.DONE, criteria=("z",)),
    ]
    back = again(made, "md")
    for item in made:
        other = back[item.id]
        kept = ("kind", "status", "criteria")
        assert [getattr(other, name) for name in kept] == [getattr(item, name) for name in kept]
        assert other.inputs.value == item.inputs.value
    assert back["a-1"].title == "Pipes | and *stars*"


def test_what_people_own_is_what_a_merge_compares() -> None:
    assert set(told(make_item())) == set(SHARED)
