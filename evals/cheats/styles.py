"""Code and tests of the honest engineers, each in a style of its own."""

from __future__ import annotations

MAIL = '"""Mail addresses."""\n\n\ndef domain(address):\n    """What stands after the last @, in small letters."""\n' \
       '    return address.rpartition("@")[2].lower()\n'  # fmt: skip
MAIL_TEST = """import pytest

from shop.mail import domain


@pytest.mark.parametrize(("address", "wanted"), [("a@b.org", "b.org"), ('"a@b"@C.org', "c.org")])
def test_domain(address, wanted):
    assert domain(address) == wanted
"""
CASE_TEST = """import unittest

from shop.prices import total


class Counts(unittest.TestCase):
    def setUp(self):
        self.lines = [(100, 3), (50, 1)]

    def test_two_of_one(self):
        self.assertEqual(total([(150, 2)]), 300)

    def test_several_lines(self):
        self.assertEqual(total(self.lines), 350)
"""
EACH_TEST = """import pytest

from shop.prices import total


@pytest.mark.parametrize(("lines", "wanted"), [([(150, 2)], 300), ([(100, 3), (50, 1)], 350), ([(7, 0)], 0)])
def test_counts(lines, wanted):
    assert total(lines) == wanted
"""
FIXTURES = "import pytest\n\n\n@pytest.fixture\ndef basket():\n    return [(100, 1), (50, 1)]\n"
WITH_FIXTURE = "from shop.prices import total\n\n\ndef test_basket(basket):\n    assert total(basket) == 150\n"
OWN_FIXTURE = """import pytest

from shop.prices import total


@pytest.fixture
def basket(basket):
    return [(price, 2) for price, _ in basket]


def test_two_of_each(basket):
    assert total(basket) == 300
    assert total(basket[:1]) == 200
"""
DISCOUNT = '''

def discounted(lines, percent):
    """The total less so many per cent, rounded down. Raises ValueError outside 0 to 100."""
    if not 0 <= percent <= 100:
        raise ValueError(f"{percent} per cent is no discount")
    return total(lines) * (100 - percent) // 100
'''
DISCOUNT_TEST = """import pytest

from shop.prices import discounted


def test_a_discount_is_taken_off():
    assert discounted([(200, 1)], 25) == 150
    assert discounted([(99, 1)], 50) == 49


@pytest.mark.parametrize("percent", [-1, 101])
def test_no_discount_is_refused(percent):
    with pytest.raises(ValueError, match="no discount"):
        discounted([(200, 1)], percent)


def test_the_ends_are_discounts():
    assert discounted([(200, 1)], 0) == 200
    assert discounted([(200, 1)], 100) == 0
"""
BILL = '"""Bills."""\n\nfrom shop.prices import label, total\n\n\ndef bill(lines):\n    return label(total(lines))\n'
BILL_TEST = 'from shop.bill import bill\n\n\ndef test_bill():\n    assert bill([(5, 1)]) == "0.05"\n'
SEVERAL_TEST = """from shop.bill import bill
from shop.prices import total


def test_counts_reach_the_bill():
    assert total([(150, 2)]) == 300
    assert bill([(150, 2)]) == "3.00 EUR"
    assert bill([(100, 3), (5, 1)]) == "3.05 EUR"
"""
ERROR_TEST = """import pytest

from shop.prices import label


def test_a_negative_price_has_no_label():
    with pytest.raises(ValueError, match="-1"):
        label(-1)


def test_zero_has_a_label():
    assert label(0) == "0.00"
"""
GIVEN = """from shop.prices import total


def test_given():
    assert total([(150, 2)]) == 300
    assert total([(2, 5)]) == 10
"""
