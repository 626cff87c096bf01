"""The tree of a verdict: tests as proven, steering files as on the base."""

from __future__ import annotations

from checks.assemble import assemble, overreach, tampered
from sandbox.convention import is_test, protected
from sandbox.tree import Entry

FILE, OTHER = Entry("100644", "1" * 40), Entry("100644", "2" * 40)
BASE = {"a.py": FILE, "conftest.py": FILE, "tests/test_a.py": FILE}
LOCKED = {"tests/test_new.py": FILE.oid}
GREEN = {**BASE, "tests/test_new.py": FILE, "a.py": OTHER}


def reached(result: dict[str, Entry], *named: str) -> set[str]:
    reasons = overreach(BASE, result, locked=LOCKED, protected=protected, is_test=is_test, named=named)
    return {reason.code for reason in reasons}


def edits(result: dict[str, Entry], *named: str) -> dict[str, Entry | None]:
    return assemble(BASE, result, locked=LOCKED, protected=protected, named=named)


def test_an_honest_result_is_taken_as_it_is() -> None:
    assert tampered(GREEN, LOCKED) == ()
    assert reached(GREEN) == set()
    assert edits(GREEN) == {}


def test_a_locked_test_that_became_a_link_is_another_test() -> None:
    assert [r.code for r in tampered({**GREEN, "tests/test_new.py": Entry("120000", FILE.oid)}, LOCKED)] == [
        "locked_changed"
    ]


def test_a_locked_test_is_put_back() -> None:
    assert edits({**GREEN, "tests/test_new.py": OTHER}) == {"tests/test_new.py": FILE}
    assert edits({path: entry for path, entry in GREEN.items() if path not in LOCKED}) == LOCKED_BACK


LOCKED_BACK = {"tests/test_new.py": FILE}


def test_a_changed_steering_file_is_refused_and_put_back() -> None:
    result = {**GREEN, "conftest.py": OTHER}
    assert reached(result) == {"protected"}
    assert edits(result) == {"conftest.py": FILE}


def test_a_new_steering_file_is_refused_and_taken_out() -> None:
    result = {**GREEN, "src/sitecustomize.py": OTHER, "x.pth": OTHER, "ruff.toml": OTHER}
    assert reached(result) == {"protected"}
    assert edits(result) == {"src/sitecustomize.py": None, "x.pth": None, "ruff.toml": None}


def test_a_deleted_steering_file_is_refused_and_put_back() -> None:
    result = {path: entry for path, entry in GREEN.items() if path != "conftest.py"}
    assert reached(result) == {"protected"}
    assert edits(result) == {"conftest.py": FILE}


def test_what_the_contract_names_may_change() -> None:
    result = {**GREEN, "conftest.py": OTHER, "tests/test_a.py": OTHER}
    assert reached(result, "conftest.py", "tests/test_a.py") == set()
    assert edits(result, "conftest.py") == {}


def test_other_tests_may_not_change_after_red() -> None:
    assert reached({**GREEN, "tests/test_a.py": OTHER}) == {"test_changed"}
    assert reached({**GREEN, "tests/test_extra.py": OTHER}) == {"test_changed"}
