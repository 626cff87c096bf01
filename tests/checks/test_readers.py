"""Tests that read how the code is written."""

from __future__ import annotations

import pytest

from checks.readers import reads_code

CODE = ("shop/cart.py",)


@pytest.mark.parametrize(
    "line",
    [
        "assert 'price' in inspect.getsource(cart)",
        "assert 'price' in getsource(cart)",
        "assert 'price' in open(cart.__file__).read()",
        "assert 'price' in Path('shop/cart.py').read_text()",
        "assert 'price' in (ROOT / 'cart.py').read_text()",
        "assert 'price' in cart.total.__code__.co_names",
    ],
)
def test_reading_the_source_is_found(line: str) -> None:
    reasons = list(reads_code("tests/test_a.py", "", f"def test_a():\n    {line}\n", CODE))
    assert reasons
    assert {r.code for r in reasons} == {"reads_source"}
    assert "tests/test_a.py:2" in reasons[0].sentence


@pytest.mark.parametrize(
    "line",
    [
        "DATA = Path(__file__).parent / 'data'",
        "assert total([]) == 0",
        "subprocess.run([sys.executable, 'other.py'])",
        "assert cart.__name__ == 'shop.cart'",
    ],
)
def test_what_does_not_read_it_is_not(line: str) -> None:
    assert list(reads_code("tests/test_a.py", "", f"def test_a():\n    {line}\n", CODE)) == []


def test_what_was_there_before_is_not() -> None:
    text = "def test_a():\n    assert 'x' in inspect.getsource(m)\n"
    assert list(reads_code("t.py", text, text + "\n\ndef test_b():\n    pass\n", CODE)) == []
