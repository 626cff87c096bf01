"""Is a file Python, and is it written in a way that hides what it does?"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from checks.suspicion import Found

_COOKIE = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_PLAIN = frozenset({"utf-8", "utf-8-sig", "ascii", "iso8859-1", "iso8859-15", "cp1252"})
_UNREADABLE = (".pyc", ".pyo", ".pyd", ".so", ".dll", ".dylib", ".egg", ".pyz", ".whl")
_BY_ITSELF = frozenset({"sitecustomize.py", "usercustomize.py"})
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]")
"""Characters that show nothing, or show a line in another order than it is read."""


def is_python(path: str, text: str) -> bool:
    """By its ending, or a script without one that says so in its first line."""
    name = PurePosixPath(path).name.lower()
    if name.endswith((".py", ".pyi", ".pyw")):
        return True
    return "." not in name.lstrip(".") and bool(re.match(r"#!.*python", text.split("\n", 1)[0]))


def odd_coding(text: str) -> tuple[int, str] | None:
    """Line and name of a declared coding in which the text may read as something else than it shows."""
    for number, line in enumerate(text.split("\n")[:2], 1):
        found = _COOKIE.match(line)
        if found:
            return None if _known(found[1]) in _PLAIN else (number, found[1])
        if line.strip() and not line.lstrip().startswith("#"):
            return None
    return None


def hidden(path: str, text: str, lines: frozenset[int]) -> Iterator[Found]:
    """`lines` are those that the change wrote; the whole file counts where its name is what is wrong."""
    name = PurePosixPath(path).name.lower()
    if name.endswith(".pth") or name in _BY_ITSELF:
        yield Found(path, 1, "hidden_code", "is run by every interpreter that starts, without being imported", "refuse")
    if name.endswith(_UNREADABLE):
        yield Found(path, 1, "hidden_code", "is code that can not be read", "refuse")
    if not is_python(path, text):
        return
    if name.endswith(".pyw"):
        yield Found(path, 1, "hidden_code", "is Python under an unusual name", "ask")
    coding = odd_coding(text)
    if coding:
        yield Found(path, coding[0], "hidden_code", f"declares the coding {coding[1]}: it runs as other text", "refuse")
    yield from _invisible(path, text, lines)


def _invisible(path: str, text: str, lines: frozenset[int]) -> Iterator[Found]:
    for number, line in enumerate(text.splitlines(), 1):
        found = _TURNED.search(line) if number in lines and not (number == 1 and line.startswith("\ufeff")) else None
        if found:
            what = f"holds the invisible character U+{ord(found[0]):04X}"
            yield Found(path, number, "hidden_code", what, "refuse")


def _known(coding: str) -> str:
    try:
        return codecs.lookup(coding.replace("_", "-")).name
    except LookupError:
        return coding
