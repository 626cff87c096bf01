"""Checks that are no tests: a scanner's finding, a command. And what holds on one tree alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from checks.check import Check, CommandCheck, FindingCheck, TestCheck
from checks.suite import Suite
from checks.verdict import Verdict, check_fails, check_passes
from sandbox.site import Site

BASE = {
    "calc.py": "import os\n\n\ndef add(a, b):\n    return a + b\n",
    "tests/test_add.py": "import calc\n\ndef test_add():\n    assert calc.add(1, 2) == 3\n",
}
CLEAN = BASE["calc.py"].replace("import os\n\n\n", "")
MORE = BASE["calc.py"] + "\n\ndef mul(a, b):\n    return a * b\n"
NEW = {"tests/test_mul.py": "import calc\n\ndef test_mul():\n    assert calc.mul(2, 3) == 6\n"}

UNUSED = FindingCheck(tool="ruff", rule="F401", path="calc.py", count=1)
COMMAND = CommandCheck(argv=("grep", "-q", "mul", "calc.py"))
MUL = TestCheck(ids=("tests/test_mul.py::test_mul",))

Plant = Callable[[Mapping[str, str]], str]
Judge = Callable[[Mapping[str, str | None], Check], Verdict]


@pytest.fixture
def judge(green: Callable[..., Verdict]) -> Judge:
    return lambda files, check: green(files, check=check, base=BASE, locked={}, named=("calc.py",))


def codes(verdict: Verdict) -> set[str]:
    assert not verdict.passed
    return {reason.code for reason in verdict.reasons}


def test_a_repaired_finding_is_green(judge: Judge) -> None:
    verdict = judge({"calc.py": CLEAN}, UNUSED)
    assert verdict.passed, verdict.reasons


def test_a_finding_that_is_still_there_is_refused(judge: Judge) -> None:
    assert codes(judge({"calc.py": MORE}, UNUSED)) == {"finding_left"}


def test_a_finding_silenced_by_a_comment_is_refused(judge: Judge) -> None:
    text = BASE["calc.py"].replace("import os", "import os  # noqa: F401")
    assert codes(judge({"calc.py": text}, UNUSED)) == {"silenced"}


def test_a_finding_that_makes_room_for_another_is_refused(judge: Judge) -> None:
    text = CLEAN + "\n\ndef bad():\n    return undefined_name\n"
    assert codes(judge({"calc.py": text}, UNUSED)) == {"new_findings"}


def test_a_finding_deleted_with_its_file_is_refused(judge: Judge) -> None:
    assert not judge({"calc.py": None}, UNUSED).passed


def test_a_finding_that_was_configured_away_is_refused(judge: Judge) -> None:
    files = {"ruff.toml": "lint.ignore = ['F401']\n", "calc.py": BASE["calc.py"] + "\n"}
    assert codes(judge(files, UNUSED)) == {"protected"}


def test_a_command_decides_by_its_exit_code(judge: Judge) -> None:
    assert judge({"calc.py": MORE}, COMMAND).passed
    assert "command_fails" in codes(judge({"calc.py": CLEAN}, COMMAND))


def test_a_command_that_held_before_shows_nothing(judge: Judge) -> None:
    held = CommandCheck(argv=("grep", "-q", "add", "calc.py"))
    assert codes(judge({"calc.py": MORE}, held)) == {"check_holds_already"}


CHECKS: list[Check] = [MUL, COMMAND, UNUSED]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.kind)
def test_a_check_fails_on_the_base_and_passes_on_the_result(site: Site, plant: Plant, check: Check) -> None:
    red = plant({**BASE, **NEW})
    green = plant({**BASE, **NEW, "calc.py": MORE.replace("import os\n\n\n", "")})
    suite = Suite()
    assert check_fails(site, red, check, suite).passed
    assert not check_passes(site, red, check, suite).passed
    assert check_passes(site, green, check, suite).passed
    assert not check_fails(site, green, check, suite).passed


def test_a_command_that_does_not_exist_is_no_failing_check(site: Site, plant: Plant) -> None:
    verdict = check_fails(site, plant(BASE), CommandCheck(argv=("no-such-command",)), Suite())
    assert codes(verdict) == {"no_proof"}
