"""An item of the backlog, the states it can be in, and the moves between them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field

from checks.check import Check, TestCheck

Trust = Literal["member", "untrusted"]
"""Who wrote the text. Untrusted text can neither raise a score nor lower a risk."""


class Kind(StrEnum):
    BUG = "bug"
    CRITICAL_BUG = "critical_bug"
    FEATURE = "feature"
    DEBT = "debt"
    REFACTOR = "refactor"
    INVESTIGATION = "investigation"
    LINT = "lint"
    SECURITY = "security"
    TEST = "test"
    DOCS = "docs"
    PERFORMANCE = "performance"
    INFRASTRUCTURE = "infrastructure"
    DEPENDENCY = "dependency"


class Status(StrEnum):
    NEW = "NEW"
    REFINED = "REFINED"
    READY = "READY"
    DOING = "DOING"
    PR = "PR"
    DONE = "DONE"
    BLOCKED = "BLOCKED"
    CANCELLED = "CANCELLED"


OPEN = frozenset({Status.NEW, Status.REFINED, Status.READY, Status.DOING, Status.PR, Status.BLOCKED})

MOVES: dict[Status, frozenset[Status]] = {
    Status.NEW: frozenset({Status.REFINED, Status.READY, Status.BLOCKED, Status.DONE, Status.CANCELLED}),
    Status.REFINED: frozenset({Status.NEW, Status.READY, Status.BLOCKED, Status.DONE, Status.CANCELLED}),
    Status.READY: frozenset({Status.REFINED, Status.DOING, Status.BLOCKED, Status.DONE, Status.CANCELLED}),
    Status.DOING: frozenset({Status.READY, Status.PR, Status.DONE, Status.BLOCKED, Status.CANCELLED}),
    Status.PR: frozenset({Status.READY, Status.DONE, Status.BLOCKED, Status.CANCELLED}),
    Status.BLOCKED: frozenset({Status.NEW, Status.REFINED, Status.READY, Status.DONE, Status.CANCELLED}),
    Status.DONE: frozenset(),
    Status.CANCELLED: frozenset({Status.NEW}),
}


class IllegalMove(Exception):
    """A status move that the table above does not have."""


class Inputs(BaseModel, frozen=True, extra="forbid"):
    """What WSJF is computed from, with the source of each number (`default`, `label`, `rule:…`, `person`)."""

    value: int = Field(default=3, ge=1, le=13)
    time_criticality: int = Field(default=1, ge=1, le=13)
    risk_reduction: int = Field(default=1, ge=1, le=13)
    size: int = Field(default=3, ge=1, le=13)
    source: dict[str, str] = Field(default_factory=dict)


class Item(BaseModel, frozen=True, extra="forbid"):
    """One piece of work. `id` is stable: a discovered item keeps it when its line moves."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    title: str = Field(min_length=1, max_length=300)
    kind: Kind
    source: str
    """`markers`, `ruff`, `bandit`, `tests`, `backlog.yml`, `BACKLOG.md` or `hand`."""
    status: Status = Status.NEW
    story: str = ""
    criteria: tuple[str, ...] = ()
    """Acceptance criteria. Without any, an item is not READY."""
    check: Check = TestCheck()
    inputs: Inputs = Inputs()
    path: str | None = None
    line: int | None = Field(default=None, ge=1)
    trust: Trust = "member"
    labels: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    """Ids of the smaller items that it was split into."""
    security_notes: str = ""
    test_notes: str = ""
    hold: bool = False
    """A person wants this left alone."""
    reason: str = ""
    """Why it is BLOCKED, or how it was closed."""
    blocked_from: Status | None = None
    blocked_at: datetime | None = None
    blocked_seconds: float = Field(default=0.0, ge=0)
    """How long it was BLOCKED in earlier spells: that time does not age it."""
    edited: tuple[str, ...] = ()
    """Fields a person set by hand: a source that finds the item again leaves them alone."""
    created_at: datetime
    updated_at: datetime

    def move(self, to: Status, now: datetime, reason: str = "") -> Item:
        """The same item in another status. Raises IllegalMove."""
        if to not in MOVES[self.status]:
            raise IllegalMove(f"{self.id}: an item can not go from {self.status} to {to}")
        return self.model_copy(
            update={
                "status": to,
                "reason": reason,
                "blocked_from": self.status if to is Status.BLOCKED else None,
                "blocked_at": now if to is Status.BLOCKED else None,
                "blocked_seconds": self.blocked_until(now),
                "updated_at": now,
            }
        )

    def blocked_until(self, now: datetime) -> float:
        """Seconds spent BLOCKED so far, the present spell included."""
        spell = (now - self.blocked_at).total_seconds() if self.blocked_at else 0.0
        return self.blocked_seconds + max(0.0, spell)
