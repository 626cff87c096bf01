"""All tools, in the order in which a model sees them. The lists never change within a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tools import command, files, submit
from tools.tool import Tool


def _named(*tools: Tool) -> Mapping[str, Tool]:
    return MappingProxyType({tool.name: tool for tool in tools})


LOOK = (files.READ, files.FIND, files.SEARCH)

WORK = _named(
    *LOOK,
    files.EDIT,
    files.WRITE,
    command.RUN,
    command.RUN_TESTS,
    submit.CONTRACT,
    submit.TESTS,
    submit.FINISHED,
    submit.STOP,
)
"""For the engineer, in every working phase."""

REVIEW = _named(*LOOK, submit.REVIEW)
"""For the reviewer."""
