"""Which found thing is the same as one found before? Never by line number."""

from __future__ import annotations

import hashlib
import re

DIGITS = 10


def item_id(source: str, path: str, text: str, ordinal: int = 0, *, prefix: str = "") -> str:
    """A short stable id such as `todo-3f9a2c1b07`.

    `source` names the source and its rule or marker (`markers:TODO`, `ruff:F401`), `ordinal` counts equal
    texts in one file from 0. `prefix` is the readable front, by default the last part of `source`.
    """
    front = slug(prefix or source.rpartition(":")[2]) or "item"
    return f"{front[:40].rstrip('-')}-{_digest(source, path, normal(text), str(ordinal))}"


def content_key(source: str, text: str) -> str:
    """The same for the same text wherever it lies: by this an item follows its file when that is renamed."""
    return _digest(source, normal(text))


def normal(text: str) -> str:
    """Text without what re-indenting and re-wrapping change."""
    return " ".join(text.split())


def slug(text: str) -> str:
    """Lower case letters, digits and single hyphens: what an id may be made of."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:63].rstrip("-")


def _digest(*parts: str) -> str:
    data = "\0".join(parts).encode("utf-8", "surrogateescape")
    return hashlib.sha256(data).hexdigest()[:DIGITS]
