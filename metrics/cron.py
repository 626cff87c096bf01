"""When does a cron expression come true next? The five fields that crontab and CI services share, in UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
NAMES: Mapping[str, int] = {
    name: number
    for names in ("sun mon tue wed thu fri sat", "- jan feb mar apr may jun jul aug sep oct nov dec")
    for number, name in enumerate(names.split())
}
HORIZON_DAYS = 4 * 366


def next_time(expression: str, after: datetime) -> datetime | None:
    """The first minute after `after` that fits; None when the expression can not be read or nothing fits in four
    years."""
    words = expression.split()
    if len(words) != len(FIELDS):
        return None
    fields = [_numbers(word, low, high) for word, (low, high) in zip(words, FIELDS, strict=True)]
    if any(field is None for field in fields):
        return None
    minutes, hours, days, months, weekdays = (field or frozenset() for field in fields)
    begin = after.replace(second=0, microsecond=0) + timedelta(minutes=1)
    for number in range(HORIZON_DAYS):
        day = begin.replace(hour=0, minute=0) + timedelta(days=number)
        if day.month in months and _on_day(day, days, weekdays, words):
            found = _in_day(day, hours, minutes, begin)
            if found is not None:
                return found
    return None


def _in_day(day: datetime, hours: frozenset[int], minutes: frozenset[int], begin: datetime) -> datetime | None:
    times = (day.replace(hour=hour, minute=minute) for hour in sorted(hours) for minute in sorted(minutes))
    return next((time for time in times if time >= begin), None)


def _on_day(day: datetime, days: frozenset[int], weekdays: frozenset[int], words: Sequence[str]) -> bool:
    """As cron has it: when both are given, either will do."""
    by_date, by_week = day.day in days, day.isoweekday() % 7 in weekdays
    if words[2].startswith("*") or words[4].startswith("*"):
        return by_date and by_week
    return by_date or by_week


def _numbers(word: str, low: int, high: int) -> frozenset[int] | None:
    found: set[int] = set()
    for part in word.lower().split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        begin = low if span == "*" else _number(first)
        end = high if span == "*" or (step and not dash) else _number(last) if dash else begin
        width = _number(step) if step else 1
        if begin is None or end is None or not width or not low <= begin <= end <= high:
            return None
        found |= set(range(begin, end + 1, width))
    return frozenset(n % 7 for n in found) if high == 7 else frozenset(found)


def _number(word: str) -> int | None:
    return int(word) if word.isdecimal() and word.isascii() and len(word) <= 3 else NAMES.get(word)
