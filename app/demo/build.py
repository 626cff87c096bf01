"""Build the sample repository: the files beside this one, in one commit."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

SAMPLE = Path(__file__).parent / "sample"
WHEN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def build(folder: Path) -> Path:
    """A git repository with the sample in `folder`, always the same commit."""
    from git import Actor, Repo

    shutil.copytree(SAMPLE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    with Repo.init(folder, initial_branch="main") as repository:
        files = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file() and ".git" not in p.parts)
        repository.index.add(files)
        who = Actor("Sample", "sample@example.org")
        repository.index.commit(
            "Timers, as they are", author=who, committer=who, author_date=WHEN, commit_date=WHEN, skip_hooks=True
        )
    return folder
