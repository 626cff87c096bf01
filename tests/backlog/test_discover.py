"""Looking twice adds nothing; what a person changed stays; what could not be looked at is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from backlog.discover import Discovered, discover
from backlog.edit import edited
from backlog.item import Kind, Status
from backlog.source import Found, NotConfigured, Report, Source, View
from backlog.sources.files import BacklogMd, BacklogYml
from backlog.sources.markers import Markers
from backlog.store import Backlog
from tests.backlog.conftest import NOON, make_item, make_view

LATER = NOON + timedelta(days=1)
NOTE = "# TODO: retry when busy\n"


class Fixed:
    """A source that reports what it is given."""

    def __init__(self, *found: Found, name: str = "fixed", failure: Exception | None = None) -> None:
        self.name, self.found, self.failure = name, found, failure

    def look(self, view: View) -> Report:
        if self.failure is not None:
            raise self.failure
        return Report(self.name, "ready", "", self.found)


def look(backlog: Backlog, files: dict[str, str], sources: Sequence[Source] = (Markers(),)) -> Discovered:
    return discover(backlog, sources, make_view(files), LATER, tick=lambda: 0.0)


def thing(fingerprint: str = "thing-1", **fields: object) -> Found:
    plain: dict[str, object] = {"kind": Kind.BUG, "title": "A thing", "criteria": ("it works",)}
    return Found.model_validate({"fingerprint": fingerprint, **plain, **fields})


def test_a_found_note_is_a_ready_item(backlog: Backlog) -> None:
    (added,) = look(backlog, {"a.py": NOTE}).added
    item = backlog.get(added)
    assert (item.status, item.source, item.path, item.line) == (Status.READY, "markers", "a.py", 1)
    assert [m.reason for m in backlog.history(added)] == ["found by markers"]


def test_looking_twice_changes_no_byte(backlog: Backlog) -> None:
    first = look(backlog, {"a.py": NOTE})
    before = backlog.all()
    second = look(backlog, {"a.py": NOTE})
    assert (second.added, second.known, second.gone) == ((), first.added, ())
    assert backlog.all() == before


def test_a_moved_line_is_followed(backlog: Backlog) -> None:
    (added,) = look(backlog, {"a.py": NOTE}).added
    look(backlog, {"a.py": "\n\nif x:\n    " + NOTE})
    assert backlog.get(added).line == 4
    assert len(backlog.all()) == 1


def test_a_renamed_file_keeps_its_items(backlog: Backlog) -> None:
    (added,) = look(backlog, {"a.py": NOTE}).added
    after = look(backlog, {"src/b.py": NOTE})
    assert (after.added, after.known, after.gone) == ((), (added,), ())
    assert backlog.get(added).path == "src/b.py"
    assert look(backlog, {"src/b.py": NOTE}).known == (added,)


def test_a_copied_note_is_a_new_item(backlog: Backlog) -> None:
    first = look(backlog, {"a.py": NOTE}).added
    second = look(backlog, {"a.py": NOTE, "b.py": NOTE})
    assert second.known == first
    assert len(second.added) == 1


def test_what_a_person_edited_stays(backlog: Backlog) -> None:
    (added,) = look(backlog, {"a.py": NOTE}).added
    mine = {"title": "Mine", "value": "13", "criteria": "mine"}
    backlog.update(added, lambda i: edited(i, mine, LATER))
    look(backlog, {"a.py": "\n" + NOTE})
    item = backlog.get(added)
    assert (item.title, item.inputs.value, item.criteria, item.line) == ("Mine", 13, ("mine",), 2)
    assert item.inputs.source["value"] == "person"


def test_an_item_being_worked_on_is_not_touched(backlog: Backlog) -> None:
    (added,) = look(backlog, {"a.py": NOTE}).added
    claimed = backlog.claim(added, "run-1", LATER)
    look(backlog, {"a.py": "\n" + NOTE})
    assert backlog.get(added) == claimed
    assert look(backlog, {}).gone == (added,)
    assert backlog.get(added) == claimed


class TestGone:
    def test_what_is_not_found_any_more_is_cancelled_and_comes_back(self, backlog: Backlog) -> None:
        (added,) = look(backlog, {"a.py": NOTE}).added
        assert look(backlog, {}).gone == (added,)
        assert backlog.get(added).status is Status.CANCELLED
        assert look(backlog, {}).gone == ()
        assert look(backlog, {"a.py": NOTE}).known == (added,)
        assert backlog.get(added).status is Status.READY

    def test_what_a_person_cancelled_stays_cancelled(self, backlog: Backlog) -> None:
        (added,) = look(backlog, {"a.py": NOTE}).added
        backlog.close(added, Status.CANCELLED, LATER, "not wanted")
        look(backlog, {"a.py": "\n" + NOTE})
        assert backlog.get(added).status is Status.CANCELLED

    def test_a_finished_item_that_returns_is_a_new_one(self, backlog: Backlog) -> None:
        (added,) = look(backlog, {"a.py": NOTE}).added
        backlog.close(added, Status.DONE, LATER, "merged")
        assert look(backlog, {"a.py": NOTE}).added == ()
        assert look(backlog, {}).gone == ()
        assert look(backlog, {"a.py": NOTE}).added == (f"{added}-2",)
        assert look(backlog, {"a.py": NOTE}).added == ()

    def test_items_made_by_hand_are_no_sources_to_lose(self, backlog: Backlog) -> None:
        backlog.add(make_item(id="split-a", source="markers"))
        assert look(backlog, {}).gone == ()
        assert backlog.get("split-a").status is Status.READY


class TestSourcesThatCanNotLook:
    def test_a_failing_source_is_not_run_and_the_others_go_on(self, backlog: Backlog) -> None:
        broken = Fixed(name="broken", failure=ValueError("two\nlines"))
        absent = Fixed(name="absent", failure=NotConfigured("there is no x"))
        result = look(backlog, {}, (broken, absent, Fixed(thing())))
        assert [(r.name, r.status, r.reason) for r in result.reports] == [
            ("broken", "not run", "two lines"),
            ("absent", "not configured", "there is no x"),
            ("fixed", "ready", ""),
        ]
        assert result.added == ("thing-1",)

    def test_its_items_are_not_gone(self, backlog: Backlog) -> None:
        look(backlog, {}, (Fixed(thing()),))
        assert look(backlog, {}, (Fixed(failure=OSError("disk")),)).gone == ()
        assert backlog.get("thing-1").status is Status.READY


class TestStanding:
    def test_without_criteria_an_item_is_new_until_it_has_some(self, backlog: Backlog) -> None:
        look(backlog, {}, (Fixed(thing(criteria=())),))
        assert backlog.get("thing-1").status is Status.NEW
        look(backlog, {}, (Fixed(thing()),))
        assert backlog.get("thing-1").status is Status.READY

    def test_text_of_strangers_is_never_ready_by_itself(self, backlog: Backlog) -> None:
        look(backlog, {}, (Fixed(thing(trust="untrusted")),))
        assert backlog.get("thing-1").status is Status.NEW

    def test_ids_of_different_sources_do_not_collide(self, backlog: Backlog) -> None:
        result = look(backlog, {}, (Fixed(thing(), name="one"), Fixed(thing(), name="two")))
        assert result.added == ("thing-1", "thing-1-2")


class TestFiles:
    def test_a_status_in_the_file_is_followed_when_it_changes(self, backlog: Backlog) -> None:
        text = "- {id: a, title: A, criteria: [works], status: READY}\n"
        look(backlog, {"backlog.yml": text}, (BacklogYml(),))
        backlog.close("a", Status.BLOCKED, LATER, "a gate failed")
        look(backlog, {"backlog.yml": text}, (BacklogYml(),))
        assert backlog.get("a").status is Status.BLOCKED
        look(backlog, {"backlog.yml": text.replace("READY", "DONE")}, (BacklogYml(),))
        assert backlog.get("a").status is Status.DONE

    def test_a_blocked_entry_has_its_reason(self, backlog: Backlog) -> None:
        text = "- {id: a, title: A, status: REFINED, blocker: needs a decision}\n"
        look(backlog, {"backlog.yml": text}, (BacklogYml(),))
        item = backlog.get("a")
        assert (item.status, item.reason, item.blocked_from) == (
            Status.BLOCKED, "needs a decision", Status.REFINED,
        )  # fmt: skip

    def test_the_same_id_in_both_files_is_one_item(self, backlog: Backlog) -> None:
        files = {"backlog.yml": "- {id: CORE-1, title: A}\n", "BACKLOG.md": "- [ ] CORE-1: A\n"}
        assert look(backlog, files, (BacklogYml(), BacklogMd())).added == ("core-1",)
