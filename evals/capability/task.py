"""A task: a repository with a history, an item, a check that nobody who works it sees, and a reference solution.

Our own tasks are files in `tasks/`, one TOML file each.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, Field

Files = Mapping[str, str]
"""Text by path."""


class Commit(BaseModel, frozen=True, extra="forbid"):
    message: str
    files: dict[str, str]
    """Put over the files of the commits before."""


class Reference(BaseModel, frozen=True, extra="forbid"):
    """A solution that proves the task solvable: its own failing tests, then the change."""

    tests: dict[str, str] = {}
    """Empty when the item brings a check."""
    ids: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    code: dict[str, str]


class Task(BaseModel, frozen=True, extra="forbid"):
    name: str
    item: dict[str, Any]
    """Fields of `backlog.item.Item`."""
    history: tuple[Commit, ...] = Field(min_length=1)
    hidden: dict[str, str] = Field(min_length=1)
    """Test files that are put into the result to judge it."""
    reference: Reference

    @property
    def base(self) -> dict[str, str]:
        """The files of the last commit."""
        return {path: text for commit in self.history for path, text in commit.files.items()}

    @property
    def kind(self) -> str:
        return str(self.item.get("kind", "bug"))


def own_names() -> list[str]:
    return sorted(f.name.removesuffix(".toml") for f in _folder().iterdir() if f.name.endswith(".toml"))


def own_task(name: str) -> Task:
    text = _folder().joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return Task.model_validate({"name": name, **tomllib.loads(text)})


def _folder() -> Any:
    return files("evals.capability") / "tasks"
