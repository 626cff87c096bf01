"""Answers that cost time and never change for the same tree: kept in `.lamplighter/cache/`."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from app.house import House
from checks.check import Tool
from checks.finding import Finding
from checks.scan import scan
from checks.suite import run_tests
from checks.testrun import TestRun

T = TypeVar("T")


def baseline(house: House, tree: str) -> TestRun:
    """The whole suite on a base tree. A run that proves nothing is not remembered."""
    return _remember(
        _baseline_file(house, tree),
        TestRun,
        lambda: run_tests(house.site, tree, suite=house.suite),
        keep=lambda run: run.proves,
    )


def findings(house: House, tree: str, tool: Tool, paths: Sequence[str] = ()) -> tuple[Finding, ...]:
    """What a scanner says about a tree, or about these paths of it. Raises ScannerFailed."""
    key = _key("scan", tree, tool, *sorted(paths))
    return _remember(
        house.state / "cache" / f"{key}.json",
        tuple[Finding, ...],
        lambda: scan(house.site, tree, tool, tuple(paths)),
    )


def known_baseline(house: House, tree: str) -> TestRun | None:
    """What `baseline` remembers; None where it would have to run the tests."""
    try:
        return TypeAdapter(TestRun).validate_json(_baseline_file(house, tree).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def scanned(house: House, tree: str, tool: Tool) -> bool:
    """Whether the scanner has looked at the whole tree."""
    return (house.state / "cache" / f"{_key('scan', tree, tool)}.json").exists()


def _baseline_file(house: House, tree: str) -> Path:
    key = _key("tests", tree, repr(house.suite), house.toolchain.python, house.toolchain.version)
    return house.state / "cache" / f"{key}.json"


def _key(kind: str, *parts: str) -> str:
    return f"{kind}-{hashlib.sha256(chr(0).join(parts).encode('utf-8', 'replace')).hexdigest()[:32]}"


def _remember(path: Path, kind: type[T], make: Callable[[], T], keep: Callable[[T], bool] = lambda _made: True) -> T:
    stored = TypeAdapter(kind)
    try:
        return stored.validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        made = make()
    if keep(made):
        path.parent.mkdir(exist_ok=True)
        handle, part = tempfile.mkstemp(prefix=path.stem, dir=path.parent)
        with open(handle, "wb") as file:
            file.write(stored.dump_json(made))
        Path(part).replace(path)
    return made
