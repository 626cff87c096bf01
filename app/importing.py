"""Take in a backlog that was kept elsewhere, and give this one away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.answer import Answer
from app.call import Call
from app.house import House, open_house
from app.listing import ranked
from app.moving_in import proposal
from backlog.edit import EditInvalid
from backlog.export import exported
from backlog.importing import Imported, imported
from backlog.item import OPEN, Item, Status
from backlog.rows import insert_items, items_of
from backlog.source import SourceBroken
from backlog.sources.files import MARKDOWN_PLACES, YAML_PLACES
from backlog.sources.text import LARGEST


def import_file(call: Call, file: Path, dry_run: bool) -> Answer:
    """New items come in; one whose id is in the backlog already is left as it is."""
    house = open_house(call)
    _refuse_own(house, file)
    found = imported(_read(file), file.name, house.now())
    if not isinstance(found, Imported):
        return proposal(found, file.name, house.repository.root.parent)
    known = {item.id for item in found.items} - {item.id for item in _taken(house, found, dry_run)}
    fresh = [item for item in found.items if item.id not in known]
    lines = [f"{'would come' if dry_run else 'new'}: {_line(item)}" for item in fresh]
    lines += [f"is in the backlog already, and is left as it is: {item}" for item in sorted(known)]
    lines += [f"note: {note}" for note in found.notes]
    lines.append(f"{len(fresh)} of {len(found.items)} items {'would come in' if dry_run else 'came in'}")
    result: dict[str, Any] = {
        "items": [item.model_dump(mode="json") for item in fresh],
        "known": sorted(known),
        "notes": list(found.notes),
        "dry_run": dry_run,
    }
    return Answer(result, tuple(lines))


def _refuse_own(house: House, file: Path) -> None:
    """What discovery reads by itself would come in twice."""
    root = house.repository.root
    for place in (*YAML_PLACES, *MARKDOWN_PLACES):
        if (root / place).exists() and file.exists() and (root / place).samefile(file):
            how = "sync" if place in YAML_PLACES else "discover reads it once it is committed"
            command = f"lamplighter backlog {how}" if how == "sync" else f"lamplighter {how}"
            raise EditInvalid(f"{place}: is this repository's own backlog, and needs no import: {command}")


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except IsADirectoryError:
        raise SourceBroken(f"{file}: is a folder") from None
    except FileNotFoundError:
        raise SourceBroken(f"{file}: there is no such file") from None


def _taken(house: House, found: Imported, dry_run: bool) -> list[Item]:
    """The items that were not there, put in unless it is a dry run."""
    with house.backlog.reading() if dry_run else house.backlog.writing() as connection:
        known = {item.id for item in items_of(connection, [item.id for item in found.items])}
        fresh = [item for item in found.items if item.id not in known]
        if not dry_run:
            insert_items(connection, fresh)
    return fresh


def _line(item: Item) -> str:
    reason = f" ({item.reason})" if item.status is Status.BLOCKED and item.reason else ""
    return f"{item.id:<22}  {item.status.value:<9}  {item.kind.value:<14}  {item.title}{reason}"


def export(call: Call, form: str, everything: bool) -> Answer:
    house = open_house(call)
    scored = ranked(house, tuple(Status) if everything else OPEN)
    text = exported(scored, form)
    return Answer({"format": form, "items": len(scored), "text": text}, tuple(text.rstrip("\n").split("\n")))
