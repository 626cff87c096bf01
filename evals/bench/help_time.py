"""`lamplighter --help` against an interpreter that does nothing."""

from __future__ import annotations

from evals.bench.figure import Figure, Goal, Section, ratios
from evals.bench.ground import Ground
from evals.bench.process import timed


def help_time(ground: Ground, number: int) -> Section:
    """Raises BenchFailed."""
    help_argv, pass_argv = (ground.lamplighter, "--help"), (ground.python, "-I", "-c", "pass")
    pairs = [(_ms(ground, help_argv), _ms(ground, pass_argv)) for _ in range(number + 1)][1:]
    asked, idle = [a for a, _ in pairs], [b for _, b in pairs]
    return Section(
        "Help",
        "Wall time of `lamplighter --help` against `python -I -c pass` with the same interpreter.",
        (
            Figure("lamplighter --help", " ms", asked),
            Figure("python -I -c pass", " ms", idle),
            Figure("help / pass", "×", ratios(asked, idle), Goal(5)),
        ),
    )


def _ms(ground: Ground, argv: tuple[str, ...]) -> float:
    return timed(argv, ground.repository, ground.environment()).ms
