"""The repository that is worked while measuring: the demo's sample, made ready, and items for a model."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.demo.build import build
from app.house import House
from app.settings import Surroundings, load, on_disk
from app.state_folder import state_folder
from evals.bench.process import timed
from forge.repository import open_repository

CRITERION = "parse('1h30m') is 5400: the parts add up"


@dataclass(frozen=True)
class Ground:
    """`root` holds `timers` (the repository) and `home` (an empty home folder)."""

    root: Path
    sources: Path | None = None
    """A folder of source trees that were given to measure on."""

    @property
    def repository(self) -> Path:
        return self.root / "timers"

    @property
    def python(self) -> str:
        return sys.executable

    @property
    def lamplighter(self) -> str:
        """The console script beside the interpreter."""
        return str(Path(sys.executable).parent / "lamplighter")

    def environment(self, url: str = "") -> Mapping[str, str]:
        """Built from nothing, so that the caller's settings measure nothing."""
        clean = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.root / "home"),
            "LANG": "C.UTF-8",
            "NO_COLOR": "1",
        }
        return clean | ({"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "none"} if url else {})

    def house(self) -> House:
        """The repository opened in this process, with default settings."""
        around = Surroundings(environment={}, home=self.root / "home")
        settings = load(on_disk(self.repository), around, {})
        return House(around, settings, open_repository(self.repository), state_folder(self.repository))

    def add(self, title: str) -> str:
        """A new item that is READY; gives its id."""
        words = ("backlog", "add", title, "--kind", "bug", "--criterion", CRITERION, "--json")
        said = timed((self.lamplighter, *words), self.repository, self.environment()).said
        item: str = json.loads(said.splitlines()[-1])["result"]["item"]["id"]
        return item


def prepared(root: Path) -> Ground:
    """Build and initialise the repository in the empty folder `root`. Raises BenchFailed."""
    ground = Ground(root)
    (root / "home").mkdir()
    build(ground.repository)
    timed((ground.lamplighter, "init"), ground.repository, ground.environment())
    return ground
