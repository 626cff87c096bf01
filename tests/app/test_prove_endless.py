"""A change that ends an endless loop: without it the new test takes the whole process with it."""

from __future__ import annotations

from pathlib import Path

from app.call import Call
from app.prove import prove
from tests.app.test_prove import git, lay

ENDLESS = """def steps(n, by):
    found = [n]
    while found[-1] > 0:
        found[1:] = [n, found[-1] - by]
    return found
"""
TESTS = "from steps import steps\n\n\ndef test_three():\n    assert steps(3, 1) == [3, 3, 0]\n"
NEW = "\n\ndef test_nothing_to_take_away():\n    assert steps(3, 0) == [3]\n"


def test_a_test_that_never_ends_on_the_base_is_for_a_person(tmp_path: Path) -> None:
    root = tmp_path / "steps"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    lay(root, {"steps.py": ENDLESS, "test_steps.py": TESTS})
    git(root, "checkout", "-q", "-b", "work")
    fixed = ENDLESS.replace("    while", "    if not by:\n        return found\n    while")
    lay(root, {"steps.py": fixed, "test_steps.py": TESTS + NEW})
    answer = prove(Call(repo=root, flags={"test_timeout": 5.0}), "main..work")
    assert answer.result["verdict"] == "inconclusive", "\n".join(answer.lines)
    assert [reason["code"] for reason in answer.result["reasons"]] == ["red_died"]
    assert "does not come to its end" in answer.result["reasons"][0]["sentence"]
