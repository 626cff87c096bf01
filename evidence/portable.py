"""The part of a run's record that its evidence names, in a form that can be handed on and checked by anyone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from evidence.event import Event, Judged, Started
from evidence.record import EVENTS, RecordBroken, read_chain
from evidence.statement import Statement

BLOBS = "blobs"


def portable(folder: Path, head: str) -> dict[str, bytes]:
    """The lines up to the one whose hash is `head`, and the blobs they name. Raises RecordBroken."""
    lines, events = _until(folder / EVENTS, head)
    blobs = {f"{BLOBS}/{name}": (folder / BLOBS / name).read_bytes() for name in _named(events)}
    return {EVENTS: b"".join(lines), **blobs}


def record_fault(folder: Path, said: Statement, *, whole: bool) -> str:
    """Why the record in `folder` is not the one behind the statement; empty when it is.

    `whole`: the folder holds just the portable part, so nothing else may be there.
    """
    try:
        lines, events = _until(folder / EVENTS, said.record_head)
        blobs = {name: (folder / BLOBS / name).read_bytes() for name in _named(events)}
    except RecordBroken as error:
        return str(error)
    except (OSError, UnicodeDecodeError) as error:
        return f"the record can not be read: {error}"
    for name, data in blobs.items():
        if hashlib.sha256(data).hexdigest() != name:
            return f"the record's blob {name[:12]} is not the one of that name"
    if whole and (more := _more(folder, lines, blobs)):
        return more
    return _other(events, said)


def _until(file: Path, head: str) -> tuple[list[bytes], list[Event]]:
    """All lines are read, so that a change after the head shows as well."""
    lines: list[bytes] = []
    events: list[Event] = []
    found = False
    for line, event, now in read_chain(file):
        if not found:
            lines.append(line)
            events.append(event)
        found = found or now == head
    if not found:
        raise RecordBroken(
            f"{file}: no line has the hash that the evidence names: it is another record, or was changed"
        )
    return lines, events


def _named(events: Iterable[Event]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(e.proof for e in events if isinstance(e, Judged) and e.proof))


def _more(folder: Path, lines: Sequence[bytes], blobs: Iterable[str]) -> str:
    if (folder / EVENTS).read_bytes() != b"".join(lines):
        return "the record goes on after the line that the evidence names"
    known = {EVENTS, *(f"{BLOBS}/{name}" for name in blobs)}
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}
    return f"{min(found - known)} does not belong to the record" if found - known else ""


def _other(events: Sequence[Event], said: Statement) -> str:
    """What the record tells otherwise than the statement."""
    started = next((e for e in events if isinstance(e, Started)), None)
    if started is None:
        return "the record has no beginning"
    facts = {
        "base": (started.base, said.base),
        "base_tree": (started.base_tree, said.base_tree),
        "model": (started.model, said.model),
        "isolation": (started.isolation, said.isolation),
        "versions": (started.versions, said.versions),
        "item": ({key: started.item.get(key) for key in said.item}, said.item),
        "result_tree": (_accepted(events, "validate", said.result_tree), said.result_tree),
        "red_tree": (_accepted(events, "red", said.red_tree), said.red_tree),
    }
    wrong = [name for name, (recorded, stated) in facts.items() if recorded != stated]
    if wrong:
        return f"the record has another {wrong[0]} than the evidence"
    kept = {e.proof for e in events if isinstance(e, Judged) and e.passed}
    strange = [p for p, text in said.proofs.items() if hashlib.sha256(text.encode()).hexdigest() not in kept]
    return f"the record has another proof of {strange[0]} than the evidence" if strange else ""


def _accepted(events: Sequence[Event], phase: str, missing: str) -> str:
    """The tree that the phase's gate accepted last; `missing` where the way had no such gate."""
    trees = [e.tree for e in events if isinstance(e, Judged) and e.phase == phase and e.passed]
    return trees[-1] if trees else missing
