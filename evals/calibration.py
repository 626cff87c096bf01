"""Does calibration help on histories whose bias is known, and does it leave alone what is only noise?

`python -m evals.calibration` prints the figures; the test of the same name holds the margins.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import fmean

from backlog.calibration.compute import calibrated, expected, rank_correlation
from backlog.calibration.outcomes import Outcome
from backlog.scoring import FIBONACCI

BIASED: Mapping[str, float] = {"lint": 0.4, "docs": 0.6, "bug": 1.0, "refactor": 1.6, "feature": 2.5}
"""How much bigger items of a kind are than they are estimated."""
FAIR: Mapping[str, float] = dict.fromkeys(BIASED, 1.0)
ALL_DOUBLE: Mapping[str, float] = dict.fromkeys(BIASED, 2.0)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Tried:
    """One history: the factors learnt from its older half and the order of its newer half without and with them."""

    factors: Mapping[str, float]
    before: float
    after: float


def history(biases: Mapping[str, float], n: int, seed: int, blur: float = 0.35) -> list[Outcome]:
    """Items of random size. Who estimates sees the size through the kind's bias and a blur; what is measured, tokens
    and lines, has a blur of its own. `blur` is the standard deviation of the logarithm."""
    dice = random.Random(seed)
    kinds = list(biases)
    return [_delivered(dice, dice.choice(kinds), biases, number, blur) for number in range(n)]


def _delivered(dice: random.Random, kind: str, biases: Mapping[str, float], number: int, blur: float) -> Outcome:
    size = math.exp(dice.uniform(math.log(1.2), math.log(11)))
    return Outcome(
        item=f"i-{number}",
        run=f"i-{number}-1",
        at=BEGIN + timedelta(hours=number),
        kind=kind,
        source="made up",
        size=nearest(size / biases[kind] * math.exp(dice.gauss(0, blur))),
        tokens=round(18_000 * size**1.6 * math.exp(dice.gauss(0, blur))),
        lines=round(9 * size**1.9 * math.exp(dice.gauss(0, blur))),
    )


def nearest(size: float) -> int:
    return min(FIBONACCI, key=lambda step: abs(math.log(step / max(0.1, size))))


def tried(told: Sequence[Outcome]) -> Tried:
    """Learn from the older half, look at the newer one."""
    middle = len(told) // 2
    factors = calibrated(told[:middle]).factors
    newer = told[middle:]
    actual = [o.actual or 0.0 for o in newer]
    before = rank_correlation([o.size for o in newer], actual)
    after = rank_correlation([expected(o.size, factors.get(o.kind, 1.0)) for o in newer], actual)
    return Tried(factors, before or 0.0, after or 0.0)


def shuffled(told: Sequence[Outcome], seed: int) -> list[Outcome]:
    """The same items with one another's measures: nothing is left to be learnt."""
    measures = [(o.tokens, o.lines) for o in told]
    random.Random(seed).shuffle(measures)
    return [
        o.model_copy(update={"tokens": tokens, "lines": lines})
        for o, (tokens, lines) in zip(told, measures, strict=True)
    ]


def main() -> None:
    print(f"{'history':<34} {'n learnt from':>13} {'seeds':>6} {'changed':>8} {'before':>7} {'after':>7}")
    for name, biases in (("kinds biased 0.4 to 2.5", BIASED), ("no bias", FAIR), ("all twice as big", ALL_DOUBLE)):
        for n in (18, 40, 100, 300):
            _row(name, n, [tried(history(biases, 2 * n, seed)) for seed in range(40)])
    for n in (40, 100, 300):
        _row("biased, measures dealt at random", n, [tried(shuffled(history(BIASED, 2 * n, s), s)) for s in range(40)])


def _row(name: str, n: int, tries: Sequence[Tried]) -> None:
    changed = sum(1 for t in tries if t.factors)
    before, after = fmean(t.before for t in tries), fmean(t.after for t in tries)
    print(f"{name:<34} {n:>13} {len(tries):>6} {changed:>8} {before:>7.3f} {after:>7.3f}")


if __name__ == "__main__":
    main()
