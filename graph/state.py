"""What travels through the item machine: small frozen values and references, nothing live, nothing long.

Conversations, diffs and logs are in the run's record; a tree is named by its git id.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from backlog.item import Item
from graph.outcome import Outcome
from tools.submit import Contract, Finished, Review, Stop, Tests

PhaseName = Literal["clarify", "red", "green", "refactor", "security", "document"]
Heading = Literal["think", "act", "gate", "leave"]
"""Where a phase goes next."""


class ItemState(TypedDict, total=False):
    item: Item
    base: str
    """The commit the work starts from."""
    base_tree: str
    tree: str
    """What the workspace holds, exactly."""

    said: dict[str, int]
    """Messages in each conversation so far."""
    conversation: str
    heading: Heading
    turns: int
    """Of the model in this phase."""
    refusals: int
    """By the gate in this phase."""
    faults: int
    """Calls in a row that could not be carried out."""
    tokens: int
    """Used for this item."""
    submission: Contract | Tests | Finished | Review | Stop | None
    answering: str
    """The tool call that waits for the gate's word; empty when the harness handed in by itself."""

    contract: Contract | None
    ids: tuple[str, ...]
    """The tests that are the check."""
    locked: dict[str, str]
    """Test files as RED left them: path to blob."""
    trees: dict[str, str]
    """The tree each phase ended with."""
    notes: dict[str, str]
    """One sentence a phase, for the pull request."""
    proofs: dict[str, str]
    """Blobs with the runs behind each accepted gate."""
    problems: str
    """What GREEN is asked to mend, when it is entered again."""
    doubts: tuple[str, ...]
    """What the trial of the change leaves open, for a person to decide before it is published."""
    mended: int
    """How often GREEN was entered again."""
    test_wrong: str
    """Why RED is entered a second time."""
    answers: str
    """What a person said to the questions of CLARIFY."""
    outcome: Outcome | None


@cache
def _adapter() -> TypeAdapter[ItemState]:
    return TypeAdapter(ItemState)


def to_json(update: ItemState) -> dict[str, Any]:
    dumped: dict[str, Any] = _adapter().dump_python(update, mode="json")
    return dumped


def from_json(update: dict[str, Any]) -> ItemState:
    return _adapter().validate_python(update)
