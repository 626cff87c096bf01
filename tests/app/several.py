"""Small repositories side by side, and the list of them."""

from __future__ import annotations

from pathlib import Path

from tests.graph.conftest import git, repository

__all__ = ["git", "listing", "small"]


def small(root: Path, notes: int = 1, **files: str) -> Path:
    """A repository with so many TODO comments, each an item of the source `markers`."""
    text = "".join(
        f"def f{n}():\n    # TODO: part {n} of {root.name} is missing\n    return {n}\n\n\n" for n in range(notes)
    )
    return repository(
        root, {"a.py": text or "x = 1\n", **{name.replace("__", "."): text for name, text in files.items()}}
    )


def listing(folder: Path, *lines: str | Path) -> Path:
    file = folder / "repos.txt"
    file.write_text("".join(f"{line}\n" for line in lines))
    return file
