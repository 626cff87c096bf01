"""Where a repository's state is kept, and that it is its own: a clone can bring links and files with it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from forge.repository import RepositoryInvalid

STATE = ".lamplighter"
BY_PEOPLE = frozenset({"reports", "baseline", ".gitignore"})
"""What people may commit of it."""


def state_folder(root: Path) -> Path:
    """`.lamplighter/`, which ignores itself, so that no tracked file has to change. Raises RepositoryInvalid."""
    state = root / STATE
    if link := linked(root):
        raise RepositoryInvalid(f"{root / link} is a link, so what is kept there would not be its own: remove it")
    state.mkdir(exist_ok=True)
    ignore = state / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")
    return state


def linked(root: Path) -> str:
    """The part of the state that is a link, from `root`; nothing where there is none."""
    state = root / STATE
    if state.is_symlink():
        return STATE
    inside = sorted(state.iterdir()) if state.is_dir() else ()
    return next((f"{STATE}/{part.name}" for part in inside if part.is_symlink()), "")


def refuse_committed(root: Path, paths: Iterable[str]) -> None:
    """Raises RepositoryInvalid where one of the committed `paths` would be taken for our own record."""
    for path in paths:
        top, _, below = path.partition("/")
        if top == STATE and below.partition("/")[0] not in BY_PEOPLE:
            raise RepositoryInvalid(
                f"{root}: {path} is committed, and state that comes with a repository is not believed: "
                f"git rm -r --cached {STATE}, delete the folder, and commit that"
            )
