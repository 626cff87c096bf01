"""Files that change together although nothing in them says why: who changes one is not told of the other.

Two files of code, not in one folder, that at least 10 commits of the last year changed together: at least 70 % of the
commits that changed the one, and of those that changed the other. Neither imports or names the other, and they have
different names: a header and its source, or the same thing for two systems, show what they have to do with each other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from posixpath import basename, dirname

from backlog.identity import item_id
from backlog.item import Kind
from backlog.source import Found, View
from backlog.sources.paths import is_test
from backlog.sources.structure.code import Code
from backlog.sources.structure.history import DAYS, SWEEPING, History
from backlog.sources.text import clean, decoded, showable
from backlog.sources.valued import Worth

RULE = "change-coupling"
WORTH = Worth(f"rule:{RULE}", Kind.REFACTOR, 2, 1, 3, 3)
TOGETHER, SHARE = 10, 0.7
CODE = re.compile(
    r"\.(?:py|pyx|rb|php|pl|lua|[cm]?[jt]sx?|vue|svelte|java|kt|kts|scala|groovy|clj|go|rs|c|cc|cpp|cxx|h|hh|hpp|hxx|m|"
    r"mm|cs|fs|vb|swift|dart|ex|exs|erl|hs|ml|mli|jl|r|sql|sh|bash|ps1|tf|proto|graphql)$",
    re.IGNORECASE,
)
ASIDE = re.compile(
    r"(?:^|/)(?:docs?|documentation|examples?|samples?|demos?|fixtures?|testdata|__tests__|specs?|locales?|i18n|l10n|"
    r"lang|translations?)/|[._-](?:test|spec)\.\w+$|_test\.go$|(?:^|/)(?:setup|conf|_?version|__about__|__version__)\.py$",
    re.IGNORECASE,
)
"""Tests, documents, translations, and what every release changes."""


@dataclass(frozen=True, slots=True)
class Pair:
    one: str
    other: str
    together: int
    commits: tuple[int, int]
    """That changed the one at all, and the other."""


@dataclass(frozen=True, slots=True)
class Coupling:
    view: View
    code: Code
    history: History
    foreign: Callable[[str], bool]

    def found(self) -> Iterator[Found]:
        for pair in self.pairs():
            if not self._says_why(pair.one, pair.other):
                yield _found(pair, len(self.history.changes))

    def pairs(self) -> list[Pair]:
        """What changes together, whatever it says; the most often first."""
        counts = self.history.counts
        often = {path for path, count in counts.items() if count >= TOGETHER and self._counts(path)}
        together: Counter[tuple[str, str]] = Counter()
        for change in self.history.changes:
            together.update(combinations(sorted(often.intersection(change.paths)), 2))
        return [
            Pair(one, other, count, (counts[one], counts[other]))
            for (one, other), count in sorted(together.items(), key=lambda item: (-item[1], item[0]))
            if count >= TOGETHER and count >= SHARE * max(counts[one], counts[other]) and _apart(one, other)
        ]

    def _counts(self, path: str) -> bool:
        there = path in self.view.files and self.view.files[path].is_file and showable(path)
        return there and bool(CODE.search(path)) and not (ASIDE.search(path) or is_test(path) or self.foreign(path))

    def _says_why(self, one: str, other: str) -> bool:
        ever = self.code.ever
        if other in ever.get(one, ()) or one in ever.get(other, ()):
            return True
        return self._names(one, other) or self._names(other, one)

    def _names(self, path: str, other: str) -> bool:
        """The text has the other's file name, or what it is imported by where we do not follow imports."""
        text = decoded(self.view.read(path)) or ""
        both_python = path.endswith(".py") and other.endswith(".py")
        other_name = self.code.wiring.modules.name(other) if both_python else _stem(other)
        words = (word for word in (basename(other), other_name) if word)
        return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in words)


def _apart(one: str, other: str) -> bool:
    return dirname(one) != dirname(other) and _stem(one) != _stem(other)


def _stem(path: str) -> str:
    return basename(path).partition(".")[0]


def _found(pair: Pair, n: int) -> Found:
    one, other = clean(pair.one, 130), clean(pair.other, 130)
    return Found(
        fingerprint=item_id(f"architecture:{RULE}", pair.one, pair.other),
        kind=WORTH.kind,
        title=clean(f"Show what ties {one} to {other}: they change together", 300),
        path=pair.one,
        inputs=WORTH.inputs(),
        criteria=(
            f"What {one} and {other} both must know stands in one place that both use; or each names the other where "
            "it must be changed with it.",
            "All tests pass as before.",
        ),
        story=(
            f"In the last {DAYS} days {pair.together} commits changed both; {pair.commits[0]} changed {one} and "
            f"{pair.commits[1]} {other} at all (n = {n} commits of at most {SWEEPING} files, without merges). They lie "
            "in different folders, and neither imports or names the other."
        ),
        labels=("architecture", RULE),
    )
