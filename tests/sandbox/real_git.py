"""Real repositories, and random trees as data."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from hypothesis import strategies as st

from sandbox.tree import Entry, Trees, is_git_name, open_trees

USER = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/nonexistent",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


def git(folder: Path, *args: str, stdin: bytes = b"") -> bytes:
    """Git as a user has it."""
    done = subprocess.run(["git", *args], cwd=folder, input=stdin, env=USER, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def repository(folder: Path, algorithm: str = "sha1") -> Path:
    git(folder.parent, "init", "-q", "-b", "main", f"--object-format={algorithm}", str(folder))
    return folder


def trees_on(repo: Path, algorithm: str = "sha1") -> Trees:
    return open_trees(repo.parent / "private", repo / ".git" / "objects", algorithm)


Files = Mapping[str, tuple[str, bytes]]
"""Path to mode and content."""


def put(trees: Trees, files: Files) -> dict[str, Entry]:
    return {path: Entry(mode, trees.put(data)) for path, (mode, data) in files.items()}


def on_disk(folder: Path) -> dict[str, tuple[str, bytes]]:
    """What a stranger sees in a folder, read without any of our code."""
    found = {}
    for where, folders, files in os.walk(os.fsencode(folder)):
        for name in [*files, *(f for f in folders if os.path.islink(os.path.join(where, f)))]:
            full = os.path.join(where, name)
            path = os.fsdecode(os.path.relpath(full, os.fsencode(folder)))
            if os.path.islink(full):
                found[path] = ("120000", os.readlink(full))
            else:
                mode = "100755" if os.stat(full).st_mode & 0o100 else "100644"
                found[path] = (mode, Path(os.fsdecode(full)).read_bytes())
    return found


_NAMES = st.one_of(
    st.sampled_from(["a", "b", "a.b", "a-b", "A", "é", "é", "-x", " ", "new\nline", "tab\t", ":(glob)*", '"q"', "\\"]),
    st.binary(min_size=1, max_size=12).map(
        lambda raw: raw.replace(b"/", b"_").replace(b"\0", b"0").decode("utf-8", "surrogateescape")
    ),
).filter(lambda name: name not in (".", "..") and not is_git_name(name))

_FILES = st.one_of(
    st.tuples(st.sampled_from(["100644", "100755"]), st.binary(max_size=40)),
    st.tuples(st.just("120000"), st.sampled_from([b"a", b"../b", b"x/../y", b"/etc/passwd", b"\xff"])),
)

_FOLDERS = st.recursive(
    st.dictionaries(_NAMES, _FILES, max_size=4),
    lambda inner: st.dictionaries(_NAMES, st.one_of(_FILES, inner), max_size=4),
    max_leaves=6,
)


def _flat(folder: Mapping[str, object], prefix: str = "") -> dict[str, tuple[str, bytes]]:
    found: dict[str, tuple[str, bytes]] = {}
    for name, child in folder.items():
        if isinstance(child, dict):
            found |= _flat(child, f"{prefix}{name}/")
        else:
            found[prefix + name] = child  # type: ignore[assignment]
    return found


random_files: st.SearchStrategy[Files] = _FOLDERS.map(_flat)
