"""Only the right reasons make a red: judged on tests that really ran."""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from checks.red import modules
from checks.rightreason import RedReason, classify
from checks.suite import Suite, run_tests
from sandbox.convention import is_test
from sandbox.site import Site

REDS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("reds.toml").read_text(encoding="utf-8"))


def project() -> dict[str, str]:
    cases = [(f"{label}_{name}", body) for label in ("right", "wrong") for name, body in REDS[label].items()]
    tests = "".join(f"\n\ndef test_{name}():\n{textwrap.indent(body, '    ')}\n" for name, body in cases)
    at_import = {
        f"tests/test_{name}_at_import.py": f"{body}\n\ndef test_it():\n    pass\n"
        for name, body in REDS["files"].items()
    }
    return {**REDS["code"], "tests/test_cases.py": REDS["head"] + tests + "\n\n" + REDS["odd"], **at_import}


@pytest.fixture(scope="module")
def judged(site: Site, plant: Callable[[Mapping[str, str]], str]) -> dict[str, RedReason]:
    """What is said of every labelled test, by its id."""
    files = project()
    run = run_tests(site, plant(files), suite=Suite())
    assert run.finished, run.trouble
    known = modules({path: None for path in files})
    return {
        name: classify(outcome, promised=REDS["promised"], is_test=is_test, modules=known)
        for name, outcome in run.outcomes.items()
    }


def test_no_wrong_reason_is_accepted(judged: dict[str, RedReason]) -> None:
    assert {name: r.sentence for name, r in judged.items() if "test_wrong" in name and r.right} == {}


def test_every_right_reason_is_accepted(judged: dict[str, RedReason]) -> None:
    assert {name: r.sentence for name, r in judged.items() if "test_right" in name and not r.right} == {}


def test_all_labelled_tests_were_judged(judged: dict[str, RedReason]) -> None:
    right = sum("test_right" in name for name in judged)
    wrong = sum("test_wrong" in name for name in judged)
    assert (right, wrong) == (len(REDS["right"]) + 5, len(REDS["wrong"]) + 10)


def test_a_sentence_names_the_test_and_what_it_raised(judged: dict[str, RedReason]) -> None:
    sentence = judged["tests/test_cases.py::test_wrong_misspelt_method"].sentence
    assert "test_wrong_misspelt_method" in sentence
    assert "discoun" in sentence
    assert "contract" in sentence
