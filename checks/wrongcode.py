"""Inside the sandbox: makes code wrong, on disk and where it is loaded.

Standard library only, Python 3.8 on.
"""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any


class Files:
    """The repository's files. Each change gives a later time stamp, so that no old bytecode passes for the new."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._turn = 0
        self._texts: dict[str, str] = {}

    def text(self, path: str) -> str:
        """As it was before any change, with plain newlines."""
        if path not in self._texts:
            with open(os.path.join(self._root, path), encoding="utf-8-sig") as file:
                self._texts[path] = file.read()
        return self._texts[path]

    def edited(self, path: str, edits: list[Any]) -> str:
        text = self.text(path)
        for _, start, end, new in sorted((e for e in edits if e[0] == path), key=lambda e: -int(e[1])):
            text = text[:start] + new + text[end:]
        return text

    @contextlib.contextmanager
    def wrong(self, edits: list[Any]) -> Iterator[None]:
        """With these edits on disk."""
        paths = {edit[0] for edit in edits if edit[0]}
        try:
            for path in paths:
                self._write(path, self.edited(path, edits))
            yield
        finally:
            for path in paths:
                self._write(path, self.text(path))

    def _write(self, path: str, text: str) -> None:
        name = os.path.join(self._root, path)
        stamp = os.stat(name).st_mtime
        with open(name, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        self._turn += 1
        os.utime(name, (stamp + self._turn, stamp + self._turn))


class Loaded:
    """The functions of the repository's files that are alive, wherever something keeps them."""

    def __init__(self, root: str, paths: Any, files: Files) -> None:
        self._root, self._files = root, files
        self._alive: dict[str, list[FunctionType]] = {path: [] for path in paths}
        names = {os.path.realpath(os.path.join(root, path)): path for path in paths}
        for thing in gc.get_objects():
            if type(thing) is FunctionType:
                path = names.get(os.path.realpath(thing.__code__.co_filename))
                if path is not None:
                    self._alive[path].append(thing)

    def put(self, edits: list[Any]) -> bool:
        """Give the functions their new code. False: they do not take it."""
        try:
            for path in {edit[0] for edit in edits}:
                self._swap(path, edits)
        except ValueError:  # it uses other variables of the functions around it
            return False
        return True

    def _swap(self, path: str, edits: list[Any]) -> None:
        name = os.path.join(self._root, path)
        old, new = self._files.text(path), self._files.edited(path, edits)
        changed = list(_changed(_compiled(old, name), _compiled(new, name)))
        for function in self._alive[path]:
            for before, after in changed:
                if function.__code__ == before:
                    function.__code__ = after
                    break


def _compiled(text: str, name: str) -> CodeType:
    """As the import system does it: nothing of this file's own `__future__` holds there."""
    code: CodeType = compile(text, name, "exec", dont_inherit=True)
    return code


def _changed(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """Pairs of code that differ, from the outside in."""
    if old == new:
        return
    yield old, new
    inner = {key: code for key, code in _inner(new)}
    for key, code in _inner(old):
        if key in inner:
            yield from _changed(code, inner[key])


def _inner(code: CodeType) -> Iterator[tuple[Any, CodeType]]:
    count: dict[Any, int] = {}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            key = (constant.co_name, constant.co_firstlineno)
            count[key] = count.get(key, 0) + 1
            yield (*key, count[key]), constant
