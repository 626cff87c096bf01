"""Criteria that say what a call must give are run, whatever the tests of a change say."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from checks.criteria import examples, unmet
from checks.suite import Suite
from sandbox.site import Site

CODE = {"shop/__init__.py": "", "shop/prices.py": "def total(lines):\n    return sum(p * c for p, c in lines)\n"}
WRONG = {**CODE, "shop/prices.py": "def total(lines):\n    return sum(p for p, c in lines)\n"}
SUITE = Suite(timeout_s=60)
Planted = Callable[[Mapping[str, str]], str]


@pytest.mark.parametrize(
    "said",
    [
        "total([(150, 2)]) is 300",
        "`total([(150, 2)])` returns `300`.",
        "total([(150, 2)]) == 300",
        "total([]) gives 0",
        "total(3) raises TypeError",
        "label('a') → 'A'",
    ],
)
def test_a_call_and_what_comes_of_it_can_be_run(said: str) -> None:
    assert len(examples([said])) == 1


@pytest.mark.parametrize(
    "said",
    [
        "each line counts as often as its count says",
        "total([(150, 2)]) is right",
        "total() is faster than before",
        "the result of total([]) is 0",
        "total([) is 0",
        "cart.total() is 3",
        "total(lines) is the sum",
        "total([]) raises an error",
    ],
)
def test_words_are_left_to_people(said: str) -> None:
    assert examples([said]) == ()


def test_a_criterion_that_does_not_hold_is_named_with_what_came(site: Site, plant: Planted) -> None:
    (reason,) = unmet(site, plant(WRONG), ["total([(150, 2)]) is 300", "total([]) is 0"], SUITE)
    assert reason.code == "criterion_unmet"
    assert "total([(150, 2)]) is 300" in reason.sentence
    assert "150" in reason.sentence


@pytest.mark.parametrize(
    "said",
    ["total([(150, 2)]) is 300", "total(3) raises TypeError", "discount(3) is 1", "total([cart]) is 3", "it adds up"],
)
def test_one_that_holds_or_can_not_be_tried_is_no_reason(said: str, site: Site, plant: Planted) -> None:
    assert unmet(site, plant(CODE), [said], SUITE) == ()


def test_an_exception_that_does_not_come_is_named(site: Site, plant: Planted) -> None:
    (reason,) = unmet(site, plant(CODE), ["total([(1, 2)]) raises ValueError"], SUITE)
    assert "DID NOT RAISE" in reason.sentence


def test_a_source_layout_is_found(site: Site, plant: Planted) -> None:
    files = {f"src/{path}": text for path, text in WRONG.items()}
    tree = plant({**files, "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["src"]\n'})
    assert [r.code for r in unmet(site, tree, ["total([(150, 2)]) is 300"], SUITE)] == ["criterion_unmet"]
