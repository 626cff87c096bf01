"""The option `--focus`: rank as if one thing mattered more, for this command alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

import click

from app.answer import Answer
from app.call import Call


def focusable(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """For a function that is given a Call; goes below `answers`."""

    @click.option("--focus", default=None, metavar="AREA", help="security, performance, debt, reliability, …")
    @wraps(function)
    def run(call: Call, *, focus: str | None, **rest: Any) -> Answer:
        return function(replace(call, flags={**call.flags, "focus": focus}), **rest)

    return run
