"""Tests stay as proven, steering files as on the base, unless the contract names them."""

from __future__ import annotations

import pytest

from checks.intact import overreach, tampered
from sandbox.convention import is_test, protected
from sandbox.tree import Entry

FILE, OTHER, LINK = Entry("100644", "1" * 40), Entry("100644", "2" * 40), Entry("120000", "1" * 40)
BASE = {"a.py": FILE, "conftest.py": FILE, "tests/test_a.py": FILE, "tests/link": LINK}
NEW = "tests/test_new.py"
LOCKED = {NEW: FILE.oid, "tests/link": LINK.oid}
GREEN = {**BASE, NEW: FILE, "a.py": OTHER}


def broken(result: dict[str, Entry]) -> set[str]:
    return {reason.code for reason in tampered(BASE, result, LOCKED)}


def reached(result: dict[str, Entry], *named: str) -> set[str]:
    reasons = overreach(BASE, result, locked=LOCKED, protected=protected, is_test=is_test, named=named)
    return {reason.code for reason in reasons}


def test_an_honest_result_is_taken_as_it_is() -> None:
    assert broken(GREEN) == set()
    assert reached(GREEN) == set()


def test_a_locked_test_may_become_executable_but_not_a_link() -> None:
    assert broken({**GREEN, NEW: Entry("100755", FILE.oid)}) == set()
    assert broken({**GREEN, NEW: LINK}) == {"locked_changed"}


def test_a_locked_test_may_not_be_another_or_gone() -> None:
    assert broken({**GREEN, NEW: OTHER}) == {"locked_changed"}
    assert broken(BASE) == {"locked_missing"}


@pytest.mark.parametrize("path", ["conftest.py", "src/sitecustomize.py", "x.pth", "ruff.toml", "sub/pytest.ini"])
def test_a_steering_file_may_not_change_or_appear_or_go(path: str) -> None:
    assert reached({**GREEN, path: OTHER}) == {"protected"}
    assert reached({p: entry for p, entry in GREEN.items() if p != "conftest.py"}) == {"protected"}


def test_what_the_contract_names_may_change() -> None:
    result = {**GREEN, "conftest.py": OTHER, "tests/test_a.py": OTHER}
    assert reached(result, "conftest.py", "tests/test_a.py") == set()


@pytest.mark.parametrize("path", ["tests/test_a.py", "tests/test_extra.py", "tests/data.json"])
def test_other_tests_may_not_change_after_red(path: str) -> None:
    assert reached({**GREEN, path: OTHER}) == {"test_changed"}
