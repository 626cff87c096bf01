"""What in a change makes one look twice, and the sentence for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from checks.reason import Reason

Severity = Literal["refuse", "ask"]


@dataclass(frozen=True, slots=True)
class Found:
    path: str
    line: int
    """1-based; 1 where the file as a whole is meant."""
    code: str
    """`watched`, `looks_at_caller`, `always_equal` or `hidden_code`."""
    what: str
    """What it does, as the end of a sentence."""
    severity: Severity
    """`refuse` has no honest use in product code; `ask` is for a person to look at."""
    snippet: str = ""


def judge_watched(found: Iterable[Found], severity: Severity | None = None) -> tuple[Reason, ...]:
    """A reason for each, or only for those of one severity."""
    return tuple(_reasons(one for one in found if severity in (None, one.severity)))


def _reasons(found: Iterable[Found]) -> Iterator[Reason]:
    for one in found:
        todo = "take it out" if one.severity == "refuse" else "a person must look at it"
        shown = f" (`{one.snippet[:120]}`)" if one.snippet else ""
        yield Reason(one.code, f"{one.path}:{one.line} {one.what}{shown}: {todo}")
