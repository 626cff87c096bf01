"""The public symbols a contract promises, and whether an exception says that one of them is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checks.testrun import Raised

BUILTINS = frozenset({"NoneType", "str", "int", "float", "bool", "list", "dict", "tuple", "set", "bytes", "function"})

_ATTRIBUTE = re.compile(
    r"^(?:module '(?P<module>[\w.]+)'|type object '(?P<type>[\w.]+)'|'(?P<object>[\w.]+)' object)"
    r" has no attribute '(?P<name>\w+)'"
)
_PATCHED = re.compile(r"^<(?:module|class) '(?P<owner>[\w.]+)'.*> does not have the attribute '(?P<name>\w+)'")
_NO_MODULE = re.compile(r"^No module named '(?P<module>[\w.-]+)'")
_NO_NAME = re.compile(r"^cannot import name '(?P<name>\w+)' from '(?P<module>[\w.]+)'")
_NO_GLOBAL = re.compile(r"^name '(?P<name>\w+)' is not defined")
_SIGNATURE = re.compile(
    r"^(?P<callee>[\w.<>]+)\(\) (?:got an unexpected keyword argument '(?P<keyword>\w+)'"
    r"|got multiple values for|got some positional-only|missing \d+ required|takes )"
)


@dataclass(frozen=True, slots=True)
class Promise:
    """One symbol in its parts: `shop.cart.Cart.total(currency)`, `shop/cart.py:Cart`, `total`."""

    parts: tuple[str, ...]
    parameters: frozenset[str] = frozenset()

    def attribute(self, owner: str, name: str) -> bool:
        """`name` is promised, and so is this owner wherever the promise names one."""
        if name not in self.parts:
            return False
        above = self.parts[: self.parts.index(name)]
        return owner.rsplit(".", 1)[-1] in above if above else owner not in BUILTINS

    def module(self, dotted: str) -> bool:
        """`dotted` is the promised module, that of the promised symbol, or a package above it."""
        parts = tuple(dotted.split("."))
        return self.parts[: len(parts)] == parts or parts[-len(self.parts) :] == self.parts

    def call(self, callee: str, keyword: str | None) -> bool:
        """Calling `callee` this way is promised: it is the symbol, or what makes one."""
        *above, name = callee.split(".")
        if "<locals>" in above:
            return False
        if name in ("__init__", "__new__"):
            return self._made(above, keyword)
        return name == self.parts[-1] and (not above or self.attribute(above[-1], name))

    def _made(self, above: Sequence[str], keyword: str | None) -> bool:
        """Before Python 3.10 it is not said whose constructor was called: then the parameter must tell."""
        owner = self.parts[:-1] if self.parts[-1] in ("__init__", "__new__") else self.parts
        return owner[-1:] == tuple(above[-1:]) if above else keyword in self.parameters


def promises(symbols: Iterable[str]) -> tuple[Promise, ...]:
    """Read from the spellings people use; what is in brackets after a name are its parameters."""
    return tuple(promise for promise in map(_promise, symbols) if promise.parts)


def _promise(symbol: str) -> Promise:
    name, _, rest = symbol.strip().partition("(")
    name = re.sub(r"\.py$|\.py(?=:)", "", re.sub(r"^(async )?(def|class) ", "", name.strip()))
    parts = [part for part in re.split(r"[./:\s]+", name) if part]
    if len(parts) > 1 and parts[0] in ("src", "lib"):
        parts = parts[1:]
    if len(parts) > 1 and parts[-1] == "__init__" and "/" in symbol:
        parts = parts[:-1]
    return Promise(tuple(parts), frozenset(re.findall(r"\w+", rest)))


def says_missing(raised: Raised) -> bool:
    """This exception is about a symbol that is not there, or not with that signature."""
    kinds = {raised.type, *raised.bases}
    if kinds & {"AttributeError", "ImportError"} or raised.type == "NameError":
        return True
    return "TypeError" in kinds and _SIGNATURE.match(raised.message) is not None


def is_promised(raised: Raised, promised: Sequence[Promise], modules: frozenset[str]) -> bool:
    """The missing symbol is a promised one. `modules` exist already: those can not be what is missing."""
    message = raised.message
    if found := _ATTRIBUTE.match(message):
        owner = found["module"] or found["type"] or found["object"]
        return any(promise.attribute(owner, found["name"]) for promise in promised)
    if found := _PATCHED.match(message):
        return any(promise.attribute(found["owner"], found["name"]) for promise in promised)
    if found := _NO_NAME.match(message):
        return any(promise.attribute(found["module"], found["name"]) for promise in promised)
    if found := _NO_MODULE.match(message):
        name = found["module"]
        return name not in modules and any(promise.module(name) for promise in promised)
    if found := _NO_GLOBAL.match(message):
        return any(found["name"] in promise.parts for promise in promised)
    if found := _SIGNATURE.match(message):
        return any(promise.call(found["callee"], found["keyword"]) for promise in promised)
    return False


def operator_promised(raised: Raised, promised: Sequence[Promise]) -> bool:
    """A TypeError about an operation (`+`, `len` …) of a class whose special method is promised."""
    quoted = set(re.findall(r"'(\w+)'", raised.message))
    return raised.type == "TypeError" and any(
        promise.parts[-1].startswith("__") and len(promise.parts) > 1 and promise.parts[-2] in quoted
        for promise in promised
    )


def owner_is_plain(raised: Raised) -> bool:
    """An AttributeError on a built-in value or a module: no object of a test's own making is involved."""
    found = _ATTRIBUTE.match(raised.message)
    return found is not None and (found["module"] is not None or found["object"] in BUILTINS)
