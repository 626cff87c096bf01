"""Git looks for words: in the files of the work tree, or in a committed tree."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import IO

from forge.repository import Repository
from forge.unchanged import on_work_tree
from sandbox.git import Git

MOST_ANSWER = 64_000_000
"""Bytes of git's answer; a repository made to have more is searched another way."""
WIDE = (b"\xff\xfe", b"\xfe\xff")
"""How a file in UTF-16 begins."""
WIDE_LINE = "^\udcff\udcfe.*|^\udcfe\udcff.*"
"""A line that begins so; with its end it is a word, as `-w` wants it."""
HIT = re.compile(rb"([^\0]+)\0([^\n]*)\n")
"""A path, and what was found in it."""

PIECE = 1 << 16
Found = tuple[str, frozenset[str]]
"""A path and the words in that file."""


class SearchFailed(Exception):
    """Git could not look everywhere."""


def in_checkout(look: Git, repository: Repository, words: Sequence[str]) -> Iterator[Found]:
    """`look` is git beside the repository. Raises SearchFailed at the end of what it found, and GitFailed."""
    yield from _grep(look, words, *on_work_tree(repository))


def in_tree(git: Git, tree: str, words: Sequence[str]) -> Iterator[Found]:
    """Raises SearchFailed at the end of what it found, and GitFailed."""
    for path, there in _grep(git, words, tree=tree):
        yield path.removeprefix(f"{tree}:"), there


def in_text(data: bytes, words: Collection[str]) -> frozenset[str]:
    if data.startswith(WIDE):
        return frozenset(words)
    pattern = rf"(?<![A-Za-z0-9_])(?:{'|'.join(sorted(words))})(?![A-Za-z0-9_])".encode()
    return frozenset(word.decode() for word in re.findall(pattern, data))


def _grep(git: Git, words: Sequence[str], *before: str, tree: str = "") -> Iterator[Found]:
    """Git's answer file by file, read as far as it is bearable."""
    pattern = f"{'|'.join(words)}|{WIDE_LINE}"
    asked = ("grep", "-a", "-o", "-z", "-w", "-E", "--no-color", "--full-name", "-e", pattern)
    process = git.start(*before, *asked, *([tree] if tree else []))
    with process:
        assert process.stdout is not None
        assert process.stdin is not None
        process.stdin.close()
        try:
            yield from _grouped(_hits(process.stdout), frozenset(words))
        except BaseException:
            process.kill()
            raise
    if process.returncode not in (0, 1):
        raise SearchFailed(f"git grep in {git.git_dir} ended with {process.returncode}")


def _hits(told: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Paths and what was found in them. Raises SearchFailed when it is too much."""
    rest, length = b"", 0
    while piece := os.read(told.fileno(), PIECE):
        length += len(piece)
        if length > MOST_ANSWER:
            raise SearchFailed("git grep finds more than can be looked at")
        rest += piece
        end = 0
        for match in HIT.finditer(rest):
            yield match[1], match[2]
            end = match.end()
        rest = rest[end:]


def _grouped(hits: Iterator[tuple[bytes, bytes]], words: frozenset[str]) -> Iterator[Found]:
    known = {word.encode(): word for word in words}
    for path, group in groupby(hits, key=itemgetter(0)):
        there = {word for _, word in group}
        yield (
            path.decode("utf-8", "surrogateescape"),
            frozenset(known[word] for word in there) if there <= known.keys() else words,
        )
