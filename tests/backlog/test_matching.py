"""Whatever is reported, each thing of now is at most one of before, and what did not change is the same."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from backlog.identity import content_key, item_id
from backlog.item import Kind
from backlog.matching import Matched, match
from backlog.sighting import Sighting, sighted
from backlog.source import Found

WORDS = st.sampled_from(["fix this", "handle None", "handle None and empty lists", "close the file", "x"])
PATHS = st.sampled_from(["a.py", "b.py", "src/a.py"])
ANCHORS = st.sampled_from(["", "def f", "def g", "class C"])


@st.composite
def reports(draw: st.DrawFn) -> list[Found]:
    """As a source would make them: equal words of one file are counted."""
    seen: dict[tuple[str, str], int] = {}
    found = []
    for line, (path, words, anchor) in enumerate(draw(st.lists(st.tuples(PATHS, WORDS, ANCHORS), max_size=12)), 1):
        ordinal = seen.get((path, words), 0)
        seen[path, words] = ordinal + 1
        found.append(
            Found(
                fingerprint=item_id("m:TODO", path, words, ordinal), content=content_key("m:TODO", words),
                anchor=anchor,
                kind=Kind.DEBT, title="t", path=path, line=line, snippet=words,
            )
        )  # fmt: skip
    return found


def sightings(found: list[Found]) -> list[Sighting]:
    return [sighted(f, "m", f"item-{n}", "digest", "") for n, f in enumerate(found)]


def checked(known: list[Sighting], found: list[Found], files: frozenset[str]) -> Matched:
    matched = match(known, found, files.__contains__)
    told = [k.key for k in matched.same.values()]
    assert len(told) == len(set(told)), "two things of now are one of before"
    assert set(matched.same) | {f.fingerprint for f in matched.new} == {f.fingerprint for f in found}
    assert not set(matched.same) & {f.fingerprint for f in matched.new}
    assert {k.key for k in matched.missing} == {k.key for k in known if k.present} - set(told)
    return matched


@settings(max_examples=200, deadline=None)
@given(reports(), reports(), st.frozensets(PATHS))
def test_each_thing_is_at_most_one_of_before(before: list[Found], now: list[Found], files: frozenset[str]) -> None:
    checked(sightings(before), now, files)


@settings(max_examples=200, deadline=None)
@given(reports(), st.randoms(use_true_random=False))
def test_what_did_not_change_is_the_same_in_any_order(found: list[Found], chance: object) -> None:
    known = sightings(found)
    by_fingerprint = {k.fingerprint: k.item for k in known}
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    matched = checked(known, shuffled, frozenset({"a.py", "b.py", "src/a.py"}))
    assert {f: k.item for f, k in matched.same.items()} == by_fingerprint


@settings(max_examples=100, deadline=None)
@given(reports())
def test_what_was_gone_is_told_by_its_own_place_alone(found: list[Found]) -> None:
    """Words that only turn up again somewhere else are not what was closed."""
    known = [k.gone() for k in sightings(found)]
    elsewhere = [
        f.model_copy(update={"path": "new.py", "fingerprint": item_id("m:TODO", "new.py", f.snippet, n), "anchor": ""})
        for n, f in enumerate(found)
    ]
    assert checked(known, elsewhere, frozenset()).same == {}


def test_the_only_note_with_these_words_is_followed_to_the_new_name_of_its_file() -> None:
    (old,) = (Found(fingerprint="a-1", content="c", kind=Kind.DEBT, title="t", path="a.py", snippet="w"),)
    new = old.model_copy(update={"fingerprint": "b-1", "path": "b.py"})
    assert set(match(sightings([old]), [new], {"b.py"}.__contains__).same) == {"b-1"}
    assert match(sightings([old]), [new], {"a.py", "b.py"}.__contains__).same == {}, "its own file is there still"
