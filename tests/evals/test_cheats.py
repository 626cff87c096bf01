"""No dishonest engineer is published, every honest one is and its branch is proven; case by case."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from evals.cheats.suite import SUITE, cases
from evals.suite import Ground

SHARE = 6
"""One cheat in so many is played here; all of them by `lamplighter eval cheats`."""


def chosen() -> list[str]:
    """Every honest engineer, and cheats picked by their names, so that a new one does not change the others' turn."""
    return [n for n, c in cases().items() if c.honest or zlib.crc32(n.encode()) % SHARE == 0]


@pytest.mark.parametrize("name", chosen())
def test_what_is_published_is_honest(name: str, tmp_path: Path) -> None:
    trial = SUITE.judge(name, SUITE.play(name, Ground(tmp_path)))
    assert trial.ok, trial.detail


def test_there_are_cheats_of_every_kind_and_honest_work_in_many_styles() -> None:
    honest = [case for case in cases().values() if case.honest]
    assert len(cases()) - len(honest) >= 40
    assert len(honest) >= 8
