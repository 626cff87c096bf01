"""What scripted engineers say and do, and how a script is followed.

A script is followed by the number of answers that the conversation has, so an engineer who is asked again after a
person's answer goes on where the last one stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evals.engineer import FINE, contract, done, edit, shell, submit, write
from model.port import Message, ToolSpec, Turn
from model.scripted import Scripted, call

__all__ = [
    "DONE", "FILES", "TO_THE_END", "Look", "Step", "ask", "change", "contract", "edit", "engineer", "plain", "read",
    "search", "shell", "stop", "submit", "write",
]  # fmt: skip


@dataclass(frozen=True)
class Look:
    """A call whose answer must show something, or the engineer can not know what it goes on to say."""

    turn: Turn
    sees: str


Step = Turn | Look


def engineer(steps: Sequence[Step], objection: str = "") -> Callable[[], Scripted]:
    """Someone who takes these steps, with a reviewer who always raises the `objection`, if there is one."""

    def answer(messages: Sequence[Message], tools: Sequence[ToolSpec]) -> Turn:
        if any(tool["function"]["name"] == "submit_review" for tool in tools):
            return review(objection)
        return _next(steps, messages)

    return lambda: Scripted(answer)


def _next(steps: Sequence[Step], messages: Sequence[Message]) -> Turn:
    given = sum(message["role"] == "assistant" for message in messages)
    last = steps[given - 1] if 0 < given <= len(steps) else None
    answered = str(messages[-1]["content"])
    if isinstance(last, Look) and last.sees not in answered:
        return stop("blocked", f"expected to see {last.sees!r}, saw: {answered[:300]}")
    if given >= len(steps):
        return Turn(text="It is done.")
    step = steps[given]
    return step.turn if isinstance(step, Look) else step


def review(objection: str) -> Turn:
    """Of somebody who raises this, or who finds everything fine."""
    problems = [{"problem": objection}]
    return call("submit_review", problems=problems, checklist="a problem") if objection else FINE


def ask(*questions: str, files: Sequence[str] = ("text.py",)) -> Turn:
    return call("submit_contract", criteria=["to be said"], files=list(files), questions=list(questions))


def stop(kind: str, reason: str) -> Turn:
    return call("stop", kind=kind, reason=reason)


def read(path: str) -> Turn:
    return call("read_file", path=path)


def search(pattern: str) -> Turn:
    return call("search", pattern=pattern)


DONE = done("as the item says")
TO_THE_END = (DONE, DONE, DONE)
"""Green, refactor and document."""


def change(test: str, path: str, text: str, *, name: str = "tests/test_item.py") -> tuple[Turn, ...]:
    """From red to the end: one new test file with every test in it named, then one file rewritten."""
    return (write(name, test), submit(*ids_of(name, test)), write(path, text), *TO_THE_END)


def ids_of(path: str, test: str) -> list[str]:
    return [f"{path}::{line[4 : line.index('(')]}" for line in test.splitlines() if line.startswith("def test_")]


def plain(files: Mapping[str, str]) -> dict[str, str]:
    return {**FILES, **files}


FILES: Mapping[str, str] = {
    "text.py": (
        '"""Small things with text."""\n\n\n'
        'def slug(words):\n    return words.strip().lower().replace(" ", "-")\n\n\n'
        "def shorten(words, size):\n    return words if len(words) <= size else words[: size - 1] + '…'\n"
    ),
    "tests/test_text.py": (
        "from text import shorten, slug\n\n\n"
        'def test_slug():\n    assert slug(" A b ") == "a-b"\n\n\n'
        'def test_shorten():\n    assert shorten("abcdef", 4) == "abc…"\n'
    ),
    "README.md": "# text\n\nSmall things with text.\n",
    "pyproject.toml": '[project]\nname = "text"\nversion = "1.0"\n',
}
"""The repository that every dilemma is laid over."""
