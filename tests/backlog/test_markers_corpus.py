"""How right the scanner is on hits that people labelled; `markers/README.md` says how."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from evals.marker_corpus import hit_in

HERE = Path(__file__).parent / "markers"
Hit = dict[str, Any]


@cache
def corpus() -> tuple[Hit, ...]:
    return tuple(json.loads(line) for line in (HERE / "corpus.jsonl").read_text().splitlines())


def seen(hit: Hit) -> bool:
    return hit_in(hit["path"], hit["excerpt"].encode() + b"\n" * hit.get("pad", 0), hit["at"])


def name(hit: Hit) -> str:
    return f"{hit['project']} {hit['path']}:{hit['line']}"


@cache
def judged() -> dict[str, Counter[tuple[str, bool]]]:
    """By set: how often each label was seen, and not seen."""
    counts: dict[str, Counter[tuple[str, bool]]] = {}
    for hit in corpus():
        counts.setdefault(hit["set"], Counter())[hit["label"], seen(hit)] += 1
    return counts


def precision(count: Counter[tuple[str, bool]]) -> float:
    return count["yes", True] / (count["yes", True] + count["no", True])


def recall(count: Counter[tuple[str, bool]]) -> float:
    return count["yes", True] / (count["yes", True] + count["yes", False])


def test_the_corpus_is_as_large_and_as_wide_as_it_is_said_to_be() -> None:
    tuned = [hit for hit in corpus() if hit["set"] == "tune"]
    languages = Counter(hit["language"] for hit in tuned)
    assert len(tuned) >= 400
    assert len({hit["project"] for hit in tuned}) >= 6
    assert sum(count >= 19 for count in languages.values()) >= 8
    assert sum(hit["set"] == "last" for hit in corpus()) >= 150
    assert not {h["project"] for h in tuned} & {h["project"] for h in corpus() if h["set"] == "last"}


@pytest.mark.parametrize(
    ("part", "exact", "complete"),
    [
        ("tune", 0.97, 0.99),
        ("held", 0.97, 0.99),
        ("fresh", 0.97, 0.99),
        ("last", 0.97, 0.98),
        ("next", 0.98, 0.98),
        ("again", 0.965, 0.99),
        ("anew", 0.95, 0.97),
    ],
)
def test_notes_are_found_and_nothing_else(part: str, exact: float, complete: float) -> None:
    count = judged()[part]
    assert precision(count) >= exact, count
    assert recall(count) >= complete, count


def test_the_hits_that_are_judged_wrongly_are_these() -> None:
    wrong = {name(hit) for hit in corpus() if hit["label"] != "unsure" and (hit["label"] == "yes") != seen(hit)}
    assert wrong == set((HERE / "wrong.txt").read_text().splitlines())


def test_what_nobody_was_sure_of_has_a_reason() -> None:
    assert all(hit.get("reason") for hit in corpus() if hit["label"] != "yes")
