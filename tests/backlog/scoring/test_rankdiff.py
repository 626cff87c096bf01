"""Two rankings are compared place by place, and every move has a reason."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.item import Item
from backlog.rankdiff import Scan, diff_lines, rank_diff
from backlog.scans import MOST, ScanUnknown, keep_scan, scan_of, scans, since
from backlog.score import Scoring, rank
from backlog.store import Backlog
from tests.backlog.conftest import NOON, make_item
from tests.backlog.scoring.making import backlogs


def scan(items: list[Item], days: float = 0, scoring: Scoring | None = None) -> Scan:
    scoring, now = scoring or Scoring(), NOON + timedelta(days=days)
    ranked = rank(items, scoring, now)
    return scan_of(ranked, len(ranked), scoring, now)


def thing(name: str, value: int, **fields: int) -> Item:
    return make_item(id=name, value=value, **fields)


def test_what_came_left_and_moved_is_told_with_its_reason() -> None:
    before = scan([thing("a", 13), thing("b", 8), thing("c", 5), thing("d", 3)])
    after = scan([thing("b", 8), thing("c", 5, size=1), thing("d", 3), thing("e", 2)], days=1)
    diff = rank_diff(before, after, {"a": "DONE: merged"}, {"e": NOON + timedelta(hours=1)})
    assert [(e.id, e.was, e.why) for e in diff.left] == [("a", 1, "DONE: merged")]
    assert [(c.id, c.now, c.why) for c in diff.came] == [("e", 4, "new")]
    assert [(m.id, m.was, m.now, m.why) for m in diff.up] == [
        ("c", 3, 1, "size 3 → 1; score 2.3333 → 7; 1 before it left"),
        ("d", 4, 3, "1 before it left"),
    ]
    assert (diff.down, diff.stayed, diff.scoring) == ((), 1, "")


def test_what_is_new_before_an_item_is_why_it_fell() -> None:
    diff = rank_diff(scan([thing("a", 5)]), scan([thing("z", 1), thing("b", 8), thing("a", 5)]), {}, {})
    assert [(m.id, m.was, m.now, m.why) for m in diff.down] == [("a", 1, 2, "1 new before it")]


def test_aging_alone_is_named_as_such() -> None:
    capped = make_item(id="capped", value=5, created_at=NOON - timedelta(days=20))
    young = make_item(id="young", value=6, created_at=NOON - timedelta(days=5))
    diff = rank_diff(scan([capped, young]), scan([capped, young], days=5), {}, {})
    assert [(m.id, m.why) for m in diff.up] == [("young", "aging alone 1.4 → 1.9; score 3.7334 → 5.0667")]
    assert [(m.id, m.why) for m in diff.down] == [("capped", "others passed it; its own score did not change")]


def test_another_scoring_is_said_once_and_named_as_the_reason() -> None:
    items = [thing("a", 8), make_item(id="b", value=5, risk_reduction=3)]
    risky = Scoring.model_validate({"weights": {"risk_reduction": 4}})
    diff = rank_diff(scan(items), scan(items, scoring=risky), {}, {})
    assert diff.scoring.startswith("wsjf, rules ")
    assert [m.why for m in diff.up] == ["the scoring changed; score 3 → 6"]


@given(backlogs(1, 8), st.randoms(use_true_random=False))
def test_every_item_of_either_ranking_is_in_exactly_one_group(items: list[Item], shuffler: random.Random) -> None:
    cut = shuffler.randint(0, len(items))
    before, after = scan(items[:cut]), scan(items[cut // 2 :], days=3)
    diff = rank_diff(before, after, {}, {})
    told = [*(x.id for group in (diff.came, diff.left, diff.up, diff.down) for x in group)]
    assert len(told) == len(set(told))
    assert len(told) + diff.stayed == len({line.id for line in (*before.lines, *after.lines)})
    assert all(m.why for m in (*diff.up, *diff.down, *diff.left, *diff.came))


@given(backlogs(1, 8))
def test_the_same_ranking_twice_has_nothing_to_tell(items: list[Item]) -> None:
    diff = rank_diff(scan(items), scan(items), {}, {})
    assert (diff.came, diff.left, diff.up, diff.down, diff.stayed) == ((), (), (), (), len(items))


class TestKept:
    def test_a_scan_is_read_as_it_was_kept(self, backlog: Backlog) -> None:
        kept = scan([thing("a", 8), thing("b", 5)])
        number = keep_scan(backlog, kept)
        read = since(backlog, str(number))
        assert read is not None
        assert (read.lines, read.scoring, read.at, read.total) == (kept.lines, kept.scoring, kept.at, 2)

    def test_only_the_last_ones_stay(self, backlog: Backlog) -> None:
        for day in range(MOST + 5):
            keep_scan(backlog, scan([thing("a", 8)], days=day))
        assert [number for number, _ in scans(backlog)] == list(range(6, MOST + 6))

    def test_without_a_wish_it_is_the_one_before_the_last(self, backlog: Backlog) -> None:
        assert since(backlog, None) is None
        for day in range(3):
            keep_scan(backlog, scan([thing("a", 8)], days=day))
        found = since(backlog, None)
        assert found is not None
        assert found.number == 2

    def test_a_day_is_the_last_scan_up_to_it(self, backlog: Backlog) -> None:
        for day in range(3):
            keep_scan(backlog, scan([thing("a", 8)], days=day))
        found = since(backlog, "2026-03-02")
        assert found is not None
        assert found.number == 2

    @pytest.mark.parametrize("asked", ["99", "yesterday", "2020-01-01"])
    def test_an_unknown_scan_is_told_in_one_line(self, backlog: Backlog, asked: str) -> None:
        keep_scan(backlog, scan([thing("a", 8)]))
        with pytest.raises(ScanUnknown, match="kept are 1 to 1") as told:
            since(backlog, asked)
        assert "\n" not in str(told.value)


def test_the_lines_name_the_scan_and_stop_after_so_many() -> None:
    before, after = scan([]), scan([thing(f"i-{n}", 3) for n in range(5)])
    lines = diff_lines(rank_diff(before, after, {}, {}), before, after, {"i-0": "Do this"}, 2)
    assert lines[0] == "since scan 0, 2026-03-01 12:00: 0 ranked then, 5 now"
    assert "  … and 3 more (--json has all)" in lines
