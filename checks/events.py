"""Reads back the sealed report of a test run: what the reporter itself wrote, and if someone else did."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Events:
    """`forged` is True when a complete line does not carry the seal: the events before it are still ours."""

    lines: tuple[dict[str, Any], ...]
    forged: bool = False


def read_events(data: bytes, key: bytes) -> Events:
    """The events in order. A last line without its end (the process died writing it) is left out."""
    events: list[dict[str, Any]] = []
    seal = ""
    for line in data.split(b"\n")[:-1]:
        claimed, _, body = line.partition(b" ")
        seal = hmac.new(key, seal.encode() + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(claimed, seal.encode()):
            return Events(tuple(events), forged=True)
        events.append(json.loads(body))
    return Events(tuple(events))
