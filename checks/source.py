"""A Python file's text with the places of its syntax, so that a small piece of it can be replaced."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

_SPACING = frozenset(
    {tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}
)


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` instead of the characters `start` to `end` of a source."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    start: int
    end: int


class Source:
    """Offsets count characters of `text`, whose lines end in a plain newline.

    Raises ValueError when the data is no Python that this interpreter can read.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self.text = normal(data)
            self.tree = ast.parse(self.text)
        except (SyntaxError, RecursionError, MemoryError) as error:
            raise ValueError(f"no Python: {error}") from error
        self._lines = self.text.split("\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in self._lines)]

    def offset(self, line: int, column: int) -> int:
        """Of a 1-based line and a column in bytes, as syntax nodes have them."""
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:column].decode())

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where a node with a place stands."""
        place: ast.expr = node  # type: ignore[assignment]  # statements have the same four numbers
        assert place.end_lineno is not None
        assert place.end_col_offset is not None
        return self.offset(place.lineno, place.col_offset), self.offset(place.end_lineno, place.end_col_offset)

    def shown(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.text[start:end]

    def line(self, offset: int) -> int:
        """The 1-based line that an offset is on."""
        return self.text.count("\n", 0, offset) + 1

    def between(self, start: int, end: int) -> Iterator[Token]:
        """The tokens that lie wholly between two offsets, without brackets and comments."""
        return (t for t in self._tokens if start <= t.start and t.end <= end and t.text not in "()")

    @cached_property
    def _tokens(self) -> tuple[Token, ...]:
        return tuple(
            Token(t.string, self._starts[t.start[0] - 1] + t.start[1], self._starts[t.end[0] - 1] + t.end[1])
            for t in tokenize.generate_tokens(io.StringIO(self.text).readline)
            if t.type not in _SPACING and t.string
        )


def normal(data: bytes) -> str:
    """UTF-8 text with plain newlines, as Python itself reads it. Raises UnicodeDecodeError, a ValueError."""
    return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def spliced(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made. They must not overlap."""
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
