"""backlog.yml and the backlog are brought to agree."""

from __future__ import annotations

import time

import pytest

from backlog.discover import discover
from backlog.edit import edited
from backlog.file.nodes import EditRefused
from backlog.file.synced import Conflict, names
from backlog.item import Status
from backlog.source import SourceBroken
from backlog.sources.files import BacklogYml
from tests.backlog.conftest import NOON, make_item, make_view
from tests.backlog.file.conftest import Desk

TWO = """\
# ours
items:
- id: One
  title: First   # mine
  criteria: [works]

- title: Second
"""


def lines_changed(before: str, after: str) -> list[str]:
    return [line for line in after.split("\n") if line not in before.split("\n")]


def test_new_entries_become_items_and_get_an_id(desk: Desk) -> None:
    desk.write(TWO)
    done = desk.sync()
    second = next(i for i in done.plan.born if i.title == "Second")
    assert desk.text == TWO + f"  id: {second.id}\n"
    one = desk.item("one")
    assert (one.status, one.source, one.trust, one.labels) == (Status.READY, "backlog.yml", "member", ("id:One",))
    assert desk.sync().plan.quiet


def test_what_the_engine_does_is_one_line_in_the_file(desk: Desk) -> None:
    desk.write(TWO.replace("criteria", "status: READY\n  criteria"))
    desk.sync()
    before = desk.text
    desk.backlog.claim("one", "run", NOON)
    desk.sync()
    assert lines_changed(before, desk.text) == ["  status: DOING"]
    assert len(desk.text.split("\n")) == len(before.split("\n"))
    assert desk.backlog.claims()[0].run == "run"


def test_an_edit_while_the_item_is_worked_does_not_take_it_out_of_the_run(desk: Desk) -> None:
    desk.write(TWO)
    desk.sync()
    desk.backlog.claim("one", "run", NOON)
    desk.change("First ", "The first ")
    desk.sync()
    assert (desk.item("one").title, desk.backlog.claims()[0].run) == ("The first", "run")


def test_a_conflict_keeps_both_waits_and_ends_when_both_say_the_same(desk: Desk) -> None:
    desk.write(TWO)
    desk.sync()
    desk.backlog.save(edited(desk.item("one"), {"title": "By command"}, NOON))
    desk.change("First ", "By file ")
    desk.sync()
    desk.sync()
    assert "title: By file   # mine" in desk.text
    assert desk.item("one").title == "By command"
    assert desk.agreed()["one"].conflicts == {"title": Conflict("By file", "By command")}
    assert "title" in desk.agreed()["one"].waits
    desk.change("By file ", "By command ")
    desk.sync()
    assert desk.agreed()["one"].conflicts == {}


def test_an_entry_that_is_taken_out_is_cancelled_and_comes_back_when_it_is_put_back(desk: Desk) -> None:
    desk.write(TWO)
    desk.sync()
    whole = desk.text
    desk.write(whole[: whole.index("\n- title: Second")])
    assert len(desk.sync().plan.gone) == 1
    second = next(i for i in desk.backlog.all() if i.title == "Second")
    assert (second.status, second.reason) == (Status.CANCELLED, "deleted from the backlog file")
    desk.write(whole)
    desk.sync()
    assert desk.item(second.id).status is Status.NEW
    assert len(desk.backlog.all()) == 2


def test_taking_out_an_item_that_is_worked_is_a_conflict(desk: Desk) -> None:
    desk.write(TWO)
    desk.sync()
    desk.backlog.claim("one", "run", NOON)
    whole = desk.text
    desk.write(whole.replace(whole[whole.index("- id: One") : whole.index("- title: Second")], ""))
    desk.sync()
    assert (desk.item("one").status, desk.agreed()["one"].conflicts) == (
        Status.DOING,
        {"entry": Conflict(None, "DOING")},
    )
    desk.backlog.release("one", "run", NOON)
    desk.sync()
    assert desk.item("one").status is Status.CANCELLED


def test_finished_items_may_be_cleared_away(desk: Desk) -> None:
    desk.write(TWO)
    desk.sync()
    desk.backlog.close("one", Status.DONE, NOON, "shipped")
    whole = desk.text
    desk.write(whole.replace(whole[whole.index("- id: One") : whole.index("- title: Second")], ""))
    desk.sync()
    assert (desk.item("one").status, desk.item("one").reason) == (Status.DONE, "shipped")


def test_an_entry_that_is_written_again_after_its_item_was_done_is_a_new_item(desk: Desk) -> None:
    desk.write("- A\n- B\n")
    desk.sync()
    done = next(i for i in desk.backlog.all() if i.title == "A")
    desk.backlog.close(done.id, Status.DONE, NOON)
    desk.write(desk.text.replace(desk.text[: desk.text.index("- title: B")], "") + "- A\n")
    desk.sync()
    assert sorted((i.title, i.status.value) for i in desk.backlog.all()) == [("A", "DONE"), ("A", "NEW"), ("B", "NEW")]


@pytest.mark.parametrize("left", ["", "# only a comment\n", "items:\n", "items:\n- id: i0\n  title: T\n"])
def test_half_a_file_changes_nothing_unless_it_is_meant(desk: Desk, left: str) -> None:
    desk.write("items:\n" + "".join(f"- id: i{n}\n  title: T\n" for n in range(5)))
    desk.sync()
    before = desk.backlog.all(), desk.agreed()
    desk.write(left)
    with pytest.raises(SourceBroken, match=r"^backlog\.yml: \d of 5 items are not in it any more"):
        desk.sync()
    assert (desk.backlog.all(), desk.agreed(), desk.text) == (*before, left)
    desk.sync(deleted=True)
    assert sum(i.status is Status.CANCELLED for i in desk.backlog.all()) == 5 - left.count("id:")


def test_a_file_that_is_gone_changes_nothing(desk: Desk) -> None:
    desk.write(TWO)
    desk.sync()
    desk.file.unlink()
    with pytest.raises(SourceBroken, match=r"^backlog\.yml: is gone"):
        desk.sync()
    assert not desk.file.exists()


BOMB = "x:\n- &a [y, y]\n" + "".join(f"- &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(25))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TWO + "<<<<<<< HEAD\n", r":8: has a merge conflict's marks"),
        (TWO + "=======\n>>>>>>> theirs\n", r":9: has a merge conflict's marks"),
        ("- {id: a, title: A}\n- {id: A, title: B}\n", r":2: id a is used in line 1 already"),
        ("- title: 'A\n", r":2: is not valid YAML"),
        ("- title: A\n  x: !!python/object/apply:os.system [ls]\n", r":2: is not valid YAML: could not determine"),
        (BOMB + "items:\n- title: A\n  hours: *z\n", r": its aliases stand for more than"),
        ("- &r {title: A, x: *r}\n", r":1: contains itself"),
        ("items:\n" + "- A\n" * 5_001, r": has 5001 entries, more than 5000"),
        ("- title: A\n  value: 99\n", r":1: value must be from 1 to 13"),
        ("- title: " + "A" * 1_000_000, r": is larger than 1 MB"),
        ("\t- A\n", r":1: is not valid YAML"),
        ("- title: A\n---\n- title: B\n", r":2: is not valid YAML"),
        ("[" * 5_000, r": can not be read: RecursionError"),
    ],
)
def test_a_file_that_can_not_be_read_changes_nothing(desk: Desk, text: str, message: str) -> None:
    desk.write(text)
    with pytest.raises(SourceBroken, match=r"^backlog\.yml" + message) as caught:
        desk.sync()
    assert "\n" not in str(caught.value)
    assert (desk.text, desk.backlog.all(), desk.agreed()) == (text, (), {})


@pytest.mark.parametrize("data", [b"- title: \xff\n", "- title: A\n".encode("utf-16")])
def test_other_encodings_are_refused_with_their_line(desk: Desk, data: bytes) -> None:
    desk.file.write_bytes(data)
    with pytest.raises(SourceBroken, match=r"^backlog\.yml:1: is not UTF-8"):
        desk.sync()


def test_what_can_not_be_edited_changes_nothing(desk: Desk) -> None:
    desk.write("- id: a\n  title: A\n  status: &s NEW\n- id: b\n  title: B\n  status: *s\n")
    desk.sync()
    desk.backlog.close("a", Status.CANCELLED, NOON)
    before = desk.text, desk.agreed()
    with pytest.raises(EditRefused, match=r"^backlog\.yml:3: is used again by an alias"):
        desk.sync()
    assert (desk.text, desk.agreed()) == before


def test_items_of_the_engines_own_are_put_in_when_a_person_asks(desk: Desk) -> None:
    desk.backlog.add(make_item(id="todo-1", source="markers", title="Fix: it", value=8))
    desk.write("# ours\n")
    desk.sync(add=lambda items: [i.id for i in items])
    assert desk.text == (
        "# ours\nitems:\n- id: todo-1\n  title: 'Fix: it'\n  kind: feature\n  criteria:\n    - it is done\n"
        "  status: READY\n  value: 8\n"
    )
    assert desk.sync().plan.quiet
    desk.change("value: 8", "value: 13")
    desk.sync()
    assert desk.item("todo-1").inputs.value == 13


def test_text_of_strangers_is_not_trusted_for_having_been_in_the_file(desk: Desk) -> None:
    stranger = make_item(id="issue-1", source="github", trust="untrusted", status=Status.NEW)
    desk.backlog.add(stranger)
    desk.write("")
    desk.sync(add=lambda items: [i.id for i in items])
    assert "  trust: untrusted\n" in desk.text
    (elsewhere,) = BacklogYml().look(make_view({"backlog.yml": desk.text.replace("NEW", "READY")})).found
    assert elsewhere.trust == "untrusted"
    desk.sync()
    assert desk.item("issue-1") == stranger


def test_a_dry_run_and_a_check_change_nothing(desk: Desk) -> None:
    desk.write(TWO)
    done = desk.sync(write=False)
    assert len(done.plan.born) == 2
    assert done.after != done.before == TWO == desk.text
    assert (desk.backlog.all(), desk.agreed(), desk.swap.aside.exists()) == ((), {}, False)


class TestTogetherWithDiscovery:
    def look(self, desk: Desk, committed: str) -> None:
        with desk.backlog.reading() as connection:
            synced = names(connection)
        discover(desk.backlog, [BacklogYml(lambda: synced)], make_view({"backlog.yml": committed}), NOON)

    def test_an_entry_is_one_item_whoever_sees_it_first(self, desk: Desk) -> None:
        self.look(desk, TWO)
        desk.write(TWO)
        desk.sync()
        self.look(desk, desk.text)
        self.look(desk, TWO)
        assert len(desk.backlog.all()) == 2
        assert all(i.status is not Status.CANCELLED for i in desk.backlog.all())

    def test_an_edit_that_is_not_committed_yet_counts_and_the_commit_does_not_take_it_back(self, desk: Desk) -> None:
        self.look(desk, TWO)
        desk.write(TWO.replace("First ", "The first ") + "- Third\n")
        desk.sync()
        self.look(desk, TWO)
        assert sorted(i.title for i in desk.backlog.all()) == ["Second", "The first", "Third"]

    def test_what_the_engine_did_is_not_undone_by_an_older_commit(self, desk: Desk) -> None:
        committed = TWO.replace("criteria", "status: READY\n  criteria")
        self.look(desk, committed)
        desk.write(committed)
        desk.sync()
        desk.backlog.close("one", Status.BLOCKED, NOON, "red")
        desk.sync()
        self.look(desk, committed + "# a new commit\n")
        assert desk.item("one").status is Status.BLOCKED

    def test_an_entry_that_is_taken_out_before_the_first_sync_is_cancelled(self, desk: Desk) -> None:
        self.look(desk, TWO)
        desk.write(TWO[: TWO.index("\n- title: Second")])
        desk.sync()
        self.look(desk, TWO)
        assert sorted(i.status.value for i in desk.backlog.all()) == ["CANCELLED", "READY"]


@pytest.mark.slow
def test_the_largest_file_is_synced_in_reasonable_time(desk: Desk) -> None:
    desk.write("items:\n" + "".join(f"- id: item-{n}\n  title: Do {n}\n  impact: 5\n" for n in range(5_000)))
    start = time.perf_counter()
    desk.sync()
    desk.backlog.close("item-7", Status.BLOCKED, NOON, "red")
    desk.sync()
    print(f"{time.perf_counter() - start:.1f} s for two syncs")
    assert len(desk.backlog.all()) == 5_000
    assert "  status: BLOCKED\n" in desk.text
