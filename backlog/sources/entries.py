"""One entry of a backlog file, in whatever words its author used, as a Found."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from backlog.estimate import estimated, size_of_hours
from backlog.identity import item_id, slug
from backlog.item import Inputs, Kind, Status, Trust
from backlog.source import Found, SourceBroken
from backlog.sources.text import clean
from backlog.sources.vocabulary import HOURS, KINDS, KNOWN_KEYS, NUMBERS, STATUSES, kind_key, plain, status_key


@dataclass(frozen=True, slots=True)
class Entry:
    """What the file says: fields by their own names, and the line where the entry begins."""

    fields: Mapping[str, Any]
    line: int
    ignored: list[str] = field(default_factory=list)
    """Filled with names of fields that mean nothing here."""


def found(entry: Entry, file: str) -> Found:
    """Raises SourceBroken, one line with file and line."""
    given = known_fields(entry, file)
    title = clean(_text(given, "title"), 300)
    if not title:
        raise _broken(entry, file, "the entry has no title")
    number, inputs = _name(given, title, file), _inputs(entry, given, file)
    trust: Trust = "untrusted" if _text(given, "trust") == "untrusted" else "member"
    status, reason = _status(entry, given, file)
    own = _text(given, "id")
    return Found(
        fingerprint=number,
        named=bool(own),
        kind=_kind(entry, given, title, file),
        title=title,
        path=clean(_text(given, "path"), 500) or None,
        line=_line(given.get("line")),
        inputs=estimated(inputs, f"{title} {_text(given, 'story')}", trust),
        trust=trust,
        criteria=_list(entry, given, "criteria", file),
        story=_text(given, "story")[:10_000],
        labels=(*_list(entry, given, "labels", file), *((f"id:{own}",) if own and own != number else ())),
        links=_list(entry, given, "links", file),
        depends_on=tuple(slug(d) for d in _list(entry, given, "depends_on", file) if slug(d)),
        security_notes=_text(given, "security_notes"),
        test_notes=_text(given, "test_notes"),
        hold=given.get("hold") is True,
        status=status,
        reason=reason,
        created_at=_moment(given.get("created_at")),
    )


def all_found(entries: Iterable[Entry], file: str) -> tuple[Found, ...]:
    """Of those without an id that read the same, the first. Raises SourceBroken also when two have the same id."""
    result: dict[str, Found] = {}
    for one in each_found(entries, file):
        result.setdefault(one.fingerprint, one)
    return tuple(result.values())


def each_found(entries: Iterable[Entry], file: str) -> list[Found]:
    """One for each entry. Raises SourceBroken also when two have the same id."""
    result: list[Found] = []
    lines: dict[str, int] = {}
    for entry in entries:
        one = found(entry, file)
        if one.fingerprint in lines and one.named:
            raise _broken(entry, file, f"id {one.fingerprint} is used in line {lines[one.fingerprint]} already")
        lines.setdefault(one.fingerprint, entry.line)
        result.append(one)
    return result


def known_fields(entry: Entry, file: str) -> dict[str, Any]:
    """What the entry says, by the names that this program has for it; others are noted in `ignored`.

    Raises SourceBroken.
    """
    given: dict[str, Any] = {}
    for name, value in entry.fields.items():
        key = plain(name)
        if key not in KNOWN_KEYS:
            entry.ignored.append(name)
        elif key in given and given[key] != value and key not in ("given_wsjf",):
            raise _broken(entry, file, f"{name} says again, and differently, what {key} is")
        elif value is not None:
            given[key] = value
    return given


def _name(given: Mapping[str, Any], title: str, file: str) -> str:
    return slug(_text(given, "id")) or item_id(file, "", title, prefix="md" if file.endswith("md") else "yml")


def _inputs(entry: Entry, given: Mapping[str, Any], file: str) -> Inputs:
    numbers: dict[str, int] = {}
    source: dict[str, str] = {}
    for name in NUMBERS:
        if name in given:
            numbers[name], source[name] = _number(entry, name, given[name], file), f"file:{file}"
    if "hours" in given and "size" not in numbers:
        hours = _hours(entry, given["hours"], file)
        numbers["size"], source["size"] = size_of_hours(hours), f"file:{file}, {hours:g} hours"
    for name in ("given_wsjf", "given_priority"):
        if name in given:
            source[name] = clean(str(given[name]), 40)
    return Inputs.model_validate({**numbers, "source": source})


def _number(entry: Entry, name: str, value: Any, file: str) -> int:
    text = str(value).strip().removesuffix("/10")
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,3}(?:\.0+)?", text, re.ASCII):
        raise _broken(entry, file, f"{name} must be a whole number from 1 to 13, not {clean(str(value), 40)!r}")
    number = int(float(text))
    if not 1 <= number <= 13:
        raise _broken(entry, file, f"{name} must be from 1 to 13, not {number}")
    return number


def _hours(entry: Entry, value: Any, file: str) -> float:
    match = HOURS.match(str(value))
    if match is None:
        raise _broken(entry, file, f"hours must be a number, not {clean(str(value), 40)!r}")
    return float(match[1])


def _kind(entry: Entry, given: Mapping[str, Any], title: str, file: str) -> Kind:
    text = str(given.get("kind", "")).strip().lower()
    key = kind_key(text)
    if not key:
        return Kind.FEATURE
    if key in KINDS:
        return KINDS[key]
    try:
        return Kind(key)
    except ValueError:
        known = [*KINDS, *(k.value for k in Kind)]
        raise _broken(entry, file, _unknown("type", text, key, known)) from None


def _status(entry: Entry, given: Mapping[str, Any], file: str) -> tuple[Status | None, str]:
    """The status and its reason; open work that names a blocker is BLOCKED."""
    reason = clean(_text(given, "reason"), 500)
    if "status" not in given:
        return (Status.BLOCKED, reason) if reason else (None, "")
    text = status_key(str(given["status"]))
    if text not in STATUSES and text not in Status.__members__:
        raise _broken(entry, file, _unknown("status", text, text, [*STATUSES, *Status.__members__]))
    status = STATUSES.get(text) or Status[text]
    if reason and status in (Status.NEW, Status.REFINED, Status.READY):
        return Status.BLOCKED, reason
    return status, reason


def _list(entry: Entry, given: Mapping[str, Any], name: str, file: str) -> tuple[str, ...]:
    value = given.get(name, ())
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or any(isinstance(p, list | dict) for p in parts):
        raise _broken(entry, file, f"{name} must be a list of texts")
    return tuple(text for text in (clean(str(p), 1_000) for p in parts if p is not None) if text)


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name, "")
    return "" if isinstance(value, list | dict) else str(value).strip()


def _line(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 1 else None


def _moment(value: Any) -> datetime | None:
    """A date or time as written, in UTC when it names no zone; None when it is neither."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _unknown(what: str, shown: str, key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(known))}"
    return f"{what} {clean(shown, 40)!r} is not known: {hint}"


def _broken(entry: Entry, file: str, what: str) -> SourceBroken:
    return SourceBroken(f"{file}:{entry.line}: {what}")
