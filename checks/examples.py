"""Examples in documents and docstrings that pytest runs as tests: none may quietly go away or say something else."""

from __future__ import annotations

import doctest
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from checks.compare import listed
from checks.reason import Reason


def examples_changed(texts: Mapping[str, tuple[str, str]], ids: Collection[str]) -> Iterator[Reason]:
    """`texts` are path to old and new text of what changed and is no test file; `ids` the tests before the change."""
    collected = {name.split("::")[0] for name in ids}
    for path, (old, new) in texts.items():
        gone = _examples(old) - _examples(new) if path in collected else Counter()
        if gone:
            shown = listed(f"`{source}`" for source, _ in gone)
            yield Reason("test_changed", f"{path}: the example {shown} is run as a test and was changed: look at it")


def _examples(text: str) -> Counter[tuple[str, str]]:
    try:
        return Counter((e.source.strip(), e.want) for e in doctest.DocTestParser().get_examples(text))
    except ValueError:  # a prompt in the middle of something else
        return Counter((line.strip(), "") for line in text.splitlines() if line.lstrip().startswith(">>>"))
