"""What can happen in a run: a closed union of small records, told apart by `event`."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from model.port import Turn


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = ""
    """Names this event within its run, so that a repeated step finds it instead of doing it again."""


class Started(_Event):
    event: Literal["started"] = "started"
    run: str
    item: dict[str, Any]
    base: str
    base_tree: str
    model: str
    isolation: dict[str, Any]
    versions: dict[str, str] = {}


class Said(_Event):
    """A message was added to a conversation by the harness (assistant messages are in `answered`)."""

    event: Literal["said"] = "said"
    conversation: str
    message: dict[str, Any]


class Answered(_Event):
    event: Literal["answered"] = "answered"
    conversation: str
    asked: str
    """Fingerprint of the conversation that was sent."""
    turn: Turn
    seal: str = ""
    """Over request and turn: which turn was changed in a recording can be told without playing it."""


class ToolRan(_Event):
    event: Literal["tool"] = "tool"
    name: str
    ok: bool
    output: str
    before: str
    """Tree before and after."""
    after: str


class Judged(_Event):
    event: Literal["gate"] = "gate"
    phase: str
    tree: str
    passed: bool
    reasons: tuple[dict[str, str], ...] = ()
    update: dict[str, Any] = {}
    """What the gate established, for the rest of the run."""
    proof: str = ""
    """Hash of the blob with the runs behind the verdict."""


class Measured(_Event):
    """How strong the tests are on one tree; a second gate on the same tree finds it here."""

    event: Literal["strength"] = "strength"
    tree: str
    strength: dict[str, Any]


class Decided(_Event):
    """A person answered or decided."""

    event: Literal["person"] = "person"
    what: str
    answer: str


class Done(_Event):
    """An effect outside the workspace was carried out."""

    event: Literal["effect"] = "effect"
    effect: str
    result: dict[str, Any] = {}


class Ended(_Event):
    event: Literal["ended"] = "ended"
    outcome: dict[str, Any]


Event = Annotated[
    Started | Said | Answered | ToolRan | Judged | Measured | Decided | Done | Ended, Field(discriminator="event")
]


def answered(conversation: str, asked: str, turn: Turn) -> Answered:
    """The event of an answer, sealed."""
    return Answered(conversation=conversation, asked=asked, turn=turn, seal=seal_of(asked, turn))


def seal_of(asked: str, turn: Turn) -> str:
    return hashlib.sha256(f"{asked}\n{turn.model_dump_json(exclude_defaults=True)}".encode()).hexdigest()
