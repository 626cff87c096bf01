"""What is laid out for one test run: the reporter's files, shown inside, and the file its events go to."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from checks.canary import Canary
from checks.events import Events, read_events
from checks.manner import Manner
from sandbox.policy import Mount
from sandbox.site import FRESH, Site

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder that is shown read-only, and one file beside it that may be written."""

    folder: Path
    report: Path
    inside: str
    plugins: tuple[str, ...]
    """Names of the modules that pytest loads; the last is the reporter."""
    key: bytes

    @property
    def mounts(self) -> tuple[Mount, ...]:
        return (Mount(self.folder, self.inside), Mount(self.report, self._report, writable=True))

    @property
    def _report(self) -> str:
        return f"{self.inside}.events"

    def argv(self, python: str, arguments: Sequence[str]) -> tuple[str, ...]:
        """pytest with our plugins; the reporter's key goes to stdin."""
        loaded = [part for name in self.plugins for part in ("-p", name)]
        return (python, f"{self.inside}/launch.py", self._report, self.plugins[-1], *loaded, *arguments)

    def events(self) -> Events:
        return read_events(self.report.read_bytes(), self.key)


@contextmanager
def desk(site: Site, ids: Sequence[str], planted: Canary | None, manner: Manner) -> Iterator[Desk]:
    """Laid out below the site's spool and cleared afterwards. No name in it says whose it is."""
    with TemporaryDirectory(prefix=swept(), dir=site.spool) as name:
        folder, report = Path(name, "plugin"), Path(name, "events")
        folder.mkdir(mode=0o755)
        parts = ("blindfold", "chooser", "reporter") if manner.blind else ("chooser", "reporter")
        plugins = tuple(_put(folder, part, f"_{secrets.token_hex(8)}") for part in parts)
        _put(folder, "launcher", "launch")
        plan = {
            "root": site.at,
            "ids": list(ids),
            "canary": planted and planted.path,
            "order": manner.order,
            "repeats": manner.repeats,
        }
        (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
        report.touch()
        give(site, report)
        yield Desk(folder, report, f"/run/{secrets.token_hex(8)}", plugins, secrets.token_bytes(32))


def _put(folder: Path, part: str, name: str) -> str:
    (folder / f"{name}.py").write_bytes((HERE / f"{part}.py").read_bytes())
    return name


def swept() -> str:
    """How a throwaway folder in the spool is called, so that it goes the way of others if we are killed."""
    return FRESH.format(pid=os.getpid())


def give(site: Site, path: Path) -> None:
    """Let the user that commands run as write here."""
    owner = site.sandbox.owner
    if owner is not None:
        os.chown(path, owner, owner)
