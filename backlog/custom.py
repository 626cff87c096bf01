"""A scoring function of the user's own: what it is given, what it may answer, and how it is loaded.

It is given the facts of an item (`backlog.worth.Facts`: numbers, kind, labels, path, never a title, story or any
other text, and nothing that a stranger set) and the scoring, and gives the item's base. Aging and boost are ours.
"""

from __future__ import annotations

import hashlib
import importlib
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

GROUP = "lamplighter.scoring"


class CustomInvalid(Exception):
    """The function can not be found, failed, or gave no number of zero or more. One line that names it."""


@dataclass(frozen=True, slots=True)
class Custom:
    """A loaded function. Two with the same digest are taken for the same."""

    name: str
    """As the setting said it."""
    function: Callable[..., Any] = field(compare=False, repr=False)
    digest: str

    def base(self, facts: Any, scoring: Any) -> float:
        """Raises CustomInvalid."""
        try:
            given = self.function(facts, scoring)
            number = float(given)
        except Exception as error:
            said = " ".join(str(error).split())
            raise CustomInvalid(f"scoring function {self.name}: {type(error).__name__}: {said}") from error
        if isinstance(given, bool) or not math.isfinite(number) or number < 0:
            raise CustomInvalid(f"scoring function {self.name}: gave {given!r}: a number of zero or more is needed")
        return number


def load_custom(name: str, known: Iterable[EntryPoint] | None = None) -> Custom:
    """The function that an entry point of the group `lamplighter.scoring` is called, or that `module:attribute`
    names. Raises CustomInvalid."""
    points = {p.name: p for p in (entry_points(group=GROUP) if known is None else known)}
    place = points[name].value if name in points else name
    module, colon, attribute = place.partition(":")
    if not (module and colon and attribute):
        others = f"installed: {', '.join(sorted(points))}" if points else "none is installed"
        raise CustomInvalid(f"scoring function {name}: write module:function, or an entry point's name ({others})")
    try:
        function: Any = importlib.import_module(module)
        for part in attribute.split("."):
            function = getattr(function, part)
    except Exception as error:
        said = " ".join(str(error).split())
        raise CustomInvalid(f"scoring function {name}: can not be loaded: {type(error).__name__}: {said}") from error
    if not callable(function):
        raise CustomInvalid(f"scoring function {name}: is a {type(function).__name__}, not a function")
    return Custom(name, function, _digest(place, function))


def _digest(place: str, function: Any) -> str:
    """Of the name and the file that the function is written in: what it imports from elsewhere is not covered."""
    code = getattr(function, "__code__", None)
    try:
        text = Path(code.co_filename).read_bytes() if code else b""
    except OSError:
        text = b""
    return hashlib.sha256(place.encode() + b"\0" + text).hexdigest()[:16]
