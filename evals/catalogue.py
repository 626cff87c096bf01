"""The suites there are, by name. A suite is imported when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from evals.suite import Suite

SUITES = {
    "cheats": "evals.cheats.suite",
    "containment": "evals.containment.suite",
    "honesty": "evals.honesty.suite",
    "robustness": "evals.robustness.suite",
    "capability": "evals.capability.suite",
}


class SuiteUnknown(Exception):
    """There is no such suite, or no such case. Says which there are."""


def load(names: Sequence[str]) -> list[Suite]:
    """Raises SuiteUnknown."""
    return [_load(name) for name in dict.fromkeys(names)]


def _load(name: str) -> Suite:
    if name not in SUITES:
        raise SuiteUnknown(f"there is no suite {name!r}; the suites are {', '.join(SUITES)}")
    suite = importlib.import_module(SUITES[name]).SUITE
    assert isinstance(suite, Suite)
    return suite


def check_cases(suites: Sequence[Suite], only: Sequence[str]) -> None:
    """Raises SuiteUnknown for a case that none of the suites has."""
    import difflib

    known = [name for suite in suites for name in suite.names()]
    for name in only:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3) or known[:3]
            raise SuiteUnknown(f"there is no case {name!r}; near are {', '.join(near)}")
