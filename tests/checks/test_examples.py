"""Examples that pytest runs as tests, in documents and docstrings."""

from __future__ import annotations

import pytest

from checks.examples import examples_changed

OLD = "# Shop\n\n>>> label(5)\n'0.05'\n>>> label(100)\n'1.00'\n"
IDS = ("README.md::README.md",)


@pytest.mark.parametrize(
    "new",
    [OLD.replace(">>> label(5)\n'0.05'\n", ""), OLD.replace("0.05", "0.5"), "", ">>> \nbroken\n >>>x\n"],
    ids=["one less", "another answer", "gone", "no longer an example"],
)
def test_an_example_that_is_no_longer_as_it_was_is_asked_about(new: str) -> None:
    (reason,) = examples_changed({"README.md": (OLD, new)}, IDS)
    assert reason.code == "test_changed"
    assert "README.md" in reason.sentence


def test_more_examples_and_other_words_are_nobodys_business() -> None:
    new = f"# A shop\n{OLD}\n>>> label(7)\n'0.07'\n"
    assert list(examples_changed({"README.md": (OLD, new)}, IDS)) == []


def test_examples_that_nobody_runs_are_words() -> None:
    assert list(examples_changed({"README.md": (OLD, "")}, ("tests/test_a.py::test_a",))) == []
