"""The record of one run: append-only, hash-chained JSON lines, and blobs by their hash.

Each line is `{"n", "at", "prev", ...event}`; `prev` is the sha256 of the line before. A line is written in one
system call before anything depends on it, so `kill -9` loses at most the step that was under way. A last line
that was cut off in the middle is dropped when the record is opened again.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from evidence.event import Answered, Event, Said
from model.replay import START, chained

E = TypeVar("E", bound=Event)
FIRST = "0" * 64
EVENTS = "events.jsonl"


@cache
def _event() -> TypeAdapter[Event]:
    return TypeAdapter(Event)


class RecordTaken(Exception):
    """Another process is writing this record."""


class RecordBroken(Exception):
    """The record was changed after it was written. Says at which line."""


class Record:
    """The record in one folder: `events.jsonl` and `blobs/`."""

    def __init__(
        self, folder: Path, now: Callable[[], datetime], heard: Callable[[Event], None] = lambda _event: None
    ) -> None:
        """`heard` is told every event once it is written: that is where progress on a terminal comes from."""
        self.folder = folder
        self._now = now
        self._heard = heard
        self._file = folder / EVENTS
        self._events: list[Event] = []
        self._by_key: dict[str, Event] = {}
        self._conversations: dict[str, list[dict[str, Any]]] = {}
        self._fingerprints: dict[str, str] = {}
        self.head = FIRST
        (folder / "blobs").mkdir(parents=True, exist_ok=True)
        self._out = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._out, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._load()
        except BlockingIOError:
            os.close(self._out)
            raise RecordTaken(f"{folder.name} is being worked by another process: nothing was done") from None
        except BaseException:
            os.close(self._out)
            raise

    def close(self) -> None:
        os.close(self._out)

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(self._events)

    def messages(self, conversation: str) -> list[dict[str, Any]]:
        """The conversation so far, in wire form. Do not change it."""
        return self._conversations.setdefault(conversation, [])

    def fingerprint(self, conversation: str) -> str:
        """Names the whole conversation so far."""
        return self._fingerprints.get(conversation, START)

    def once(self, key: str, make: Callable[[], E]) -> E:
        """The event of that key; only when there is none yet is it made, and then recorded."""
        known = self._by_key.get(key)
        if known is None:
            known = self._append(make().model_copy(update={"key": key}))
        return known  # type: ignore[return-value]  # a key is only ever used with one kind of event

    def say(self, conversation: str, index: int, message: dict[str, Any]) -> int:
        """Make `message` number `index` of the conversation (once) and give the next free index."""
        self.once(f"{conversation}:{index}", lambda: Said(conversation=conversation, message=message))
        return index + 1

    def keep(self, data: bytes) -> str:
        """Store a blob; its name is its sha256."""
        name = hashlib.sha256(data).hexdigest()
        path = self.folder / "blobs" / name
        if not path.exists():
            part = path.with_suffix(".part")
            part.write_bytes(data)
            part.replace(path)
        return name

    def blob(self, name: str) -> bytes:
        return (self.folder / "blobs" / name).read_bytes()

    def _append(self, event: E) -> E:
        body = {"n": len(self._events), "at": self._now().isoformat(), "prev": self.head}
        line = json.dumps(body | event.model_dump(mode="json"), separators=(",", ":")).encode() + b"\n"
        if os.write(self._out, line) != len(line):
            raise OSError(
                errno.ENOSPC, "the record could not be written whole: make room, then resume", str(self._file)
            )
        self.head = hashlib.sha256(line).hexdigest()
        self._take(event)
        self._heard(event)
        return event

    def _take(self, event: Event) -> None:
        self._events.append(event)
        if event.key:
            self._by_key[event.key] = event
        if isinstance(event, Said):
            self._add(event.conversation, event.message)
        elif isinstance(event, Answered):
            self._add(event.conversation, event.turn.message())

    def _add(self, conversation: str, message: dict[str, Any]) -> None:
        self.messages(conversation).append(message)
        self._fingerprints[conversation] = chained(self.fingerprint(conversation), message)

    def _load(self) -> None:
        if not self._file.exists():
            return
        good = 0
        for line, event, head in read_chain(self._file):
            good += len(line)
            self.head = head
            self._take(event)
        if good != self._file.stat().st_size:
            os.truncate(self._file, good)


def read_chain(file: Path) -> Iterator[tuple[bytes, Event, str]]:
    """Each whole line with its event and the chain's head after it. Raises RecordBroken.

    Only a last line without its line break may be missing: that is what a kill in mid-write leaves.
    """
    head = FIRST
    lines = file.read_bytes().splitlines(keepends=True)
    for number, line in enumerate(lines, 1):
        if not line.endswith(b"\n"):
            if number < len(lines):
                raise RecordBroken(f"{file}: line {number} is not a record line: it holds a line break of another kind")
            return
        before, place, event = _read(file, number, line)
        if place != number - 1:
            raise RecordBroken(f"{file}: line {number} is numbered {place + 1}: lines were removed, added or moved")
        if before != head:
            changed = _changed(lines, number)
            raise RecordBroken(f"{file}: line {changed} was changed: line {number} does not follow line {number - 1}")
        head = hashlib.sha256(line).hexdigest()
        yield line, event, head


def _read(file: Path, number: int, line: bytes) -> tuple[str, int, Event]:
    """What the line says is before it, its place, and its event."""
    try:
        body = json.loads(line)
        before, place, _at = str(body.pop("prev")), int(body.pop("n")), datetime.fromisoformat(body.pop("at"))
        event = _event().validate_python(body)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RecordBroken(f"{file}: line {number} is not a record line: {_first(error)}") from error
    return before, place, event


def _first(error: Exception) -> str:
    """What is wrong, in one line."""
    return " ".join(str(error).split())[:150]


def _changed(lines: list[bytes], number: int) -> int:
    """Which line was changed, when `number` does not follow the one before it.

    Where the next line still names this one, this one is as it was written, so the one before it is not.
    """
    if number == 1:
        return 1
    named = hashlib.sha256(lines[number - 1]).hexdigest().encode()
    is_last = number == len(lines)
    return number - 1 if is_last or named in lines[number] else number
