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


@pytest.fixture
def doubted(site: Site, plant: Callable[[Mapping[str, str]], str]) -> Doubted:
    def doubted(text: str, test: str = TEST) -> tuple[Reason, ...]:
        base, result = plant(BASE), plant({**BASE, "m.py": text, "test_new.py": test})
        after = run_tests(site, result, suite=SUITE)
        assert set(IDS) <= after.with_ending("passed"), after
        change = read_change(site.trees, base, result, is_test)
        return doubtful(site, base, result, change, IDS, SUITE, after)

    return doubted


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
