"""The user's repository: where it is, what it stands at. Only read here."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from sandbox.git import Git, GitFailed, private


class RepositoryInvalid(Exception):
    """This folder cannot be worked on. One line: which folder, why, and what to do."""


@dataclass(frozen=True)
class Repository:
    root: Path
    """The top folder of the work tree."""
    git_dir: Path
    """Of this work tree."""
    common: Path
    """The git directory that all work trees of the repository share; the same as `git_dir` mostly."""
    objects: Path
    algorithm: str
    """`sha1` or `sha256`."""
    head: str
    """The commit everything starts from."""
    branch: str | None
    """None when HEAD is detached."""

    @property
    def git(self) -> Git:
        """Git on the shared git directory, hardened."""
        return Git(self.common)

    def commit(self, revision: str) -> str:
        """The commit that a branch, tag or id names. Raises RepositoryInvalid."""
        try:
            wanted = ("--verify", "-q", "--end-of-options", f"{revision}^{{commit}}")
            found = Git(self.git_dir).run("rev-parse", *wanted)
        except GitFailed:
            raise RepositoryInvalid(f"{self.root}: there is no commit `{revision}`") from None
        return found.decode().split()[-1]

    def fork(self, one: str, other: str) -> str:
        """The commit where two commits parted. Raises RepositoryInvalid."""
        try:
            return self.git.run("merge-base", one, other).decode().split()[0]
        except GitFailed:
            why = "have no commit in common; in a shallow clone, fetch more history"
            raise RepositoryInvalid(f"{self.root}: {one[:12]} and {other[:12]} {why}") from None

    def dirty(self) -> tuple[str, ...]:
        """Paths that differ from HEAD or are untracked, for information: work starts from the commit.

        Git looks with none of the repository's configuration, so no filter or monitor of it runs.
        """
        with tempfile.TemporaryDirectory(prefix="lamplighter-") as folder:
            look = private(Path(folder) / "git", [self.objects], self.algorithm)
            (look.git_dir / "HEAD").write_text(f"{self.head}\n")
            index = self.git_dir / "index"
            if index.exists():
                (look.git_dir / "index").write_bytes(index.read_bytes())
            status = look.run(
                "-c", "core.bare=false", f"--work-tree={self.root}", "status", "--porcelain", "-z",
                "--ignore-submodules=all", "--no-renames", "--untracked-files=normal",
            )  # fmt: skip
        paths = (line[3:].decode("utf-8", "surrogateescape") for line in status.split(b"\0") if line)
        return tuple(path for path in paths if path.rstrip("/") != ".lamplighter")


def open_repository(path: Path) -> Repository:
    """The repository that `path` lies in. Raises RepositoryInvalid.

    Found by reading files alone: nothing that lies there can have a say in it.
    """
    root, git_dir = _find(path.resolve())
    common = _common(git_dir)
    algorithm = _ask(root, git_dir, "rev-parse", "--show-object-format")
    head = _ask(root, git_dir, "rev-parse", "--verify", "-q", "HEAD^{commit}")
    branch = _ask(root, git_dir, "rev-parse", "--symbolic-full-name", "HEAD")
    found = branch.removeprefix("refs/heads/") if branch.startswith("refs/heads/") else None
    return Repository(root, git_dir, common, common / "objects", algorithm, head, found)


def _ask(root: Path, git_dir: Path, *args: str) -> str:
    """One line of git's. With `-q` it fails in silence where there is no commit."""
    try:
        return Git(git_dir).run(*args).decode("utf-8", "surrogateescape").rstrip("\n")
    except GitFailed as error:
        if "-q" in args and str(error).endswith("said: nothing"):
            problem = "no commit yet; commit what is there, then start again"
            raise RepositoryInvalid(f"{root}: {problem}") from None
        raise RepositoryInvalid(f"{root}: git cannot read this repository: {error}") from None


def _find(start: Path) -> tuple[Path, Path]:
    """The top folder of the work tree and its git directory."""
    if not start.exists():
        raise RepositoryInvalid(f"{start}: no such folder")
    for folder in (start, *start.parents):
        dot_git = folder / ".git"
        if dot_git.is_dir() and _is_git_dir(dot_git):
            return folder, dot_git
        if dot_git.is_file():
            return folder, _linked(folder, dot_git)
        if _is_git_dir(folder):
            raise RepositoryInvalid(f"{folder}: a bare repository has no files to work on; clone it first")
    raise RepositoryInvalid(f"{start}: not in a git repository; run `git init` and commit, or go to one")


def _is_git_dir(folder: Path) -> bool:
    return (folder / "HEAD").exists() and (
        (folder / "commondir").exists() or ((folder / "objects").is_dir() and (folder / "refs").is_dir())
    )


def _linked(folder: Path, dot_git: Path) -> Path:
    """Where the `.git` file of a linked work tree or submodule points."""
    text = dot_git.read_text("utf-8", "surrogateescape").rstrip("\n")
    target = folder / text.removeprefix("gitdir: ")
    if not text.startswith("gitdir: ") or not _is_git_dir(target):
        raise RepositoryInvalid(f"{dot_git}: points to no git directory; `git worktree repair` may help")
    return target.resolve()


def _common(git_dir: Path) -> Path:
    try:
        text = (git_dir / "commondir").read_text("utf-8", "surrogateescape").rstrip("\n")
    except FileNotFoundError:
        return git_dir
    return (git_dir / text).resolve()
