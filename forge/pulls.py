"""Pull-request records: a folder each, as written by `publish`, read back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
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
    files: dict[str, str] = {}
    """The other files of the folder with their sha256, but for `record/`, which the evidence names."""
    seal: str = ""
    """The sha256 of all this but `state`: what was changed since it was opened shows."""

    def sealed(self, files: Mapping[str, bytes]) -> Pull:
        listed = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
        fresh = self.model_copy(update={"files": listed})
        return fresh.model_copy(update={"seal": fresh._seal()})

    def encode(self) -> bytes:
        return self.model_dump_json(indent=2).encode() + b"\n"

    def _seal(self) -> str:
        body = self.model_dump(mode="json", exclude={"state", "seal"})
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()

    def fault(self, folder: Path) -> str:
        """Why the folder is not as it was written; empty when it is."""
        if (folder / RECORD).read_bytes() != self.encode() or self.seal != self._seal():
            return f"{RECORD} is not as it was written"
        for name, known in self.files.items():
            file = folder / name
            if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != known:
                return f"{name} is not as it was written"
        return ""


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
