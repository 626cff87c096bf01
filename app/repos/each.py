"""Do the same in every repository; what goes wrong in one is told, and the others go on."""

from __future__ import annotations

import shlex
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar

from app.answer import INVALID, OK
from app.call import Call
from app.endings import exit_code
from app.house import House, open_house
from app.repos.known import REASON, Known
from app.state_folder import STATE
from backlog.counted import counted
from backlog.item import OPEN, Status
from backlog.scans import scans
from backlog.sources.text import clean

T = TypeVar("T")


class NotLookedAt(Exception):
    """The repository has no backlog yet; the message says what makes one."""


@dataclass(frozen=True, slots=True)
class State:
    """What a repository's backlog holds."""

    open: int
    ready: int
    blocked: int
    last_look: datetime | None


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """What came of one repository: `made`, or a problem."""

    repository: Known
    made: T | None = None
    problem: str = ""


def in_each(repositories: Sequence[Known], do: Callable[[Known], T]) -> list[Told[T]]:
    return [_told(repository, do) for repository in repositories]


def code(told: Sequence[Told[T]]) -> int:
    """Whether all were looked at."""
    return INVALID if any(one.problem for one in told) else OK


def was_looked_at(repository: Known) -> bool:
    return (repository.root / STATE / "backlog.db").is_file()


@contextmanager
def opened_if_looked_at(repository: Known, call: Call) -> Iterator[House]:
    """Makes nothing in a repository that has no backlog. Raises NotLookedAt."""
    if not was_looked_at(repository):
        where = shlex.quote(str(repository.root))
        raise NotLookedAt(f"never looked at: lamplighter discover --repo {where}")
    with opened(repository, call) as house:
        yield house


@contextmanager
def opened(repository: Known, call: Call) -> Iterator[House]:
    """As for one command in that repository. Makes its state folder where there is none."""
    house = open_house(Call(repository.root, call.config, call.flags))
    try:
        yield house
    finally:
        if "backlog" in house.__dict__:  # opened only where it was needed
            house.backlog.dispose()


def state(house: House) -> State:
    count = counted(house.backlog)
    looks = scans(house.backlog)
    opened = sum(count[status] for status in OPEN)
    return State(opened, count[Status.READY], count[Status.BLOCKED], looks[-1][1] if looks else None)


def _told(repository: Known, do: Callable[[Known], T]) -> Told[T]:
    if repository.problem:
        return Told(repository, problem=repository.problem)
    try:
        return Told(repository, do(repository))
    except NotLookedAt as error:
        return Told(repository, problem=clean(str(error), REASON))
    except Exception as error:  # whatever it is, the other repositories have nothing to do with it
        return Told(repository, problem=_why(repository, error))


def _why(repository: Known, error: Exception) -> str:
    if exit_code(error) is None:
        at = traceback.extract_tb(error.__traceback__)[-1]
        return clean(
            f"a bug in lamplighter: {type(error).__name__}: {error} ({Path(at.filename).name}:{at.lineno})", 400
        )
    text = str(error).removeprefix(f"{repository.root}: ").removeprefix(f"{repository.root}/")
    return clean(text, REASON) or type(error).__name__
