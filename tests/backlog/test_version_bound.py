"""A fix that depends on the Python version is only safe where the version is declared."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from backlog.source import View
from backlog.sources.findings import Findings
from checks.check import FindingCheck
from checks.finding import Finding
from checks.testrun import TestRun
from sandbox.tree import Entry

UPGRADE = Finding("ruff", "UP007", "a.py", 1, "Use X | Y", "low", "x: Union[int, str]", True, "non-pep604")


@pytest.mark.parametrize(
    ("config", "fixable"),
    [
        ({}, False),
        ({"pyproject.toml": b"[project]\n"}, False),
        ({"pyproject.toml": b'requires-python = ">=3.10"'}, True),
    ],
)
def test_a_version_bound_fix(config: dict[str, bytes], fixable: bool, now: datetime) -> None:
    files = {name: Entry("100644", "0" * 40) for name in ("a.py", *config)}
    view = View(files, lambda p: config[p], lambda _t: (UPGRADE,), TestRun, Path("/"), now)
    (found,) = Findings("ruff").look(view).found
    assert isinstance(found.check, FindingCheck)
    assert found.check.fixable is fixable
