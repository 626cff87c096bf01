"""Runs one scanner on a copy of a tree and insists on an answer that can be read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from checks.finding import ScannerFailed
from sandbox.limits import MIB, TESTS
from sandbox.policy import Result
from sandbox.site import Site

_LIMITS = replace(TESTS, wall_s=300.0, output_bytes=64 * MIB)


def json_answer(site: Site, tree: str, name: str, argv: Sequence[str]) -> Any:
    """The JSON that our interpreter, called with `argv`, prints about a read-only copy of `tree`.

    Exit codes 0 and 1 are an answer (nothing found, something found). Raises ScannerFailed for all else.
    """
    with site.fresh(tree) as workspace:
        result = site.box(workspace, own=True).run((site.own.python, *argv), limits=_LIMITS)
    return read_answer(name, result)


def read_answer(name: str, result: Result) -> Any:
    """The JSON in what a scanner printed. Raises ScannerFailed."""
    if result.killed or result.truncated:
        raise ScannerFailed(f"{name} was stopped for crossing its {result.killed or 'output'} limit: scan fewer files")
    if result.code not in (0, 1):
        raise ScannerFailed(f"{name} ended with exit code {result.code}: {_said(result)}")
    try:
        return json.loads(result.stdout)
    except ValueError as error:
        raise ScannerFailed(f"{name} gave no readable answer: {_said(result)}") from error


class Sources:
    """The source lines of one tree, each file read once."""

    def __init__(self, site: Site, tree: str) -> None:
        self._blob, self._entries = site.trees.blob, site.trees.entries(tree)
        self._lines: dict[str, list[str]] = {}

    def line(self, path: str, number: int) -> str:
        """The 1-based line without surrounding blanks; empty when there is none."""
        if path not in self._lines:
            entry = self._entries.get(path)
            self._lines[path] = [] if entry is None else self._blob(entry.oid).decode(errors="replace").splitlines()
        lines = self._lines[path]
        return lines[number - 1].strip() if 0 < number <= len(lines) else ""


def _said(result: Result) -> str:
    text = (result.stderr or result.stdout).decode(errors="replace").strip()
    return text[-300:] or "it printed nothing"
