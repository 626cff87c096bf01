"""The evidence of one pull request: what anyone needs to prove it again, and what was seen when it was proven."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from evidence.event import Started
from evidence.record import Record


class StatementInvalid(Exception):
    """The evidence is not a statement of a version we know."""


class Statement(BaseModel, frozen=True, extra="forbid"):
    version: Literal[1] = 1
    item: dict[str, str]
    base: str
    base_tree: str
    red_tree: str
    """The base with the tests that fail on it (the base itself where the check is no test)."""
    result_tree: str
    check: dict[str, Any]
    ids: tuple[str, ...]
    """Tests that fail on `red_tree` and pass on `result_tree`."""
    locked: dict[str, str]
    """Test files that RED wrote or changed: path to git blob."""
    symbols: tuple[str, ...]
    """Names promised in the contract: the only ones whose absence was a right reason for red."""
    files: tuple[str, ...]
    """Files that the contract allowed to change."""
    patch_sha256: str
    proofs: dict[str, str]
    """For each gate, the JSON of the runs behind it."""
    isolation: dict[str, Any]
    versions: dict[str, str]
    model: str
    record_head: str
    """The last hash of the run's record when this was written."""

    @classmethod
    def build(cls, *, patch: bytes, proofs: Mapping[str, bytes], record: Record, **known: Any) -> Statement:
        started = next(e for e in record.events if isinstance(e, Started))
        return cls(
            patch_sha256=hashlib.sha256(patch).hexdigest(),
            proofs={phase: proof.decode() for phase, proof in proofs.items()},
            isolation=started.isolation,
            versions=started.versions,
            model=started.model,
            record_head=record.head,
            **known,
        )

    def encode(self) -> bytes:
        """Canonical JSON: the same statement is always the same bytes."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, indent=1).encode() + b"\n"


def decode(data: bytes) -> Statement:
    """Raises StatementInvalid, also for bytes that `encode` would not have written."""
    try:
        said = Statement.model_validate_json(data)
    except ValidationError as error:
        raise StatementInvalid(f"this is no evidence that can be read: {error.errors()[0]['msg']}") from error
    if said.encode() != data:
        raise StatementInvalid("the evidence is not in the form in which it is written: it was edited")
    return said
