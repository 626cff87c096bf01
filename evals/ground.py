"""A repository for a trial, and what it looks like to the byte."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

WHO = ("-c", "user.name=Someone", "-c", "user.email=someone@example.org")
MAY_APPEAR = (
    ".lamplighter",
    ".git/objects",
    ".git/refs/heads/lamplighter",
    ".git/refs/notes",
    ".git/logs/refs/heads/lamplighter",
    ".git/logs/refs/notes",
)
"""What publishing may add. Whether it should have is another question."""


def new_repository(root: Path, files: Mapping[str, str]) -> Path:
    """A repository whose first commit has these files."""
    root.mkdir(parents=True)
    git(root, "init", "-q", "-b", "main")
    write(root, files)
    commit_all(root, "start")
    return root


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def commit_all(root: Path, message: str) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", message)


def git(root: Path, *arguments: str) -> str:
    """Git as its user has it, without anybody's own configuration."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", *WHO, *arguments]
    done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True, env=kept | alone)
    return done.stdout


def images(root: Path) -> dict[str, str]:
    """Every file of the work tree and of .git by its content's hash; a link by what it points to."""
    found = {}
    for folder, folders, names in os.walk(root):
        for name in (*folders, *names):
            path = Path(folder, name)
            short = path.relative_to(root).as_posix()
            if not any(short == m or short.startswith(f"{m}/") for m in MAY_APPEAR):
                found[short] = _image(path)
    return found


def _image(path: Path) -> str:
    if path.is_symlink():
        return f"-> {os.readlink(path)}"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
