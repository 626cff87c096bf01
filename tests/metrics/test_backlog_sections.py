"""Every figure of a backlog says of how many, and what was not measured is not nought."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from metrics.backlog_review import Changes, Delivered, proposals, review
from metrics.backlog_sections import Done, Waiting, ages, debt, delivery, ranking, shares


def waiting(name: str = "a", **fields: Any) -> Waiting:
    plain: dict[str, Any] = {
        "id": name, "title": "Do it", "kind": "lint", "source": "ruff", "status": "READY", "path": "src/a.py",
        "score": 3.0, "band": "high", "size": 2, "waited_days": 1.0,
    }  # fmt: skip
    return Waiting(**plain | fields)


WAITING = st.lists(
    st.builds(
        waiting,
        st.sampled_from("abcdef"),
        kind=st.sampled_from(["lint", "bug", "debt"]),
        source=st.sampled_from(["ruff", "markers"]),
        waited_days=st.floats(0, 500),
        path=st.sampled_from(["", "a.py", "x/b.py", "x/y/c.py"]),
    )
)


@given(WAITING)
def test_every_item_is_counted_once_in_every_table(items: list[Waiting]) -> None:
    by_source, by_kind = shares(items)
    assert sum(int(row[1] or 0) for row in by_source.rows) == len(items)
    assert sum(int(row[1] or 0) for row in by_kind.rows) == len(items)
    assert sum(int(row[1] or 0) for row in ages(items).rows) == len(items)
    owed = [i for i in items if i.kind != "bug" or i.source == "markers"]
    assert sum(int(row[1] or 0) for row in debt(items).rows) == len(owed)


def test_the_ranking_says_how_many_there_are_in_all() -> None:
    found = ranking([waiting(n) for n in "abc"], 2)
    assert ([row[7] for row in found.rows], found.notes) == (["a", "b"], ("the first 2 of n=3 open items",))


def test_debt_is_by_folder_and_names_no_hours() -> None:
    found = debt(
        [
            waiting("a"),
            waiting("b", kind="debt", size=5, waited_days=9),
            waiting("c", path=""),
            waiting("d", kind="bug"),
        ]
    )
    assert found.rows == (("src/", 2, 7, "debt 1, lint 1", "9"), ("(no path)", 1, 2, "lint 1", "1"))
    assert "hour" not in " ".join(found.notes)


def test_an_empty_backlog_has_no_shares_of_nothing() -> None:
    assert [section.rows for section in (*shares([]), ages([]), debt([]))] == [(), (), (), ()]


def test_delivery_gives_shares_with_their_n_and_projects_nothing() -> None:
    rows = {str(row[0]): row[1:] for row in delivery([Done("a", 4.0, 2.0), Done("b", None, 4.0)], 9, 1, 1, 30).rows}
    assert rows["completion rate"] == ("81.8 %", "9 of 11")
    assert rows["score delivered, as it was then"] == (4.0, "n=1")
    assert rows["median days from beginning to delivery"] == (3.0, "n=2")
    assert rows["forecast"][0] is None


def test_without_deliveries_nothing_was_measured() -> None:
    rows = {str(row[0]): row[1] for row in delivery([], 0, 0, 0, 30).rows}
    assert rows["completion rate"] is None
    assert rows["score delivered, as it was then"] is None
    assert rows["median days from beginning to delivery"] is None


class TestReview:
    def test_without_an_earlier_scan_nothing_is_compared(self) -> None:
        assert review(None).notes == ("not measured: there was no scan before",)

    def test_what_left_is_told_by_its_status(self) -> None:
        found = review(Changes(3, "2026-03-01 12:00 UTC", 1, 3, 0, 2, 4, ("DONE", "PR", "DONE"), "a → b"))
        assert ("left", 3, "DONE 2, PR 1") in found.rows
        assert "the scoring changed: a → b" in found.notes

    def test_each_rule_needs_its_facts(self) -> None:
        quiet = proposals([waiting(status="NEW")], [("a", "x"), ("b", "x")], [Delivered("lint", True)] * 2, 0)
        assert quiet.rows == ()
        loud = proposals(
            [waiting(n, status="NEW", waited_days=91) for n in "abcdefg"],
            [(n, "no sandbox") for n in "xyz"],
            [Delivered("lint", True)] * 3 + [Delivered("lint", False), Delivered("lint", None)],
            4,
        )
        assert loud.rows == (
            ("Remove what blocks 3 items: no sandbox", "x, y, z"),
            ("Do or cancel 7 items that wait for more than 90 days", "a, b, c, d, e and 2 more"),
            ("Give criteria to 7 items that are not READY", "a, b, c, d, e and 2 more"),
            ("Find out what reviews of lint items miss", "3 of 4 deliveries were reworked"),
            ("Look at calibration 4 and adopt it or not", "it is a shadow: version 4"),
        )
