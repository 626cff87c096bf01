"""A scripted engineer that knows which phase it is in: its moves for each, then it gives up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from model.port import Message, ToolSpec, Turn
from model.scripted import Scripted, call

Moves = Mapping[str, Sequence[Turn]]
"""Turns by phase: clarify, red, green, refactor, document, review."""

GIVE_UP = call("stop", kind="blocked", reason="the script has no further move in this phase")
FINE = call("submit_review", problems=[], checklist="input ok, authorization ok, secrets ok, errors ok, logging ok")
NOTHING = call("submit_done", note="nothing to do")
_PHASE = re.compile(r"Phase: (\w+)")


def engineer(moves: Moves) -> Scripted:
    """Plays a phase's moves in order, over all its rounds. Unless told otherwise it tidies nothing, documents
    nothing, and as a reviewer finds everything fine: no gate is helped by its honesty."""
    usual: Moves = {"refactor": (NOTHING,) * 9, "document": (NOTHING,) * 9, "review": (FINE,) * 9}
    left = {phase: iter(turns) for phase, turns in {**usual, **moves}.items()}

    def answer(messages: Sequence[Message], _tools: Sequence[ToolSpec]) -> Turn:
        turns = left.get(phase_of(messages))
        return next(turns, GIVE_UP) if turns is not None else GIVE_UP

    return Scripted(answer)


def phase_of(messages: Sequence[Message]) -> str:
    """The phase that the last letter opened; a conversation without any is the reviewer's."""
    said = [str(m.get("content") or "") for m in messages if m.get("role") == "user"]
    named = [found[1] for text in said if (found := _PHASE.match(text))]
    return named[-1] if named else "review"


def write(path: str, text: str) -> Turn:
    return call("write_file", path=path, text=text)


def edit(path: str, old: str, new: str) -> Turn:
    return call("edit_file", path=path, old=old, new=new)


def shell(command: str) -> Turn:
    return call("run", command=command)


def contract(*files: str, symbols: Sequence[str] = (), criteria: Sequence[str] = ("it does what it should",)) -> Turn:
    return call(
        "submit_contract",
        criteria=list(criteria),
        files=list(files),
        symbols=list(symbols),
        plan="a test fails first",
        effort=1,
    )


def submit(*ids: str) -> Turn:
    return call("submit_tests", ids=list(ids))


def done(note: str = "done") -> Turn:
    return call("submit_done", note=note)
