"""Every trouble of the robustness suite ends as it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.robustness.suite import SUITE
from evals.robustness.troubles import TROUBLES
from evals.suite import Ground


@pytest.mark.parametrize("name", TROUBLES)
def test_a_run_that_meets_trouble_ends_as_it_should_and_loses_nothing(name: str, tmp_path: Path) -> None:
    trial = SUITE.judge(name, SUITE.play(name, Ground(tmp_path)))
    assert trial.ok, trial.detail
