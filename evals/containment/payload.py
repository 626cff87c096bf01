"""A payload as a command: Python that knows what an attacker may know, as `F`."""

from __future__ import annotations

import json
from collections.abc import Mapping

_PRELUDE = """
import json, os, sys
F = json.loads(sys.argv[1])
def attempt(act, *args):
    try:
        return act(*args)
    except (OSError, ValueError) as error:
        print(type(error).__name__, error)
        return None
"""


def argv(python: str, code: str, facts: Mapping[str, object]) -> list[str]:
    return [python, "-I", "-S", "-c", _PRELUDE + code, json.dumps(facts)]
