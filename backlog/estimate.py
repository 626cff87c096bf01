"""What is an item worth when nobody said? From its words, for text of members only."""

from __future__ import annotations

import re
from collections.abc import Mapping

from backlog.item import Inputs, Trust

WORDS: Mapping[int, tuple[str, ...]] = {
    8: ("security", "vulnerability", "vulnerable", "critical", "crash", "crashes", "performance"),
    5: ("bug", "error", "fix", "improvement"),
    3: ("documentation", "cleanup"),
}
HOURS = ((1.0, 1), (2.0, 2), (4.0, 3), (8.0, 5), (16.0, 8))
"""Up to so many hours is that size; more is 13."""
BIGGEST = 13


def estimated(inputs: Inputs, text: str, trust: Trust) -> Inputs:
    """The inputs with `value` from the strongest whole word of `text`, where that is more than is there.

    A value that a person or label gave stays, and so does everything when the text is not a member's.
    """
    given = inputs.source.get("value", "default")
    if trust == "untrusted" or given.partition(":")[0] in ("person", "label", "file"):
        return inputs
    value, word = strongest(text)
    if value <= inputs.value:
        return inputs
    return inputs.model_copy(update={"value": value, "source": {**inputs.source, "value": f"keyword:{word}"}})


def strongest(text: str) -> tuple[int, str]:
    """(value, word); (0, "") when no word is known."""
    words = set(re.findall(r"[a-z]+", text.lower()))
    for value, known in WORDS.items():
        for word in known:
            if word in words:
                return value, word
    return 0, ""


def size_of_hours(hours: float) -> int:
    return next((size for limit, size in HOURS if hours <= limit), BIGGEST)
