"""What a change did to the tests that were there."""

from __future__ import annotations

import pytest

from checks.touched import touched

OLD = "import pytest\n\nfrom shop.prices import label, total\n\n\ndef test_label():\n    assert label(5) == '0.05'\n"


def told(new: str) -> list[tuple[str, str]]:
    return [(one.name, one.what) for one in touched("tests/test_a.py", OLD, new)]


@pytest.mark.parametrize(
    "new",
    [
        OLD.replace("import label, total", "import total\n\n\ndef label(cents):\n    return '0.05'"),
        OLD.replace("import label, total", "import total\n\nlabel = {5: '0.05'}.get"),
        OLD.replace("import label, total", "import total\nfrom tests.doubles import label"),
    ],
    ids=["a function", "a name", "from elsewhere"],
)
def test_a_stand_in_for_what_an_old_test_uses_is_a_changed_test(new: str) -> None:
    assert told(new) == [("label", "changed")]


def test_more_imports_and_more_tests_change_nothing() -> None:
    new = OLD.replace("label, total", "label, refund, total") + "\n\ndef test_more():\n    assert refund(1) == -1\n"
    assert told(new) == []


@pytest.mark.parametrize(
    ("new", "what"),
    [
        (OLD.replace("'0.05'", "'0.5'"), "changed"),
        (OLD.replace("def test_label", "@pytest.mark.skip\ndef test_label"), "set_aside"),
        (OLD.replace("def test_label", "def label_test"), "removed"),
    ],
)
def test_a_test_that_is_not_as_it_was_is_named(new: str, what: str) -> None:
    assert told(new) == [("test_label", what)]
