"""The runs of a repository: one folder each under `.lamplighter/runs/`, named `<item>-<number>`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, TypeAdapter, ValidationError

from backlog.item import Item
from evidence.record import EVENTS, RecordBroken

Line: TypeAdapter[dict[str, object]] = TypeAdapter(dict[str, object])


class RunUnknown(Exception):
    """There is no such run. Says which there are."""


class Begun(BaseModel, frozen=True, extra="forbid"):
    """What a run was started with: enough to go on with it in another process."""

    run: str
    item: Item
    base: str
    base_tree: str
    thinker: str
    """`mechanic` or `model`."""


@dataclass(frozen=True)
class Runs:
    folder: Path

    def next_id(self, item: str) -> str:
        return f"{item}-{1 + max((n for n, _ in self._of(item)), default=0)}"

    def begin(self, run: str, item: Item, base: str, base_tree: str, thinker: str) -> Begun:
        """A new run, on disk before anything else happens."""
        begun = Begun(run=run, item=item, base=base, base_tree=base_tree, thinker=thinker)
        folder = self.path(begun.run)
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / "run.json.part"
        part.write_text(begun.model_dump_json(indent=1))
        part.replace(folder / "run.json")
        return begun

    def path(self, run: str) -> Path:
        return self.folder / run

    def load(self, run: str) -> Begun:
        """Raises RunUnknown."""
        try:
            return Begun.model_validate_json((self.path(run) / "run.json").read_bytes())
        except (OSError, ValidationError) as error:
            known = ", ".join(sorted(p.parent.name for p in self.folder.glob("*/run.json"))[-5:]) or "none yet"
            raise RunUnknown(f"there is no run {run!r}; the latest are: {known}") from error

    def known(self, run: str) -> bool:
        return (self.path(run) / "run.json").exists()

    def latest(self, item: str) -> Begun | None:
        numbers = [n for n, path in self._of(item) if (path / "run.json").exists()]
        return self.load(f"{item}-{max(numbers)}") if numbers else None

    def all(self) -> list[Begun]:
        return [self.load(p.parent.name) for p in sorted(self.folder.glob("*/run.json"))]

    def ended(self, run: str) -> dict[str, object] | None:
        """The recorded outcome, or None while it is under way."""
        try:
            lines = (self.path(run) / EVENTS).read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            return None
        if not lines or not lines[-1].endswith(b"\n"):
            return None  # cut off in mid-write: it is under way
        try:
            last: dict[str, object] = Line.validate_json(lines[-1])
        except ValidationError:
            raise RecordBroken(f"{self.path(run) / EVENTS}: line {len(lines)} is not a record line") from None
        outcome = last.get("outcome") if last.get("event") == "ended" else None
        return outcome if isinstance(outcome, dict) else None

    def _of(self, item: str) -> list[tuple[int, Path]]:
        found = []
        for path in self.folder.glob(f"{item}-*"):
            number = path.name.removeprefix(f"{item}-")
            if number.isdigit():
                found.append((int(number), path))
        return found
