"""A suite can be run in another order, more than once in a process, and without telling the code that it is tested."""

from __future__ import annotations

from collections.abc import Callable

from checks.canary import canary, sing
from checks.canary import plant as plant_canary
from checks.manner import Manner
from checks.suite import Suite, run_tests
from checks.testrun import TestRun
from sandbox.site import Site

FIVE = "SEEN = []\n" + "".join(f"def test_{n}(): print('at', {n})\n" for n in range(5))


def _order(told: TestRun) -> list[str]:
    return [name[-1] for name in told.collected]


def test_the_order_can_be_another_and_is_the_same_for_one_seed(site: Site, plant: Callable[..., str]) -> None:
    tree = plant({"test_a.py": FIVE})
    runs = {order: run_tests(site, tree, suite=Suite(), order=order) for order in (None, 0, 7)}
    assert _order(runs[None]) == ["0", "1", "2", "3", "4"]
    assert _order(runs[0]) == ["4", "3", "2", "1", "0"]
    assert sorted(_order(runs[7])) == _order(runs[None]) != _order(runs[7])
    assert _order(run_tests(site, tree, suite=Suite(), order=7)) == _order(runs[7])
    assert runs[None].outcomes.keys() == runs[7].outcomes.keys()


def test_canaries_run_last_in_any_order(site: Site, plant: Callable[..., str]) -> None:
    tree = plant({"test_a.py": FIVE})
    planted = canary(("test_a.py::test_0",), ("test",))
    told = run_tests(site, plant_canary(site, tree, planted), suite=Suite(), canary=planted, order=0)
    assert sing(told, planted) == ()
    assert told.collected[-2:] == (planted.holds, planted.fails)


def test_every_turn_of_a_repeated_test_is_told(site: Site, plant: Callable[..., str]) -> None:
    text = "SEEN = []\ndef test_a():\n    SEEN.append(1)\n    assert len(SEEN) != 2\ndef test_b(): pass"
    told = run_tests(site, plant({"test_a.py": text}), suite=Suite(), manner=Manner(repeats=3))
    assert told.proves
    assert told.turns == {
        "test_a.py::test_a": ("passed", "failed", "passed"),
        "test_a.py::test_b": ("passed", "passed", "passed"),
    }
    assert told.outcomes["test_a.py::test_a"].ending == "failed"


BLINDED = """
    import json, os, pickle, sys, types
    import pytest, shop

    def test_product_sees_no_runner():
        assert shop.signs() == []

    def test_tests_see_it(monkeypatch):
        assert "pytest" in sys.modules and sys.modules["pytest"] is pytest
        monkeypatch.setitem(sys.modules, "made_up", types.ModuleType("made_up"))
        import made_up
        monkeypatch.delitem(sys.modules, "json")
        import json as again
        assert again is not json
        assert pickle.loads(pickle.dumps(shop.Thing)) is shop.Thing
        assert isinstance(sys.modules, dict) and len(list(sys.modules)) == len(sys.modules)

    def test_product_imports_as_ever():
        assert shop.lazily() == "1"
        with pytest.raises(ImportError):
            shop.missing()
"""
SHOP = """
    import os, sys

    class Thing: pass

    def signs():
        modules = [name for name in sys.modules if "pytest" in name or "unittest" in name]
        return modules + [name for name in os.environ if "PYTEST" in name] + [a for a in sys.argv if "pytest" in a]

    def lazily():
        import decimal
        return str(decimal.Decimal(1))

    def missing():
        import nothing_like_it
"""


def test_blind_code_sees_no_runner_and_all_else_works(site: Site, plant: Callable[..., str]) -> None:
    tree = plant({"shop.py": SHOP, "tests/test_shop.py": BLINDED, "conftest.py": "import pytest"})
    blind = run_tests(site, tree, suite=Suite(), blind=True)
    assert blind.with_ending("passed") == blind.ids, blind.outcomes
    assert len(blind.ids) == 3
    seeing = run_tests(site, tree, suite=Suite())
    assert seeing.with_ending("failed") == {"tests/test_shop.py::test_product_sees_no_runner"}


def test_blind_works_with_workers_too(site: Site, plant: Callable[..., str]) -> None:
    files = {"shop.py": SHOP, "tests/test_shop.py": BLINDED}
    told = run_tests(site, plant(files), suite=Suite(args=("-p", "xdist.plugin", "-n", "2")), blind=True)
    assert told.proves
    assert told.with_ending("passed") == told.ids, told.outcomes
