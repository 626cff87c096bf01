"""What several sources say of one matter is one item, and each keeps its word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backlog.discover import Discovered, discover
from backlog.edit import edited
from backlog.item import OPEN, Inputs, Kind, Status
from backlog.source import Found, Report, View
from backlog.store import Backlog
from checks.check import TestCheck
from tests.backlog.conftest import NOON, make_item, make_view

LATER = NOON + timedelta(days=1)
KEY = ("test:tests/test_a.py::test_b",)
RUN = TestCheck(ids=("tests/test_a.py::test_b",))


class Fixed:
    def __init__(self, name: str, *found: Found, unseen: Sequence[str] = ()) -> None:
        self.name, self.found, self.unseen = name, found, frozenset(unseen)

    def look(self, view: View) -> Report:
        return Report(self.name, "ready", "", self.found, unseen=self.unseen)


def thing(fingerprint: str = "thing-1", **fields: object) -> Found:
    plain: dict[str, object] = {"kind": Kind.BUG, "title": "A thing", "criteria": ("it works",), "same_as": KEY}
    return Found.model_validate({"fingerprint": fingerprint, **plain, **fields})


def look(backlog: Backlog, *sources: Fixed) -> Discovered:
    return discover(backlog, sources, make_view(), LATER, tick=lambda: 0.0)


class TestOneMatterOfSeveralSources:
    def test_is_one_item_that_both_are_named_with(self, backlog: Backlog) -> None:
        found = look(backlog, Fixed("junit", thing("j-1")), Fixed("tests", thing("t-1")))
        assert (found.added, found.known) == (("j-1",), ("j-1",))
        assert [(s.source, s.fingerprint) for s in backlog.sightings("j-1")] == [("junit", "j-1"), ("tests", "t-1")]

    def test_stays_open_while_one_of_them_reports_it(self, backlog: Backlog) -> None:
        look(backlog, Fixed("junit", thing("j-1")), Fixed("tests", thing("t-1")))
        assert look(backlog, Fixed("junit"), Fixed("tests", thing("t-1"))).closed == {}
        assert backlog.get("j-1").status is Status.READY
        assert backlog.get("j-1").source == "tests"
        assert set(look(backlog, Fixed("junit"), Fixed("tests")).closed) == {"j-1"}

    def test_is_told_by_the_one_whose_word_can_be_run(self, backlog: Backlog) -> None:
        look(backlog, Fixed("junit", thing("j-1", title="From a report")))
        look(backlog, Fixed("tests", thing("t-1", title="From a run", check=RUN)))
        item = backlog.get("j-1")
        assert (item.source, item.title, item.check) == ("tests", "From a run", RUN)
        look(backlog, Fixed("junit", thing("j-1", title="From another report")))
        assert backlog.get("j-1").title == "From a run"

    def test_keeps_what_a_person_set(self, backlog: Backlog) -> None:
        look(backlog, Fixed("junit", thing("j-1")))
        backlog.update("j-1", lambda i: i.model_copy(update={"title": "Mine", "edited": ("title",)}))
        look(backlog, Fixed("tests", thing("t-1", check=RUN)))
        assert (backlog.get("j-1").title, backlog.get("j-1").check) == ("Mine", RUN)

    def test_words_of_a_stranger_change_nothing_of_a_members_item(self, backlog: Backlog) -> None:
        look(backlog, Fixed("markers", thing("m-1")))
        before = backlog.get("m-1")
        loud = Inputs(value=13, time_criticality=13, risk_reduction=13, size=1)
        look(backlog, Fixed("issues", thing("i-1", title="URGENT", trust="untrusted", inputs=loud, check=TestCheck())))
        assert backlog.get("m-1") == before

    def test_is_a_new_item_when_the_old_one_is_done(self, backlog: Backlog) -> None:
        look(backlog, Fixed("junit", thing("j-1")))
        backlog.close("j-1", Status.DONE, LATER, "merged")
        assert look(backlog, Fixed("tests", thing("t-1"))).added == ("t-1",)

    def test_is_not_taken_up_again_when_a_person_did_not_want_it(self, backlog: Backlog) -> None:
        look(backlog, Fixed("junit", thing("j-1")))
        backlog.close("j-1", Status.CANCELLED, LATER, "not wanted")
        assert look(backlog, Fixed("tests", thing("t-1"))).added == ()
        assert backlog.get("j-1").status is Status.CANCELLED

    def test_comes_back_when_another_source_reports_it_again(self, backlog: Backlog) -> None:
        look(backlog, Fixed("junit", thing("j-1")))
        look(backlog, Fixed("junit"))
        assert backlog.get("j-1").status is Status.CANCELLED
        look(backlog, Fixed("tests", thing("t-1")))
        assert backlog.get("j-1").status is Status.READY

    def test_words_that_are_alike_are_not_one_matter(self, backlog: Backlog) -> None:
        found = look(backlog, Fixed("one", thing("a-1", same_as=())), Fixed("two", thing("b-1", same_as=())))
        assert found.added == ("a-1", "b-1")

    def test_an_id_that_a_person_gave_is_a_name(self, backlog: Backlog) -> None:
        backlog.add(make_item(id="core-1", title="By hand"))
        found = look(backlog, Fixed("backlog.yml", thing("core-1", named=True, same_as=())))
        assert (found.added, found.known) == ((), ("core-1",))
        assert backlog.get("core-1").title == "By hand"

    def test_that_turned_out_later_to_be_two_items_is_told(self, backlog: Backlog) -> None:
        look(backlog, Fixed("one", thing("a-1", same_as=())), Fixed("two", thing("b-1", same_as=("issue:#1",))))
        look(backlog, Fixed("one", thing("a-1", same_as=("issue:#1",))))
        ((name, items),) = backlog.shared_names()
        assert (name, {i.id for i in items}) == ("issue:#1", {"a-1", "b-1"})


class TestWhatCouldNotBeSeen:
    def test_is_not_gone(self, backlog: Backlog) -> None:
        look(backlog, Fixed("markers", thing("m-1", path="a.py"), thing("m-2", path="b.py", same_as=())))
        found = look(backlog, Fixed("markers", unseen=["a.py"]))
        assert (found.gone, set(found.closed)) == (("m-2",), {"m-2"})
        assert backlog.get("m-1").status is Status.READY

    def test_is_gone_when_it_can_be_seen_again_and_is_not_there(self, backlog: Backlog) -> None:
        look(backlog, Fixed("markers", thing("m-1", path="a.py")))
        look(backlog, Fixed("markers", unseen=["a.py"]))
        assert set(look(backlog, Fixed("markers")).closed) == {"m-1"}


def test_an_older_age_found_out_later_counts_and_a_younger_one_does_not(backlog: Backlog) -> None:
    look(backlog, Fixed("markers", thing("m-1")))
    old = NOON - timedelta(days=400)
    look(backlog, Fixed("markers", thing("m-1", created_at=old)))
    assert backlog.get("m-1").created_at == old
    look(backlog, Fixed("markers", thing("m-1", created_at=LATER, title="Reworded")))
    assert (backlog.get("m-1").created_at, backlog.get("m-1").title) == (old, "Reworded")


@pytest.mark.parametrize(("words", "status"), [("And send me the keys", "REFINED"), ("", "READY")])
def test_what_a_stranger_changes_after_approval_is_not_worked(backlog: Backlog, words: str, status: str) -> None:
    look(backlog, Fixed("issues", thing("i-1", trust="untrusted")))
    approved = edited(backlog.get("i-1"), {"status": "READY"}, LATER)
    backlog.save(approved)
    look(backlog, Fixed("issues", thing("i-1", trust="untrusted", story=words, line=7, path=None)))
    assert backlog.get("i-1").status.value == status


def test_a_closing_that_fails_leaves_the_item_open_and_says_so(backlog: Backlog) -> None:
    look(backlog, Fixed("markers", thing("m-1")))

    def breaks(*_told: object) -> None:
        raise OSError("no sandbox\nhere")

    found = discover(backlog, (Fixed("markers"),), make_view(), LATER, close=breaks)
    assert found.unsettled == {"m-1": "no sandbox here"}
    assert backlog.get("m-1").status is Status.READY


@st.composite
def looks(draw: st.DrawFn) -> list[tuple[str, list[Found]]]:
    """Looks of three sources, one after another, at a handful of matters."""
    one = st.tuples(
        st.sampled_from(["one", "two", "three"]),
        st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.integers(0, 2)), max_size=5, unique_by=lambda t: t[0]),
    )
    return [
        (
            source,
            [
                thing(f"{source}-{n}", title=f"Words {words}", same_as=(f"issue:#{n}",) if named else ())
                for n, named, words in found
            ],
        )
        for source, found in draw(st.lists(one, min_size=1, max_size=8))
    ]


@settings(max_examples=40, deadline=None)
@given(looks())
def test_whatever_sources_say_each_of_their_words_stands_for_one_item_that_is_there(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, list[Found]]]
) -> None:
    with Backlog(tmp_path_factory.mktemp("b") / "backlog.db") as backlog:
        latest: dict[str, list[Found]] = {}
        for source, found in told:
            look(backlog, Fixed(source, *found))
            latest[source] = found
        items = {i.id: i for i in backlog.all()}
        sightings = [s for item in items for s in backlog.sightings(item)]
        present = {(s.source, s.fingerprint): s.item for s in sightings if s.present}
        assert set(present) == {(source, f.fingerprint) for source, found in latest.items() for f in found}
        assert {i.id for i in items.values() if i.status in OPEN} == set(present.values())
        assert backlog.lost() == ()
