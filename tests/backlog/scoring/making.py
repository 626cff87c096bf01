"""Items and scorings of every kind, to try rules on."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from backlog.item import Inputs, Item, Kind, Status
from backlog.scoring import PRESETS, Aging, Scoring, Sizes, Weights
from tests.backlog.conftest import NOON, make_item

NUMBERS = ("value", "time_criticality", "risk_reduction", "size")
SOURCES = ("default", "rule:x", "label:x", "person", "keyword:fix", "file", "")
LABELS = ("security", "compliance", "performance", "urgent", "")


@st.composite
def items(draw: st.DrawFn, name: str = "a-1") -> Item:
    kind = draw(st.sampled_from(list(Kind)))
    numbers = {n: draw(st.integers(1, 13)) for n in NUMBERS}
    source = {n: draw(st.sampled_from(SOURCES)) for n in (*NUMBERS, "kind", "labels")}
    item = make_item(
        id=name,
        kind=kind,
        inputs=Inputs(**numbers, source=source),
        trust=draw(st.sampled_from(["member", "untrusted"])),
        labels=tuple(draw(st.lists(st.sampled_from(LABELS), max_size=2))),
        criteria=draw(st.sampled_from([(), ("it is done",)])),
        edited=tuple(draw(st.lists(st.sampled_from(["kind", "labels", "criteria", "path"]), max_size=2))),
        created_at=NOON - timedelta(hours=draw(st.integers(0, 24 * 40))),
    )
    if draw(st.booleans()):
        item = item.move(Status.BLOCKED, NOON - timedelta(hours=draw(st.integers(0, 100))), "waits")
    return item


def backlogs(least: int = 1, most: int = 8) -> st.SearchStrategy[list[Item]]:
    return st.integers(least, most).flatmap(lambda n: st.tuples(*(items(f"i-{k}") for k in range(n)))).map(list)


WEIGHT = st.sampled_from([0.0, 0.5, 1.0, 1.7, 3.0])
SCORINGS = st.one_of(
    st.sampled_from(list(PRESETS.values())),
    st.builds(
        Scoring,
        model=st.sampled_from(["wsjf", "composite"]),
        weights=st.builds(Weights, value=WEIGHT, time_criticality=WEIGHT, risk_reduction=WEIGHT),
        aging=st.builds(
            Aging,
            grace_days=st.sampled_from([0, 1, 2.5]),
            rate=st.sampled_from([0, 0.05, 0.1, 0.33]),
            cap=st.sampled_from([1, 1.5, 2, 4]),
            whole_days=st.booleans(),
            pause_while_blocked=st.booleans(),
        ),
        boosts=st.sampled_from([{}, {"security": 1.5}, {"security": 2.5, "compliance": 2.0, "lint": 0.5}]),
        combine=st.sampled_from(["max", "product", "none"]),
        calibration=st.sampled_from([Sizes(), Sizes(version=3, factors={"lint": 0.4, "feature": 2.1}, everything=1.3)]),
    ),
)
