"""The tree a verdict is made on: the result, with what decides about tests as it must be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import PurePosixPath

from checks.compare import listed
from checks.reason import Reason
from sandbox.tree import Entry

_SCANNER_CONFIG = frozenset({"ruff.toml", ".ruff.toml", ".bandit"})
_REGULAR = ("100644", "100755")

Entries = Mapping[str, Entry]


def tampered(result: Entries, locked: Mapping[str, str]) -> tuple[Reason, ...]:
    """A locked test file that is gone, is another, or became a link."""
    gone = [path for path in locked if path not in result]
    other = [path for path, oid in locked.items() if path in result and not _same(result[path], oid)]
    missing = (Reason("locked_missing", f"{listed(gone)} was proven red and is gone: restore it"),)
    changed = (Reason("locked_changed", f"{listed(other)} was proven red and was changed since: restore it"),)
    return (*(missing if gone else ()), *(changed if other else ()))


def overreach(
    base: Entries,
    result: Entries,
    *,
    locked: Mapping[str, str],
    protected: Callable[[str], bool],
    is_test: Callable[[str], bool],
    named: Collection[str],
) -> tuple[Reason, ...]:
    """Files that decide how tests are run or what they are, changed without the contract naming them."""
    changed = [path for path in _changed(base, result) if path not in locked and path not in named]
    config = [path for path in changed if _guarded(path, protected)]
    tests = [path for path in changed if is_test(path) and path not in config]
    guarded = (
        Reason("protected", f"{listed(config)} decides how checks run; the contract does not name it: undo"),
    )
    unlocked = (Reason("test_changed", f"{listed(tests)} is a test and was changed after red: undo"),)
    return (*(guarded if config else ()), *(unlocked if tests else ()))


def assemble(
    base: Entries,
    result: Entries,
    *,
    locked: Mapping[str, str],
    protected: Callable[[str], bool],
    named: Collection[str],
) -> dict[str, Entry | None]:
    """What to edit in the result for the verdict: protected files as in the base, locked as locked."""
    edits: dict[str, Entry | None] = {
        path: base.get(path)
        for path in _changed(base, result)
        if _guarded(path, protected) and path not in named and path not in locked
    }
    mode = {path: result[path].mode if path in result else "100644" for path in locked}
    return edits | {
        path: Entry(mode[path], oid) for path, oid in locked.items() if not _is(result, path, oid)
    }


def _changed(base: Entries, result: Entries) -> list[str]:
    return sorted(path for path in base.keys() | result.keys() if base.get(path) != result.get(path))


def _guarded(path: str, protected: Callable[[str], bool]) -> bool:
    return protected(path) or PurePosixPath(path).name in _SCANNER_CONFIG


def _same(entry: Entry, oid: str) -> bool:
    return entry.oid == oid and entry.mode in _REGULAR


def _is(result: Entries, path: str, oid: str) -> bool:
    return path in result and _same(result[path], oid)
