"""Real repositories with a history of many commits, made in one go, and views of them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.call import Call
from app.discovering import view
from app.house import clock, open_working_house
from backlog.source import View
from tests.forge.conftest import ENVIRONMENT

Commit = Mapping[str, str | None]
"""What the files are after it; None for one that it takes away."""
BRANCHES = 24


def put(root: Path, *commits: Commit, ends: datetime | None = None) -> Path:
    """Add commits to `main`, an hour apart, the last one at `ends`: by default a day ago."""
    last = (ends or clock() - timedelta(days=1)).replace(microsecond=0)
    first = last - timedelta(hours=len(commits) - 1)
    begun = (root / ".git").exists()
    if not begun:
        _git(root.parent, "init", "-q", "-b", "main", str(root))
    stream = "".join(_commit(first + timedelta(hours=n), one, begun and not n) for n, one in enumerate(commits))
    _git(root, "fast-import", "--quiet", stdin=stream)
    return root


def seen(root: Path, now: datetime | None = None) -> View:
    """What sources see of `main`, with the real history."""
    made = view(open_working_house(Call(root)))
    return replace(made, now=now or made.now, kept=None)


def tangled(edits: Iterable[int] = (), name: str = "tangled") -> str:
    """A function with many branches, of which these lines were edited."""
    edited = set(edits)
    rows = (f"    if x == {n}:\n        x += {n + 1_000 * (n in edited)}\n" for n in range(BRANCHES))
    return f"def {name}(x):\n{''.join(rows)}    return x\n"


def _commit(at: datetime, files: Commit, goes_on: bool) -> str:
    when = f"{int(at.astimezone(UTC).timestamp())} +0000"
    changes = "".join(
        f'D "{path}"\n' if text is None else f'M 100644 inline "{path}"\ndata {len(text.encode())}\n{text}\n'
        for path, text in files.items()
    )
    before = "from refs/heads/main^0\n" if goes_on else ""
    who = "A <a@example.org>"
    return f"commit refs/heads/main\nauthor {who} {when}\ncommitter {who} {when}\ndata 1\nx\n{before}{changes}\n"


def _git(folder: Path, *args: str, stdin: str = "") -> None:
    subprocess.run(["git", *args], cwd=folder, env=ENVIRONMENT, input=stdin, text=True, check=True)
