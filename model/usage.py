"""What one answer cost: as the server says, where that can be true; else counted here.

Budgets hold by these figures, so a server that says nothing, or nonsense, must not make an answer free.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from model.port import Turn, Usage
from model.tokens import count

TEMPLATE_TOKENS = 10_000
"""What a server may add to what it is sent; beyond that a token is at least one byte."""
THOUGHT_TOKENS = 1_000_000
"""No answer is longer, hidden thoughts included."""


def usage(said: object, turn: Turn, asked: bytes, vocabulary: Path | None) -> Usage:
    """`said` is the answer's own `usage`, `asked` the request as sent."""
    told = said if isinstance(said, Mapping) else {}
    prompt, completion = _whole(told.get("prompt_tokens")), _whole(told.get("completion_tokens"))
    if 0 < prompt <= len(asked) + TEMPLATE_TOKENS and 0 <= completion <= THOUGHT_TOKENS:
        return Usage(prompt=prompt, completion=completion, cached=min(prompt, max(0, _cached(told))))
    answered = turn.text + "".join(call.name + call.arguments for call in turn.calls)
    return Usage(
        prompt=count(asked.decode("utf-8", "replace"), vocabulary),
        completion=count(answered, vocabulary),
        estimated=True,
    )


def _cached(told: Mapping[str, object]) -> int:
    details = told.get("prompt_tokens_details")
    return _whole(details.get("cached_tokens")) if isinstance(details, Mapping) else 0


def _whole(number: object) -> int:
    """-1 for what is no whole number."""
    return number if isinstance(number, int) and not isinstance(number, bool) else -1
