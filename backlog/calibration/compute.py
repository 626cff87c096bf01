"""Do some kinds of items turn out bigger than estimated, compared with the others? Pure, and slow to believe it.

For each delivered item y = ln(actual size / estimated size). The mean of a kind is drawn towards the mean of all by

    factor(kind) = exp(B · (mean(kind) − mean)),    B = t² / (t² + s² / n(kind))

s² is the variance within kinds, t² the one between them by the method of moments (R. DerSimonian, N. Laird:
Meta-analysis in clinical trials, Controlled Clinical Trials 7, 1986; the shrinkage is that of C. N. Morris: Parametric
empirical Bayes inference, JASA 78, 1983). Only the difference from the mean of all counts: were everything twice as
big as estimated, the unit would be another one and no rank should change.

Nothing changes unless there are enough items, chance alone would hardly make the kinds differ as much (a permutation
test among items of one estimated size), and factors learnt from the older half put the newer half into a better order.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

from backlog.calibration.outcomes import Outcome
from backlog.calibration.result import Calibration, KindSeen
from backlog.scoring import HIGHEST, LOWEST
from backlog.worth import HISTORY

MOST = 1_000
"""Of all outcomes the last so many: what was true long ago may not be any more."""
FEWEST = 20
FEWEST_OF_KIND = 5
SHUFFLES = 499
CHANCE = 0.01
BETTER_BY = 0.02
"""What the rank correlation on the newer half must gain at least."""
BOUNDS = (1 / 3, 3.0)


Sample = tuple[str, float, float]
"""Kind, estimated size, actual size."""


def calibrated(outcomes: Sequence[Outcome]) -> Calibration:
    """From outcomes in the order of their delivery. The same outcomes always give the same calibration."""
    used = [(o, o.actual) for o in outcomes[-MOST:] if not o.size_from.startswith(HISTORY)]
    samples = [(o.kind, float(o.size), actual) for o, actual in used if actual is not None]
    found = Calibration(n=len(samples), inputs=_digest(samples), verdict="")
    if len(samples) < FEWEST:
        return _unchanged(found, f"n={len(samples)} < {FEWEST}")
    groups = _groups(samples)
    seen = {kind: KindSeen(n=len(ys), mean=round(fmean(ys), 4), factor=1.0) for kind, ys in sorted(groups.items())}
    found = found.model_copy(update={"kinds": seen})
    enough = [kind for kind in groups if kind and len(groups[kind]) >= FEWEST_OF_KIND]
    if len(enough) < 2:
        return _unchanged(found, f"{len(enough)} kinds have {FEWEST_OF_KIND} or more items, two are needed")
    before, after = held_out(samples)
    chance = _chance(samples, random.Random(found.inputs))  # nosec B311
    found = found.model_copy(update={"chance": chance, "before": _rounded(before), "after": _rounded(after)})
    return _believed(found, samples)


def _believed(found: Calibration, samples: Sequence[Sample]) -> Calibration:
    """With factors, where what was found is no chance and helps."""
    n, chance, before, after = len(samples), found.chance, found.before, found.after
    if chance is None or chance > CHANCE:
        return _unchanged(found, f"kinds differ no more than chance may make them (p={chance} > {CHANCE:g}, n={n})")
    if before is None or after is None or after - before < BETTER_BY:
        order = f"{_shown(before)} → {_shown(after)}"
        return _unchanged(found, f"the newer half is not put into a better order ({order}, n={n})")
    factors = fitted(samples)
    kinds = {k: s.model_copy(update={"factor": factors.get(k, 1.0)}) for k, s in found.kinds.items()}
    verdict = f"order of the newer half: {before:.2f} → {after:.2f} (rank correlation, n={n}, p={chance:.3f})"
    return found.model_copy(update={"factors": factors, "kinds": kinds, "verdict": verdict})


def _unchanged(found: Calibration, why: str) -> Calibration:
    return found.model_copy(update={"verdict": f"nothing changed: {why}"})


def fitted(samples: Sequence[Sample]) -> dict[str, float]:
    """The factor of each kind with enough items, and only of those for which it is not 1."""
    groups = _groups(samples)
    mean = fmean(y for ys in groups.values() for y in ys)
    within, between = _variances(groups)
    factors = {}
    for kind, ys in sorted(groups.items()):
        if not kind or len(ys) < FEWEST_OF_KIND or between == 0:
            continue
        share = between / (between + within / len(ys))
        factor = round(min(BOUNDS[1], max(BOUNDS[0], math.exp(share * (fmean(ys) - mean)))), 2)
        if factor != 1:
            factors[kind] = factor
    return factors


def held_out(samples: Sequence[Sample]) -> tuple[float | None, float | None]:
    """Rank correlation of estimated with actual sizes on the newer half: as they are, and times what the older half
    teaches."""
    middle = len(samples) // 2
    older, newer = samples[:middle], samples[middle:]
    factors = fitted(older)
    actual = [a for _, _, a in newer]
    return (
        rank_correlation([size for _, size, _ in newer], actual),
        rank_correlation([expected(size, factors.get(kind, 1.0)) for kind, size, _ in newer], actual),
    )


def expected(size: float, factor: float) -> float:
    return min(HIGHEST, max(LOWEST, size * factor))


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Spearman's, ties get the mean of their ranks. None where one of the two does not vary."""
    a, b = _ranks(one), _ranks(other)
    if not a:
        return None
    mean = (len(a) + 1) / 2
    spread = math.sqrt(sum((x - mean) ** 2 for x in a) * sum((y - mean) ** 2 for y in b))
    return sum((x - mean) * (y - mean) for x, y in zip(a, b, strict=True)) / spread if spread else None


def _ranks(values: Sequence[float]) -> list[float]:
    places: dict[float, list[int]] = defaultdict(list)
    for place, value in enumerate(sorted(values), 1):
        places[value].append(place)
    return [fmean(places[value]) for value in values]


def _groups(samples: Iterable[Sample]) -> dict[str, list[float]]:
    groups: dict[str, list[float]] = defaultdict(list)
    for kind, size, actual in samples:
        groups[kind].append(math.log(actual / size))
    return groups


def _variances(groups: Mapping[str, Sequence[float]]) -> tuple[float, float]:
    """Within kinds, and between them; the latter is 0 where chance explains it all."""
    n, k = sum(map(len, groups.values())), len(groups)
    means = {kind: fmean(ys) for kind, ys in groups.items()}
    if k < 2 or n <= k:
        return 0.0, 0.0
    within = max(1e-6, sum((y - means[kind]) ** 2 for kind, ys in groups.items() for y in ys) / (n - k))
    weights = {kind: len(ys) / within for kind, ys in groups.items()}
    total = sum(weights.values())
    mean = sum(w * means[kind] for kind, w in weights.items()) / total
    spread = sum(w * (means[kind] - mean) ** 2 for kind, w in weights.items())
    scale = total - sum(w * w for w in weights.values()) / total
    return within, max(0.0, (spread - (k - 1)) / scale)


def _chance(samples: Sequence[Sample], shuffler: random.Random) -> float:
    """How often the kinds differ as much when those of items of the same estimated size are dealt out anew.

    Among items of one estimate only, so that estimates that say nothing do not pass for kinds that differ.
    """
    mean = fmean(math.log(actual / size) for _, size, actual in samples)
    dealt: dict[float, list[str]] = defaultdict(list)
    ys: dict[float, list[float]] = defaultdict(list)
    for kind, size, actual in samples:
        dealt[size].append(kind)
        ys[size].append(math.log(actual / size) - mean)
    counts = Counter(kind for kind, _, _ in samples)
    found = _between(dealt, ys, counts)
    as_much = 1
    for _ in range(SHUFFLES):
        for kinds in dealt.values():
            shuffler.shuffle(kinds)
        as_much += _between(dealt, ys, counts) >= found - 1e-12
    return as_much / (SHUFFLES + 1)


def _between(
    dealt: Mapping[float, Sequence[str]], ys: Mapping[float, Sequence[float]], counts: Mapping[str, int]
) -> float:
    sums: dict[str, float] = dict.fromkeys(counts, 0.0)
    for size, kinds in dealt.items():
        for kind, y in zip(kinds, ys[size], strict=True):
            sums[kind] += y
    return sum(sums[kind] ** 2 / n for kind, n in counts.items())


def _digest(samples: Sequence[Sample]) -> str:
    said = json.dumps([[kind, size, round(actual, 6)] for kind, size, actual in samples])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _shown(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.2f}"
