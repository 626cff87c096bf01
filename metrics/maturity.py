"""What a repository has, fact by fact, and the level that follows by a stated rule. Pure.

A fact is yes, no or unknown, with its evidence. A level is reached when all of its facts and those of the levels below
are yes; unknown is not yes. There is no score and no percentage: nobody has measured what a fact is worth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from metrics.sections import Section

State = Literal["yes", "no", "unknown"]

LEVELS: Mapping[int, tuple[str, ...]] = {
    1: ("readme", "licence", "tests"),
    2: ("tests pass", "linter", "ci"),
    3: ("lock file", "types", "changelog", "links"),
    4: ("coverage", "dependency updates", "security policy", "security items"),
}
CLOSED_BY: Mapping[str, str] = {
    "readme": "Write a README",
    "licence": "Add a licence",
    "tests": "Write the first test",
    "tests pass": "Make the tests pass on the base",
    "linter": "Configure a linter",
    "ci": "Run the tests in CI",
    "lock file": "Lock the dependencies",
    "types": "Configure a type checker",
    "changelog": "Begin a changelog",
    "links": "Mend the links of the documents",
    "coverage": "Measure coverage and put the report where the setting `reports` looks",
    "dependency updates": "Configure updates of dependencies",
    "security policy": "Write SECURITY.md",
    "security items": "Resolve the open security items",
}


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    state: State
    evidence: str


def level(facts: Sequence[Fact]) -> int:
    state = {fact.name: fact.state for fact in facts}
    reached = 0
    for number, names in LEVELS.items():
        if any(state.get(name) != "yes" for name in names):
            return reached
        reached = number
    return reached


def maturity(facts: Sequence[Fact]) -> Section:
    of = {name: number for number, names in LEVELS.items() for name in names}
    rows = tuple((of.get(f.name), f.name, f.state, f.evidence) for f in facts)
    rule = "a level is reached when all of its facts and of those below are yes; unknown is not yes"
    notes = (f"level {level(facts)} of {max(LEVELS)}: {rule}", _tally(facts))
    return Section("maturity", "What the repository has", ("level", "fact", "state", "evidence"), rows, notes)


def gaps(facts: Sequence[Fact], closing: Mapping[str, str]) -> Section:
    """From the level that is reached to the next. `closing` names the open item that would close a gap, where the
    backlog has one."""
    now = level(facts)
    if now == max(LEVELS):
        return Section("gaps", "To the next level", notes=("there is no level above this one",))
    known = {fact.name: fact for fact in facts}
    asked = [known[name] for name in LEVELS[now + 1] if name in known]
    open_ones = [fact for fact in asked if fact.state != "yes"]
    rows = tuple((f.name, f.state, "yes", closing.get(f.name) or _missing(f)) for f in open_ones)
    columns = ("fact", "now", "asked", "item that would close it")
    return Section("gaps", f"From level {now} to level {now + 1}", columns, rows, (f"n={len(rows)} gaps",))


def _missing(fact: Fact) -> str:
    return f"find out first: {fact.evidence}" if fact.state == "unknown" else f"none yet: {CLOSED_BY[fact.name]}"


def _tally(facts: Sequence[Fact]) -> str:
    counts = {state: sum(1 for f in facts if f.state == state) for state in ("yes", "no", "unknown")}
    return ", ".join(f"{state} {n}" for state, n in counts.items()) + f"; n={len(facts)} facts"
