"""Links of documents are followed on paper alone, in time that grows with the text and not with its square."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.links import links


@pytest.mark.parametrize(
    ("text", "n", "broken"),
    [
        ("[a](b.md) [c](gone.md)", 2, ["docs/a.md: gone.md"]),
        ("[![shot](shot.png)](b.md)", 2, ["docs/a.md: shot.png"]),
        ("[a](<b.md> 'title')", 1, []),
        ("[a](../x/y.py) [b](../x) [c](..)", 3, []),
        ("[out](../../etc/passwd)", 1, ["docs/a.md: ../../etc/passwd"]),
        ("`[a](gone.md)`\n~~~\n[a](gone.md)\n~~~", 0, []),
    ],
)
def test_links(text: str, n: int, broken: list[str]) -> None:
    assert links({"docs/a.md": text}, {"docs/a.md", "docs/b.md", "x/y.py"}) == (n, broken)


@given(st.text(alphabet="[]()!`<>#/. \n~ab", max_size=300))
def test_any_text_is_read_without_a_failure(text: str) -> None:
    n, broken = links({"a.md": text}, {"a.md"})
    assert len(broken) <= n


@pytest.mark.parametrize("piece", ["[", "](", "](a", "`", "```\n", "~~~", "[a](", "](<", " ](x 'a"])
def test_a_hostile_page_takes_no_more_than_a_moment(piece: str) -> None:
    text = piece * (300_000 // len(piece))
    begin = time.process_time()
    links({"a.md": text}, {"a.md"})
    assert time.process_time() - begin < 5
