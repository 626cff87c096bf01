"""When were the notes written? Asked of the past file by file, within a time limit, and remembered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from backlog.source import Kept, Past

KEPT = "marker-ages"
AT_ONCE = 2
MOST = 200_000
"""Lines whose age is kept."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of a file of which the age is asked, and git's id of its content."""

    path: str
    oid: str
    lines: Sequence[int]


@dataclass(frozen=True, slots=True)
class Ages:
    """By path and line. Lines that git knows nothing of are not there."""

    born: Mapping[tuple[str, int], datetime]
    waiting: int = 0
    """Lines that there was no time for."""


def ages(asked: Sequence[Lines], past: Past, kept: Kept | None, seconds: float, tick: Callable[[], float]) -> Ages:
    """What is not known yet is looked up as long as `seconds` allow, a file at a time; the next time goes on there."""
    known = _restored(kept.load(KEPT) if kept else None)
    unknown = [one for one in asked if any(_key(one, line) not in known for line in one.lines)]
    end = tick() + seconds

    def born(one: Lines) -> dict[str, int | None] | None:
        if tick() >= end:
            return None
        told = past.births(one.path, one.lines)
        return {_key(one, line): _seconds(told.get(line)) for line in one.lines}

    fresh: dict[str, int | None] = {}
    if unknown and seconds > 0:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for answer in pool.map(born, unknown):
                fresh |= answer or {}
    if fresh and kept:
        needed = {_key(one, line): known.get(_key(one, line)) for one in asked for line in one.lines}
        kept.save(KEPT, _stored((known if len(known) < MOST else {k: v for k, v in needed.items() if v}) | fresh))
    known |= fresh
    found = {
        (one.path, line): datetime.fromtimestamp(at, UTC)
        for one in asked
        for line in one.lines
        if (at := known.get(_key(one, line))) is not None
    }
    return Ages(found, sum(_key(one, line) not in known for one in asked for line in one.lines))


def _key(one: Lines, line: int) -> str:
    return f"{one.path}\0{one.oid}\0{line}"


def _seconds(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())


def _stored(known: Mapping[str, int | None]) -> bytes:
    body = json.dumps(known, separators=(",", ":")).encode()
    return hashlib.sha256(body).hexdigest().encode() + body


def _restored(data: bytes | None) -> dict[str, int | None]:
    """Nothing when it is damaged: the ages are looked up again."""
    if data is None or hashlib.sha256(data[64:]).hexdigest().encode() != data[:64]:
        return {}
    try:
        told = json.loads(data[64:])
    except ValueError:
        return {}
    return {key: at for key, at in told.items() if at is None or isinstance(at, int)} if isinstance(told, dict) else {}
