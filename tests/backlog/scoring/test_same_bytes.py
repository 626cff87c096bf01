"""The same backlog gives the same bytes: in any order of the question and under any hash seed."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from app.listing import row
from backlog.counterfactual import would_be_first
from backlog.explain import Stands, Why, explain, explain_lines
from backlog.focus import focused
from backlog.item import Kind
from backlog.score import Scoring, key_of, rank
from backlog.scoring import PRESETS
from tests.backlog.conftest import NOON, make_item

ROOT = Path(__file__).parents[3]
LABELS = ("compliance", "security", "x")
SCORINGS = [*PRESETS.values(), focused(Scoring(), "security"), focused(PRESETS["seed004"], "debt")]


def told(seed: int) -> str:
    """Digest of the ranking and of every explanation, under every scoring, asked in an order of the seed."""
    items = [
        make_item(
            id=f"i-{n}", kind=kind, value=n % 13 + 1, size=n % 5 + 1, labels=("compliance", "security", "x")[: n % 4]
        )
        for n, kind in enumerate([*Kind, *Kind])
    ]
    random.Random(seed).shuffle(items)
    now, said = NOON + timedelta(days=4), hashlib.sha256()
    for scoring in SCORINGS:
        ranked = rank(items, scoring, now)
        for place, scored in enumerate(ranked, 1):
            other = ranked[0] if place > 1 else ranked[1]
            changes = would_be_first(scored.item, scoring, now, key_of(other, scoring, now))
            stands = Stands(place, len(ranked), changes)
            said.update(json.dumps(row(scored)).encode())
            said.update(json.dumps(explain(Why(scored, scoring, None, stands))).encode())
            said.update("\n".join(explain_lines(Why(scored, scoring, None, stands))).encode())
        said.update(scoring.digest.encode())
    return said.hexdigest()


def test_the_order_of_the_question_does_not_show() -> None:
    assert len({told(seed) for seed in range(5)}) == 1


def test_the_hash_seed_does_not_show() -> None:
    script = f"from tests.backlog.scoring.{Path(__file__).stem} import told; print(told(0))"
    said = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("0", "1", "4242")
    }
    assert said == {told(3)}
