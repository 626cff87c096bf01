"""A level follows from facts by the stated rule, and unknown is not yes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from metrics.maturity import CLOSED_BY, LEVELS, Fact, gaps, level, maturity

NAMES = [name for names in LEVELS.values() for name in names]
STATES = st.fixed_dictionaries({name: st.sampled_from(["yes", "no", "unknown"]) for name in NAMES})


def facts(states: dict[str, str]) -> list[Fact]:
    return [Fact(name, state, "seen") for name, state in states.items()]  # type: ignore[arg-type]


@given(STATES)
def test_a_level_needs_all_of_its_facts_and_those_below(states: dict[str, str]) -> None:
    reached = level(facts(states))
    assert all(states[name] == "yes" for number in range(1, reached + 1) for name in LEVELS[number])
    if reached < max(LEVELS):
        assert any(states[name] != "yes" for name in LEVELS[reached + 1])


@given(STATES, st.sampled_from(NAMES))
def test_one_more_yes_never_lowers_the_level(states: dict[str, str], name: str) -> None:
    assert level(facts(states | {name: "yes"})) >= level(facts(states))


@given(STATES)
def test_the_gaps_are_what_the_next_level_lacks(states: dict[str, str]) -> None:
    found = gaps(facts(states), {})
    number = level(facts(states)) + 1
    assert [row[0] for row in found.rows] == [n for n in LEVELS.get(number, ()) if states[n] != "yes"]


def test_a_gap_names_the_item_that_would_close_it_or_what_it_would_be() -> None:
    states = dict.fromkeys(NAMES, "yes") | {"readme": "unknown", "licence": "no", "tests": "no"}
    assert gaps(facts(states), {"tests": "hand-1"}).rows == (
        ("readme", "unknown", "yes", "find out first: seen"),
        ("licence", "no", "yes", "none yet: Add a licence"),
        ("tests", "no", "yes", "hand-1"),
    )


def test_there_is_no_percentage_and_every_fact_has_evidence() -> None:
    section = maturity(facts(dict.fromkeys(NAMES, "unknown")))
    assert "%" not in repr(section)
    assert section.notes[1] == "yes 0, no 0, unknown 14; n=14 facts"
    assert all(row[3] for row in section.rows)


def test_every_fact_of_a_level_says_what_would_close_it() -> None:
    assert sorted(CLOSED_BY) == sorted(NAMES)


def test_above_the_highest_level_there_is_none() -> None:
    assert gaps(facts(dict.fromkeys(NAMES, "yes")), {}).rows == ()
