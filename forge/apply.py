"""Apply a patch to a tree. No work tree is touched: git does it on an index of its own, beside private objects."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from sandbox.git import GitFailed
from sandbox.tree import Trees


class PatchRefused(Exception):
    """The patch does not apply to this tree. One line: what git said of it."""


def applied(trees: Trees, base_tree: str, diff: bytes) -> str:
    """The tree that the base becomes. Raises PatchRefused."""
    with TemporaryDirectory(prefix="lamplighter-") as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        try:
            trees.git.run("read-tree", base_tree, environment=index)
            if diff:
                trees.git.run("apply", "--cached", "--whitespace=nowarn", "-", stdin=diff, environment=index)
            return trees.git.run("write-tree", environment=index).decode().strip()
        except GitFailed as error:
            raise PatchRefused(f"the patch does not apply to the base: {error}") from None
