"""Inside the sandbox: which of the watched lines the new tests run. Standard library only, Python 3.8 on."""

from __future__ import annotations

import os
import sys
import threading
from types import FrameType
from typing import Any, NamedTuple


class Run(NamedTuple):
    """Lines that ran. `lost`: someone else took the tracing over, so others may have run too."""

    lines: list[Any]
    lost: bool


class Traced(NamedTuple):
    tests: dict[str, Any]
    """The lines that each test's own call runs."""
    shared: Any
    """Those of what comes before and after a test: other tests may depend on them too."""
    spawned: bool
    """Other processes were started: there nobody was watching."""
    lost: bool

    @property
    def all(self) -> list[Any]:
        return [*self.shared, *(line for lines in self.tests.values() for line in lines)]

    @property
    def partial(self) -> bool:
        """Other lines may have run too."""
        return self.lost or self.spawned

    def order(self, job: Any, imported: Run, items: list[Any]) -> Any:
        """The tests to run on a mutant; none can notice it when empty; None: not to be tried in loaded code."""
        path = job["edits"][0][0]
        span = {(path, line) for line in range(job["first"], job["last"] + 1)}
        if imported.lost or self.lost or not span.isdisjoint(map(tuple, imported.lines)):
            return None
        if self.spawned or not span.isdisjoint(map(tuple, self.shared)):
            return items
        reaching = {name for name, lines in self.tests.items() if not span.isdisjoint(map(tuple, lines))}
        return [item for item in items if item.nodeid in reaching]


class Reached:
    """Watches the lines `watched` ({path: lines}) of the files below `root`."""

    def __init__(self, root: str, watched: Any) -> None:
        self._files = {os.path.realpath(os.path.join(root, path)): path for path in watched}
        self._names: dict[str, str | None] = {}
        self._watched = {(path, line) for path, lines in watched.items() for line in lines}
        self._now: set[tuple[str, int]] = set()
        self._tests: dict[str, set[tuple[str, int]]] = {}
        self._shared: set[tuple[str, int]] = set()
        self._spawned = False
        self._ours: Any = self._call

    def start(self) -> None:
        self._now, self._spawned = set(), False
        sys.addaudithook(self._audit)
        threading.settrace(self._ours)
        sys.settrace(self._ours)

    def stop(self) -> Run:
        lost = sys.gettrace() is not self._ours
        sys.settrace(None)
        threading.settrace(None)
        lines = sorted(self._now & self._watched)
        return Run([list(line) for line in lines], lost)

    def note(self, nodeid: str, stage: str) -> None:
        """What ran since the last note belongs to this stage of this test."""
        lines = self._tests.setdefault(nodeid, set()) if stage == "call" else self._shared
        lines |= self._now & self._watched
        self._now.clear()

    def told(self) -> dict[str, Any]:
        run = self.stop()
        return {
            "tests": {name: sorted(lines) for name, lines in self._tests.items()},
            "shared": [*sorted(self._shared), *run.lines],
            "spawned": self._spawned,
            "lost": run.lost,
        }

    def read(self, ending: Any) -> Traced:
        if ending is None:
            return Traced({}, [], spawned=False, lost=True)
        return Traced(*(ending.fact(name) for name in Traced._fields))

    def _audit(self, event: str, arguments: Any) -> None:
        if event in ("subprocess.Popen", "os.fork", "os.forkpty", "os.exec", "os.posix_spawn", "os.system"):
            self._spawned = True

    def _call(self, frame: FrameType, event: str, argument: Any) -> Any:
        name = frame.f_code.co_filename
        if name not in self._names:
            self._names[name] = self._files.get(os.path.realpath(name))
        return self._line if self._names[name] is not None else None

    def _line(self, frame: FrameType, event: str, argument: Any) -> Any:
        path = self._names[frame.f_code.co_filename]
        if event == "line" and path is not None:
            self._now.add((path, frame.f_lineno))
        return self._line
