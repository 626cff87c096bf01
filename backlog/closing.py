"""How an item ends that no source reports any more: done, where its check shows it, and else taken off the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backlog.intake import NO_LONGER_FOUND
from backlog.item import Item, Status
from backlog.sighting import Sighting


@dataclass(frozen=True, slots=True)
class Closing:
    status: Status
    reason: str
    """One line with what shows it."""


Close = Callable[[Item, Sequence[Sighting]], Closing | None]
"""None: it stays open."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at the base shows of an item that is gone."""

    base: str
    touched: str = ""
    """The commit that changed the item's file since it was reported last, as a sentence; empty when none did."""
    holds: bool | None = None
    """The item's check passes on the base. None: it has none that can be run."""
    told: str = ""
    """What the check said."""
    silenced: bool = False
    """A comment keeps the scanner from reporting it."""


def no_longer_found(_item: Item, sightings: Sequence[Sighting]) -> Closing:
    """Where nothing is known but that it is gone."""
    return Closing(Status.CANCELLED, f"{NO_LONGER_FOUND} by {_by(sightings)}")


def closing(sightings: Sequence[Sighting], seen: Seen) -> Closing | None:
    """Done is said only of what was run; that a text is gone shows only that it is gone.

    A check that fails still keeps the item open, whatever its source says. So does one that passes on the very base
    on which it failed: that is a flaky one.
    """
    gone = f"{NO_LONGER_FOUND} by {_by(sightings)} at {seen.base[:10]}"
    if seen.silenced:
        return Closing(Status.CANCELLED, f"{gone}: {seen.told}; {_cause(seen)}")
    if seen.holds is None:
        return Closing(Status.CANCELLED, f"{gone}; {_cause(seen)}")
    if not seen.holds or seen.base in {s.commit for s in sightings}:
        return None
    return Closing(Status.DONE, f"its check passes at {seen.base[:10]}: {seen.told}; {_cause(seen)}")


def _cause(seen: Seen) -> str:
    return f"last changed in {seen.touched}" if seen.touched else "no commit changed its file: the source changed"


def _by(sightings: Sequence[Sighting]) -> str:
    return ", ".join(sorted({s.source for s in sightings}))
