"""What a server saw of one contender, and what follows from it. All times in ns of one monotonic clock."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

MS = 1_000_000


@dataclass(frozen=True)
class Exchange:
    """One request and its answer."""

    arrived: int
    """The request's first line had been read."""
    sent: int
    """The answer, ready and whole, was about to be handed to the kernel."""
    body: bytes
    """The request's body, as it came."""


@dataclass(frozen=True)
class Worked:
    """One process from its start to its end, with all it asked."""

    started: int
    ended: int
    exchanges: Sequence[Exchange]

    @property
    def first_ms(self) -> float:
        """From the start of the process to its first request."""
        return (self.exchanges[0].arrived - self.started) / MS

    @property
    def gaps_ms(self) -> list[float]:
        """From each answer to the next request: what one step cost, its command included."""
        return [(b.arrived - a.sent) / MS for a, b in pairwise(self.exchanges)]

    @property
    def exit_ms(self) -> float:
        """From the last answer to the end of the process."""
        return (self.ended - self.exchanges[-1].sent) / MS

    @property
    def sizes(self) -> list[int]:
        """Bytes of each request."""
        return [len(exchange.body) for exchange in self.exchanges]

    @property
    def growth(self) -> list[int]:
        return [b - a for a, b in pairwise(self.sizes)]


def prefix_shares(bodies: Iterable[bytes]) -> list[float]:
    """For each request that its conversation goes on after: how much of it the next one repeats, in per cent.

    What a provider's cache sees is compared: the tools, then the messages in order, each as serialised JSON.
    A conversation is known by its system message.
    """
    last: dict[bytes, bytes] = {}
    shares = []
    for body in bodies:
        request = json.loads(body)
        whole = prompt(request)
        opening = serialised(request["messages"][0])
        if opening in last:
            before = last[opening]
            shares.append(100 * shared(before, whole) / len(before))
        last[opening] = whole
    return shares


def prompt(request: dict[str, Any]) -> bytes:
    """A request's tools and messages, one a line."""
    return b"\n".join(serialised(part) for part in [request.get("tools", []), *request["messages"]])


def serialised(part: Any) -> bytes:
    return json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode()


def shared(a: bytes, b: bytes) -> int:
    """Bytes that both begin with."""
    if b.startswith(a):
        return len(a)
    return next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
