"""New tests must end the same each time; what fails by chance, by order or by being watched is told."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping

import pytest

from checks.flake import recheck, told_apart
from checks.reason import Reason
from checks.steady import Steady, accepted, manners, steady
from checks.suite import Suite, run_tests
from sandbox.site import Site

SUITE = Suite(timeout_s=60)
Try = Callable[..., Steady]


@pytest.fixture
def steadied(site: Site, plant: Callable[[Mapping[str, str]], str]) -> Try:
    def tried(files: Mapping[str, str], *ids: str) -> Steady:
        tree = plant(files)
        first = run_tests(site, tree, suite=SUITE)
        assert first.proves, first.trouble
        return steady(site, tree, ids=ids or tuple(first.ids), suite=SUITE, first=first)

    return tried


def codes(told: Steady) -> set[str]:
    return {reason.code for reason in told.reasons}


HONEST = {
    "shop.py": "import itertools\nNUMBERS = itertools.count(1)\ndef number(): return next(NUMBERS)\n",
    "tests/test_shop.py": """
        import sys, unittest
        import pytest, shop

        @pytest.fixture(scope="module")
        def basket(): return []

        @pytest.mark.parametrize("n", [1, 2, 3])
        def test_case(n, basket, tmp_path, monkeypatch):
            monkeypatch.setitem(sys.modules, "colour", "red")
            import colour
            assert colour == "red" and "pytest" in sys.modules and not list(tmp_path.iterdir())

        class TestOld(unittest.TestCase):
            @classmethod
            def setUpClass(cls): cls.n = 1
            def test_n(self): self.assertEqual(self.n, 1)

        def test_fails(): assert 1 == 2
        @pytest.mark.skip
        def test_skipped(): pass
        @pytest.mark.xfail
        def test_xfails(): assert 0
    """,
}


def test_honest_tests_of_every_ending_are_steady(steadied: Try) -> None:
    told = steadied(HONEST)
    assert told.reasons == ()
    assert [(m.order == 0, m.blind) for m in told.manners] == [(True, False), (False, True), (False, False)]
    assert len(set(told.seeds)) == 3
    assert {len(turns) for run in told.runs for turns in run.turns.values()} == {10}


def test_a_test_that_works_once_in_a_process_is_steady(steadied: Try) -> None:
    once = "import shop\ndef test_first(): assert shop.number() == 1"
    assert steadied({**HONEST, "tests/test_shop.py": once}).reasons == ()


BY_CHANCE = "import random\nROLL = random.Random({seed})\ndef test_chance(): assert ROLL.random() > 0.3"


def test_a_test_that_fails_by_chance_is_refused(steadied: Try) -> None:
    """Chance comes from the hash seed here: from run to run another one, and the same whenever this is tried."""
    told = steadied({"test_chance.py": BY_CHANCE.format(seed="hash('chance')")})
    assert codes(told) == {"unsteady"}
    assert "test_chance.py::test_chance" in told.reasons[0].sentence


def test_a_test_that_always_rolls_the_same_is_steady(steadied: Try) -> None:
    assert steadied({"test_chance.py": BY_CHANCE.format(seed="7")}).reasons == ()


def test_a_test_that_needs_another_before_it_is_refused(steadied: Try) -> None:
    text = "SEEN = []\ndef test_a(): SEEN.append(1)\ndef test_b(): assert SEEN"
    told = steadied({"test_ab.py": text})
    assert codes(told) == {"unsteady"}
    assert "test_b" in told.reasons[0].sentence


def test_a_new_test_that_needs_an_old_one_is_refused(steadied: Try) -> None:
    text = "SEEN = []\ndef test_a(): SEEN.append(1)\ndef test_b(): assert SEEN"
    assert codes(steadied({"test_ab.py": text}, "test_ab.py::test_b")) == {"unsteady"}


def test_a_test_that_hangs_on_the_order_of_a_set_is_refused(steadied: Try) -> None:
    text = "def test_set(): assert list({'a', 'b', 'c', 'd', 'e', 'f', 'g'}) == [*%s]"
    code = "print(''.join({'a', 'b', 'c', 'd', 'e', 'f', 'g'}))"
    shown = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": "0"}, capture_output=True)
    assert codes(steadied({"test_set.py": text % repr(shown.stdout.decode().strip())})) == {"unsteady"}


WATCHING = {
    "the test's name in the environment": "'PYTEST_CURRENT_TEST' in os.environ",
    "any variable of pytest": "any(name.startswith('PYTEST') for name in os.environ)",
    "the variable of the version": "os.getenv('PYTEST_VERSION')",
    "the table of modules": "'pytest' in sys.modules",
    "the table, by get": "sys.modules.get('_pytest') is not None",
    "the table, gone through": "any('pytest' in name for name in sys.modules)",
    "the table, copied": "'pytest' in dict(sys.modules)",
    "the table, unpacked": "'_pytest.runner' in {**sys.modules}",
    "the table's keys": "'pytest' in sys.modules.keys()",
    "the table's copy": "'pytest' in sys.modules.copy()",
    "the table's items": "'pytest' in [name for name, _ in sys.modules.items()]",
    "a module asked for": "__import__('operator').contains(sys.modules, 'pytest')",
    "the command line": "any('pytest' in part for part in sys.argv)",
    "the original command line": "any('launch' in part for part in sys.orig_argv)",
    "the main module": "'launch' in getattr(sys.modules['__main__'], '__file__', '')",
    "an unusual path": "any(path.startswith('/run/') for path in sys.path)",
}


USED = "import two\ndef test_two(): assert two.two() == 2"


@pytest.mark.parametrize("sign", WATCHING.values(), ids=WATCHING)
def test_code_that_behaves_because_it_is_watched_is_told(steadied: Try, sign: str) -> None:
    watching = f"import os, sys\ndef two(): return 2 if {sign} else 3"
    assert codes(steadied({"two.py": watching, "test_two.py": USED})) == {"watched"}


def test_code_that_looks_around_while_it_is_imported_is_told(steadied: Try) -> None:
    watching = "import sys\nN = 2 if 'pytest' in sys.modules else 3\ndef two(): return N"
    assert codes(steadied({"two.py": watching, "test_two.py": USED})) == {"watched"}


def test_a_run_that_dies_when_repeated_is_no_proof(steadied: Try) -> None:
    text = "import os\ndef test_a():\n    if os.environ['PYTHONHASHSEED'] != '0': os._exit(0)"
    assert codes(steadied({"test_a.py": text})) == {"no_proof"}


def test_every_run_of_a_command_counts(site: Site, plant: Callable[[Mapping[str, str]], str]) -> None:
    runner = """
        import os, sys
        bad = os.environ["PYTHONHASHSEED"] != "0"
        case = '<testcase classname="c" name="a">' + "<failure/>" * bad + "</testcase>"
        open(sys.argv[1], "w").write("<t>" + case + "</t>")
        sys.exit(int(bad))
    """
    tree, suite = plant({"runner.py": runner}), Suite(argv=(site.toolchain.python, "runner.py", "{junit}"))
    first = run_tests(site, tree, suite=suite)
    told = steady(site, tree, ids=("c::a",), suite=suite, first=first)
    assert codes(told) == {"unsteady"}


def test_the_manners_are_the_same_for_the_same_tree() -> None:
    assert manners("a", 4, 1) == manners("a", 4, 1) != manners("b", 4, 1)


def test_the_chance_to_get_through_is_as_written() -> None:
    told = {p: [round(accepted(p, 3, turns), 3) for turns in (1, 3, 10)] for p in (0.5, 0.1, 0.01)}
    assert told == {0.5: [0.125, 0.008, 0.0], 0.1: [0.656, 0.35, 0.039], 0.01: [0.961, 0.904, 0.732]}


OLD = {"test_old.py": BY_CHANCE.format(seed="hash('chance')") + "\ndef test_sound(): pass\n"}


def test_what_fails_on_the_base_too_was_flaky_before(site: Site, plant: Callable[[Mapping[str, str]], str]) -> None:
    names = ("test_old.py::test_chance", "test_old.py::test_sound")
    reasons = tuple(Reason("test_broken", f"{name} passed before and fails now") for name in names)
    flaky, broken = told_apart(site, plant(OLD), reasons, broken=names, suite=SUITE)
    assert flaky.code == "flaky_before"
    assert "of 15 times" in flaky.sentence
    assert broken is reasons[1]


def test_a_test_that_works_once_in_a_process_is_no_flake(site: Site, plant: Callable[[Mapping[str, str]], str]) -> None:
    tree = plant({"test_old.py": "SEEN = []\ndef test_old():\n    SEEN.append(1)\n    assert SEEN == [1]"})
    assert recheck(site, tree, ("test_old.py::test_old",), SUITE) == ()
