"""What is an item worth, and how big is it, when nobody said? Its worth from its words, for text of members only; its
size from what items like it took, where enough of them were delivered."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple

from backlog.calibration.sizes import TABLES, size_by
from backlog.item import Inputs, Trust
from backlog.scoring import FIBONACCI
from backlog.worth import HISTORY

WORDS: Mapping[int, tuple[str, ...]] = {
    8: ("security", "vulnerability", "vulnerable", "critical", "crash", "crashes", "performance"),
    5: ("bug", "error", "fix", "improvement"),
    3: ("documentation", "cleanup"),
}
FEWEST_DELIVERED = 8
"""Fewer delivered items than that are no history."""


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


class Delivered(NamedTuple):
    """One delivered item, and the size it turned out to have."""

    kind: str
    source: str
    size: float


def size_from_history(kind: str, source: str, delivered: Sequence[Delivered]) -> tuple[int, str] | None:
    """The median size of what was delivered of this kind from this source, else of this kind, as a step of the scale,
    and where it comes from. None where that are fewer than FEWEST_DELIVERED."""
    alike = [d.size for d in delivered if (d.kind, d.source) == (kind, source)]
    of_kind = [d.size for d in delivered if d.kind == kind]
    for sizes, what in ((alike, f"{kind} items from {source}"), (of_kind, f"{kind} items")):
        if kind and len(sizes) >= FEWEST_DELIVERED:
            return nearest_step(median(sizes)), f"{HISTORY}: median of n={len(sizes)} delivered {what}"
    return None


def nearest_step(size: float) -> int:
    """In the proportion: 4 is nearer to 5 than to 3. The smaller of two that are as near."""
    return min(FIBONACCI, key=lambda step: (abs(math.log(step / size)), step))


def size_of_hours(hours: float) -> int:
    """By the table of hours in `backlog.calibration.sizes`."""
    return size_by(TABLES["hours"], hours)
