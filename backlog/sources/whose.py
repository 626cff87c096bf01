"""Whose code is a file? What `.gitattributes` says, in the words that GitHub reads; else what its path says."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backlog.source import View
from backlog.sources.paths import made, vendored

VENDORED, GENERATED = "linguist-vendored", "linguist-generated"


def foreign_in(view: View) -> Callable[[str], bool]:
    """Tells of a path whether it is other people's code or made by a program.

    For sources of work alone: what looks for secrets does not go by what a repository says of itself.
    """
    said = _said(view)

    def foreign(path: str) -> bool:
        here = said.get(path, {})
        return here.get(VENDORED, vendored(path)) or here.get(GENERATED, made(path))

    return foreign


def _said(view: View) -> Mapping[str, Mapping[str, bool]]:
    rules = (path for path, entry in view.files.items() if path.endswith(".gitattributes") and entry.is_file)
    if view.attributed is None or not any(b"linguist-" in view.read(path) for path in rules):
        return {}
    return view.attributed((VENDORED, GENERATED))
