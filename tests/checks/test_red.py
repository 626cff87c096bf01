"""A red is honest or it is refused, with the reason told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from checks.reason import Verdict
from checks.red import judge_red, modules
from checks.suite import Suite, run_tests
from checks.testrun import TestRun
from sandbox.convention import is_test
from sandbox.site import Site

BASE = {
    "calc.py": "def add(a, b):\n    return a + b\n",
    "tests/test_calc.py": "import calc\n\ndef test_add():\n    assert calc.add(1, 2) == 3\n",
}
NEW = "tests/test_mul.py"
GOOD = {NEW: "import calc\n\ndef test_mul():\n    assert calc.mul(2, 3) == 6\n"}
ID = f"{NEW}::test_mul"

Plant = Callable[[Mapping[str, str]], str]
Judge = Callable[..., Verdict]


@pytest.fixture(scope="module")
def baseline(site: Site, plant: Plant) -> TestRun:
    return run_tests(site, plant(BASE), suite=Suite())


@pytest.fixture
def judge(site: Site, plant: Plant, baseline: TestRun) -> Judge:
    """Judges the base with these files in place of, or beside, its own."""

    def judged(files: Mapping[str, str], *ids: str, promised: tuple[str, ...] = ("calc.mul",)) -> Verdict:
        return judge_red(
            site,
            base_tree=plant(BASE),
            red_tree=plant({**BASE, **files}),
            ids=ids or (ID,),
            promised=promised,
            baseline=baseline,
            is_test=is_test,
            suite=Suite(),
        )

    return judged


def codes(verdict: Verdict) -> set[str]:
    assert not verdict.passed
    return {reason.code for reason in verdict.reasons}


def test_a_test_for_a_promised_symbol_is_red(judge: Judge) -> None:
    verdict = judge(GOOD)
    assert verdict.passed, verdict.reasons
    assert [reason.code for reason in verdict.reasons] == ["missing_symbol"]
    assert len(verdict.runs) == 2


def test_a_test_for_a_promised_file_is_red_though_it_can_not_be_imported(judge: Judge) -> None:
    files = {NEW: "from stats import mean\n\ndef test_mul():\n    assert mean([1]) == 1\n"}
    verdict = judge(files, promised=("stats.py",))
    assert verdict.passed, verdict.reasons


def test_a_failing_assertion_about_what_is_there_is_red(judge: Judge) -> None:
    assert judge({NEW: "import calc\n\ndef test_mul():\n    assert calc.add(1, 1) == 3\n"}).passed


def test_a_symbol_nobody_promised_is_refused(judge: Judge) -> None:
    assert codes(judge(GOOD, promised=("calc.div",))) == {"unpromised_symbol"}


def test_a_test_that_passes_already_is_refused(judge: Judge) -> None:
    assert codes(judge({NEW: "def test_mul():\n    assert 6 == 6\n"})) == {"passes"}


def test_an_id_without_parameters_means_all_its_cases(judge: Judge) -> None:
    cases = "@pytest.mark.parametrize('n', [1, 2])\ndef test_mul(n):\n    assert calc.mul(n, 3) == 3 * n\n"
    text = f"import calc, pytest\n\n{cases}"
    assert judge({NEW: text}).passed
    assert codes(judge({NEW: text.replace("calc.mul(n, 3) == 3 * n", "n != 2")})) == {"passes"}


def test_a_test_that_is_not_collected_is_refused(judge: Judge) -> None:
    assert "not_collected" in codes(judge(GOOD, ID, f"{NEW}::test_div"))


def test_no_test_at_all_is_refused(judge: Judge) -> None:
    assert codes(judge({NEW: "def helper(): pass\n"})) == {"not_collected"}


def test_code_may_not_change_yet(judge: Judge) -> None:
    assert codes(judge({**GOOD, "calc.py": "def add(a, b):\n    return a + b\n# more\n"})) == {"not_a_test"}


def test_configuration_may_not_change_yet(judge: Judge) -> None:
    assert codes(judge({**GOOD, "tests/pytest.ini": "[pytest]\n"})) == {"protected"}


def test_an_unchanged_tree_is_refused(judge: Judge) -> None:
    assert codes(judge({}, "tests/test_calc.py::test_add")) == {"nothing_new"}


def test_a_changed_test_that_hides_an_old_one_is_refused(judge: Judge) -> None:
    files = {"tests/test_calc.py": "import calc\n\ndef test_mul():\n    assert calc.mul(2, 3) == 6\n"}
    assert "tests_lost" in codes(judge(files, "tests/test_calc.py::test_mul"))


def test_an_old_test_made_to_fail_is_refused(judge: Judge) -> None:
    files = {"tests/test_calc.py": "import calc\n\ndef test_add():\n    assert calc.add(1, 2) == 4\n"}
    assert "test_broken" in codes(judge({**GOOD, **files}))


def test_an_old_test_made_to_skip_is_refused(judge: Judge) -> None:
    text = "import pytest\n\n@pytest.mark.skip\ndef test_add():\n    assert False\n"
    assert "newly_skipped" in codes(judge({**GOOD, "tests/test_calc.py": text}))


def test_a_failing_test_that_was_not_named_is_refused(judge: Judge) -> None:
    files = {NEW: GOOD[NEW] + "\ndef test_other():\n    assert 0\n"}
    assert "new_failure" in codes(judge(files))


def test_a_test_that_fails_only_in_company_is_refused(judge: Judge) -> None:
    text = """
        import calc, sys

        def test_first():
            sys.first_was_here = True

        def test_mul():
            if hasattr(sys, "first_was_here"):
                assert calc.add(1, 1) == 3
            raise ValueError
    """
    assert codes(judge({NEW: text})) == {"unsteady"}


def test_a_run_that_dies_is_refused(judge: Judge) -> None:
    verdict = judge({NEW: "import os\n\ndef test_mul():\n    os._exit(1)\n"})
    assert codes(verdict) == {"no_proof"}
    assert ID in verdict.reasons[0].sentence


def test_a_new_fixture_file_is_part_of_a_red(judge: Judge) -> None:
    fixture = "import pytest\n\n@pytest.fixture\ndef two():\n    return 2\n"
    test = "import calc\n\ndef test_mul(two):\n    assert calc.mul(two, 3) == 6\n"
    assert judge({"tests/conftest.py": fixture, NEW: test}).passed


def test_modules_are_known_by_the_names_they_are_imported_by() -> None:
    paths = dict.fromkeys(["src/shop/__init__.py", "src/shop/cart.py", "tool.py", "readme.md"])
    assert modules(paths) >= {"shop", "shop.cart", "tool"}
    assert "readme" not in modules(paths)
