"""How the work on an item ends. Endings are values; exceptions are for failures."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from tools.submit import Part

Ending = Literal["published", "blocked", "needs_person", "nothing_to_do", "limit"]


class Outcome(BaseModel, frozen=True, extra="forbid"):
    """`code` is stable and for machines, `reason` one sentence for people."""

    kind: Ending
    code: str
    reason: str
    branch: str | None = None
    pull_request: str | None = None
    """Folder of the pull-request record."""
    evidence: str | None = None
    """sha256 of the evidence statement."""
    patch: str | None = None
    """The work so far, as a file that `git apply` takes."""
    parts: tuple[Part, ...] = ()
    """The smaller items that this one is to become."""


def blocked(code: str, reason: str, parts: tuple[Part, ...] = ()) -> Outcome:
    return Outcome(kind="blocked", code=code, reason=reason, parts=parts)
