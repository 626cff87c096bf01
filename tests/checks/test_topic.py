"""Marks that only tests read, and changes that have nothing to do with what the item is about."""

from __future__ import annotations

import pytest

from checks.marks import marks
from checks.topic import off_topic

OLD = "def total(lines):\n    return 0\n\n\ndef label(cents):\n    return str(cents)\n"
SAID = ("total() leaves the count out", "`total([(150, 2)])` is 300")


@pytest.mark.parametrize(
    ("said", "new", "test"),
    [
        (SAID, f"{OLD}X = 1\n", "def test_a():\n    assert total([]) == 0\n"),
        (SAID, OLD.replace("0", "1"), "def test_a():\n    assert main(['3']) == 0\n"),
        (("add initials()",), f"{OLD}\n\ndef initials(t):\n    return t\n", "def test_a():\n    assert run() == 0\n"),
        (("sums are wrong",), f"{OLD}X = 1\n", "def test_a():\n    assert x == 1\n"),
    ],
    ids=["the test names it", "it was changed", "it was added", "the item names no code"],
)
def test_a_change_about_the_item_is_on_topic(said: tuple[str, ...], new: str, test: str) -> None:
    assert off_topic(said, {"m.py": (OLD, new)}, {"test_m.py": ("", test)}) == ()


def test_a_change_about_something_else_is_asked_about() -> None:
    new = {"other.py": ("", "def answer():\n    return 42\n")}
    (reason,) = off_topic(SAID, new, {"test_o.py": ("", "def test_a():\n    assert answer() == 42\n")})
    assert reason.code == "off_topic"
    assert "total" in reason.sentence


def test_a_name_in_an_old_test_does_not_make_it_the_topic() -> None:
    old = "def test_a():\n    assert total([]) == 0\n"
    tests = {"test_m.py": (old, f"{old}\n\ndef test_b():\n    assert done\n")}
    assert off_topic(SAID, {"m.py": (OLD, f"{OLD}\n\ndone = True\n")}, tests)


@pytest.mark.parametrize("line", ["counted = True", "counted: bool = True", "total.counted = 1"])
def test_a_constant_that_only_tests_read_is_a_mark(line: str) -> None:
    tests = {"test_m.py": ("", "def test_a():\n    assert m.counted\n")}
    (reason,) = marks({"m.py": (OLD, f"{OLD}\n\n{line}\n")}, tests)
    assert reason.code == "mark"
    assert "`counted`" in reason.sentence


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (OLD, f"counted = 3\n\n\n{OLD.replace('0', 'counted')}"),
        (f"{OLD}counted = 1\n", f"{OLD}counted = 2\n"),
        (OLD, f"{OLD}class Color:\n    counted = 1\n"),
        (OLD, f"{OLD}counted = total([])\n"),
    ],
    ids=["the code reads it", "it was there", "of a class", "made by a call"],
)
def test_other_names_are_none(old: str, new: str) -> None:
    assert list(marks({"m.py": (old, new)}, {"t.py": ("", "def test_a():\n    assert m.counted == 2\n")})) == []
