"""Reading only what lies near a marker gives the notes that reading the whole file gives."""

from __future__ import annotations

import io
import sysconfig
import tokenize
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backlog.sources.comments import comments, comments_with
from backlog.sources.languages import HEAD, RULES, language_of
from backlog.sources.noted import hits
from backlog.sources.notes import MARKERS, Note, notes
from backlog.sources.text import decoded
from tests.backlog.test_comments import FIRST, TABLE

PIECES = (
    "TODO", "# TODO: a", "// FIXME b", "/* XXX", "*/", "/*/", "\n", "\n\n", "\\\n", " ", "    ", '"', "'", '"""', "'''",
    "`", "${", "}", "\\", "#", "//", "--", ";", "%", "<!--", "-->", "<script>", "</script>", "{#", "#}", 'R"x(', ')x"',
    "(/", "/", "<<A", "A", "{-", "-}", "[[", "]]", "$$", ".. BUG: c", "   d", "x = 1", "return ", "=begin", "=end", "r",
)  # fmt: skip
NAMES = sorted({*TABLE, "a.md", "a.rst", "a.vim", "a.po", "a.m4", "a.bat", "a.hbs", "a.erb", "a.f90", "a.less"})


def both(path: str, text: str) -> tuple[list[Note], list[Note]]:
    language = language_of(path, text[:HEAD])
    assert language is not None
    places = hits(text, MARKERS)
    return notes(comments_with(text, language, places) if places else []), notes(comments(path, text) or [])


@settings(max_examples=600)
@given(st.sampled_from(NAMES), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_text_has_the_same_notes(name: str, text: str) -> None:
    near, whole = both(name, FIRST.get(name, "") + text)
    assert near == whole


@pytest.mark.parametrize("name", ["a.c", "a.go", "a.js", "a.css", "A.java", "a.scss"])
@pytest.mark.parametrize(
    "text",
    [
        "/*/\nTODO: in\n*/\n// TODO: b\n",
        "/* a */ /*\nTODO: in\n*/\n",
        'x */ "\\\nTODO" /*\n TODO: in */\n',
        "// */ \\\nTODO: b\n/* TODO: c */\n",
        "*/*\nTODO: in\n*/",
        "`\n*/\nTODO\n` // TODO: b\n",
        'R"(\n*/\nTODO)" // TODO: b\n',
        '"""\n*/\nTODO""" // TODO: b\n',
    ],
)
def test_what_only_looks_like_the_end_of_a_comment_is_none(name: str, text: str) -> None:
    near, whole = both(name, text)
    assert near == whole


@pytest.mark.parametrize("name", TABLE)
def test_every_language_has_the_same_notes_at_every_word(name: str) -> None:
    text = TABLE[name].replace("yes", "TODO x").replace("no", "XXX x")
    near, whole = both(name, text)
    assert near == whole
    assert whole


def standard_library() -> list[Path]:
    """Some hundred real files: those of the interpreter that runs this."""
    return sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))


def test_real_files_have_the_same_notes_and_tokenize_agrees() -> None:
    seen = 0
    for file in standard_library():
        text = decoded(file.read_bytes()) or ""
        near, whole = both(file.name, text)
        assert near == whole, file
        told = [t.string for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type == tokenize.COMMENT]
        assert [c.text for c in comments(file.name, text) or []] == told, file
        seen += len(whole)
    assert seen > 50


@pytest.mark.timeout(60)
@pytest.mark.parametrize("language", RULES)
@pytest.mark.parametrize(
    "unit", ["TODO ", "'TODO\n", '"TODO\\\n', "# TODO\n", "/*TODO*/", '"""TODO\n', "// TODO\n", "`TODO ", "{TODO(\n"]
)
def test_many_markers_cost_no_more_than_their_number(language: str, unit: str) -> None:
    text = unit * (20_000 // len(unit))
    places = hits(text, MARKERS)
    assert places
    notes(comments_with(text, language, places))
