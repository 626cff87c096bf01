"""Keep our own packages out of the sandbox: a folder of links to everything else, shown over site-packages.

Our packages have everyday names (`tools`, `graph`, …); a repository must never import ours for its own. An
editable install needs nothing: the clone it points to is not shown.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from sandbox.policy import Mount

DISTRIBUTION = "lamplighter"
PACKAGES = frozenset(
    (
        "backlog",
        "graph",
        "prompts",
        "model",
        "tools",
        "sandbox",
        "checks",
        "evidence",
        "forge",
        "metrics",
        "app",
        "cli",
        "evals",
        "web",
    )
)
_BEHIND = "/run/lamplighter-site"


def stocked(sites: Iterable[Path], shelf: Path) -> list[Mount]:
    """The mounts that hide us in those `sites` in which we are installed; none where we are not."""
    mounts: list[Mount] = []
    for number, site in enumerate(sites):
        names = sorted(os.listdir(site))
        if _installed(names):
            behind = f"{_BEHIND}-{number}"
            rest = [name for name in names if not _ours(name)]
            mounts += [
                Mount(_links(rest, behind, shelf), str(site)),
                Mount(Path(os.path.realpath(site)), behind),
            ]
    return mounts


def _installed(names: list[str]) -> bool:
    described = any(name.startswith(f"{DISTRIBUTION}-") and name.endswith(".dist-info") for name in names)
    return described and not PACKAGES.isdisjoint(names)


def _ours(name: str) -> bool:
    return name in PACKAGES or name.startswith(f"{DISTRIBUTION}-")


def _links(names: list[str], behind: str, shelf: Path) -> Path:
    """A folder named by its content, so that a changed site-packages gets another one."""
    key = hashlib.sha256("\n".join([behind, *names]).encode(errors="surrogateescape")).hexdigest()[:16]
    folder = shelf / key
    if folder.is_dir():
        return folder
    shelf.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f"{key}-", dir=shelf))
    for name in names:
        (fresh / name).symlink_to(f"{behind}/{name}")
    fresh.chmod(0o755)
    try:
        fresh.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
    return folder
