"""Items, views of a base and empty backlogs to test with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from backlog.item import Inputs, Item, Kind, Status
from backlog.source import Artefact, Change, Past, Ran, View
from backlog.store import Backlog
from checks.finding import Finding
from checks.testrun import TestRun
from sandbox.tree import Entry

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class NoPast:
    """A repository of which nothing is known."""

    shallow = False

    def births(self, path: str, lines: Sequence[int]) -> Mapping[int, datetime]:
        return {}

    def churn(self, days: int) -> Mapping[str, int]:
        return {}

    def changes(self, since: datetime) -> Iterator[Change]:
        return iter(())


def make_item(**fields: Any) -> Item:
    plain: dict[str, Any] = {
        "id": "a-1",
        "title": "Do it",
        "kind": Kind.FEATURE,
        "source": "hand",
        "status": Status.READY,
        "criteria": ("it is done",),
        "created_at": NOON,
        "updated_at": NOON,
    }
    numbers = {k: fields.pop(k) for k in list(fields) if k in Inputs.model_fields and k != "source"}
    if numbers:
        fields["inputs"] = Inputs(**numbers)
    return Item(**(plain | fields))


def make_view(
    files: Mapping[str, bytes | str] | None = None,
    findings: tuple[Finding, ...] = (),
    run: TestRun | None = None,
    modes: Mapping[str, str] | None = None,
    ran: Callable[[Sequence[str], float], Ran] | None = None,
    past: Past | None = None,
    artefacts: tuple[Artefact, ...] = (),
) -> View:
    contents = {p: c.encode() if isinstance(c, str) else c for p, c in (files or {}).items()}
    return View(
        commit="c" * 40,
        files={p: Entry((modes or {}).get(p, "100644"), hashlib.sha1(c).hexdigest()) for p, c in contents.items()},
        read=lambda path: contents[path],
        scan=lambda tool: tuple(f for f in findings if f.tool == tool),
        failing=lambda: run or TestRun(),
        run=ran or (lambda argv, wall_s: Ran(127, b"", b"there is nothing to run here")),
        past=past or NoPast(),
        artefacts=artefacts,
        root=Path("/nowhere"),
        now=NOON,
    )


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def item() -> Callable[..., Item]:
    return make_item


@pytest.fixture
def view() -> Callable[..., View]:
    return make_view


@pytest.fixture
def backlog(tmp_path: Path) -> Iterator[Backlog]:
    with Backlog(tmp_path / ".lamplighter" / "backlog.db") as made:
        yield made
