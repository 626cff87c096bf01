"""Wrong versions of the lines that a change wrote, one small wrong thing each: good tests notice them."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from checks.mutable import Place, places
from checks.mutations import Mutation, mutations
from checks.source import Edit, Source

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Mutant:
    path: str
    line: int
    operator: str
    before: str
    after: str
    """What a person is shown of it: one line each."""
    edit: Edit
    """Into the file's text as `source.normal` gives it."""
    hot: bool
    """It lies in the body of a function, so that it can be put into a loaded module."""
    first: int
    last: int
    """The lines of the statement around it: when none of them runs, it can not show."""


def mutants(path: str, data: bytes, lines: Collection[int]) -> tuple[Mutant, ...]:
    """All mutants of these 1-based lines of a file, by line; none when the file can not be read.

    Doc texts, annotations, messages, logging and what only type checkers read are left alone.
    """
    try:
        source = Source(data)
    except ValueError:
        return ()
    made = [
        _mutant(path, source, mutation, place)
        for node, place in places(source.tree)
        for mutation in mutations(source, node)
        if source.line(mutation.edit.start) in lines
    ]
    return tuple(sorted(_needed(m for m in made if _sound(source, m)), key=lambda m: m.line))


def sample(found: Sequence[Mutant], limit: int) -> tuple[Mutant, ...]:
    """At most `limit`, evenly over the lines, in the order in which they say most: first one of each line."""
    rounds: dict[int, list[Mutant]] = defaultdict(list)
    seen: dict[tuple[str, int], int] = defaultdict(int)
    for mutant in found:
        line = (mutant.path, mutant.line)
        rounds[seen[line]].append(mutant)
        seen[line] += 1
    taken: list[Mutant] = []
    for number in sorted(rounds):
        taken += _spread(rounds[number], limit - len(taken))
    return tuple(taken)


def traceable(data: bytes, lines: Collection[int]) -> frozenset[int]:
    """Those of the lines in which a statement of a function begins; none when the file can not be read."""
    try:
        tree = Source(data).tree
    except ValueError:
        return frozenset()
    return frozenset(
        node.lineno for node, place in places(tree) if isinstance(node, _TRACED) and place.hot and node.lineno in lines
    )


# Others (a `pass`, a `try`) leave no trace of their own in some versions of Python.
_TRACED = (
    ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Raise, ast.Expr, ast.If, ast.For, ast.While, ast.With,
)  # fmt: skip


def _spread(mutants: Sequence[Mutant], room: int) -> list[Mutant]:
    if len(mutants) <= room:
        return list(mutants)
    return [mutants[i * len(mutants) // room] for i in range(room)]


def _needed(made: Iterable[Mutant]) -> Iterator[Mutant]:
    """A lost value mostly just crashes: it stands for a line only where nothing else does."""
    found = list(made)
    told = {m.line for m in found if m.operator != "value"}
    return (m for m in found if m.operator != "value" or m.line not in told)


def _mutant(path: str, source: Source, mutation: Mutation, place: Place) -> Mutant:
    edit = mutation.edit
    start, end = source.span(mutation.node)
    start, end = min(start, edit.start), max(end, edit.end)
    if end - start > _SHOWN:
        start, end = max(start, edit.start - _SHOWN // 3), min(end, edit.end + _SHOWN // 3)
    before, after = source.text[start:end], source.text[start : edit.start] + edit.text + source.text[edit.end : end]
    return Mutant(
        path,
        source.line(edit.start),
        mutation.operator,
        _one_line(before),
        _one_line(after) or "(nothing)",
        edit,
        place.hot,
        place.first,
        place.last,
    )


def _one_line(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 2 * _SHOWN else f"{flat[: 2 * _SHOWN]}…"


def _sound(source: Source, mutant: Mutant) -> bool:
    """Python can still read it."""
    text = source.text[: mutant.edit.start] + mutant.edit.text + source.text[mutant.edit.end :]
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
