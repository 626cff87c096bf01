"""The repositories that an earlier tool was told to scan: which of them lie beside this one on the disk?"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.repos.entries import can_be_written
from backlog.sources.text import clean
from forge.repository import RepositoryInvalid, open_repository

NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


@dataclass(frozen=True, slots=True)
class Siblings:
    found: tuple[Path, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    """Name, and why it was not found."""


def siblings(names: Iterable[str], folder: Path) -> Siblings:
    """Told by the folder's name alone, in `folder` and nowhere else. Nothing is cloned."""
    found: list[Path] = []
    missing: list[tuple[str, str]] = []
    for name in dict.fromkeys(names):
        path, why = sibling(name, folder)
        if path is None:
            missing.append((clean(name, 100), why))
        elif path not in found:
            found.append(path)
    return Siblings(tuple(found), tuple(missing))


def sibling(name: str, folder: Path) -> tuple[Path | None, str]:
    """`repo`, `owner/repo` or an address that ends so; and why it is not there."""
    last = name.rstrip("/").rpartition("/")[2].removesuffix(".git")
    if not NAME.fullmatch(last) or not last.strip("."):
        return None, "is no name of a repository"
    path = folder / last
    try:
        root = open_repository(path).root if path.is_dir() else None
    except (RepositoryInvalid, OSError, RuntimeError):
        root = None
    if root is None or root != path.resolve():
        return None, f"there is no git repository {last} in {folder}"
    return (path, "") if can_be_written(path) else (None, "its path can not be written in a list")


def list_of(names: Iterable[str], file: str, folder: Path) -> tuple[dict[str, Any], list[str]]:
    """The list of repositories (`app.repos.entries`) that those names come to, for programs and for people."""
    seen = siblings(names, folder)
    head = [f"# repositories, from {clean(file, 100)}", "# put these lines into a file: lamplighter repos --list FILE"]
    text = [*head, *map(str, seen.found)] if seen.found else []
    missing = [{"name": name, "why": why} for name, why in seen.missing]
    lines = [*text, ""] if text else []
    lines += [f"not in the list: {m['name']}: {m['why']}; nothing is cloned" for m in missing]
    return {"repos": {"list": "\n".join(text) + "\n" if text else None, "missing": missing}}, lines


def receiver(name: Any, folder: Path) -> str:
    """What takes the place of the repository that received the common report."""
    path, _ = sibling(name, folder) if isinstance(name, str) else (None, "")
    out = shlex.quote(str(path / "REPORT.md")) if path else "FILE"
    return f"lamplighter repos report --out {out} writes the common report"
