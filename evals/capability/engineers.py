"""Scripted engineers for tasks: one with the reference solution, and one whose change is honest but wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evals.capability.task import Task
from evals.engineer import contract, done, engineer, submit, write
from model.port import Turn
from model.scripted import Scripted

Engineering = Callable[[Task], Scripted]


def reference(task: Task) -> Scripted:
    """Writes the tests and the code of the task's reference solution."""
    known = task.reference
    return _engineer(known.tests, known.ids, known.code, known.symbols)


def _engineer(tests: dict[str, str], ids: Sequence[str], code: dict[str, str], symbols: Sequence[str]) -> Scripted:
    red: tuple[Turn, ...] = (*_written(tests), submit(*ids)) if tests else ()
    clarify = (contract(*code, symbols=symbols),)
    return engineer({"clarify": clarify, "red": red, "green": (*_written(code), done("as the item says"))})


def _written(files: dict[str, str]) -> tuple[Turn, ...]:
    return tuple(write(path, text) for path, text in files.items())


def half(tests: dict[str, str], ids: Sequence[str], code: dict[str, str]) -> Engineering:
    """Someone whose own tests and code are these, whatever the task wants besides."""
    return lambda _task: _engineer(tests, ids, code, ())
