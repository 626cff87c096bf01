"""A small suite whose cases end in every way there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evals.suite import Ground, Skipped, Suite, Trial


def play(name: str, ground: Ground) -> object:
    (ground.folder / "trace").write_text(name)
    if name == "absent":
        raise Skipped("the server is not here")
    if name == "broken":
        raise ValueError("no such thing")
    return {"name": name, "model": ground.flags.get("model")}


def judge(name: str, result: Any) -> Trial:
    return Trial(name, ok=name != "bad", detail=f"it was {name} with {result['model']}", facts={"letters": len(name)})


def headline(trials: Sequence[Trial]) -> dict[str, Any]:
    return {"bad": sum(t.failed for t in trials)}


def passes(figures: Mapping[str, Any]) -> bool:
    return bool(figures["bad"] == 0)


def suite(*names: str) -> Suite:
    return Suite(
        name="small", about="Small.", names=lambda: names, play=play, judge=judge, headline=headline, passes=passes
    )
