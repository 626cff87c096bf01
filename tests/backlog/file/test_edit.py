"""Only what was asked is changed in the file: every other line stays byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from backlog.file.edit import EntryEdit, edited
from backlog.file.nodes import EditRefused, document
from backlog.file.synced import Value
from backlog.source import SourceBroken

FILE = "backlog.yml"


def changed(text: str, **values: Value | None) -> str:
    return edited(document(text, FILE), [EntryEdit(0, values)])


def added(text: str, **values: Value) -> str:
    return edited(document(text, FILE), [], [{"id": "n", "title": "New", **values}])


@pytest.mark.parametrize(
    ("before", "values", "after"),
    [
        ("- title: A # c\n  status: READY # d\n", {"status": "DONE"}, "- title: A # c\n  status: DONE # d\n"),
        ("- title: A\n  status: 'READY'\n", {"status": "DONE"}, "- title: A\n  status: 'DONE'\n"),
        ("- title: A\n  status:   READY\n", {"status": "DONE"}, "- title: A\n  status:   DONE\n"),
        ("- title: A # c\r\n# d\r\n", {"status": "DONE"}, "- title: A # c\r\n  status: DONE\r\n# d\r\n"),
        ("- title: A", {"id": "x"}, "- title: A\n  id: x"),
        ("- A # c\n", {"id": "x"}, "- title: A # c\n  id: x\n"),
        ("- 'A'\n- B\n", {"id": "x"}, "- title: 'A'\n  id: x\n- B\n"),
        ("[A, B]\n", {"id": "x"}, "[{title: A, id: x}, B]\n"),
        ("- {title: A}  # c\n", {"status": "DONE"}, "- {title: A, status: DONE}  # c\n"),
        ('[{"title": "A", "status": "READY"}]', {"id": "x"}, '[{"title": "A", "status": "READY", "id": "x"}]'),
        ("- impact: 3\n  title: A\n", {"value": 8}, "- impact: 8\n  title: A\n"),
        ("- title: A\n- title: B\n  effort: 2\n", {"size": 5}, "- title: A\n  effort: 5\n- title: B\n  effort: 2\n"),
        ("- title: A\n  reason: x\n  size: 1\n", {"reason": None}, "- title: A\n  size: 1\n"),
        ("- reason: x\n  title: A\n", {"reason": None}, "- title: A\n"),
        ("- {title: A, reason: x}\n", {"reason": None}, "- {title: A}\n"),
        ("- {reason: x, title: A}\n", {"reason": None}, "- {title: A}\n"),
        ("- title: A\n  story: |\n    x\n    y\n\n# c\n", {"story": "z"}, "- title: A\n  story: z\n\n# c\n"),
        ("- title: A\n  story: x\n", {"story": "y\nz"}, "- title: A\n  story: |-\n    y\n    z\n"),
        ("- title: A\n  story: x  \n", {"story": "y\nz"}, '- title: A\n  story: "y\\nz"  \n'),
        ("- title: A\n  story: x # c\n", {"story": "y\nz"}, '- title: A\n  story: "y\\nz" # c\n'),
        ("- title: |\n    A\n", {"status": "DONE"}, "- status: DONE\n  title: |\n    A\n"),
        ("- title: A\n  story:\n", {"story": "x"}, "- title: A\n  story: x\n"),
        ("- title: A\n", {"title": "yes: no # maybe"}, "- title: 'yes: no # maybe'\n"),
        ("- title: A\n", {"title": "12"}, "- title: '12'\n"),
        ("- title: A\n", {"hold": True}, "- title: A\n  hold: true\n"),
    ],
)  # fmt: skip
def test_one_value_is_changed_where_it_stands(before: str, values: dict[str, Value | None], after: str) -> None:
    assert changed(before, **values) == after


@pytest.mark.parametrize(
    ("before", "parts", "after"),
    [
        ("- title: A\n  labels: [a]\n", ("a", "b"), "- title: A\n  labels: [a, b]\n"),
        ("- title: A\n  labels: [a, 'b' , c]\n", ("'b'",), None),
        ("- title: A\n  labels: [a, 'b', c]\n", ("b", "c"), "- title: A\n  labels: ['b', c]\n"),
        ("- title: A\n  labels: []\n", ("b",), "- title: A\n  labels: [b]\n"),
        ("- title: A\n  labels: a\n", ("a", "b"), "- title: A\n  labels: [a, b]\n"),
        ("- title: A\n  labels:\n", ("b",), "- title: A\n  labels: [b]\n"),
        ("- title: A\n", ("b",), "- title: A\n  labels:\n    - b\n"),
        (
            "- title: A\n  labels:\n  # c\n  - a # d\n  - b\n",
            ("a", "n"),
            "- title: A\n  labels:\n  # c\n  - a # d\n  - n\n",
        ),
        (
            "- title: A\n  labels:\n    - a\n    - b",
            ("a", "b", "c"),
            "- title: A\n  labels:\n    - a\n    - b\n    - c",
        ),
        ("- title: A\n  labels: # c\n  - a\n  size: 1\n", (), "- title: A\n  labels: [] # c\n  size: 1\n"),
        ("- title: A\n  labels:\n  - a\n  size: 1\n", ("b",), "- title: A\n  labels:\n  - b\n  size: 1\n"),
    ],
)
def test_parts_of_lists_come_and_go_where_the_list_stands(
    before: str, parts: tuple[str, ...], after: str | None
) -> None:
    if after is not None:
        assert changed(before, labels=parts) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "items:\n- id: n\n  title: New\n"),
        ("# c\n", "# c\nitems:\n- id: n\n  title: New\n"),
        ("\ufeff", "\ufeffitems:\n- id: n\n  title: New\n"),
        ("items: []\n", "items: \n- id: n\n  title: New\n"),
        ("items:\n# c\n", "items:\n- id: n\n  title: New\n# c\n"),
        ("[]\n", "- id: n\n  title: New\n"),
        ("- A\n", "- A\n- id: n\n  title: New\n"),
        ("x: 1\nitems:\n  - A # c\n\n# d\ny: 2\n", "x: 1\nitems:\n  - A # c\n  - id: n\n    title: New\n\n# d\ny: 2\n"),
        ("- A\n\n- B\n", "- A\n\n- B\n\n- id: n\n  title: New\n"),
        ("[A]\n", "[A, {id: n, title: New}]\n"),
        ("---\n- A\n...\n", "---\n- A\n- id: n\n  title: New\n...\n"),
    ],
)
def test_new_entries_come_last(before: str, after: str) -> None:
    assert added(before) == after


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("- title: &t A\n- title: *t\n", {"title": "B"}),
        ("- title: A\n  labels: &l [a]\n- title: B\n  labels: *l\n", {"labels": ("b",)}),
        ("- title: A\n  labels: [\n    a, # why\n    b]\n", {"labels": ("b",)}),
        ("- ? title\n  : A\n", {"status": "DONE"}),
    ],
)
def test_what_can_not_be_edited_safely_is_refused_in_one_line(text: str, values: dict[str, Value]) -> None:
    with pytest.raises(EditRefused, match=r"^backlog\.yml(:\d+)?: .*[^\n]$"):
        changed(text, **values)


def test_an_alias_is_left_alone_when_another_value_changes() -> None:
    text = "x: &x {size: 3}\nitems:\n- <<: *x\n  title: A\n  labels: &l [a]\n- title: B\n  labels: *l\n"
    assert changed(text, size=5) == text.replace("  title: A\n", "  title: A\n  size: 5\n")


@dataclass
class Written:
    """Lines of a file, each with the (entry, field) whose value it carries."""

    lines: list[tuple[str, tuple[int, str] | None]]
    newline: str
    head: str
    entries: list[dict[str, Any]]

    @property
    def text(self) -> str:
        return self.head + "".join(line + self.newline for line, _ in self.lines)


PLAIN = st.text(alphabet="abc XYZ-:#'\"éß漢🙂{}[],&*!|>%@`\\", min_size=1, max_size=12).map(
    lambda s: " ".join(s.split()) or "x"
)
COMMENT = st.sampled_from(["", "  # why", " # it's: 'odd' [", "   "])
BETWEEN = st.lists(st.sampled_from(["", "# a comment", "#- title: not this"]), max_size=2)


@st.composite
def a_scalar(draw: st.DrawFn, value: str) -> str:
    styles = [
        yaml.safe_dump(value, allow_unicode=True, width=10_000, default_style=s).removesuffix("...\n").strip()
        for s in (None, "'", '"')
    ]
    return draw(st.sampled_from(styles))


@st.composite
def files(draw: st.DrawFn) -> Written:
    """Block entries with fields in any order, quotes, comments, blank lines, lists of both kinds and block texts."""
    lines: list[tuple[str, tuple[int, str] | None]] = []
    dash = draw(st.sampled_from(["", "  "]))
    wrapped = draw(st.booleans()) or bool(dash)
    if wrapped:
        lines.append(("items:" + draw(COMMENT), None))
    entries: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 3))):
        lines += [(line, None) for line in draw(BETWEEN)]
        entry: dict[str, Any] = {}
        names = draw(
            st.permutations(["title", *draw(st.sets(st.sampled_from(["story", "labels", "links", "status"])))])
        )
        for at, name in enumerate(names):
            front = dash + ("- " if at == 0 else "  ")
            lines += draw(a_field(number, name, front, dash + "  ", entry))
            lines += [(line, None) for line in draw(BETWEEN)] if at else []
        entries.append(entry)
    return Written(lines, draw(st.sampled_from(["\n", "\r\n"])), draw(st.sampled_from(["", "\ufeff"])), entries)


@st.composite
def a_field(
    draw: st.DrawFn, number: int, name: str, front: str, indent: str, entry: dict[str, Any]
) -> list[tuple[str, tuple[int, str] | None]]:
    mark = (number, name)
    if name == "status":
        entry[name] = "READY"
        return [(f"{front}{name}: READY{draw(COMMENT)}", mark)]
    if name in ("labels", "links"):
        parts = draw(st.lists(PLAIN, unique=True, max_size=3))
        entry[name] = parts
        if draw(st.booleans()) or not parts:
            shown = ", ".join(
                yaml.safe_dump(p, allow_unicode=True, width=9_999, default_style='"').strip() for p in parts
            )
            return [(f"{front}{name}: [{shown}]{draw(COMMENT)}", mark)]
        more = draw(st.sampled_from(["", "  "]))
        rows = [(f"{indent}{more}- {draw(a_scalar(part))}{draw(COMMENT)}", mark) for part in parts]
        return [(f"{front}{name}:{draw(COMMENT)}", mark), *rows]
    value = draw(PLAIN)
    entry[name] = value
    if name == "story" and draw(st.booleans()):
        entry[name] = f"{value}\nmore"
        return [(f"{front}story: |-", mark), *((f"{indent}  {row}", mark) for row in (value, "more"))]
    return [(f"{front}{name}: {draw(a_scalar(value))}{draw(COMMENT)}", mark)]


NEW: dict[str, st.SearchStrategy[Any]] = {
    "title": PLAIN,
    "story": PLAIN | st.tuples(PLAIN, PLAIN).map("\n".join),
    "labels": st.lists(PLAIN, unique=True, max_size=3).map(tuple),
    "links": st.lists(PLAIN, unique=True, max_size=3).map(tuple),
    "status": st.sampled_from(["NEW", "DONE", "BLOCKED"]),
    "value": st.integers(1, 13),
    "hold": st.booleans(),
}


@settings(deadline=None)
@given(files(), st.data())
def test_every_line_that_carries_no_changed_value_stays_as_it_is(written: Written, data: st.DataObject) -> None:
    changes = [
        data.draw(st.fixed_dictionaries({}, optional=NEW), label=f"entry {n}") for n in range(len(written.entries))
    ]
    wanted = [
        {name: _merged(entry.get(name), value) for name, value in change.items()}
        for entry, change in zip(written.entries, changes, strict=True)
    ]
    edits = [EntryEdit(n, values) for n, values in enumerate(wanted) if values]
    result = edited(document(written.text, FILE), edits)
    touched = {(n, name) for n, values in enumerate(wanted) for name in values}
    left = iter((result.removeprefix(written.head)).split(written.newline))
    for line, mark in written.lines:
        assert mark in touched or line in left, f"{line!r} was changed or moved"
    parsed = yaml.safe_load(result)
    rows = parsed["items"] if isinstance(parsed, dict) else parsed
    for row, entry, values in zip(rows, written.entries, wanted, strict=True):
        assert {k: _plain(v) for k, v in row.items()} == {k: _plain(v) for k, v in (entry | values).items()}


def _merged(old: Any, new: Any) -> Any:
    """Lists keep the order of what stays, as a merge gives them."""
    if not isinstance(new, tuple):
        return new
    kept = [part for part in old or [] if part in new]
    return (*kept, *(part for part in new if part not in kept))


def _plain(value: Any) -> Any:
    return [] if value is None else list(value) if isinstance(value, tuple) else value


@settings(deadline=None)
@given(
    st.text(alphabet="-: \n[]{}&*!|>'\"#atile0,?%@`\tx\r\u2028\x85", max_size=60), st.sampled_from(["status", "labels"])
)
def test_any_file_is_edited_rightly_or_refused(text: str, name: str) -> None:
    values: dict[str, Value | None] = {"status": "DONE"} if name == "status" else {"labels": ("z",)}
    source, refusal = "- title: first\n" + text, ""
    try:
        result = edited(document(source, FILE), [EntryEdit(0, values)])
    except (EditRefused, SourceBroken) as refused:
        result, refusal = source, str(refused)
    assert "\n" not in refusal
    if not refusal:
        assert repr(yaml.safe_load(result)[1:]) == repr(yaml.safe_load(source)[1:])
