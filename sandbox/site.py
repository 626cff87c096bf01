"""Everything needed to run things on copies of one repository."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.limits import TOOL, Limits
from sandbox.policy import NOTHING, Box, Isolation, Mount, Policy, Result, Sandbox
from sandbox.remove import remove_path
from sandbox.toolchain import Toolchain
from sandbox.tree import Trees
from sandbox.workspace import Workspace

FRESH = "fresh-{pid}-"
_FRESH = re.compile(r"fresh-(\d+)-.*")


@dataclass(frozen=True)
class Site:
    """One repository, shown at the path `at` in every sandbox."""

    sandbox: Sandbox
    trees: Trees
    at: str
    """The repository's own absolute path."""
    toolchain: Toolchain
    """What the repository's code runs with."""
    own: Toolchain
    """What our own tools run with."""
    hidden: Callable[[str], bool]
    """Repo-relative paths whose content nothing in a sandbox may see."""
    spool: Path
    """The folder that the copies lie in."""
    _workspaces: dict[str, Workspace] = field(default_factory=dict, init=False, compare=False, repr=False)
    _covered: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def workspace(self, name: str) -> Workspace:
        """The copy with this name, which stays. The same name gives the same object."""
        found = self._workspaces.get(name)
        if found is None:
            found = self._workspaces[name] = self._copy(self._spool() / name)
        return found

    @contextmanager
    def fresh(self, tree: str) -> Iterator[Workspace]:
        """A copy of `tree` that is gone afterwards, whatever was done in it."""
        self._sweep()
        made = Path(tempfile.mkdtemp(prefix=FRESH.format(pid=os.getpid()), dir=self._spool()))
        try:
            copy = self._copy(made / "tree")
            copy.restore(tree)
            yield copy
        finally:
            remove_path(made)

    def box(
        self,
        workspace: Workspace,
        *,
        writable: Sequence[str] = (),
        readonly: Sequence[str] = (),
        mounts: Sequence[Mount] = (),
        environment: Mapping[str, str] = NOTHING,
        own: bool = False,
    ) -> Box:
        """A sandbox on the workspace as it is now; `own` takes our toolchain instead of the repository's.

        Raises TreeRefused when the repository has a file where something must be mounted.
        """
        chosen = self.own if own else self.toolchain
        shown = (*chosen.mounts, *mounts)
        for mount in shown:
            self._make_room(workspace, mount)
        policy = Policy(
            workspace=workspace.folder,
            at=self.at,
            writable=tuple(writable),
            readonly=tuple(readonly),
            hidden=self._hidden_in(workspace.tree),
            path=tuple(chosen.path),
            mounts=shown,
            environment=environment,
        )
        changes = bool(writable) or any(self._inside(m.inside) and m.writable for m in mounts)
        return Box(_Noticed(self.sandbox, workspace) if changes else self.sandbox, policy)

    def _copy(self, folder: Path) -> Workspace:
        return Workspace(self.trees, folder, self.sandbox.owner)

    def _spool(self) -> Path:
        self.spool.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self.spool

    def _sweep(self) -> None:
        """Take away what processes that were killed left."""
        for name in os.listdir(self._spool()):
            found = _FRESH.fullmatch(name)
            if found and not _alive(int(found[1])):
                remove_path(self.spool / name)

    def _make_room(self, workspace: Workspace, mount: Mount) -> None:
        path = self._inside(mount.inside)
        if path:
            workspace.place(path, folder=mount.host.is_dir())

    def _inside(self, path: str) -> str:
        """Repo-relative, or empty when the path is not within the repository."""
        at = self.at.rstrip("/") + "/"
        return path.removeprefix(at).strip("/") if path.startswith(at) else ""

    def _hidden_in(self, tree: str) -> tuple[str, ...]:
        covered = self._covered.get(tree)
        if covered is None:
            covered = tuple(sorted(path for path in self.trees.entries(tree) if self.hidden(path)))
            self._covered[tree] = covered
        return covered


class _Noticed:
    """A sandbox that tells the workspace when something has run on it."""

    def __init__(self, sandbox: Sandbox, workspace: Workspace) -> None:
        self.isolation: Isolation = sandbox.isolation
        self.owner: int | None = sandbox.owner
        self._sandbox, self._workspace = sandbox, workspace

    def run(
        self,
        policy: Policy,
        argv: Sequence[str],
        *,
        cwd: str = ".",
        stdin: bytes = b"",
        limits: Limits = TOOL,
    ) -> Result:
        self._workspace.touched()
        return self._sandbox.run(policy, argv, cwd=cwd, stdin=stdin, limits=limits)


def _alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        try:
            os.kill(pid, 0)
        except PermissionError:
            return True
        return True
    return False
