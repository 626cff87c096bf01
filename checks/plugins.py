"""Which files of a repository are plugins of its test runner: they decide what tests say, whatever they are called.

`addopts = -p shop.plugin` or `pytest_plugins = ["shop.fixtures"]` in the base is its own affair. But then the file is
product code to look at and a part of the runner in truth, so it must be as protected as a `conftest.py`.
"""

from __future__ import annotations

import ast
import configparser
import re
import shlex
import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from checks.folding import folded
from sandbox.tree import Trees

_ROOTS = ("", "src/", "lib/")
_CONFIGURATION = ("pytest.ini", ".pytest.ini", "pytest.toml", "pyproject.toml", "setup.cfg", "tox.ini", "setup.py")
_LISTED = re.compile(r"[\w.]+")


def steering_modules(texts: Mapping[str, str], paths: Collection[str]) -> frozenset[str]:
    """Those of `paths` that the configuration loads as plugins, and the packages they lie in.

    `texts` are the base's configuration files by path: pytest.ini, pyproject.toml, setup.cfg, tox.ini, setup.py,
    conftest.py, and test modules where `pytest_plugins` may stand.
    """
    named = {name for path, text in texts.items() for name in plugin_names(path, text)}
    return frozenset(path for name in named for path in _files(name) if path in paths)


def plugins_of(trees: Trees, tree: str) -> frozenset[str]:
    """The files of a tree that are plugins of its own tests."""
    entries = trees.entries(tree)
    read = [p for p in entries if p in _CONFIGURATION or PurePosixPath(p).name == "conftest.py"]
    texts = {
        p: trees.blob(entries[p].oid).decode("utf-8", "replace") for p in read if entries[p].mode.startswith("100")
    }
    return steering_modules(texts, entries.keys())


def plugin_names(path: str, text: str) -> frozenset[str]:
    """The modules that one file makes pytest load, dotted. A file that can not be read names none."""
    name = PurePosixPath(path).name
    try:
        if name.endswith(".py"):
            return frozenset(_in_python(ast.parse(text)))
        return frozenset(_in_toml(tomllib.loads(text)) if name.endswith(".toml") else _in_ini(text))
    except (SyntaxError, ValueError, RecursionError, configparser.Error):
        return frozenset()


def _in_python(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        match node:
            case ast.Assign(targets=[ast.Name(id="pytest_plugins")], value=value):
                yield from _names(folded(value))
            case ast.AnnAssign(target=ast.Name(id="pytest_plugins"), value=ast.expr() as value):
                yield from _names(folded(value))
            case ast.keyword(arg="entry_points", value=value):
                yield from _points(ast.unparse(value)) if "pytest11" in ast.unparse(value) else ()


def _points(text: str) -> Iterator[str]:
    return (found[1] for found in re.finditer(r"=\s*([\w.]+)", text))


def _names(value: Any) -> Iterator[str]:
    texts = [value] if isinstance(value, str) else [v for v in value or () if isinstance(v, str)]
    return (name for text in texts for name in _LISTED.findall(text))


def _in_toml(data: Mapping[str, Any]) -> Iterator[str]:
    pytest = data.get("tool", {}).get("pytest", {})
    for table in (pytest, pytest.get("ini_options", {}), data.get("pytest", {})):
        options = table.get("addopts", "") if isinstance(table, dict) else ""
        yield from _in_options(options if isinstance(options, str) else shlex.join(map(str, options)))
    points = data.get("project", {}).get("entry-points", {}).get("pytest11", {})
    yield from (str(target).split(":")[0].strip() for target in points.values())


def _in_ini(text: str) -> Iterator[str]:
    parser = configparser.RawConfigParser(strict=False)
    parser.read_string(text)
    for section in parser.sections():
        if section in ("pytest", "tool:pytest"):
            yield from _in_options(parser.get(section, "addopts", fallback=""))
        if section == "options.entry_points":
            yield from _points(parser.get(section, "pytest11", fallback=""))


def _in_options(options: str) -> Iterator[str]:
    """`-p name`, `-pname`; `-p no:name` loads nothing."""
    words = shlex.split(options, comments=True)
    for word, following in zip(words, [*words[1:], ""], strict=False):
        name = following if word == "-p" else word[2:] if re.match(r"-p[\w.]", word) else ""
        if name and not name.startswith("no:"):
            yield name


def _files(module: str) -> Iterator[str]:
    """Where a module may lie; what makes its packages runs first, so it steers as well."""
    parts = module.split(".")
    for root in _ROOTS:
        yield f"{root}{'/'.join(parts)}.py"
        yield from (f"{root}{'/'.join(parts[:end])}/__init__.py" for end in range(1, len(parts) + 1))
