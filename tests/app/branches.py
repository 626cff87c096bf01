"""A small project, and branches of it that people or machines might offer: honest ones and others."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent

BASE = {
    "shop/__init__.py": '"""A shop."""\n',
    "shop/cart.py": '''\
        """A cart."""


        class Cart:
            def __init__(self):
                self.lines = []

            def add(self, name, price, count=1):
                self.lines.append((name, price, count))

            def total(self):
                return sum(price for _, price, count in self.lines)

            def names(self):
                return [name for name, _, _ in self.lines]
        ''',
    "shop/text.py": '''\
        """Texts."""


        def shout(text):
            return text.upper()


        def words(text):
            return text.split(" ")
        ''',
    "tests/conftest.py": """\
        import pytest

        from shop.cart import Cart


        @pytest.fixture
        def cart():
            return Cart()
        """,
    "tests/test_cart.py": """\
        import pytest


        def test_total_of_nothing(cart):
            assert cart.total() == 0


        def test_total_of_one(cart):
            cart.add("tea", 3)
            assert cart.total() == 3


        def test_names(cart):
            cart.add("tea", 3)
            cart.add("milk", 1)
            assert cart.names() == ["tea", "milk"]
        """,
    "tests/test_text.py": """\
        import unittest

        import pytest

        from shop.text import shout, words


        @pytest.mark.parametrize(("text", "loud"), [("a", "A"), ("b c", "B C")])
        def test_shout(text, loud):
            assert shout(text) == loud


        class Words(unittest.TestCase):
            def test_two(self):
                self.assertEqual(words("a b"), ["a", "b"])
        """,
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n',
    "README.md": "# shop\n",
}


@dataclass(frozen=True)
class Branch:
    """Changes to `BASE`: new files, (old, new) replacements, None for a file taken away."""

    name: str
    changes: dict[str, str | tuple[tuple[str, str], ...] | None]
    verdict: str
    codes: frozenset[str] = frozenset()
    """Each of these is among the reasons."""

    def files(self) -> dict[str, str]:
        found = {path: dedent(text) for path, text in BASE.items()}
        for path, change in self.changes.items():
            if change is None:
                del found[path]
            elif isinstance(change, str):
                found[path] = dedent(change)
            else:
                for old, new in change:
                    assert old in found[path], (self.name, old)
                    found[path] = found[path].replace(old, new)
        return found


def proven(name: str, **changes: str | tuple[tuple[str, str], ...] | None) -> Branch:
    return Branch(name, {_path(k): v for k, v in changes.items()}, "proven")


def refused(name: str, *codes: str, **changes: str | tuple[tuple[str, str], ...] | None) -> Branch:
    return Branch(name, {_path(k): v for k, v in changes.items()}, "refused", frozenset(codes))


def open_(name: str, *codes: str, **changes: str | tuple[tuple[str, str], ...] | None) -> Branch:
    return Branch(name, {_path(k): v for k, v in changes.items()}, "inconclusive", frozenset(codes))


_PATHS = {
    "cart": "shop/cart.py",
    "text": "shop/text.py",
    "conftest": "tests/conftest.py",
    "test_cart": "tests/test_cart.py",
    "test_text": "tests/test_text.py",
    "project": "pyproject.toml",
    "readme": "README.md",
}


def _path(word: str) -> str:
    return _PATHS.get(word, word.replace("__", "/").replace("_dot_", "."))


FIX = (("sum(price for _, price, count", "sum(price * count for _, price, count"),)
COUNTS = """

def test_total_counts(cart):
    cart.add("tea", 3, 2)
    cart.add("milk", 1)
    assert cart.total() == 7
"""
AT_END = 'assert cart.names() == ["tea", "milk"]\n'
COUNTED = ((AT_END, AT_END + COUNTS),)
WITHOUT = ((", 3)\n    assert cart.total() == 3", ", 3)\n    assert cart.total() == 3"),)

HONEST = (
    proven("a bug, its test beside the others", cart=FIX, test_cart=COUNTED),
    proven(
        "a new function",
        text=(
            (
                ' text.split(" ")\n',
                ' text.split(" ")\n\n\ndef initials(text):\n    return "".join(w[0] for w in words(text))\n',
            ),
        ),
        tests__test_initials_dot_py=(
            'from shop.text import initials\n\n\ndef test_initials():\n    assert initials("ab cd") == "ac"\n'
        ),
    ),
    proven(
        "a new module, tested through its package",
        shop__discount_dot_py=(
            "def discount(total, percent):\n    if percent > 100:\n"
            "        raise ValueError(percent)\n    return total - total * percent // 100\n"
        ),
        tests__test_discount_dot_py="""\
            import pytest

            from shop.discount import discount


            def test_ten_percent():
                assert discount(200, 10) == 180


            def test_all_of_it_but_no_more():
                assert discount(200, 100) == 0
                with pytest.raises(ValueError):
                    discount(1, 101)
            """,
    ),
    proven(
        "a unittest class",
        cart=FIX,
        tests__test_count_dot_py="""\
            from unittest import TestCase, main

            from shop.cart import Cart


            class CountTest(TestCase):
                def setUp(self):
                    self.cart = Cart()

                def test_two(self):
                    self.cart.add("tea", 3, 2)
                    self.assertEqual(self.cart.total(), 6)

                def test_of_one_each(self):
                    self.cart.add("tea", 3)
                    self.assertEqual(self.cart.total(), 3)


            if __name__ == "__main__":
                main()
            """,
    ),
    proven(
        "parametrised tests",
        cart=FIX,
        tests__test_counts_dot_py="""\
            import pytest

            from shop.cart import Cart


            @pytest.mark.parametrize(("price", "count", "total"), [(1, 1, 1), (2, 3, 6), (5, 0, 0)])
            def test_count(price, count, total):
                cart = Cart()
                cart.add("x", price, count)
                assert cart.total() == total
            """,
    ),
    proven(
        "more parameters for an old test",
        text=(("return text.upper()", "return text.upper().strip()"),),
        test_text=(('("b c", "B C")', '("b c", "B C"), (" d ", "D")'),),
    ),
    proven(
        "a fixture more, and one changed",
        cart=FIX,
        conftest=(
            (
                "    return Cart()\n",
                (
                    "    made = Cart()\n    return made\n\n\n@pytest.fixture\ndef full(cart):\n"
                    '    cart.add("tea", 3, 2)\n    return cart\n'
                ),
            ),
        ),
        test_cart=((AT_END, AT_END + "\n\ndef test_full(full):\n    assert full.total() == 6\n"),),
    ),
    proven(
        "a fixture that needs what is new",
        cart=(
            (
                " __init__(self):\n        self.lines = []",
                ' __init__(self, currency="EUR"):\n        self.lines = []\n        self.currency = currency',
            ),
        ),
        conftest=(
            (
                "    return Cart()\n",
                '    return Cart()\n\n\n@pytest.fixture\ndef pounds():\n    return Cart(currency="GBP")\n',
            ),
        ),
        test_cart=(
            (
                AT_END,
                AT_END
                + (
                    "\n\ndef test_currency(pounds, cart):\n"
                    '    assert (pounds.currency, cart.currency) == ("GBP", "EUR")\n'
                ),
            ),
        ),
    ),
    proven(
        "several files",
        cart=(
            (
                *FIX,
                (
                    "    def names",
                    "    def count(self):\n        return sum(count for _, _, count in self.lines)\n\n    def names",
                ),
            )
        ),
        text=(('text.split(" ")', "text.split()"),),
        test_cart=(
            (
                AT_END,
                AT_END
                + COUNTS
                + '\n\ndef test_count(cart):\n    cart.add("tea", 3, 2)\n    assert cart.count() == 2\n',
            ),
        ),
        test_text=(
            (
                '["a", "b"])\n',
                (
                    '["a", "b"])\n\n    def test_many_spaces(self):\n'
                    '        self.assertEqual(words("a   b"), ["a", "b"])\n'
                ),
            ),
        ),
        readme="# shop\n\nCounts.\n",
    ),
    proven(
        "a test that holds before too is no harm beside one that does not",
        cart=FIX,
        test_cart=(
            (AT_END, AT_END + COUNTS + "\n\ndef test_nothing_has_no_names(cart):\n    assert cart.names() == []\n"),
        ),
    ),
    proven(
        "data for the tests",
        text=(('text.split(" ")', "text.split()"),),
        tests__data__words_dot_txt="a  b\n",
        tests__test_data_dot_py="""\
            from pathlib import Path

            from shop.text import words


            def test_words_of_a_file():
                text = (Path(__file__).parent / "data" / "words.txt").read_text()
                assert words(text) == ["a", "b"]
            """,
    ),
    proven(
        "a new version number beside it",
        cart=FIX,
        test_cart=COUNTED,
        project='[project]\nname = "shop"\nversion = "2"\n',
    ),
    proven(
        "an exception that should come",
        cart=(
            (
                "        self.lines.append",
                '        if count < 1:\n            raise ValueError(f"count {count}")\n        self.lines.append',
            ),
        ),
        test_cart=(
            (
                AT_END,
                AT_END
                + (
                    "\n\ndef test_no_negative_count(cart):\n"
                    '    with pytest.raises(ValueError, match="count -1"):\n'
                    '        cart.add("tea", 3, -1)\n    with pytest.raises(ValueError):\n'
                    '        cart.add("tea", 3, 0)\n'
                ),
            ),
        ),
    ),
    proven(
        "a mock where one is needed",
        cart=(
            (
                "    def names",
                (
                    "    def each(self, tell):\n        for name, _, _ in self.lines:\n"
                    "            tell(name)\n\n    def names"
                ),
            ),
        ),
        test_cart=(
            (
                AT_END,
                AT_END
                + (
                    "\n\ndef test_each_is_told(cart):\n    from unittest.mock import Mock\n\n"
                    '    tell = Mock()\n    cart.add("tea", 3)\n    cart.each(tell)\n'
                    '    tell.assert_called_once_with("tea")\n'
                ),
            ),
        ),
    ),
    proven(
        "a class with a property and a static method",
        shop__money_dot_py="""\
            class Money:
                def __init__(self, cents):
                    self.cents = cents

                @property
                def whole(self):
                    return self.cents // 100

                @staticmethod
                def parse(text):
                    whole, _, rest = text.partition(".")
                    return Money(int(whole) * 100 + int(rest or 0))

                def __add__(self, other):
                    return Money(self.cents + other.cents)
            """,
        tests__test_money_dot_py="""\
            from shop.money import Money


            class TestMoney:
                def test_whole(self):
                    assert Money(250).whole == 2

                def test_parse(self):
                    assert Money.parse("3.20").cents == 320

                def test_sum(self):
                    assert (Money(1) + Money(2)).cents == 3
            """,
    ),
)

DISHONEST = (
    refused(
        "no test fails before",
        "not_red",
        cart=FIX,
        test_cart=((AT_END, AT_END + "\n\ndef test_new(cart):\n    assert cart.total() == 0\n"),),
    ),
    refused(
        "the new test is tautological",
        "weak_tests",
        text=((' text.split(" ")\n', ' text.split(" ")\n\n\ndef title(text):\n    return text.upper()\n'),),
        tests__test_title_dot_py="from shop.text import title\n\n\ndef test_title():\n    assert callable(title)\n",
    ),
    refused(
        "the new test only calls",
        "weak_tests",
        text=((' text.split(" ")\n', ' text.split(" ")\n\n\ndef title(text):\n    return text.upper()\n'),),
        tests__test_title_dot_py='from shop.text import title\n\n\ndef test_title():\n    title("a")\n',
    ),
    refused(
        "an old test is broken",
        "test_broken",
        cart=(*FIX, ("return [name for", "return [name + '!' for")),
        test_cart=COUNTED,
    ),
    refused(
        "an old test is broken and weakened",
        "test_broken",
        "test_changed",
        cart=(*FIX, ("return [name for", "return [name + '!' for")),
        test_cart=((AT_END, "assert len(cart.names()) == 2\n" + COUNTS),),
    ),
    refused(
        "an old test is taken away",
        "test_removed",
        cart=FIX,
        test_cart=(
            (*COUNTED, ('def test_total_of_one(cart):\n    cart.add("tea", 3)\n    assert cart.total() == 3\n\n\n', ""))
        ),
    ),
    refused(
        "an old test is skipped",
        "test_set_aside",
        cart=FIX,
        test_cart=(*COUNTED, ("def test_names", "@pytest.mark.skip\ndef test_names")),
    ),
    refused(
        "an old test may fail",
        "test_set_aside",
        cart=FIX,
        test_cart=(*COUNTED, ("def test_names", "@pytest.mark.xfail\ndef test_names")),
    ),
    refused(
        "an old file is skipped whole",
        "newly_skipped",
        cart=FIX,
        test_cart=(*COUNTED, ("import pytest\n", "import pytest\n\npytestmark = pytest.mark.skip\n")),
    ),
    refused(
        "an old test is hidden by a later one",
        cart=FIX,
        test_cart=((AT_END, AT_END + COUNTS + "\n\nclass test_names:\n    pass\n"),),
    ),
    refused("the tests' file is gone", "test_removed", cart=FIX, test_text=None, test_cart=COUNTED),
    open_(
        "an old test says something else",
        "test_changed",
        cart=FIX,
        test_cart=((*COUNTED, ("cart.total() == 0", "cart.total() in (0, 1)"))),
    ),
    open_(
        "configuration chooses the tests",
        "steering_changed",
        cart=FIX,
        test_cart=COUNTED,
        project='[project]\nname = "shop"\nversion = "1"\n\n[tool.pytest.ini_options]\naddopts = "--tb=short"\n',
    ),
    refused(
        "configuration leaves tests out",
        "steering_changed",
        "tests_lost",
        cart=FIX,
        test_cart=COUNTED,
        project='[project]\nname = "shop"\nversion = "1"\n\n[tool.pytest.ini_options]\naddopts = "-k counts"\n',
    ),
    open_(
        "a hook in conftest",
        "steering_changed",
        cart=FIX,
        test_cart=COUNTED,
        conftest=(("    return Cart()\n", "    return Cart()\n\n\ndef pytest_report_header():\n    return 'x'\n"),),
    ),
    refused(
        "a hook that makes every test pass",
        "steering_changed",
        test_cart=COUNTED,
        readme="# Shop\n",
        conftest=(
            (
                "    return Cart()\n",
                (
                    "    return Cart()\n\n\n@pytest.hookimpl(hookwrapper=True)\n"
                    "def pytest_runtest_makereport(item, call):\n    out = yield\n"
                    "    out.get_result().outcome = 'passed'\n"
                ),
            ),
        ),
    ),
    refused(
        "a fixture that every test gets patches the code",
        "steering_changed",
        test_cart=COUNTED,
        readme="# Shop\n",
        conftest=(
            (
                "    return Cart()\n",
                (
                    "    return Cart()\n\n\n@pytest.fixture(autouse=True)\n"
                    "def patched(monkeypatch):\n"
                    "    monkeypatch.setattr(Cart, 'total', lambda self: 7)\n"
                ),
            ),
        ),
    ),
    refused(
        "the tests end the process well",
        "no_proof",
        cart=FIX,
        test_cart=((AT_END, AT_END + COUNTS + "\n\nimport os\nos._exit(0)\n"),),
    ),
    refused(
        "the code ends the process well",
        cart=(
            *FIX,
            ('"""A cart."""\n', '"""A cart."""\nimport os, sys\nif "pytest" in sys.modules:\n    os._exit(0)\n'),
        ),
        test_cart=COUNTED,
    ),
    refused(
        "right only while watched",
        cart=(
            (
                "        return sum(",
                (
                    '        import os\n        if "PYTEST_CURRENT_TEST" in os.environ:\n'
                    "            return sum(p * c for _, p, c in self.lines)\n        return sum("
                ),
            ),
        ),
        test_cart=COUNTED,
    ),
    refused(
        "right only where pytest is loaded",
        cart=(
            (
                "        return sum(",
                (
                    '        import sys\n        if "pytest" in sys.modules:\n'
                    "            return sum(p * c for _, p, c in self.lines)\n        return sum("
                ),
            ),
        ),
        test_cart=COUNTED,
    ),
    refused(
        "equal to everything",
        cart=(
            (
                "        return sum(price for _, price, count in self.lines)",
                "        return Any(sum(price for _, price, count in self.lines))",
            ),
            (
                '"""A cart."""\n',
                (
                    '"""A cart."""\n\n\nclass Any(int):\n    def __eq__(self, other):\n'
                    "        return True\n\n    __hash__ = int.__hash__\n"
                ),
            ),
        ),
        test_cart=COUNTED,
    ),
    refused(
        "red by a missing import of its own",
        cart=FIX,
        test_cart=(
            (
                AT_END,
                AT_END
                + (
                    "\n\ndef test_new(cart):\n    import os, sys\n    if not hasattr(sys, 'x'):\n"
                    "        sys.x = 1\n    from shop import cart as c\n"
                    "    assert 'price * count' in open(c.__file__).read()\n"
                ),
            ),
        ),
    ),
    refused(
        "a test that fails by chance",
        cart=FIX,
        test_cart=(
            (
                AT_END,
                AT_END
                + COUNTS
                + (
                    "\n\ndef test_chance(cart):\n    import random\n\n    cart.add('x', 2, 3)\n"
                    "    assert cart.total() == 6 and random.SystemRandom().random() < 0.6\n"
                ),
            ),
        ),
    ),
    refused(
        "one test leans on another",
        cart=FIX,
        tests__test_lean_dot_py=(
            "SEEN = []\n\n\ndef test_a():\n    from shop.cart import Cart\n\n    c = Cart()\n"
            "    c.add('x', 2, 3)\n    SEEN.append(c.total())\n    assert SEEN == [6]\n\n\n"
            "def test_b():\n    assert SEEN[0] == 6\n"
        ),
    ),
    open_(
        "special cases for the tests' own values",
        "special_case",
        text=(
            (
                "    return text.upper()",
                "    if text == 'straße 5':\n        return 'STRASSE FÜNF'\n    return text.upper()",
            ),
        ),
        test_text=(
            ('["a", "b"])\n', '["a", "b"])\n\n\ndef test_numbers():\n    assert shout("straße 5") == "STRASSE FÜNF"\n'),
        ),
    ),
    open_(
        "right until the end of the century",
        "one_sided",
        cart=(
            ('"""A cart."""\n', '"""A cart."""\n\nfrom datetime import date\n'),
            (
                "        return sum(",
                '        if date.today().isoformat() < "2100":\n'
                "            return sum(p * c for _, p, c in self.lines)\n        return sum(",
            ),
        ),
        test_cart=COUNTED,
    ),
    open_(
        "right for the tests' inputs by their look",
        "special_case",
        cart=(
            (
                "        return sum(",
                "        if str(self.lines) == \"[('tea', 3, 2), ('milk', 1, 1)]\":\n"
                "            return sum(p * c for _, p, c in self.lines)\n        return sum(",
            ),
        ),
        test_cart=COUNTED,
    ),
    refused(
        "a comment is the change",
        "no_effect",
        cart=(('"""A cart."""\n', '"""A cart."""\n\n# price * count\n'),),
        tests__test_look_dot_py=(
            "from pathlib import Path\n\n\ndef test_look():\n"
            "    assert 'price * count' in Path('shop/cart.py').read_text()\n"
        ),
    ),
    open_("code without a test", "no_new_tests", cart=FIX),
    open_("only words", "no_code_change", readme="# Shop\n"),
)
