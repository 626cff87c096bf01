"""Moments as they are kept: in UTC, as text that sorts by time, or in whole microseconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def utc(moment: datetime) -> datetime:
    """One that names no zone is taken for UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def stamp(moment: datetime) -> str:
    return utc(moment).isoformat(timespec="microseconds")


def microseconds(moment: datetime) -> int:
    """Since 1970, exactly."""
    return (utc(moment) - EPOCH) // timedelta(microseconds=1)


def moment_of(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)
