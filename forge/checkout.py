"""The committed files of a tree, read and searched by way of the work tree where that is sure to hold the same.

A file of the work tree is read from there only when its hash says that it is the committed one; that is several
times faster than unpacking it. Nothing but git runs: no filter, no program of the repository's configuration.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from forge.repository import Repository
from forge.unchanged import beside, sizes, unchanged
from forge.wordsearch import SearchFailed, in_checkout, in_text, in_tree
from sandbox.git import GitFailed
from sandbox.tree import Entry, Trees

LARGEST = 64_000_000
"""Bytes. What is larger is unpacked by git alone."""
PLAIN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""Follows no link and waits for no pipe."""
FEW = 200
"""So many files are searched one by one; more of them, and git searches the whole tree."""


@dataclass(frozen=True)
class Checkout:
    repository: Repository
    trees: Trees
    tree: str
    """The committed tree that is meant, by id."""
    attributes: Sequence[Path] = ()
    """Files outside of the repository that may give its files a filter."""

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        return self.trees.entries(self.tree)

    def read(self, path: str) -> bytes:
        """The committed content. Raises GitFailed when it is not there, KeyError for a path that is not."""
        entry = self.entries[path]
        data = self._here(path) if entry.is_file else None
        if data is not None and self._name(data) == entry.oid:
            return data
        return self.trees.blob(entry.oid)

    def holding(self, words: Sequence[str]) -> Iterator[tuple[str, frozenset[str]]]:
        """The files in which one of these words stands as a word of its own, each with those that do.

        The words are made of ASCII letters. What is said last of a file counts, and it may be that none stands in
        it. A file that can not be read is there with all words, and so is one in UTF-16, in which git finds none.
        """
        said: dict[str, frozenset[str]] = {}
        look = _Look(self, words)
        for path, there in look.found():
            if path in self.entries and self.entries[path].is_file:
                said[path] = there
                yield path, there
        sure = look.sure()
        rest = [path for path, entry in self.entries.items() if entry.is_file and path not in sure]
        held = dict(self._search(rest, frozenset(words)))
        yield from ((path, held.get(path, frozenset())) for path in rest if said.get(path) or path in held)

    def _search(self, paths: Sequence[str], words: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
        """Those of the paths whose committed content has one of the words."""
        if len(paths) > FEW:
            try:
                found = dict(in_tree(self.trees.git, self.tree, sorted(words)))
            except SearchFailed:
                pass  # an object is missing: one by one, so that the others are seen
            else:
                yield from ((path, found[path]) for path in paths if path in found)
                return
        for path in paths:
            try:
                there = in_text(self.read(path), words)
            except GitFailed:
                there = words
            if there:
                yield path, there

    def _name(self, data: bytes) -> str:
        made = hashlib.new(self.trees.algorithm, b"blob %d\0" % len(data), usedforsecurity=False)
        made.update(data)
        return made.hexdigest()

    def _here(self, path: str) -> bytes | None:
        """What lies in the work tree, if it is a plain file of ordinary size."""
        try:
            handle = os.open(f"{self.repository.root}/{path}", PLAIN)
        except (OSError, ValueError):
            return None
        try:
            known = os.fstat(handle)
            if not stat.S_ISREG(known.st_mode) or known.st_size > LARGEST:
                return None
            return os.read(handle, known.st_size)
        except OSError:
            return None
        finally:
            os.close(handle)


class _Look:
    """A search of the work tree that goes on while its first answers are used; after it, what is sure is found out.

    In this order: a file that is changed in between is not sure, and nothing is concluded from it.
    """

    def __init__(self, checkout: Checkout, words: Sequence[str]) -> None:
        self._answers: SimpleQueue[tuple[str, frozenset[str]] | None] = SimpleQueue()
        self._checkout, self._words = checkout, words
        self._sure: frozenset[str] = frozenset()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def found(self) -> Iterator[tuple[str, frozenset[str]]]:
        return iter(self._answers.get, None)

    def sure(self) -> frozenset[str]:
        self._thread.join()
        return self._sure

    def _run(self) -> None:
        at = self._checkout
        try:
            with beside(at.repository) as git, ThreadPoolExecutor(1) as pool:
                known = pool.submit(sizes, at.trees.git, at.entries)
                for answer in in_checkout(git, at.repository, self._words):
                    self._answers.put(answer)
                self._answers.put(None)
                self._sure = unchanged(git, at.repository, at.trees, at.entries, known, at.attributes)
        except (SearchFailed, GitFailed, OSError):
            pass  # then nothing is sure, and the committed tree is searched
        finally:
            self._answers.put(None)


def attributes(home: Path) -> tuple[Path, ...]:
    """Where a user keeps attributes for all repositories."""
    return (home / ".config" / "git" / "attributes", home / ".gitattributes", Path("/etc/gitattributes"))
