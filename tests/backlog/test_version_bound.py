"""A fix that depends on the Python version is only safe where the version is declared."""

from __future__ import annotations

import pytest

from backlog.sources.findings import Findings
from checks.check import FindingCheck
from checks.finding import Finding
from tests.backlog.conftest import make_view

UPGRADE = Finding("ruff", "UP007", "a.py", 1, "Use X | Y", "low", "x: Union[int, str]", True, "non-pep604")


@pytest.mark.parametrize(
    ("config", "fixable"),
    [
        ({}, False),
        ({"pyproject.toml": b"[project]\n"}, False),
        ({"pyproject.toml": b'requires-python = ">=3.10"'}, True),
    ],
)
def test_a_version_bound_fix(config: dict[str, bytes], fixable: bool) -> None:
    files = {"a.py": b"", "lib/ruff.toml": b"select = ['UP']", **config}
    (found,) = Findings("ruff").look(make_view(files, (UPGRADE,))).found
    assert isinstance(found.check, FindingCheck)
    assert found.check.fixable is fixable
