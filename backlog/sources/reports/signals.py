"""What a running service shows, against what it showed before: error rates, latency, resources.

| what                                                                         | kind        | value | time | risk |
|------------------------------------------------------------------------------|-------------|-------|------|------|
| error rate at least twice the baseline, and beyond chance (3 sigma, n ≥ 100) | bug         | 8     | 8    | 8    |
| latency at least 1.5 times the baseline (n ≥ 30)                             | performance | 5     | 5    | 3    |
| a resource at least 1.5 times the baseline (n ≥ 10)                          | performance | 5     | 3    | 3    |

All have size 5.

As JSON: `{"signals": [{"name": "checkout", "measures": "error_rate", "current": 0.05, "baseline": 0.01, "n": 12000,
"window": "24h", "path": "src/checkout.py"}]}`; `measures` is `error_rate`, `latency` or `resource`, `path` may be left
out. As Prometheus text: `backlog.sources.reports.exposition` says how.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from backlog.identity import item_id
from backlog.item import Kind
from backlog.source import Found, Report, SourceBroken, View
from backlog.sources.outcome import outcome
from backlog.sources.reports.artefacts import Part
from backlog.sources.reports.documents import Document
from backlog.sources.reports.exposition import readings
from backlog.sources.reports.places import repo_path
from backlog.sources.text import clean
from backlog.sources.valued import Worth

UNSTABLE = Worth("rule:error-rate", Kind.BUG, 8, 8, 8, 5)
SLOW = Worth("rule:latency", Kind.PERFORMANCE, 5, 5, 3, 5)
HUNGRY = Worth("rule:resource", Kind.PERFORMANCE, 5, 3, 3, 5)
LABELS = {"error_rate": "stability", "latency": "latency", "resource": "optimisation"}
LEAST = {"error_rate": 100, "latency": 30, "resource": 10}
FACTOR = {"error_rate": 2.0, "latency": 1.5, "resource": 1.5}
SIGMAS = 3.0


class Signal(BaseModel, frozen=True, extra="forbid"):
    name: str = Field(min_length=1, max_length=200)
    measures: Literal["error_rate", "latency", "resource"]
    current: float = Field(ge=0, allow_inf_nan=False)
    baseline: float = Field(ge=0, allow_inf_nan=False)
    n: int = Field(ge=0)
    """How many requests or samples `current` is made of."""
    window: str = Field(default="", max_length=60)
    path: str | None = None


class Signals:
    name = "signals"

    def parts(self, document: Document) -> Mapping[str, Any] | None:
        value = document.value
        rows = value.get("signals") if isinstance(value, dict) else readings(value) if isinstance(value, str) else None
        if not isinstance(rows, list):
            return None
        if not rows:
            raise SourceBroken("has no signal in it")
        try:
            return {"": [Signal.model_validate(row) for row in rows]}
        except ValidationError as error:
            first = error.errors()[0]
            raise SourceBroken(f"signals.{'.'.join(map(str, first['loc']))}: {first['msg']}") from None

    def report(self, name: str, parts: Sequence[Part], view: View) -> Report:
        signals = [signal for part in parts for signal in part.value]
        few = [s for s in signals if s.n < LEAST[s.measures]]
        gaps = [f"{len(few)} of {len(signals)} signals have too few samples to tell: {few[0].name}"] if few else []
        return outcome(name, (_found(s, view) for s in signals if worse(s)), view.files, gaps=gaps)


def worse(signal: Signal) -> bool:
    """By the table above."""
    if signal.n < LEAST[signal.measures] or signal.current < FACTOR[signal.measures] * signal.baseline:
        return False
    if signal.measures != "error_rate":
        return signal.current > 0
    rate = min(1.0, max(signal.baseline, 1 / signal.n))
    return signal.current - signal.baseline > SIGMAS * math.sqrt(rate * (1 - rate) / signal.n)


def _found(signal: Signal, view: View) -> Found:
    worth = {"error_rate": UNSTABLE, "latency": SLOW, "resource": HUNGRY}[signal.measures]
    named = repo_path(signal.path, str(view.root), view.files) if signal.path else None
    name, what = clean(signal.name, 120), signal.measures.replace("_", " ")
    window = f" in {clean(signal.window, 40)}" if signal.window else ""
    told = f"{signal.current:g} (baseline {signal.baseline:g}, n = {signal.n})"
    return Found(
        fingerprint=item_id(f"signals:{signal.measures}", "", signal.name, prefix=f"signal-{signal.measures}"),
        kind=worth.kind,
        title=f"Bring the {what} of {name} back: {told}",
        path=named if named in view.files else None,
        inputs=worth.inputs(),
        criteria=(f"The {what} of {name} is below {FACTOR[signal.measures]:g} times {signal.baseline:g} again.",),
        story=f"The {what} of {name}{window} is {told}.",
        labels=(LABELS[signal.measures],),
    )
