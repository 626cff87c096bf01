"""What decides about tests is as it must be: the tests proven red, and the files that steer how checks run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import PurePosixPath

from checks.compare import listed
from checks.reason import Reason
from sandbox.tree import Entry

_SCANNER_CONFIG = frozenset({"ruff.toml", ".ruff.toml", ".bandit"})

Entries = Mapping[str, Entry]


def tampered(base: Entries, result: Entries, locked: Mapping[str, str]) -> tuple[Reason, ...]:
    """A locked file, path to blob id, that is gone, is another, or became a link."""
    gone = [path for path in locked if path not in result]
    other = [path for path in locked if path in result and not _same(base, result, path, locked[path])]
    missing = (Reason("locked_missing", f"{listed(gone)} was proven red and is gone: restore it"),)
    changed = (Reason("locked_changed", f"{listed(other)} was proven red and was changed since: restore it"),)
    return (*(missing if gone else ()), *(changed if other else ()))


def overreach(
    base: Entries,
    result: Entries,
    *,
    locked: Collection[str],
    protected: Callable[[str], bool],
    is_test: Callable[[str], bool],
    named: Collection[str],
) -> tuple[Reason, ...]:
    """Steering files and tests that were changed, added or taken away and are neither locked nor named."""
    changed = [path for path in _changed(base, result) if path not in locked and path not in named]
    config = [path for path in changed if protected(path) or PurePosixPath(path).name in _SCANNER_CONFIG]
    tests = [path for path in changed if is_test(path) and path not in config]
    why = "decides how checks run and the contract does not name it: undo the change"
    guarded = (Reason("protected", f"{listed(config)} {why}"),)
    unlocked = (Reason("test_changed", f"{listed(tests)} is a test and was changed after red: undo the change"),)
    return (*(guarded if config else ()), *(unlocked if tests else ()))


def _changed(base: Entries, result: Entries) -> list[str]:
    return sorted(path for path in base.keys() | result.keys() if base.get(path) != result.get(path))


def _same(base: Entries, result: Entries, path: str, oid: str) -> bool:
    """The content is the locked one, in a plain file or as the base has it."""
    entry = result[path]
    return entry.oid == oid and (entry.is_file or entry == base.get(path))
