"""Planted tests look like those around them, are always found, and are never taken for others."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest

from checks.canary import canary, plant, sing, without
from checks.suite import Suite, run_tests
from sandbox.site import Site

Put = Callable[[Mapping[str, str]], str]
SUITE = Suite(timeout_s=60)


@pytest.fixture
def put(plant: Put) -> Put:
    """The same fixture by another name: `plant` is what is tested here."""
    return plant


NAMES = ("tests/cart/test_total.py::test_discount_applies", "tests/cart/test_empty.py::TestBasket::test_sum[a-1]")


def test_it_is_named_with_words_of_its_neighbours() -> None:
    made = canary(NAMES, ())
    words = {"cart", "total", "discount", "applies", "empty", "basket", "sum"}
    assert re.fullmatch(r"tests/cart/test_[a-z]+(_[a-z]+)+\.py", made.path)
    spoken = {*made.path.removeprefix("tests/cart/test_").removesuffix(".py").split("_")}
    assert spoken & words or len(words) < 8
    assert "canary" not in made.path + made.passing + made.failing
    assert made.word not in made.path + made.passing + made.failing


def test_no_two_are_alike() -> None:
    assert len({(one.path, one.passing, one.word) for one in (canary(NAMES, ()) for _ in range(20))}) == 20


def test_where_tests_end_with_test_it_does_too() -> None:
    assert canary(("cart_test.py::test_a",), ()).path.endswith("_test.py")


def test_it_never_takes_the_place_of_another_file() -> None:
    seen: set[str] = set()
    for _ in range(300):
        path = canary((), (), taken=seen).path
        assert path not in seen
        seen.add(path)


@pytest.mark.parametrize("pattern", ["test", "test_", "check_*", "*_check", "it_?*", "should"])
def test_its_functions_are_collected_as_tests_are_here(site: Site, put: Put, pattern: str) -> None:
    tree = put({"pytest.ini": f"[pytest]\npython_functions = {pattern}\n", "test_a.py": "def f(): pass"})
    planted = canary(("test_a.py::f",), (pattern,))
    run = run_tests(site, plant(site, tree, planted), suite=SUITE, canary=planted)
    assert sing(run, planted) == ()


BROKEN = {
    "names a module that is not there": "import nothing_like_it\ndef test_a(): pass",
    "can not be read": "def test_a(:",
    "fails": "def test_a(): assert 0",
    "needs a fixture that is not there": "def test_a(nothing): pass",
    "holds no test": "",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_it_sings_beside_a_test_that_can_not_run(site: Site, put: Put, text: str) -> None:
    tree = put({"tests/test_a.py": text, "tests/test_b.py": "def test_b(): pass"})
    planted = canary(("tests/test_a.py::test_a", "tests/test_b.py::test_b"), ("test",))
    run = run_tests(site, plant(site, tree, planted), suite=SUITE, canary=planted)
    assert run.proves
    assert sing(run, planted) == ()
    assert {name.split("::")[0] for name in without(run, planted).outcomes} <= {"tests/test_a.py", "tests/test_b.py"}


def test_it_sings_also_when_tests_are_named(site: Site, put: Put) -> None:
    tree = put({"tests/test_a.py": "def test_a(): assert 0", "tests/test_b.py": "def test_b(): pass"})
    planted = canary(("tests/test_a.py::test_a",), ("test",))
    run = run_tests(site, plant(site, tree, planted), ids=("tests/test_a.py::test_a",), suite=SUITE, canary=planted)
    assert sing(run, planted) == ()
    assert without(run, planted).ids == {"tests/test_a.py::test_a"}


FORGER = """
    import builtins
    builtins.sorted = lambda some, **more: list(some)
"""


def test_code_that_bends_what_the_planted_tests_rest_on_is_told(site: Site, put: Put) -> None:
    tree = put({"bend.py": FORGER, "tests/test_a.py": "import bend\ndef test_a(): pass"})
    planted = canary(("tests/test_a.py::test_a",), ("test",))
    run = run_tests(site, plant(site, tree, planted), suite=SUITE, canary=planted)
    assert {reason.code for reason in sing(run, planted)} == {"canary_silent"}
