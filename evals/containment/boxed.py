"""The way through all that Lamplighter has: its sandbox, its file tools, its snapshots, its git."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evals.containment.escape import SMALL, Kept, Said
from evals.containment.host import Host
from evals.containment.payload import argv
from sandbox.bwrap import Bwrap
from sandbox.files import FileRefused, Files
from sandbox.git import GitFailed, private
from sandbox.limits import Limits
from sandbox.policy import Box, Mount, Policy
from sandbox.toolchain import base
from sandbox.tree import TreeRefused, Trees, open_trees
from sandbox.workspace import Workspace

SHOWN = 65_536
BEYOND = ((2, 1, ("192.0.2.1", 80)), (2, 2, ("169.254.169.254", 80)), (2, 1, ("169.254.169.254", 80)))
"""Addresses that are only tried where there should be no network: nothing is ever sent to them."""


@dataclass(frozen=True)
class Boxed:
    host: Host
    sandbox: Bwrap
    python: str
    mounts: tuple[Mount, ...]
    trees: Trees
    space: Workspace
    protected: bool = True
    base: list[str] = field(default_factory=list)

    def run(self, code: str, limits: Limits = SMALL, **rules: tuple[str, ...]) -> Said:
        facts = self.host.facts(BEYOND)
        result = self.box(**rules).run(argv(self.python, code, facts), limits=limits)
        return Said(result.stdout + result.stderr, result.killed, result.seconds)

    def box(self, **rules: tuple[str, ...]) -> Box:
        """The workspace at its own path, all of it writable unless said otherwise."""
        self._begin()
        give(self.host.workspace, self.sandbox.owner)
        allowed: dict[str, tuple[str, ...]] = {"writable": (".",), **rules}
        return Box(
            self.sandbox,
            Policy(
                workspace=self.host.workspace,
                at=str(self.host.workspace),
                mounts=self.mounts,
                writable=allowed["writable"],
                readonly=allowed.get("readonly", ()),
                hidden=allowed.get("hidden", ()),
                environment={"PYTHONPATH": str(self.host.workspace)},
            ),
        )

    def write(self, path: str, text: str) -> str:
        return self._asked(lambda files: files.write(path, text))

    def edit(self, path: str, old: str, new: str) -> str:
        return self._asked(lambda files: files.edit(path, old, new))

    def read(self, path: str) -> str:
        return self._asked(lambda files: files.read(path))

    def _asked(self, ask: Callable[[Files], str]) -> str:
        try:
            return ask(Files(self.box(), self.python))
        except FileRefused as refused:
            return f"refused: {refused}"

    def keep(self) -> Kept:
        self._begin()
        try:
            tree = self.space.snapshot()
        except TreeRefused as refused:
            return Kept(refused=str(refused))
        files = {path: self.trees.blob(entry.oid) for path, entry in self.trees.entries(tree).items()}
        return Kept({path: data[:SHOWN] for path, data in files.items()}, sum(map(len, files.values())))

    def handle(self, *commands: Sequence[str]) -> str:
        """All that is done with a repository in the workspace: looked at, copied, changed, compared, committed."""
        from evals.containment.handling import handled

        try:
            return handled(self.host)
        except (GitFailed, TreeRefused) as error:
            return f"refused: {error}"

    def _begin(self) -> None:
        """What the workspace held before the attack is the base. Once; what no tree may hold is no base."""
        if self.base:
            return
        try:
            self.base.append(self.space.snapshot())
        except TreeRefused as refused:
            self.base.append(str(refused))


def boxed(host: Host, sandbox: Bwrap) -> Boxed:
    private(host.folder / "empty.git", (), "sha1")
    trees = open_trees(host.folder / "private", host.folder / "empty.git" / "objects", "sha1")
    python, mounts = base()
    return Boxed(host, sandbox, python, mounts, trees, Workspace(trees, host.workspace, sandbox.owner))


def give(folder: Path, owner: int | None) -> None:
    """As root the workspace belongs to the user that commands run as."""
    if owner is None:
        return
    os.chown(folder, owner, owner)
    for where, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(os.path.join(where, name), owner, owner, follow_symlinks=False)
