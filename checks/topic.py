"""Is a change about what the item is about? Asked of the names that the item itself writes as code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from checks.compare import listed
from checks.reason import Reason
from checks.syntax import parsed

_CODE = re.compile(r"`(?P<quoted>[A-Za-z_][\w.]*)[^`]*`|(?P<called>[A-Za-z_][\w.]*)\(")
_Texts = Mapping[str, tuple[str, str]]


def off_topic(said: Iterable[str], code: _Texts, tests: _Texts) -> tuple[Reason, ...]:
    """`said` are the item's texts; the others path to old and new text of what changed.

    Nothing to say where the item names no code, or where one of its names is in a new test or in what changed.
    """
    names = {name.rpartition(".")[2] for text in said for name in _named(text)}
    if not names or names & ({*_words(tests.values())} | {*_changed(code.values())}):
        return ()
    told = "neither its tests nor what it changes has anything to do with that: see whether it is what was asked"
    return (Reason("off_topic", f"the item is about {listed(sorted(names))}, and the change is not: {told}"),)


def _named(text: str) -> Iterator[str]:
    return (match["quoted"] or match["called"] for match in _CODE.finditer(text))


def _words(texts: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (word for old, new in texts for word in re.findall(r"\w+", "\n".join(_new_lines(old, new))))


def _new_lines(old: str, new: str) -> Iterator[str]:
    known = set(old.splitlines())
    return (line for line in new.splitlines() if line not in known)


def _changed(texts: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Names of functions and classes that are not as they were, and every name on a line that is new."""
    for old, new in texts:
        before = dict(_definitions(old))
        yield from (name for name, dump in _definitions(new) if before.get(name) != dump)
        yield from _words([(old, new)])


def _definitions(text: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, ast.dump(node)
