"""The backlog's database file: its tables, how it is opened, and how a wrong file is told."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
)
from sqlalchemy.exc import DatabaseError

APPLICATION = 0x4C414D50
"""Marks the file as ours."""
VERSION = 2
BUSY_SECONDS = 30

METADATA = MetaData()

ITEMS = Table(
    "items",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("source", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("path", Text),
    Column("created_at", String(40), nullable=False),
    Column("updated_at", String(40), nullable=False),
    Column("run", String(128)),
    Column("claimed_at", String(40)),
    Column("body", Text, nullable=False),
    Index("items_by_status", "status"),
    Index("items_by_source", "source"),
)

STANDINGS = Table(
    "standings",
    METADATA,
    Column("item", String(64), primary_key=True),
    Column("status", String(16), nullable=False),
    Column("startable", Boolean, nullable=False),
    Column("facts", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("size", Integer, nullable=False),
    # Moments in microseconds since 1970 (UTC), and how long the item was BLOCKED.
    Column("born", BigInteger, nullable=False),
    Column("blocked", BigInteger, nullable=False),
    Column("blocked_at", BigInteger),
)
"""Of each item, what its place in the order is made of; apart from the items because all of them are read at once."""

PLACES = Table(
    "places",
    METADATA,
    Column("startable", Boolean, primary_key=True),
    Column("worth", Float, primary_key=True),
    Column("aged_from", BigInteger, primary_key=True),
    Column("size", Integer, primary_key=True),
    Column("item", String(64), primary_key=True),
    Column("status", String(16), nullable=False),
    Column("blocked_at", BigInteger),
    Index("places_by_item", "item", unique=True),
    sqlite_with_rowid=False,
)
"""The items in order, see `backlog.ranking`."""

UNPLACED = Table("unplaced", METADATA, Column("item", String(64), primary_key=True))
"""Items that were written since they were put in order."""

SIGHTINGS = Table(
    "sightings",
    METADATA,
    Column("source", String(64), primary_key=True),
    Column("fingerprint", String(64), primary_key=True),
    Column("item", String(64), primary_key=True, index=True),
    Column("path", Text),
    Column("line", Integer),
    Column("kind", String(32), nullable=False),
    Column("content", String(64), nullable=False),
    Column("anchor", Text, nullable=False),
    Column("snippet", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("present", Boolean, nullable=False),
    Column("commit", String(64), nullable=False),
    Column("found", Text, nullable=False),
)
"""What each source said; `found` is its word as a whole."""

NAMED = Table(
    "named",
    METADATA,
    Column("name", String(300), primary_key=True),
    Column("item", String(64), primary_key=True),
)
"""Names of matters, such as `issue:#12`, to the items that stand for them: one, until two turn out to be the same."""

FACTS = Table("facts", METADATA, Column("name", String(64), primary_key=True), Column("value", Text, nullable=False))
"""Single facts about the whole, such as the scoring by which the items were ranked last."""

MOVES = Table(
    "moves",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("item", String(64), nullable=False, index=True),
    Column("at", String(40), nullable=False),
    Column("was", String(16)),
    Column("now", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("run", String(128)),
)

SYNCED = Table(
    "synced",
    METADATA,
    Column("item", String(64), primary_key=True),
    Column("name", String(64), nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("conflicted", Boolean, nullable=False, index=True),
)
"""What the backlog file and the database agreed on last, see `backlog.file.synced`."""

SCANS = Table(
    "scans",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", String(40), nullable=False),
    Column("scoring", String(64), nullable=False),
    Column("said", Text, nullable=False),
    Column("total", Integer, nullable=False),
    Column("lines", Text, nullable=False),
)
"""The ranking as each discovery left it, see `backlog.scans`."""

OUTCOMES = Table(
    "outcomes",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("item", String(64), nullable=False),
    Column("run", String(128), nullable=False, default=""),
    Column("at", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Index("outcomes_once", "item", "run", unique=True),
)
"""What was delivered: what had been expected of it and what it took, see `backlog.calibration.outcomes`."""

CALIBRATIONS = Table(
    "calibrations",
    METADATA,
    Column("version", Integer, primary_key=True, autoincrement=True),
    Column("at", String(40), nullable=False),
    Column("period", String(16), nullable=False, default=""),
    Column("changed", Boolean, nullable=False),
    Column("adopted_at", String(40)),
    Column("reverted_at", String(40)),
    Column("body", Text, nullable=False),
)
"""Every calibration that was computed, and when each was in force, see `backlog.calibration.versions`."""


class BacklogBroken(Exception):
    """The database file is damaged, or is not ours: one line that says what to do. The operator must act."""


def open_engine(path: Path) -> Engine:
    """An engine on the file, made with its folder when absent. Raises BacklogBroken."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            make(path)
    except OSError as error:
        raise BacklogBroken(f"{path}: can not make the backlog: {error.strerror}: check the folder") from error
    except DatabaseError as error:
        raise broken(path, error) from error
    engine = _engine(path)
    try:
        _check(engine, path)
    except DatabaseError as error:
        engine.dispose()
        raise broken(path, error) from error
    except BacklogBroken:
        engine.dispose()
        raise
    return engine


def broken(path: Path, error: DatabaseError) -> BacklogBroken:
    cause = str(error.orig).splitlines()[0] if error.orig else "unknown"
    if "locked" in cause or "busy" in cause:
        return BacklogBroken(f"{path}: another process has held it for {BUSY_SECONDS} s: try again when it ended")
    if "readonly" in cause:
        return BacklogBroken(f"{path}: can not be written: make the file and its folder writable")
    return BacklogBroken(f"{path}: can not be used ({cause}): move it away and discover again")


def _engine(path: Path) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _record: Any) -> None:
    # We say BEGIN ourselves: the driver would begin late and deferred, and two claims could both read READY.
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=FULL").close()


def _on_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def make(path: Path) -> None:
    """Make the whole file aside and put it in place at once: whoever opens it finds it complete, and of
    several makers one wins."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backlog-") as aside:
        new = Path(aside) / path.name
        engine = _engine(new)
        with engine.connect() as connection:
            driver = connection.connection.dbapi_connection
            assert driver is not None
            driver.cursor().execute("PRAGMA journal_mode=WAL").close()
            with connection.execution_options(write=True).begin():
                METADATA.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION}").close()
                connection.exec_driver_sql(f"PRAGMA user_version={VERSION}").close()
        engine.dispose()
        with contextlib.suppress(FileExistsError):
            os.link(new, path)


def _check(engine: Engine, path: Path) -> None:
    with engine.connect() as connection:
        mark = connection.exec_driver_sql("PRAGMA application_id").scalar()
        version = connection.exec_driver_sql("PRAGMA user_version").scalar()
    if mark != APPLICATION:
        raise BacklogBroken(f"{path}: is no backlog of ours: move it away and discover again")
    if version != VERSION:
        raise BacklogBroken(f"{path}: has format {version}, this program reads {VERSION}: use a matching one")
