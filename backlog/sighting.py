"""What one source said once, and which item it stands for: by this a thing is told again."""

from __future__ import annotations

from dataclasses import dataclass, replace

from backlog.source import Found


@dataclass(frozen=True, slots=True)
class Sighting:
    """An item may have several, of different sources. It lives as long as one of them is present."""

    source: str
    fingerprint: str
    item: str
    path: str | None
    line: int | None
    kind: str
    content: str
    anchor: str
    snippet: str
    digest: str
    """Of everything the source said last time: the same again means nothing to do."""
    present: bool
    """The source reported it when it looked last."""
    commit: str
    """The base at which it was reported last; empty where nobody said."""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from the others of its source: an item that is gone keeps the fingerprint that it had."""
        return self.fingerprint, self.item

    def gone(self) -> Sighting:
        return replace(self, present=False)


def sighted(found: Found, source: str, item: str, digest: str, commit: str) -> Sighting:
    return Sighting(
        source=source,
        fingerprint=found.fingerprint,
        item=item,
        path=found.path,
        line=found.line,
        kind=found.kind.value,
        content=found.content,
        anchor=found.anchor,
        snippet=found.snippet,
        digest=digest,
        present=True,
        commit=commit,
    )
