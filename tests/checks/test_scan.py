"""The scanners' answers, from the scanners themselves; no answer is never a clean one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from checks.answer import read_answer
from checks.finding import Finding, ScannerFailed
from checks.scan import scan, versions
from sandbox.policy import Result
from sandbox.site import Site

CODE = """\
import os
import subprocess


def run(name):
    return subprocess.call(name, shell=True)
"""
Plant = Callable[[Mapping[str, str]], str]


def rules(found: tuple[Finding, ...]) -> set[tuple[str, int]]:
    return {(finding.rule, finding.line) for finding in found}


def test_ruff_says_what_where_and_whether_it_can_be_fixed(site: Site, plant: Plant) -> None:
    (found,) = scan(site, plant({"a.py": CODE}), "ruff")
    assert (found.tool, found.rule, found.path, found.line) == ("ruff", "F401", "a.py", 1)
    assert (found.snippet, found.fixable, found.name) == ("import os", True, "unused-import")


def test_ruff_follows_the_repositorys_configuration(site: Site, plant: Plant) -> None:
    config = "[tool.ruff]\nexclude = ['old']\n[tool.ruff.lint]\nselect = ['S602']\n"
    tree = plant({"pyproject.toml": config, "src/a.py": CODE, "old/b.py": CODE})
    assert [(f.path, f.rule) for f in scan(site, tree, "ruff")] == [("src/a.py", "S602")]
    assert scan(site, tree, "ruff", ("old/b.py",)) == ()


def test_a_file_that_is_no_python_is_a_finding(site: Site, plant: Plant) -> None:
    tree = plant({"a.py": "def f(:\n"})
    assert {f.rule for f in scan(site, tree, "ruff")} == {"invalid-syntax"}
    assert {f.rule for f in scan(site, tree, "bandit")} == {"unparsable"}


def test_bandit_says_what_where_and_how_bad(site: Site, plant: Plant) -> None:
    found = {f.rule: f for f in scan(site, plant({"src/a.py": CODE}), "bandit")}
    assert set(found) == {"B404", "B602"}
    assert (found["B602"].path, found["B602"].line, found["B602"].severity) == ("src/a.py", 6, "high")
    assert found["B602"].snippet == "return subprocess.call(name, shell=True)"


def test_bandit_is_not_led_by_files_of_the_repository(site: Site, plant: Plant) -> None:
    led = "[bandit]\nskips = B602,B404\nexclude = /\n"
    tree = plant({".bandit": led, "CVS.gitlab/a.py": CODE, "bandit.py": "raise SystemExit(0)\n"})
    assert {f.path for f in scan(site, tree, "bandit")} == {"CVS.gitlab/a.py"}


@pytest.mark.parametrize(("tool", "comment"), [("ruff", "noqa"), ("bandit", "nosec")])
def test_what_comments_silence_can_be_asked_for(site: Site, plant: Plant, tool: str, comment: str) -> None:
    places = {"ruff": ("import os",), "bandit": ("import subprocess", "shell=True)")}[tool]
    silent = CODE
    for place in places:
        silent = silent.replace(place, f"{place}  # {comment}")
    tree = plant({"a.py": silent})
    assert scan(site, tree, tool) == ()  # type: ignore[arg-type]  # parametrised
    assert scan(site, tree, tool, suppressed=True)  # type: ignore[arg-type]  # parametrised


@pytest.mark.parametrize("tool", ["ruff", "bandit"])
def test_only_the_asked_files_are_scanned(site: Site, plant: Plant, tool: str) -> None:
    tree = plant({"a b/ü.py": CODE, "c.py": CODE, "-d.py": CODE})
    asked = ("a b/ü.py", "-d.py")
    assert {f.path for f in scan(site, tree, tool, asked)} == set(asked)  # type: ignore[arg-type]  # parametrised


@pytest.mark.parametrize("tool", ["ruff", "bandit"])
@pytest.mark.parametrize("program", ["/bin/true", "/bin/false", "/bin/echo", "/no/such/python"])
def test_no_readable_answer_is_a_failure_and_not_a_clean_result(
    site: Site, plant: Plant, tool: str, program: str
) -> None:
    mute = replace(site, own=replace(site.own, python=program))
    with pytest.raises(ScannerFailed, match=tool):
        scan(mute, plant({"a.py": CODE}), tool)  # type: ignore[arg-type]  # parametrised


UNUSABLE = [
    Result(2, b"[]", b"no config", 0.1),
    Result(-9, b"[]", b"", 0.1),
    Result(None, b"[]", b"", 0.1, killed="memory"),
    Result(0, b"[]", b"", 0.1, truncated=True),
    Result(0, b"", b"", 0.1),
    Result(1, b"[{", b"", 0.1),
]


@pytest.mark.parametrize("result", UNUSABLE)
def test_an_answer_from_a_scanner_that_did_not_end_well_does_not_count(result: Result) -> None:
    with pytest.raises(ScannerFailed, match="ruff"):
        read_answer("ruff", result)


def test_a_broken_configuration_is_a_failure_that_says_so(site: Site, plant: Plant) -> None:
    tree = plant({"ruff.toml": "no-such-setting = 1\n", "a.py": CODE})
    with pytest.raises(ScannerFailed, match="no-such-setting"):
        scan(site, tree, "ruff")


def test_a_tree_without_python_has_no_findings(site: Site, plant: Plant) -> None:
    tree = plant({"readme.md": "hello\n"})
    assert scan(site, tree, "ruff") == ()
    assert scan(site, tree, "bandit") == ()


def test_versions_are_those_that_answer(site: Site) -> None:
    assert set(versions(site)) == {"ruff", "bandit"}
