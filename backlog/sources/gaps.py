"""What rules about set-up and documents share: the files as they ask about them, and what they find."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from backlog.identity import item_id
from backlog.source import Found, View
from backlog.sources.paths import is_test
from backlog.sources.text import clean, decoded
from backlog.sources.valued import Worth
from backlog.sources.whose import foreign_in


@dataclass(frozen=True, slots=True)
class Gap:
    """One place where a rule is broken."""

    rule: str
    title: str
    story: str
    criterion: str
    path: str | None = None


@dataclass(frozen=True)
class Facts:
    """The committed files, as the rules ask about them."""

    view: View

    def text(self, path: str) -> str:
        return decoded(self.view.read(path)) or ""

    def named(self, pattern: re.Pattern[str]) -> list[str]:
        return sorted(p for p, e in self.view.files.items() if e.is_file and pattern.search(p))

    @cached_property
    def foreign(self) -> Callable[[str], bool]:
        return foreign_in(self.view)

    @cached_property
    def tests(self) -> list[str]:
        return [p for p in self.named(re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_test)\.py$")) if is_test(p)]

    @cached_property
    def project(self) -> dict[str, Any]:
        """pyproject.toml; empty where there is none or it can not be read, which is for others to say."""
        if "pyproject.toml" not in self.view.files:
            return {}
        try:
            return tomllib.loads(self.text("pyproject.toml"))
        except tomllib.TOMLDecodeError:
            return {}


def found_gap(source: str, worths: Mapping[str, Worth], gap: Gap) -> Found:
    """The item for a gap, worth what its rule's row says."""
    worth = worths[gap.rule]
    return Found(
        fingerprint=item_id(f"{source}:{gap.rule}", gap.path or "", "", prefix=gap.rule),
        kind=worth.kind,
        title=clean(gap.title, 300),
        path=gap.path,
        inputs=worth.inputs(),
        criteria=(clean(gap.criterion, 500),),
        story=clean(gap.story, 2_000),
        labels=(source,),
    )
