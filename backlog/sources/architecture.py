"""A look at the structure, as somebody who knows the code would take once a week: three rules, each of measured facts.

| rule            | what                                                                  | value | time | risk | size |
|-----------------|-----------------------------------------------------------------------|-------|------|------|------|
| import-cycle    | modules that import each other while they are loaded                  | 3     | 1    | 3    | 2    |
| hotspot         | a file changed far more often than others, in its intricate functions | 3     | 1    | 5    | 5    |
| change-coupling | files that change together although nothing in them says why          | 2     | 1    | 3    | 3    |

All are of the kind refactor. A circle of more than 2 modules is one size bigger, of more than 8 two.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from backlog.source import Report, View
from backlog.sources import intricate, paths, text, whose
from backlog.sources.outcome import outcome
from backlog.sources.structure import code as code_rules
from backlog.sources.structure import coupling, cycles, history, hotspots, imports, modules, rings, wiring
from backlog.sources.structure.code import Code, read_code
from backlog.sources.structure.history import DAYS, SWEEPING, History, read_history
from backlog.sources.text import clean
from backlog.sources.whose import foreign_in
from sandbox.git import GitFailed

NAME = "architecture"
SECONDS = 60.0
"""For reading the code, and as many for reading the history."""
NAMED = 5


@dataclass(frozen=True, slots=True)
class Architecture:
    seconds: float = SECONDS
    tick: Callable[[], float] = time.monotonic
    name: str = NAME

    def look(self, view: View) -> Report:
        foreign = foreign_in(view)
        code = read_code(view, foreign, self.seconds, self.tick)
        gaps = list(_gaps_in(code))
        found = list(cycles.import_cycles(code))
        past = self._history(view, gaps)
        if past is not None:
            end = self.tick() + self.seconds
            hot = hotspots.Hotspots(code, past, view.past, lambda: self.tick() < end)
            found += hot.found()
            found += coupling.Coupling(view, code, past, foreign).found()
            gaps += [f"no time to ask who wrote {_some(hot.waiting)}"] if hot.waiting else []
        return outcome(self.name, found, view.files, notes=tuple(_notes(code, past)), gaps=gaps)

    def _history(self, view: View, gaps: list[str]) -> History | None:
        """None when it can not be told how often and with what a file was changed."""
        if view.past.shallow:
            gaps.append("a shallow clone: what changes often or together was not looked at")
            return None
        try:
            past = read_history(view.past, view.now, self.seconds, self.tick)
        except GitFailed as failure:
            gaps.append(f"the history can not be read: {clean(str(failure), 160)}")
            return None
        if past.cut:
            gaps.append(f"of the history only {len(past.changes)} commits back to {past.cut:%Y-%m-%d} were read")
        return past


def rules_version() -> str:
    """Changes with every change of the code that decides what is found."""
    made = hashlib.sha256(repr(sys.version_info[:3]).encode())
    rules = (
        code_rules,
        coupling,
        cycles,
        history,
        hotspots,
        imports,
        intricate,
        modules,
        paths,
        rings,
        text,
        whose,
        wiring,
    )
    for module in (*rules, sys.modules[__name__]):
        assert module.__file__ is not None
        made.update(Path(module.__file__).read_bytes())
    return made.hexdigest()[:16]


def _gaps_in(code: Code) -> Iterator[str]:
    if code.broken:
        yield f"can not be parsed: {_some(code.broken)}"
    if code.unread:
        yield f"{code.unread} Python files were not read: no time"


def _notes(code: Code, past: History | None) -> Iterator[str]:
    yield f"{len(code.files)} modules with {sum(map(len, code.loading.values()))} imports of each other"
    if past is not None:
        left = f", without {past.sweeping} of more than {SWEEPING} files" if past.sweeping else ""
        yield f"{len(past.changes)} commits of {DAYS} days{left}"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(clean(name, 80) for name in names[:NAMED]) + more
