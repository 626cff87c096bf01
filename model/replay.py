"""The recorded turns of an earlier run, given again; the first difference is reported, not papered over."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence

from model.port import Message, ToolSpec, Turn

START = ""
_VOLATILE = re.compile(r"\b\d+(?:\.\d+)?\s?(?:s|ms|seconds?)\b|0x[0-9a-f]+")


class Diverged(Exception):
    """The conversation is not the recorded one any more. Says at which request, and how."""


def chained(before: str, message: Message) -> str:
    """The fingerprint of a conversation, given that of all its messages but the last.

    Durations and addresses are left out: they differ between two runs that are otherwise the same.
    """
    canonical = json.dumps(message, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256((before + steadied(canonical)).encode()).hexdigest()


def steadied(text: str) -> str:
    """Without durations and addresses."""
    return _VOLATILE.sub("#", text)


class Replay:
    """Plays `turns` back, each only to the conversation it once answered."""

    def __init__(self, turns: Sequence[tuple[str, Turn]], name: str = "replay") -> None:
        """`turns`: for each request the fingerprint of the conversation that was asked, and the answer."""
        self.name = name
        self._turns = list(turns)
        self._at = 0

    def complete(self, messages: Sequence[Message], tools: Sequence[ToolSpec]) -> Turn:
        if self._at >= len(self._turns):
            raise Diverged(f"request {self._at + 1}: the recorded run had only {len(self._turns)} requests")
        asked, turn = self._turns[self._at]
        self._at += 1
        if asked != _fingerprint(messages):
            end = str(messages[-1].get("content") or "")[:300]
            raise Diverged(f"request {self._at}: the conversation differs from the recorded one; it ends: {end!r}")
        return turn


def _fingerprint(messages: Sequence[Message]) -> str:
    print_ = START
    for message in messages:
        print_ = chained(print_, message)
    return print_
