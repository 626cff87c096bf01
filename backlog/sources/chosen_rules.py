"""Which rules of a scanner did the repository itself choose? The scanner's own choice changes with its version, and
what it adds nobody here asked for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backlog.source import View
from backlog.sources.text import decoded

RUFF = re.compile(r"(?:^|/)(?:\.?ruff|pyproject)\.toml$")
BANDIT = re.compile(r"(?:^|/)(?:\.bandit|\.?bandit\.(?:ya?ml|toml|ini)|pyproject\.toml)$")
BANDIT_CHOOSES = re.compile(r"^\s*(?:\[tool\.bandit\b|(?:tests|skips)\s*[:=])", re.MULTILINE)
SELECTS = ("select", "extend-select")


@dataclass(frozen=True, slots=True)
class Chosen:
    prefixes: tuple[str, ...] = ()
    """Of the rules that are wanted, such as `E` or `UP0`."""
    everything: bool = False

    def has(self, rule: str) -> bool:
        """`B` chooses B006 and not BLE001, as ruff reads it; `PL` is the one prefix of several families."""
        return self.everything or any(
            rule.startswith(prefix) and (prefix == "PL" or _family(prefix) == _family(rule)) for prefix in self.prefixes
        )


def _family(rule: str) -> str:
    return rule.rstrip("0123456789")


def chosen_of_ruff(view: View) -> Chosen:
    """From every file of settings that ruff may read in the repository. One that is no TOML chooses nothing."""
    named = {name for text in _texts(view, RUFF) for name in _selected(text)}
    return Chosen(tuple(sorted(named - {"ALL"})), "ALL" in named)


def chosen_of_bandit(view: View) -> Chosen:
    """Whoever configures what bandit looks for wants what it then says."""
    return Chosen(everything=any(BANDIT_CHOOSES.search(text) for text in _texts(view, BANDIT)))


def _texts(view: View, name: re.Pattern[str]) -> Iterator[str]:
    for path, entry in view.files.items():
        if entry.is_file and name.search(path):
            yield decoded(view.read(path)) or ""


def _selected(text: str) -> Iterator[str]:
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    own = _table(_table(data, "tool"), "ruff") if "tool" in data else data
    for table in (own, _table(own, "lint")):
        for key in SELECTS:
            yield from _words(table.get(key))


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _words(value: object) -> Iterable[str]:
    return [word for word in value if isinstance(word, str) and word] if isinstance(value, list) else []
