"""The two sides of a change: what tests, and what is tested. Decided by names and by the base's own settings."""

from __future__ import annotations

import configparser
import tomllib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from typing import Any

from sandbox.convention import is_test

IsTest = Callable[[str], bool]

_INI = {"pytest.ini": "pytest", ".pytest.ini": "pytest", "tox.ini": "pytest", "setup.cfg": "tool:pytest"}


def recogniser(read: Callable[[str], bytes | None], more: Iterable[str] = ()) -> IsTest:
    """Which paths belong to the tests, by convention, by pytest's `testpaths` and `python_files`, and by `more` globs.

    `read` gives a file of the base by its path, or None.
    """
    settings = _pytest(read)
    folders = tuple(f"{path.strip('./').rstrip('/')}/" for path in settings.get("testpaths", ()) if path.strip("./"))
    patterns = tuple(settings.get("python_files", ()))
    globs = tuple(more)

    def tests(path: str) -> bool:
        name = path.rpartition("/")[2]
        return (
            is_test(path)
            or (bool(folders) and path.startswith(folders))
            or any(fnmatchcase(name, pattern) for pattern in patterns if pattern != "*.py")
            or any(fnmatchcase(path, glob) for glob in globs)
        )

    return tests


def _pytest(read: Callable[[str], bytes | None]) -> Mapping[str, tuple[str, ...]]:
    """The settings of the file that pytest itself would take. What can not be read says nothing."""
    for name, section in _INI.items():
        found = _ini(read(name), section)
        if found:
            return found
    return _toml(read("pyproject.toml"))


def _ini(data: bytes | None, section: str) -> Mapping[str, tuple[str, ...]]:
    if data is None:
        return {}
    parser = configparser.RawConfigParser()
    with suppress(configparser.Error, UnicodeDecodeError):
        parser.read_string(data.decode())
        if parser.has_section(section):
            return {key: tuple(value.split()) for key, value in parser.items(section)}
    return {}


def _toml(data: bytes | None) -> Mapping[str, tuple[str, ...]]:
    if data is None:
        return {}
    with suppress(tomllib.TOMLDecodeError, UnicodeDecodeError):
        table: Any = tomllib.loads(data.decode()).get("tool", {}).get("pytest", {})
        options: Any = table.get("ini_options", table) if isinstance(table, dict) else {}
        return {key: _words(value) for key, value in options.items()} if isinstance(options, dict) else {}
    return {}


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(value.split())
    return tuple(map(str, value)) if isinstance(value, list) else ()
