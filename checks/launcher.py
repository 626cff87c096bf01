"""Inside the sandbox: starts pytest as `python -m pytest` would, with a sealed report of what it does.

A program, not a module of ours: copied next to the reporter, run by the repository's interpreter, standard
library only, Python 3.8 on. Its argv: the report file, the name of the reporter's module, then pytest's
arguments. Stdin: the key, so that it stands in no environment and no command line.
"""

from __future__ import annotations

import hashlib
import hmac
import importlib
import json
import os
import sys
from typing import Any

NO_PYTEST = 90


class Report:
    """Writes one line per event, each sealed over the line before: a line added by the tested code shows."""

    def __init__(self, path: str, key: bytes) -> None:
        self._fd = os.open(path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_CLOEXEC", 0))
        self._key = key
        self._seal = ""
        self._pid = os.getpid()

    def write(self, event: str, **fields: Any) -> None:
        if os.getpid() != self._pid:  # a test forked, and its child runs on into pytest
            return
        body = json.dumps({"event": event, **fields})
        self._seal = hmac.new(self._key, (self._seal + body).encode(), hashlib.sha256).hexdigest()
        os.write(self._fd, f"{self._seal} {body}\n".encode())


def _key() -> bytes:
    """What stdin holds; after that nobody can read it there again."""
    key = sys.stdin.buffer.read()
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return key


def main() -> None:
    path, name, *arguments = sys.argv[1:]
    report = Report(path, _key())
    try:
        pytest = importlib.import_module("pytest")
    except ImportError as error:
        report.write("unusable", message=str(error))
        sys.exit(NO_PYTEST)
    reporter = importlib.import_module(name)
    # From here on the path is what `python -m pytest` has; ours comes last, for the workers of xdist.
    sys.path[:] = [os.getcwd(), *sys.path[1:], sys.path[0]]
    sys.argv = ["pytest", *arguments]
    sys.exit(int(pytest.main(arguments, plugins=[reporter.Reporter(report.write)])))


if __name__ == "__main__":
    main()
