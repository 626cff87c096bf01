"""Names that look like others: letters of two alphabets in one word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from checks.lines import added_lines
from checks.reason import Reason

_WORD = re.compile(r"[^\W\d]\w*")


def look_alikes(texts: Mapping[str, tuple[str, str]]) -> Iterator[Reason]:
    """`texts` are path to old and new text of changed Python files; only lines that are new count."""
    for path, (old, new) in texts.items():
        lines = new.splitlines()
        for number in sorted(added_lines(old, new)):
            for word in _WORD.findall(lines[number - 1]):
                if not word.isascii() and len(alphabets(word)) > 1:
                    told = f"{path}:{number} `{word}` is written in {' and '.join(sorted(alphabets(word)))} letters"
                    yield Reason("look_alike", f"{told}: see that it is not taken for another name")


def alphabets(word: str) -> frozenset[str]:
    """For example LATIN, CYRILLIC; compatibility forms count as what they stand for."""
    letters = (letter for letter in unicodedata.normalize("NFKC", word) if letter.isalpha())
    return frozenset(unicodedata.name(letter, "UNKNOWN").split()[0] for letter in letters)
