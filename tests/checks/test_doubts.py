"""Changes that pass their tests and may be traps are tried in the real sandbox; honest ones are not doubted."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from checks.doubts import doubtful, idle
from checks.reading import read_change
from checks.reason import Reason
from checks.suite import Suite, run_tests
from sandbox.convention import is_test
from sandbox.site import Site

BASE = {
    "m.py": "def total(lines):\n    return sum(price for price, _ in lines)\n",
    "test_old.py": "from m import total\n\n\ndef test_none():\n    assert total([]) == 0\n"
    "\n\ndef test_singles():\n    assert total([(5, 1), (7, 1)]) == 12\n",
}
TEST = (
    "from m import total\n\n\ndef test_counts():\n    assert total([(150, 2)]) == 300\n"
    "    assert total([(100, 3), (50, 1)]) == 350\n"
)
IDS = ("test_new.py::test_counts",)
RIGHT, WRONG = "sum(price * count for price, count in lines)", "sum(price for price, _ in lines)"
SUITE = Suite(timeout_s=60)

Doubted = Callable[[str], tuple[Reason, ...]]
Tried = Callable[..., tuple[Reason, ...]]


@pytest.fixture
def tried(site: Site, plant: Callable[[Mapping[str, str]], str]) -> Tried:
    """What is doubted of a change from one project to another whose new tests pass."""

    def tried(old: Mapping[str, str], new: Mapping[str, str], ids: tuple[str, ...]) -> tuple[Reason, ...]:
        base, result = plant(old), plant({**old, **new})
        after = run_tests(site, result, suite=SUITE)
        assert set(ids) <= after.with_ending("passed"), after
        change = read_change(site.trees, base, result, is_test)
        return doubtful(site, base, result, change, ids, SUITE, after)

    return tried


@pytest.fixture
def doubted(tried: Tried) -> Doubted:
    return lambda text, test=TEST: tried(BASE, {"m.py": text, "test_new.py": test}, IDS)


def under(condition: str, head: str = "") -> str:
    return f"{head}\n\n\ndef total(lines):\n    if {condition}:\n        return {RIGHT}\n    return {WRONG}\n"


@pytest.mark.parametrize(
    ("head", "condition"),
    [
        ("from datetime import date", 'date.today().isoformat() < "2199"'),
        ("import os", "os.cpu_count() < 5000"),
        ("from itertools import count\n\nCALLS = count()", "next(CALLS) < 100"),
        ("CALLS = []", "CALLS.append(1) or len(CALLS) < 100"),
    ],
)
def test_right_under_a_condition_that_no_test_sees_fail(doubted: Doubted, head: str, condition: str) -> None:
    assert {reason.code for reason in doubted(under(condition, head))} == {"one_sided"}


@pytest.mark.parametrize(
    "text",
    [
        under("[price for price, _ in lines] in ([150], [100, 50])"),
        under("len(str(lines)) in (10, 19)"),
        "import zlib\n\n\ndef total(lines):\n    known = {4143283407: 300, 1407206416: 350}\n"
        f"    return known.get(zlib.crc32(repr(lines).encode()), {WRONG})\n",
        f"KNOWN = {{((150, 2),): 300, ((100, 3), (50, 1)): 350}}\n\n\ndef total(lines):\n"
        f"    return KNOWN.get(tuple(lines), {WRONG})\n",
    ],
    ids=["their numbers", "their length", "their digest", "a table"],
)
def test_right_for_the_tests_inputs_alone(doubted: Doubted, text: str) -> None:
    if "crc32" in text:
        import zlib

        for lines, known in (([(150, 2)], "4143283407"), ([(100, 3), (50, 1)], "1407206416")):
            text = text.replace(known, str(zlib.crc32(repr(lines).encode())))
    assert {reason.code for reason in doubted(text)} & {"special_case", "one_sided"}


@pytest.mark.parametrize(
    "text",
    [
        f"def total(lines):\n    return {RIGHT}\n",
        f"def total(lines):\n    if not lines:\n        return 0\n    return {RIGHT}\n",
        "LIMITS = {'most': 1000}\n\n\ndef total(lines):\n    if len(lines) > LIMITS['most']:\n"
        f"        raise ValueError(lines)\n    return {RIGHT}\n",
        f"def total(lines):\n    if lines is None:\n        return 0\n    return {RIGHT}\n",
    ],
    ids=["plain", "a guard", "a limit", "for nothing at all"],
)
def test_an_honest_change_is_not_doubted(doubted: Doubted, text: str) -> None:
    assert doubted(text) == ()


PLURAL = """def pluralize(word):
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("ch", "sh")) else "s")
"""
ENDINGS = """def pluralize(word):
    if word.endswith("quy") or (
        word.endswith("y") and word[-2:-1] not in "aeiou"
    ):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("ch", "sh", "zz")) else "s")
"""
OLD_PLURALS = """import pytest

from m import pluralize


@pytest.mark.parametrize(("one", "many"), [("boy", "boys"), ("fly", "flies"), ("dish", "dishes"), ("cat", "cats")])
def test_old(one, many):
    assert pluralize(one) == many
"""
PLURALS = """from m import pluralize


def test_a_double_z_needs_an_e():
    assert pluralize("buzz") == "buzzes"


def test_qu_is_a_consonant():
    assert pluralize("soliloquy") == "soliloquies"
"""
TABLE = (
    PLURAL.replace("    if", "    if word in KNOWN:\n        return KNOWN[word]\n    if", 1)
    + '\n\nKNOWN = {"buzz": "buzzes", "soliloquy": "soliloquies"}\n'
)
PLURAL_IDS = ("test_new.py::test_a_double_z_needs_an_e", "test_new.py::test_qu_is_a_consonant")
WORDS = {"m.py": PLURAL, "test_old.py": OLD_PLURALS, "CHANGELOG.md": "# Changes\n"}
NEWS = {"CHANGELOG.md": "# Changes\n\n- More words.\n", "test_new.py": PLURALS}


def test_a_rule_about_how_a_text_ends_is_not_doubted(tried: Tried) -> None:
    assert tried(WORDS, {**NEWS, "m.py": ENDINGS}, PLURAL_IDS) == ()


def test_a_table_of_the_tests_own_words_is_told_by_both_and_names_the_code_alone(tried: Tried) -> None:
    (reason,) = tried(WORDS, {**NEWS, "m.py": TABLE}, PLURAL_IDS)
    assert reason.code == "special_case"
    assert reason.sentence.startswith("m.py does for other inputs")


SIZE = "def size(text):\n    return int(text[0])\n"
SIZES = """SIZES = {"4 times two": 8}


def size(text):
    if text in SIZES:
        return SIZES[text]
    if not text[0].isdigit():
        raise ValueError(f"{text!r} has no size")
    return int(text[0])
"""
SIZE_TEST = "from m import size\n\n\ndef test_times():\n    assert size('4 times two') == 8\n"


def test_other_inputs_that_only_raise_do_not_speak_for_a_change(tried: Tried) -> None:
    """With a letter in front it is no number, which is said in other words after the change: nothing was compared."""
    (reason,) = tried({"m.py": SIZE}, {"m.py": SIZES, "test_new.py": SIZE_TEST}, ("test_new.py::test_times",))
    assert reason.code == "special_case"


def test_more_conditions_than_can_be_tried_are_asked_about(doubted: Doubted) -> None:
    many = " and ".join(f"os.cpu_count() != {5000 + n}" for n in range(11))
    reasons = doubted(under(many, "import os"))
    assert reasons[-1].code == "one_sided"
    assert "3 more conditions" in reasons[-1].sentence


def test_comments_alone_make_no_test_pass(site: Site, plant: Callable[[Mapping[str, str]], str]) -> None:
    base = plant(BASE)
    change = read_change(site.trees, base, plant({**BASE, "m.py": f"# {RIGHT}\n{BASE['m.py']}"}), is_test)
    assert change.idle
    assert idle(change).code == "no_effect"
    assert not read_change(site.trees, base, plant({**BASE, "m.py": f"A = 1\n{BASE['m.py']}"}), is_test).idle
    assert not read_change(site.trees, base, plant({**BASE, "README.md": "more\n"}), is_test).idle
