"""Green is what stays green in a fresh sandbox, on a tree the harness put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from checks.check import FindingCheck, TestCheck
from checks.suite import Suite
from checks.verdict import Verdict

OLD = "tests/test_add.py"
NEW = "tests/test_mul.py"
LOCKED = {NEW: "import calc\n\ndef test_mul():\n    assert calc.mul(2, 3) == 6\n"}
BASE = {
    "calc.py": "import os\n\n\ndef add(a, b):\n    return a + b\n",
    OLD: """\
import calc

def test_add():
    assert calc.add(1, 2) == 3

def test_zero():
    assert calc.add(0, 0) == 0
""",
    "tests/test_known.py": "def test_known():\n    assert 0, 'broken for years'\n",
}
DONE = BASE["calc.py"] + "\n\ndef mul(a, b):\n    return a * b\n"
MUL = TestCheck(ids=(f"{NEW}::test_mul",))

Plant = Callable[[Mapping[str, str]], str]
Judge = Callable[..., Verdict]


@pytest.fixture
def judge(green: Callable[..., Verdict]) -> Judge:
    """Judges base + locked tests + these files; None takes a file out."""
    honest = {"check": MUL, "base": BASE, "locked": LOCKED, "named": ("calc.py",)}
    return lambda files, **other: green(files, **{**honest, **other})


def codes(verdict: Verdict) -> set[str]:
    assert not verdict.passed
    return {reason.code for reason in verdict.reasons}


def test_honest_work_is_green_and_old_failures_are_stated(judge: Judge) -> None:
    verdict = judge({"calc.py": DONE})
    assert verdict.passed, verdict.reasons
    assert [reason.code for reason in verdict.reasons] == ["already_failing"]
    assert "test_known" in verdict.reasons[0].sentence


def test_the_planted_tests_are_not_in_what_is_reported(judge: Judge) -> None:
    (run,) = judge({"calc.py": DONE}).runs
    assert run.ids == {
        f"{OLD}::test_add",
        f"{OLD}::test_zero",
        f"{NEW}::test_mul",
        "tests/test_known.py::test_known",
    }


def test_work_that_is_not_done_is_refused_with_the_failure(judge: Judge) -> None:
    verdict = judge({"calc.py": BASE["calc.py"] + "\n\ndef mul(a, b):\n    return a + b\n"})
    assert "test_mul" in verdict.reasons[0].sentence
    assert "assert 5 == 6" in verdict.reasons[0].sentence


def test_a_change_that_breaks_another_test_is_refused(judge: Judge) -> None:
    assert "test_broken" in codes(judge({"calc.py": DONE.replace("a + b", "a - b")}))


def test_a_changed_locked_test_is_refused(judge: Judge) -> None:
    assert codes(judge({"calc.py": DONE, NEW: "def test_mul():\n    pass\n"})) == {"locked_changed"}


def test_a_deleted_locked_test_is_refused(judge: Judge) -> None:
    assert codes(judge({"calc.py": DONE, NEW: None})) == {"locked_missing"}


def test_a_deleted_test_is_refused(judge: Judge) -> None:
    assert codes(judge({"calc.py": DONE, OLD: None})) == {"test_changed"}


def test_a_deleted_test_is_refused_also_when_the_contract_names_its_file(judge: Judge) -> None:
    assert "tests_lost" in codes(judge({"calc.py": DONE, OLD: None}, named=("calc.py", OLD)))


def test_a_new_skip_is_refused(judge: Judge) -> None:
    text = "import pytest\n" + BASE[OLD].replace("def test_zero", "@pytest.mark.skip\ndef test_zero")
    assert codes(judge({"calc.py": DONE, OLD: text}, named=("calc.py", OLD))) == {"newly_skipped"}


def test_a_new_expected_failure_is_refused(judge: Judge) -> None:
    text = "import pytest\n" + BASE[OLD].replace("def test_zero", "@pytest.mark.xfail\ndef test_zero")
    assert codes(judge({"calc.py": DONE, OLD: text}, named=("calc.py", OLD))) == {"newly_skipped"}


def test_a_skip_from_within_the_code_is_refused(judge: Judge) -> None:
    text = DONE + "\n\nimport pytest\npytest.skip('not today', allow_module_level=True)\n"
    assert not judge({"calc.py": text}).passed


def test_a_new_hook_is_refused_unless_the_contract_names_it(judge: Judge) -> None:
    assert codes(judge({"calc.py": DONE, "conftest.py": "collect_ignore = []\n"})) == {"protected"}


def test_new_test_configuration_is_refused(judge: Judge) -> None:
    assert codes(judge({"calc.py": DONE, "pytest.ini": "[pytest]\naddopts = -k mul\n"})) == {"protected"}


SWALLOW = """
import pytest

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    report.outcome, report.longrepr = "passed", None
"""
NEVER_RUN = """
def pytest_pyfunc_call(pyfuncitem):
    return True
"""
EXIT_ZERO = """
def pytest_sessionfinish(session):
    session.exitstatus = 0

def pytest_collection_modifyitems(items):
    items[:] = [item for item in items if "mul" not in item.nodeid]
"""
QUIET_EXCEPTIONS = """
import pytest

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item):
    outcome = yield
    outcome._exception = None
    outcome.force_result(None)
"""


@pytest.mark.parametrize("hook", [SWALLOW, NEVER_RUN, EXIT_ZERO, QUIET_EXCEPTIONS])
def test_a_hook_that_forges_passes_does_not_survive(judge: Judge, hook: str) -> None:
    """Even where the contract names the file and so lets it in."""
    verdict = judge({"conftest.py": hook}, named=("calc.py", "conftest.py"))
    assert not verdict.passed


PATCHED_ASSERT = """
import _pytest.python

_pytest.python.Function.runtest = lambda self: None
"""
OWN_VERDICT = """
import os
import pytest
import atexit

def mul(a, b):
    os._exit(0)
"""
AT_IMPORT = "import os\nos._exit(0)\n"


@pytest.mark.parametrize("code", [PATCHED_ASSERT, OWN_VERDICT, AT_IMPORT])
def test_code_that_tampers_with_the_runner_is_not_green(judge: Judge, code: str) -> None:
    assert not judge({"calc.py": DONE + code}).passed


def test_an_exit_with_0_is_not_green(judge: Judge) -> None:
    verdict = judge({"calc.py": DONE.replace("return a * b", "__import__('os')._exit(0)")})
    assert codes(verdict) == {"no_proof"}
    assert "test_mul" in verdict.reasons[0].sentence


def test_code_that_never_ends_is_not_green(judge: Judge) -> None:
    text = DONE.replace("return a * b", "while True: pass")
    assert codes(judge({"calc.py": text}, suite=Suite(timeout_s=5))) == {"no_proof"}


def test_a_module_named_as_the_runner_does_not_replace_it(judge: Judge) -> None:
    assert not judge({"pytest.py": "raise SystemExit(0)\n"}).passed
    assert judge({"calc.py": DONE, "pytest.py": "raise SystemExit(0)\n"}).passed


def test_canaries_are_found_whatever_the_suite_selects(judge: Judge) -> None:
    found = "python_files = check_*.py\npython_functions = check_*\n"
    chosen = "addopts = -k 'add or zero or mul'\ntestpaths = tests/check_add.py tests/check_mul.py\n"
    ini = f"[pytest]\n{found}{chosen}"
    base = {
        "calc.py": BASE["calc.py"],
        "pytest.ini": ini,
        "tests/check_add.py": BASE[OLD].replace("test_", "check_"),
    }
    locked = {"tests/check_mul.py": LOCKED[NEW].replace("test_", "check_")}
    check = TestCheck(ids=("tests/check_mul.py::check_mul",))
    verdict = judge({"calc.py": DONE}, base=base, locked=locked, check=check)
    assert verdict.passed, verdict.reasons


@pytest.mark.parametrize("where", ["", "testpaths = tests\n", "testpaths = tests/tests.py\n", "addopts = tests\n"])
def test_canaries_are_found_where_tests_have_one_fixed_name(judge: Judge, where: str) -> None:
    base = {
        "calc.py": BASE["calc.py"] + "\n\ndef mul(a, b):\n    return a + b\n",
        "pytest.ini": f"[pytest]\npython_files = tests.py\n{where}",
        "tests/__init__.py": "",
        "tests/tests.py": LOCKED[NEW],
    }
    check = TestCheck(ids=("tests/tests.py::test_mul",))
    verdict = judge({"calc.py": DONE}, base=base, locked={}, check=check)
    assert verdict.passed, verdict.reasons


def test_canaries_run_although_markers_deselect_what_is_unmarked(judge: Judge) -> None:
    ini = "[pytest]\naddopts = -m unit\nmarkers = unit\n"
    mark = "import pytest\npytestmark = pytest.mark.unit\n"
    base = {"calc.py": BASE["calc.py"], "pytest.ini": ini, OLD: mark + BASE[OLD]}
    verdict = judge({"calc.py": DONE}, base=base, locked={NEW: mark + LOCKED[NEW]})
    assert verdict.passed, verdict.reasons


def test_against_a_base_whose_suite_dies_nothing_is_green(judge: Judge) -> None:
    base = {**BASE, "tests/test_dies.py": "import os\n\ndef test_dies():\n    os._exit(1)\n"}
    verdict = judge({"calc.py": DONE, "tests/test_dies.py": "def test_dies(): pass\n"}, base=base)
    assert "no_baseline" in codes(verdict)


def test_the_first_tests_of_a_repository_can_be_green(judge: Judge) -> None:
    verdict = judge({"calc.py": DONE}, base={"calc.py": BASE["calc.py"]})
    assert verdict.passed, verdict.reasons


def test_without_a_single_test_nothing_is_green(judge: Judge) -> None:
    check = FindingCheck(tool="ruff", rule="F401", path="calc.py", count=1)
    verdict = judge(
        {"calc.py": "def add(a, b):\n    return a + b\n"},
        base={"calc.py": BASE["calc.py"]},
        locked={},
        check=check,
    )
    assert codes(verdict) == {"no_tests"}
