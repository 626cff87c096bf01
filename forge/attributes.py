"""What the `.gitattributes` of a committed tree say of its files, as git itself reads them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from sandbox.git import Git
from sandbox.tree import Entry

NAME = ".gitattributes"
SAYS = {b"set": True, b"true": True, b"unset": False, b"false": False}
"""Of other values nothing is known here."""


def attributed(git: Git, entries: Mapping[str, Entry], names: Sequence[str]) -> Mapping[str, Mapping[str, bool]]:
    """For each path of which these attributes are said to be true or false, what is said. Raises GitFailed."""
    told = [(path, entry) for path, entry in entries.items() if path.rpartition("/")[2] == NAME and entry.is_file]
    if not told:
        return {}
    with tempfile.TemporaryDirectory(prefix="lamplighter-") as folder:
        # An index of nothing but these files is all that git looks into.
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        listed = b"".join(f"{entry.mode} {entry.oid}\t".encode() + _name(path) for path, entry in told)
        git.run("update-index", "-z", "--index-info", stdin=listed, environment=index)
        asked = b"".join(_name(path) for path in entries)
        answer = git.run("check-attr", "--cached", "-z", "--stdin", *names, stdin=asked, environment=index)
    found: dict[str, dict[str, bool]] = {}
    parts = answer.split(b"\0")
    for path, name, says in zip(parts[0::3], parts[1::3], parts[2::3], strict=False):
        if says in SAYS:
            found.setdefault(path.decode("utf-8", "surrogateescape"), {})[name.decode()] = SAYS[says]
    return found


def _name(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape") + b"\0"
