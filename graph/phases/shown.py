"""The change so far, as a model reads it."""

from __future__ import annotations

import re

from graph.deps import Deps
from graph.state import ItemState

LONGEST = 60_000
"""Characters of a diff."""
_NAMES_OF_BLOBS = re.compile(r"^index [0-9a-f]+\.\.[0-9a-f]+(?: \d+)?\n", re.MULTILINE)


def shown_change(state: ItemState, deps: Deps) -> str:
    """A diff without the names of blobs, cut where it is too long."""
    return shown(deps.site.trees.patch(state["base_tree"], state["tree"]))


def shown(patch: bytes) -> str:
    text = _NAMES_OF_BLOBS.sub("", patch.decode("utf-8", "replace"))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n… cut here: read the other files yourself"
