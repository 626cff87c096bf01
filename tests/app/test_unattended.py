"""Nobody watches a shift: without the whole sandbox there is none."""

from __future__ import annotations

import pytest

from app.shift import refuse_less_than_full
from sandbox.policy import Isolation, Level, SandboxUnavailable


@pytest.mark.parametrize("level", ["reduced", "none"])
def test_a_shift_is_refused_with_less_than_the_whole_sandbox(level: Level) -> None:
    with pytest.raises(SandboxUnavailable, match=rf"needs a sandbox of level full; b 1 is {level}: install bubblewrap"):
        refuse_less_than_full(Isolation("b", "1", level, "watchdog"))


def test_the_whole_sandbox_is_enough() -> None:
    refuse_less_than_full(Isolation("bwrap", "0.8", "full", "watchdog"))
