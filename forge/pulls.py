"""Pull-request records: a folder each, as written by `publish`, read back."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

FOLDER = "pulls"
RECORD = "pull.json"


class PullInvalid(Exception):
    """A record that was not written by `publish`, or was changed. One line with its path."""


class Pull(BaseModel, frozen=True, extra="forbid"):
    version: Literal[1] = 1
    item: str
    run: str
    key: str
    """What makes publishing it again the same as once."""
    title: str
    branch: str
    base: str
    head: str
    commits: tuple[str, ...]
    """Oldest first; the last is `head`."""
    created: datetime
    state: Literal["open", "merged", "closed"] = "open"
    evidence: str
    """`sha256:` and the hash of `evidence.json`."""


def pulls(state: Path) -> tuple[Pull, ...]:
    """All records below the state folder, oldest first. Raises PullInvalid."""
    found = [read_pull(file.parent) for file in (state / FOLDER).glob(f"[!.]*/{RECORD}")]
    return tuple(sorted(found, key=lambda pull: (pull.created, pull.item, pull.run)))


def read_pull(folder: Path) -> Pull:
    """Raises PullInvalid; FileNotFoundError when there is none."""
    file = folder / RECORD
    try:
        return Pull.model_validate_json(file.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise PullInvalid(f"{file}: {where}: {first['msg']}") from None


def opened_on(state: Path, day: date) -> tuple[Pull, ...]:
    """Those created on this day (UTC), whatever became of them: what a daily limit counts."""
    return tuple(pull for pull in pulls(state) if pull.created.astimezone(UTC).date() == day)


def digest(evidence: bytes) -> str:
    return f"sha256:{hashlib.sha256(evidence).hexdigest()}"
