"""A note keeps its identity through what people do to their files, and only then."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from backlog.discover import discover
from backlog.item import Status
from backlog.sources.markers import Markers
from backlog.store import Backlog
from tests.backlog.conftest import NOON, make_view
from tests.backlog.identity.edits import EDITS, Edit

NAME = re.compile(r"[ \t]*§(\w+)")


def stripped(files: dict[str, str]) -> tuple[dict[str, str], dict[tuple[str, int], str]]:
    """The files without the names, and the name of each note by path and line."""
    names = {
        (path, number): found[1]
        for path, text in files.items()
        for number, row in enumerate(text.replace("\r\n", "\n").split("\n"), 1)
        if (found := NAME.search(row))
    }
    return {path: NAME.sub("", text) for path, text in files.items()}, names


def looked(backlog: Backlog, files: dict[str, str], day: int) -> dict[str, str]:
    """Name of each note that is there, to the id of its item."""
    plain, names = stripped(files)
    discover(backlog, [Markers()], make_view(plain), NOON + timedelta(days=day), tick=lambda: 0.0)
    at = {(i.path, i.line): i.id for i in backlog.all() if i.status is not Status.CANCELLED}
    assert set(at) == set(names), "the notes are not where the names are"
    return {name: at[place] for place, name in names.items()}


def test_there_are_enough_edits_and_each_has_a_name_of_its_own() -> None:
    assert len(EDITS) >= 40
    assert len({edit.name for edit in EDITS}) == len(EDITS)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name.replace(" ", "_"))
def test_identity_is_kept(backlog: Backlog, edit: Edit) -> None:
    before = looked(backlog, edit.before, 0)
    after = looked(backlog, edit.after, 1)
    assert {name: after[name] for name in before.keys() & after.keys()} == {
        name: before[name] for name in before.keys() & after.keys()
    }
    for name in before.keys() - after.keys():
        assert backlog.get(before[name]).status is Status.CANCELLED
    assert not {after[name] for name in after.keys() - before.keys()} & set(before.values())


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name.replace(" ", "_"))
def test_an_edit_taken_back_brings_everything_back(backlog: Backlog, edit: Edit) -> None:
    before = looked(backlog, edit.before, 0)
    looked(backlog, edit.after, 1)
    assert looked(backlog, edit.before, 2) == before
