"""Look at files and change them, inside the sandbox: no path of the host is ever opened for a model."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from sandbox.limits import MIB, Limits
from sandbox.policy import Box, Mount, Result

_PROGRAM = Path(__file__).with_name("inside.py")
_INSIDE = "/run/lamplighter-files.py"
_LIMITS = Limits(wall_s=10.0, cpu_s=4, processes=16, memory_bytes=1024 * MIB, output_bytes=MIB)


class FileRefused(Exception):
    """It was not done. The text is for the model: what happened, and what to do."""


class Files:
    """The files of one box. `python` is an installation's own interpreter that can be seen inside it.

    Paths are relative to the repository's root. Every method answers with at most 64 kB of text for
    the model or raises FileRefused; SandboxUnavailable when the sandbox itself failed.
    """

    def __init__(self, box: Box, python: str) -> None:
        mounts = (*box.policy.mounts, Mount(_PROGRAM, _INSIDE))
        self._box = Box(box.sandbox, replace(box.policy, mounts=mounts))
        self._argv = (python, "-I", "-S", "-B", _INSIDE)

    def read(self, path: str, start: int = 1, lines: int = 400) -> str:
        """Numbered lines, and where to go on when there are more."""
        return self._ask(do="read", path=path, start=start, lines=lines)

    def write(self, path: str, text: str) -> str:
        """Create a file and the folders above it, or replace all of its text."""
        return self._ask(do="write", path=path, text=text)

    def edit(self, path: str, old: str, new: str) -> str:
        """Replace `old`, which must occur exactly once."""
        return self._ask(do="edit", path=path, old=old, new=new)

    def find(self, glob: str) -> str:
        """Paths of files, one a line."""
        return self._ask(do="find", glob=glob)

    def search(self, pattern: str, glob: str = "**") -> str:
        """Lines that match a regular expression, as `path:line:text`, with the blanks that it begins with."""
        return self._ask(do="search", pattern=pattern, glob=glob)

    def _ask(self, **request: object) -> str:
        result = self._box.run(self._argv, stdin=json.dumps(request).encode(), limits=_LIMITS)
        if result.killed:
            raise FileRefused(f"this took too much ({result.killed}): use a simpler pattern or a narrower glob")
        try:
            answer = json.loads(result.stdout)
        except ValueError:
            raise FileRefused(f"the file tool did not answer: {_last_line(result)}") from None
        if "refused" in answer:
            raise FileRefused(answer["refused"])
        return str(answer["text"])


def _last_line(result: Result) -> str:
    lines = result.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else f"exit code {result.code}"
