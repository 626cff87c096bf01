"""What must fail on the base and pass on the result: an item's check."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

Tool = Literal["ruff", "bandit"]


class TestCheck(BaseModel, frozen=True, extra="forbid"):
    """Tests. Empty until RED has written them; filled from the start when failing tests are the item."""

    __test__ = False

    kind: Literal["test"] = "test"
    ids: tuple[str, ...] = ()


class FindingCheck(BaseModel, frozen=True, extra="forbid"):
    """A scanner reports `rule` in `path`; passing means it no longer does."""

    kind: Literal["finding"] = "finding"
    tool: Tool
    rule: str
    path: str
    count: int = Field(ge=1)
    """How often it was reported when the item was found."""
    fixable: bool = False
    """The scanner itself offers a fix that it calls safe for every occurrence."""


class CommandCheck(BaseModel, frozen=True, extra="forbid"):
    """A command that exits with something else than 0 on the base and with 0 on the result."""

    kind: Literal["command"] = "command"
    argv: tuple[str, ...] = Field(min_length=1)


Check = Annotated[TestCheck | FindingCheck | CommandCheck, Field(discriminator="kind")]
