"""Notes in comments become items that keep their identity."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.item import Kind
from backlog.source import Found, View
from backlog.sources.comments import comments
from backlog.sources.markers import Markers
from backlog.sources.note_items import items
from backlog.sources.noted import noted as noted_in
from backlog.sources.notes import MARKERS, Note, notes
from tests.backlog.conftest import make_view

Look = Callable[..., View]


def noted(text: str, path: str = "a.py") -> list[Note]:
    return notes(comments(path, text) or [])


def found(view: View) -> tuple[Found, ...]:
    return Markers().look(view).found


@pytest.mark.parametrize(
    ("comment", "marker", "words"),
    [
        ("# TODO: retry", "TODO", "retry"),
        ("# TODO retry", "TODO", "retry"),
        ("#TODO(ann): retry", "TODO", "retry"),
        ("# FIXME - leaks", "FIXME", "leaks"),
        ("x = 1  # HACK: until 3.0", "HACK", "until 3.0"),
        ("# XXX", "XXX", ""),
        ("# slow. TODO: cache it", "TODO", "cache it"),
        ("# sort them first XXX", "XXX", "sort them first"),
        ("# BUG: off by one", "BUG", "off by one"),
        ("# @TODO later", "TODO", "later"),
        ("#  * TODO later", "TODO", "later"),
        ("# TODO FIXME both", "TODO", "FIXME both"),
    ],
)
def test_a_note_is_read(comment: str, marker: str, words: str) -> None:
    (note,) = noted(comment + "\n")
    assert (note.marker, note.text) == (marker, words)


@pytest.mark.parametrize(
    "comment",
    [
        "# todo: lower case", "# Todo: mixed", "# TODOS", "# MYTODO", "# TODO_LIST", "# mastodon",
        "# END TODO", "# end FIXME: x", "# see the TODO list", "# 'TODO' in quotes", "# `TODO` in code",
        "# call XXX-XXX-XXXX",
        "# tmp.XXXXXX", "# point.XXX", "# this is a BUG in tar", "# TODO comments are found",
        "# --no-TODO",
        "x = 'TODO: in a string'", "TODO = 1",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_note_is_none(comment: str) -> None:
    assert noted(comment + "\n") == []


@pytest.mark.parametrize(
    ("path", "text", "more"),
    [
        ("a.py", "# TODO: one\n# two\n#   three\n#\n# other\n", ("two", "three")),
        ("a.py", "x = 1  # TODO: one\n       # two\n# other\n", ("two",)),
        ("a.py", "# TODO: one\nx = 1\n# other\n", ()),
        ("a.py", "# TODO: one\n\n# other\n", ()),
        ("a.py", "# TODO: one\n    # other\n", ()),
        ("a.js", "/* TODO: one\n * two\n * @param x other\n */\n", ("two",)),
        ("a.js", "/**\n * TODO: one\n * two\n */\n// other\n", ("two",)),
        ("a.html", "<!-- TODO: one\n two -->\n<!-- other -->\n", ("two",)),
    ],
)
def test_lines_that_go_on_belong_to_the_note(path: str, text: str, more: tuple[str, ...]) -> None:
    assert [n.more for n in noted(text, path)] == [more]


def test_each_marker_line_is_a_note_of_its_own() -> None:
    assert [(n.marker, n.line) for n in noted("# TODO: a\n# FIXME: b\n# c\n")] == [("TODO", 1), ("FIXME", 2)]


def test_markers_have_their_kinds(view: Look) -> None:
    text = "".join(f"# {marker}: do it\n\n" for marker in MARKERS)
    assert [f.kind for f in found(view({"a.py": text}))] == [
        Kind.DEBT, Kind.BUG, Kind.REFACTOR, Kind.INVESTIGATION, Kind.CRITICAL_BUG,
    ]  # fmt: skip


def test_an_item_says_what_is_asked_where_and_when_it_is_done(view: Look) -> None:
    text = "import os\n# TODO(ann): retry when\n#   busy, see #12 and https://x.org/a. Then log.\n"
    (one,) = found(view({"src/a.py": text}))
    assert one.title == "retry when busy, see #12 and https://x.org/a. (TODO in src/a.py)"
    assert one.criteria == (
        "What the TODO comment in src/a.py asks for is done, and a test shows it.",
        "The comment is gone (no test for that).",
    )
    assert one.story == (
        "A comment in src/a.py is marked TODO for ann: retry when busy, see #12 and https://x.org/a. Then log."
    )
    assert (one.path, one.line, one.links) == ("src/a.py", 2, ("#12", "https://x.org/a"))


@pytest.mark.parametrize(
    ("note", "value"),
    [
        ("TODO", 1),
        ("TODO: last or first?", 2),
        ("TODO: security? it may crash", 2),
        ("TODO: crash. Why?", 8),
        ("BUG: why?", 8),
    ],
)
def test_a_note_that_only_asks_or_says_nothing_is_worth_less(view: Look, note: str, value: int) -> None:
    (one,) = found(view({"a.py": f"# {note}\n"}))
    assert one.inputs.value == value


def test_words_of_members_raise_the_value(view: Look) -> None:
    (plain, grave) = found(view({"a.py": "# TODO: tidy\n\n# TODO: closes a security hole\n"}))
    assert (plain.inputs.value, grave.inputs.value) == (3, 8)
    assert grave.inputs.source["value"] == "keyword:security"


class TestIdentity:
    TEXT = "# TODO: retry\n# when busy\n"

    def ids(self, text: str, path: str = "a.py") -> list[str]:
        return [f.fingerprint for f in found(make_view({path: text}))]

    @pytest.mark.parametrize(
        "changed",
        [
            "\n\n\nimport os\n" + TEXT,
            "if x:\n        # TODO: retry\n        # when busy\n        pass\n",
            "# TODO:   retry   when\n# busy\n",
            "# TODO(ann) retry when busy\n",
            TEXT.replace("\n", "\r\n"),
            "# FIXME: other\n\n" + TEXT,
        ],
    )
    def test_it_survives_moves_and_new_layout(self, changed: str) -> None:
        assert self.ids(self.TEXT)[0] in self.ids(changed)

    def test_equal_notes_in_a_file_are_told_apart_by_order(self) -> None:
        ids = self.ids("# TODO: x\n\n# TODO: x\n")
        assert len(set(ids)) == 2
        assert ids[0] == self.ids("# TODO: x\n")[0]

    def test_other_words_markers_and_files_are_other_items(self) -> None:
        seen = [
            *self.ids("# TODO: x\n"), *self.ids("# FIXME: x\n"), *self.ids("# TODO: y\n"),
            *self.ids("# TODO: x\n", "b.py"),
        ]  # fmt: skip
        assert len(set(seen)) == 4

    @given(st.integers(0, 40), st.integers(0, 30), st.text(alphabet="abc :,.", min_size=1, max_size=30))
    def test_no_move_or_indent_changes_an_id(self, above: int, indent: int, words: str) -> None:
        plain = self.ids(f"# TODO: {words}\n")
        assert self.ids("\n" * above + " " * indent + f"# TODO: {words}\n") == plain


class TestFilesLeftOut:
    @pytest.mark.parametrize(
        "path",
        ["vendor/a.js", "src/third_party/a.c", "node_modules/x/a.js", "a.min.js", "x_pb2.py", "yarn.lock"],
    )
    def test_code_of_others_is_not_looked_at(self, view: Look, path: str) -> None:
        assert found(view({path: "// TODO: x\n# TODO: x\n"})) == ()

    @pytest.mark.parametrize(
        ("data", "why"),
        [
            (b"# TODO: x\n" + b"# pad\n" * 800_000, "1 larger than 4 MB"),
            (b"# TODO: x\ny = '" + b"z" * 6_000 + b"'\n", "1 minified"),
            (b"# Code generated by protoc. DO NOT EDIT.\n# TODO: x\n", "1 generated"),
        ],
    )
    def test_what_nobody_edits_is_left_out_and_counted(self, view: Look, data: bytes, why: str) -> None:
        report = Markers().look(view({"a.py": data}))
        assert (report.found, report.reason) == ((), f"files with markers left out: {why}")

    def test_binaries_links_and_submodules_are_not_read(self, view: Look) -> None:
        files = {"a.py": b"\0\1# TODO: x", "link.py": "# TODO: x", "sub": "# TODO: x"}
        assert found(view(files, modes={"link.py": "120000", "sub": "160000"})) == ()

    def test_a_file_name_that_is_not_text_is_left_out_and_counted(self, view: Look) -> None:
        report = Markers().look(view({"a\udcff.py": "# TODO: x\n"}))
        assert (report.found, report.reason) == (
            (),
            "files with markers left out: 1 with a name that is not text",
        )


@pytest.mark.parametrize(
    "data",
    [
        b"# TODO: gr\xfc\xdfe\n",
        b"\xef\xbb\xbf# TODO: x\n",
        "# TODO: x\n".encode("utf-16"),
        b"# TODO: \x1b[31mred\x07 \xe2\x80\xae\n",
    ],
)
def test_any_encoding_is_read_and_cleaned(data: bytes) -> None:
    (one,) = items("a.py", noted_in("a.py", data).notes)
    assert one.title.isprintable()


@given(
    st.sampled_from(["a.py", "a.c", "a.js", "a.yml", "a.sh", "a.rb", "a.html", "b", "a.sql"]),
    st.binary(max_size=300),
)
def test_no_bytes_crash_the_source(path: str, data: bytes) -> None:
    assert noted_in(path, b"# TODO: x // TODO\n" + data) is not None
