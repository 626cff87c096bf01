"""Every calibration that was computed, which one is in force, and the way back. A new one changes no rank before it is
adopted: until then it is a shadow beside the one in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import RowMapping, insert, select, update

from backlog.calibration.result import Calibration
from backlog.moments import stamp
from backlog.scoring import Sizes
from backlog.store import Backlog
from backlog.tables import CALIBRATIONS

State = Literal["shadow", "in force", "retired", "unchanged"]


class CalibrationUnknown(Exception):
    """No calibration has this version, or it changes nothing; the message says which can be adopted."""


@dataclass(frozen=True, slots=True)
class Kept:
    version: int
    at: datetime
    period: str
    """Calendar week or month it was computed for, or nothing."""
    state: State
    calibration: Calibration


def in_force(backlog: Backlog) -> Sizes:
    """What sizes are multiplied by now; version 0 when nothing was adopted."""
    query = (
        select(CALIBRATIONS)
        .where(CALIBRATIONS.c.adopted_at.is_not(None), CALIBRATIONS.c.reverted_at.is_(None))
        .order_by(CALIBRATIONS.c.adopted_at.desc(), CALIBRATIONS.c.version.desc())
        .limit(1)
    )
    with backlog.reading() as connection:
        row = connection.execute(query).mappings().first()
    return sizes_of(row["version"], _calibration(row)) if row else Sizes()


def sizes_of(version: int, calibration: Calibration) -> Sizes:
    return Sizes(version=version, factors=calibration.factors)


def kept(backlog: Backlog) -> list[Kept]:
    """Oldest first."""
    now = in_force(backlog).version
    with backlog.reading() as connection:
        rows = connection.execute(select(CALIBRATIONS).order_by(CALIBRATIONS.c.version)).mappings().all()
    return [
        Kept(r["version"], datetime.fromisoformat(r["at"]), r["period"], _state(r, now), _calibration(r)) for r in rows
    ]


def keep(backlog: Backlog, calibration: Calibration, period: str, now: datetime) -> int:
    """Store it, in force of nothing; its version."""
    with backlog.writing() as connection:
        made = connection.execute(
            insert(CALIBRATIONS).values(
                at=stamp(now), period=period, changed=calibration.changes, body=calibration.model_dump_json()
            )
        )
        assert made.inserted_primary_key is not None
        version: int = made.inserted_primary_key[0]
    return version


def adopt(backlog: Backlog, version: int, now: datetime) -> None:
    """Put it in force. Raises CalibrationUnknown."""
    known = {k.version: k for k in kept(backlog)}
    found = known.get(version)
    if found is None or not found.calibration.changes:
        others = ", ".join(str(k.version) for k in known.values() if k.calibration.changes) or "none yet"
        what = "does not exist" if found is None else "changes nothing"
        raise CalibrationUnknown(f"calibration {version} {what}: can be adopted: {others}")
    with backlog.writing() as connection:
        connection.execute(
            update(CALIBRATIONS)
            .where(CALIBRATIONS.c.version == version)
            .values(adopted_at=stamp(now), reverted_at=None)
        )


def revert(backlog: Backlog, now: datetime) -> tuple[int, int]:
    """Take the one in force out of force: (its version, the version in force now). Raises CalibrationUnknown."""
    was = in_force(backlog).version
    if not was:
        raise CalibrationUnknown("no calibration is in force: there is nothing to revert")
    with backlog.writing() as connection:
        connection.execute(update(CALIBRATIONS).where(CALIBRATIONS.c.version == was).values(reverted_at=stamp(now)))
    return was, in_force(backlog).version


def _calibration(row: RowMapping) -> Calibration:
    return Calibration.model_validate_json(row["body"])


def _state(row: RowMapping, in_force_now: int) -> State:
    if not row["changed"]:
        return "unchanged"
    if row["version"] == in_force_now:
        return "in force"
    return "retired" if row["adopted_at"] else "shadow"
