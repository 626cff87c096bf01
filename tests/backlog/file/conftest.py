"""A backlog, a file beside it, and the way between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from backlog.file import synced
from backlog.file.steps import exchange
from backlog.file.swap import Swap
from backlog.file.sync import Order, Synced, sync
from backlog.item import Item
from backlog.store import Backlog
from tests.backlog.conftest import NOON


@dataclass
class Desk:
    """`file` is the backlog file that a person edits."""

    file: Path
    backlog: Backlog
    swap: Swap

    def sync(self, **order: object) -> Synced:
        return sync(self.backlog, self.swap, Order(**order), NOON)  # type: ignore[arg-type]

    def write(self, text: str) -> None:
        self.file.write_bytes(text.encode())

    @property
    def text(self) -> str:
        return self.file.read_bytes().decode()

    def change(self, old: str, new: str) -> None:
        """As a person with an editor would."""
        assert self.text.count(old) == 1, (old, self.text)
        self.write(self.text.replace(old, new))

    def item(self, name: str) -> Item:
        return self.backlog.get(name)

    def agreed(self) -> dict[str, synced.Agreed]:
        with self.backlog.reading() as connection:
            return synced.load(connection)


def desk_at(folder: Path) -> Desk:
    swap = Swap(folder / "backlog.yml", folder / ".lamplighter" / "sync", "backlog.yml", exchange)
    return Desk(folder / "backlog.yml", Backlog(folder / ".lamplighter" / "backlog.db"), swap)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = desk_at(tmp_path)
    yield made
    made.backlog.dispose()
