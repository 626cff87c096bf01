"""Run a command or the tests."""

from __future__ import annotations

import re

from pydantic import BaseModel, Field

from sandbox.policy import Result
from tools.tool import Hands, Tool, ToolError

SHOWN = 16_000
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Run(BaseModel, extra="forbid"):
    command: str = Field(min_length=1)


class RunTests(BaseModel, extra="forbid"):
    ids: list[str] = Field(default_factory=list, description="pytest ids or files; none: the whole suite")


def _run(a: Run, hands: Hands) -> str:
    if "\0" in a.command:
        raise ToolError("a command can not hold a NUL character; nothing was done")
    return shown(hands.box.run(["sh", "-c", a.command]))


def _run_tests(a: RunTests, hands: Hands) -> str:
    return hands.run_tests(a.ids)


def shown(result: Result) -> str:
    """A command's end and output as a model reads it: no escape sequences, head and tail of what is long."""
    ended = f"exit {result.code}" if result.killed is None else f"killed: over its {result.killed} limit"
    parts = [ended, clean(result.stdout)]
    if result.stderr:
        parts.append("stderr:\n" + clean(result.stderr))
    return "\n".join(p for p in parts if p)


def clean(data: bytes, limit: int = SHOWN) -> str:
    text = _ESCAPES.sub("", data.decode("utf-8", "replace").replace("\r\n", "\n"))
    text = _CONTROL.sub("", text).rstrip()
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]}\n… {len(text) - limit} characters left out …\n{text[-half:]}"


_ABOUT_RUN = (
    "Run a command by sh in the copy's root, which is no git repository. "
    "What the phase may not write is read-only or undone; /tmp lasts for one command."
)
RUN = Tool("run", _ABOUT_RUN, Run, _run)
RUN_TESTS = Tool("run_tests", "Run tests on a copy of the current state.", RunTests, _run_tests)
