"""Which conditions are worth a trial; and that honest guards are none of them."""

from __future__ import annotations

import textwrap

import pytest

from checks.conditions import trapdoors

TRAPS = {
    "a date": ("from datetime import date", 'date.today().isoformat() <= "2031-01-01"'),
    "a clock since the import": ("import time\n\nBEGUN = time.monotonic()", "time.monotonic() - BEGUN < 600"),
    "the user": ("import os", "os.getuid() > 60000"),
    "a user under another name": ("from os import getuid as who", "who() == 0"),
    "the calls so far": ("from itertools import count\n\nCALLS = count()", "next(CALLS) < 12"),
    "what was kept before": ("SEEN = []", "len(SEEN) < 3"),
    "a file": ("from pathlib import Path", 'Path("/etc/hostname").exists()'),
    "chance": ("import random", "random.random() < 0.9"),
    "one number": ("", "x == 31337"),
    "a few numbers": ("", "x in (150, 100)"),
    "one text": ("", 'x == "open sesame"'),
    "its other side": ("", "not x != 31337"),
}
GUARDS = {
    "nothing given": ("", "not x"),
    "none": ("", "x is None"),
    "too much": ("", "x > 100"),
    "its kind": ("", "isinstance(x, str)"),
    "empty": ("", 'x == ""'),
    "a pattern": ("import re\n\nNAME = re.compile('a')", "NAME.match(x)"),
    "a table that is written out": ("TABLE = {'a': 1}", "x in TABLE"),
    "the version of Python": ("import sys", "sys.version_info >= (3, 12)"),
    "its own attribute": ("", "x.ready"),
}


def written(head: str, condition: str) -> str:
    return f"{head}\n\n\ndef f(x):\n    if {condition}:\n        return 1\n    return x\n"


@pytest.mark.parametrize("name", TRAPS)
def test_a_condition_that_could_hide_a_trap_is_found(name: str) -> None:
    head, condition = TRAPS[name]
    (found,) = trapdoors("m.py", "", written(head, condition))
    assert found.text in condition
    assert found.line == written(head, condition).split("\n").index(f"    if {condition}:") + 1


@pytest.mark.parametrize("name", GUARDS)
def test_a_guard_over_what_was_given_is_not(name: str) -> None:
    assert trapdoors("m.py", "", written(*GUARDS[name])) == ()


def test_a_condition_that_was_there_before_is_not() -> None:
    text = written(*TRAPS["a date"])
    assert trapdoors("m.py", text, text.replace("return 1", "return 2")) == ()


STOOD = "def plural(word):\n    if word[-2:-1] not in 'aeiou':\n        return word + 's'\n    return word\n"
WRAPPED = STOOD.replace("if word[-2:-1] not in 'aeiou'", "if word.endswith('quy') or (word[-2:-1] not in 'aeiou')")


def test_a_condition_that_stands_on_another_line_of_its_function_now_is_not() -> None:
    assert trapdoors("m.py", STOOD, WRAPPED) == ()
    assert [c.text for c in trapdoors("m.py", "", WRAPPED)] == ["word[-2:-1] not in 'aeiou'"]
    inside = "class A:\n" + textwrap.indent(STOOD, "    ")
    wrapped = inside.replace("if word", "if word and (word").replace("'aeiou'", "'aeiou')")
    assert trapdoors("m.py", inside, wrapped) == ()


@pytest.mark.parametrize(
    "after",
    [
        STOOD.replace("return word\n", "return word + 's' if word[-2:-1] not in 'aeiou' else word\n"),
        "def plural(word):\n    return word\n\n\ndef other(word):\n    return word[-2:-1] not in 'aeiou'\n",
        "class A:\n" + textwrap.indent(STOOD, "    "),
        STOOD + "\n\ndef other(word):\n    return word[-2:-1] not in 'aeiou'\n",
        STOOD.replace("'aeiou'", "'aeio'"),
    ],
    ids=["once more in its function", "in another function", "in a method", "in one more function", "another value"],
)
def test_what_stood_elsewhere_or_less_often_before_is_new(after: str) -> None:
    (found,) = trapdoors("m.py", STOOD, after)
    assert found.text.startswith("word[-2:-1] not in 'aeio")


def test_what_was_no_trap_before_may_be_one_now_in_the_same_words() -> None:
    before = "def f(x, today):\n    if today > x:\n        return 1\n"
    after = "import time\n\n\ndef f(x):\n    today = time.time()\n    if (today > x):\n        return 1\n"
    assert [c.text for c in trapdoors("m.py", before, after)] == ["today > x"]


@pytest.mark.parametrize(
    "line",
    [
        "return 1 if date.today() > LAST else x",
        "return [x, 1][date.today() > LAST]",
        "return date.today() > LAST and 1 or x",
        "return [y for y in x if date.today() > LAST]",
        "today = date.today()\n    if today > LAST: return 1",
        "while date.today() > LAST: return 1",
    ],
)
def test_it_is_found_wherever_it_stands(line: str) -> None:
    text = f"from datetime import date\nLAST = date(2031, 1, 1)\n\n\ndef f(x):\n    {line}\n"
    assert [c.text for c in trapdoors("m.py", "", text)] == [
        "today > LAST" if line.startswith("today") else "date.today() > LAST"
    ]


def test_parts_of_a_condition_are_tried_one_by_one() -> None:
    found = trapdoors(
        "m.py",
        "",
        textwrap.dedent("""
        import os


        def f(x):
            return 1 if x and (os.getuid() == 0 or os.getuid() > 60000) else 2
    """),
    )
    assert [c.text for c in found] == ["os.getuid() == 0", "os.getuid() > 60000"]


def test_what_is_no_python_has_none() -> None:
    assert trapdoors("m.py", "", "def f(:\n") == ()
