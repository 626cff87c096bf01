"""What an escape is: an attack as code, tried in two ways, and how to see that it did harm."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from evals.containment.host import Host
from sandbox.limits import MIB, Limits

SMALL = Limits(
    wall_s=15.0,
    cpu_s=10,
    memory_bytes=256 * MIB,
    processes=40,
    file_bytes=16 * MIB,
    growth_bytes=16 * MIB,
    growth_files=500,
    tmp_bytes=8 * MIB,
    output_bytes=MIB,
)
"""Low enough that going over them hurts nobody where there is no sandbox."""

Expected = Literal["contained", "error", "verdict"]


@dataclass(frozen=True)
class Said:
    """How a payload ended."""

    output: bytes = b""
    """stdout and stderr."""
    killed: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Kept:
    """What was taken over of a workspace, after the payload."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    """Of large files only the beginning."""
    read: int = 0
    """Bytes that had to be read."""
    refused: str = ""
    hung: bool = False


class Way(Protocol):
    """How an attack is carried out: with nothing in its way, or through all that Lamplighter has."""

    @property
    def host(self) -> Host: ...

    @property
    def protected(self) -> bool: ...

    def run(self, code: str, limits: Limits = SMALL, **rules: tuple[str, ...]) -> Said:
        """Python in the workspace; `F` holds what an attacker may know of the host. `rules` are of the policy."""
        ...

    def write(self, path: str, text: str) -> str:
        """A file tool: its answer, or its refusal."""
        ...

    def edit(self, path: str, old: str, new: str) -> str: ...

    def read(self, path: str) -> str: ...

    def keep(self) -> Kept:
        """Take over what lies in the workspace."""
        ...

    def handle(self, *commands: Sequence[str]) -> str:
        """Look at the repository in the workspace, and commit: plainly with these git commands, or as we do it."""
        ...


@dataclass(frozen=True)
class Outcome:
    """What came of one attack in one way."""

    harm: str = ""
    """What it did, seen from outside; empty when nothing."""
    told: str = ""
    """What the one who asked was told."""
    impossible: str = ""
    """Why it can not be tried on this machine at all."""


Attack = Callable[[Way], Outcome]


@dataclass(frozen=True)
class Escape:
    """One entry of the corpus."""

    number: int
    name: str
    group: str
    attack: Attack
    expected: Expected = "contained"
    says: str = ""
    """What must be told when it is contained: part of the typed error, or the code of the verdict's reason."""
    only: str = ""
    """`root` when nobody else could do the harm anyway."""

    @property
    def key(self) -> str:
        return f"{self.number:02}-{re.sub(r'[^a-z0-9]+', '-', self.name.lower()).strip('-')}"
