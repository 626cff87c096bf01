"""Fields of JSON that strangers wrote. One of another type than it should be is refused, never passed over as empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class WrongType(TypeError):
    """A field is not what the format says. One line that names it."""


def rows(value: Any, key: str, needed: bool = True) -> list[Mapping[str, Any]]:
    """A list of objects; one that is not `needed` may be left out or null. Raises WrongType."""
    found = mapping(value, "an entry").get(key)
    if found is None and not needed:
        return []
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise WrongType(f"{key} is no list of objects")
    return found


def within(value: Any, key: str, needed: bool = True) -> Mapping[str, Any]:
    """An object in an object. Raises WrongType."""
    found = mapping(value, "an entry").get(key)
    return {} if found is None and not needed else mapping(found, key)


def mapping(value: Any, name: str) -> Mapping[str, Any]:
    """Raises WrongType."""
    if not isinstance(value, dict):
        raise WrongType(f"{name} is no object")
    return value


def word(value: Any, key: str) -> str:
    """A text that must be there. Raises WrongType."""
    found = mapping(value, "an entry").get(key)
    if not isinstance(found, str) or not found.strip():
        raise WrongType(f"{key} is no text")
    return found
