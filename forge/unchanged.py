"""Which files of the work tree are byte for byte the committed ones? Says so of none where it can not be sure."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from forge.repository import Repository
from sandbox.git import Git, GitFailed, private
from sandbox.tree import Entry, Trees

REWRITING = re.compile(rb"filter|ident|working-tree-encoding")
"""Attributes by which a file in the work tree differs from the committed one although git calls it unchanged."""
LISTED = re.compile(rb"([A-Za-z?]) ([^\0]*)\0(?:[^\n]*\n){4}\s*size: (\d+)\t[^\n]*\n")
"""An entry of the index: its tag, path, and the length that the file had when git last compared it."""
ORDINARY = b"H"
"""The tag of an entry that git compares: not one left out of a sparse checkout or assumed to be unchanged."""


@contextmanager
def beside(repository: Repository) -> Iterator[Git]:
    """Git on the work tree and its index, with none of the repository's configuration."""
    with tempfile.TemporaryDirectory(prefix="lamplighter-") as folder:
        look = private(Path(folder) / "git", [repository.objects], repository.algorithm)
        (look.git_dir / "HEAD").write_text(f"{repository.head}\n")
        index = repository.git_dir / "index"
        if not index.exists():
            raise GitFailed(f"{index} is not there")
        (look.git_dir / "index").write_bytes(index.read_bytes())
        yield look


def on_work_tree(repository: Repository) -> tuple[str, ...]:
    """What git must be told before a command that looks at the work tree."""
    return ("-c", "core.bare=false", f"--work-tree={repository.root}")


def unchanged(
    look: Git,
    repository: Repository,
    trees: Trees,
    entries: Mapping[str, Entry],
    sizes: Future[Mapping[str, int]],
    attributes: Sequence[Path] = (),
) -> frozenset[str]:
    """Paths of `entries`, the committed files, whose file in the work tree has the same content. Raises GitFailed.

    `look` is git beside the repository. Git must call it clean and look at it (no sparse checkout, not assumed
    unchanged), nothing may rewrite files as they are checked out, and it must be as long as `sizes` says that the
    committed one is.
    """
    sources = [repository.common / "info" / "attributes", repository.git_dir / "info" / "attributes", *attributes]
    if any(_rewrites(file) for file in sources) or any(_rewritten_by(trees, entries)):
        return frozenset()
    at = on_work_tree(repository)
    with ThreadPoolExecutor(1) as pool:
        dirty = pool.submit(
            look.run, *at, "status", "--porcelain", "-z", "--ignore-submodules=all", "--no-renames",
            "--untracked-files=no",
        )  # fmt: skip
        listed = look.run(*at, "ls-files", "-z", "-v", "--debug")
        lengths = {_path(name): int(size) for tag, name, size in LISTED.findall(listed) if tag == ORDINARY}
        differing = {_path(line[3:]) for line in dirty.result().split(b"\0") if line}
    known = sizes.result()
    return frozenset(p for p, size in known.items() if lengths.get(p) == size and p not in differing)


def sizes(git: Git, entries: Mapping[str, Entry]) -> Mapping[str, int]:
    """Bytes of each committed file that git has. Raises GitFailed."""
    files = {path: entry.oid for path, entry in entries.items() if entry.is_file}
    asked = "".join(f"{oid}\n" for oid in files.values()).encode()
    told = git.run("cat-file", "--batch-check=%(objectsize)", "--buffer", stdin=asked).split(b"\n")
    return {path: int(size) for path, size in zip(files, told, strict=False) if size.isdigit()}


def _rewritten_by(trees: Trees, entries: Mapping[str, Entry]) -> Iterator[bool]:
    for path, entry in entries.items():
        if path.endswith(".gitattributes") and path.rpartition("/")[2] == ".gitattributes":
            yield not entry.is_file or bool(REWRITING.search(trees.blob(entry.oid)))


def _rewrites(file: Path) -> bool:
    try:
        return bool(REWRITING.search(file.read_bytes()))
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _path(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
