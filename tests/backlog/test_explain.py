"""An explanation shows every number with its source."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import datetime, timedelta

from backlog.explain import Why, explain, explain_lines
from backlog.item import Inputs, Item
from backlog.readiness import why_not_ready
from backlog.score import PRESETS, Scoring, score

Make = Callable[..., Item]


def test_the_lines_show_terms_threshold_and_readiness(item: Make, noon: datetime) -> None:
    inputs = Inputs(value=5, time_criticality=3, risk_reduction=4, size=2, source={"value": "person"})
    asked = item(kind="security", inputs=inputs, hold=True)
    now = noon + timedelta(days=5)
    scored = score(asked, Scoring(), now)
    lines = explain_lines(Why(scored, Scoring(), why_not_ready(asked, {}, Scoring(), now)))
    assert lines == [
        "score 12.6 = base 6 × boost 1.5 × aging 1.4   (critical)",
        "  value                    5  from person; times 1",
        "  time_criticality         3  from default; times 1",
        "  risk_reduction           4  from default; times 1",
        "  size                     2  from default; divides the sum",
        "  base                     6  from computed; (value + time_criticality + risk_reduction) / size, weighted",
        "  boost                  1.5  from security; max of the boosts, at most 2.5",
        "  aging                  1.4  from 5 days old; 1 + 0.1 for each day after 1, at most 2",
        "threshold 1 on the aged score: reached",
        "ready: no, on hold: a person wants it left alone",
        "note: risk_reduction 4 is not on the scale 1-2-3-5-8-13; it is scored as given",
    ]


def test_a_score_that_the_source_gave_is_shown_and_not_used(item: Make, noon: datetime) -> None:
    asked = item(inputs=Inputs(source={"given_wsjf": "5.8"}))
    scored = score(asked, Scoring(), noon)
    assert "note: its source gave wsjf 5.8; kept, not used" in explain_lines(Why(scored, Scoring(), None))


def test_the_data_is_json_and_its_factors_multiply_to_the_score(item: Make, noon: datetime) -> None:
    for scoring in PRESETS.values():
        asked = item(kind="security")
        data = json.loads(json.dumps(explain(Why(score(asked, scoring, noon), scoring, None))))
        product = math.prod(t["value"] for t in data["terms"] if t["role"] == "factor")
        assert round(product, 4) == data["score"]
        assert data["ready"] is True
