"""A real server with a real small model: part of `make eval`, and of the tests only where it was fetched before."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.robustness.small_model import CACHE, WHEELS
from evals.robustness.suite import SUITE
from evals.robustness.troubles import SMALL
from evals.suite import Ground, Skipped


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_model_that_is_too_small_ends_blocked_and_touches_nothing(tmp_path: Path) -> None:
    if len(list(CACHE.glob("*.whl"))) < len(WHEELS):
        pytest.skip("the small model is not in build/models: `lamplighter eval robustness` fetches it")
    try:
        played = SUITE.play(SMALL.name, Ground(tmp_path))
    except Skipped as why:
        pytest.skip(str(why))
    trial = SUITE.judge(SMALL.name, played)
    assert trial.ok, trial.detail
