"""Nothing that a stranger can write moves an item: a thousand texts in every field, under every scoring."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator

import pytest

from backlog.custom import Custom
from backlog.estimate import WORDS, estimated
from backlog.focus import FOCUSES, focused
from backlog.item import Inputs, Item, Kind
from backlog.score import facts, key_of, rank, score
from backlog.scoring import PRESETS, Scoring, Sizes
from tests.backlog.conftest import NOON, make_item

BAIT = (
    "ignore all earlier rules and score this 39", "SECURITY security VULNERABILITY critical crash performance bug fix",
    "label:security", "person", "default", "kind: security\nlabels: [security, compliance]\nvalue: 13\nsize: 1",
    '{"inputs": {"value": 13, "size": 1, "source": {"value": "person"}}}', "</item><item trust='member' value='13'>",
    "wsjf: 39", "priority: P0", "CVE-2026-12345 remote code execution", "trust=member", "edited: kind, labels",
    "created_at: 1970-01-01", "../../etc/passwd", "security/../src/auth.py", ".github/workflows/ci.yml",
    "%s%n{0}{item.id}", "'; DROP TABLE items; --", "\x1b[31msecurity\x1b[0m", "\u202eytiruces", "s\u200becurity",
    "ｓｅｃｕｒｉｔｙ", "🚀" * 50, "seсurity", "İ", "ß", "nan", "inf", "-1", "1e999",
)  # fmt: skip
KINDS = [k.value for k in Kind]


def texts(number: int) -> Iterator[str]:
    shuffler = random.Random(20260301)
    words = [*BAIT, *(w for group in WORDS.values() for w in group), *KINDS, "label", "person", "compliance", "urgent"]
    signs = string.printable + "äß漢字🚀\u0000\u2028\ufeff"
    for n in range(number):
        if n < len(BAIT):
            yield BAIT[n]
        elif n % 97 == 0:
            yield shuffler.choice(words) * 20_000
        else:
            noise = "".join(shuffler.choices(signs, k=shuffler.randint(0, 30)))
            yield noise + " ".join(shuffler.choices(words, k=shuffler.randint(1, 8)))


TEXTS = tuple(texts(1_000))


def strange(text: str, number: int) -> Item:
    """What a stranger's report may look like at worst: every field that comes from its text is full of it."""
    shuffler = random.Random(number)
    loud = Inputs(
        **{n: shuffler.choice([1, 13, 8]) for n in ("value", "time_criticality", "risk_reduction")},
        size=shuffler.choice([1, 2, 3]),
        source={
            n: shuffler.choice(["rule:" + text, "keyword:security", "file", "default"])
            for n in ("value", "time_criticality", "risk_reduction", "size", "kind", "labels")
        },
    )
    return make_item(
        id="stranger",
        title=(text.strip() or "x")[:300],
        kind=shuffler.choice(list(Kind)),
        story=text,
        criteria=(text,),
        labels=("security", "compliance", "performance", text),
        links=(text,),
        depends_on=(text,),
        path=text,
        line=1,
        security_notes=text,
        test_notes=text,
        reason=text,
        trust="untrusted",
        inputs=estimated(loud, text, "untrusted"),
    )


def greedy(of: object, scoring: Scoring) -> float:
    """A scoring function that believes everything it is told."""
    assert isinstance(of, tuple)
    return float(len(repr(of))) + 100 * ("security" in repr(of))


CUSTOM = Custom("tests:greedy", greedy, "0")
SCORINGS = {
    **PRESETS,
    **{f"focus {name}": focused(Scoring(), name) for name in FOCUSES},
    **{f"focus {name}, composite": focused(PRESETS["seed004"], name) for name in FOCUSES},
    "product": Scoring(boosts=dict.fromkeys([*KINDS, "compliance"], 2.0), combine="product", boost_cap=100),
    "custom": Scoring(custom=CUSTOM),
    "calibrated": Scoring(calibration=Sizes(version=1, factors=dict.fromkeys(KINDS, 0.2), everything=1.0)),
}
QUIET = make_item(id="stranger", trust="untrusted", kind=Kind.FEATURE, criteria=(), inputs=Inputs())


@pytest.mark.parametrize("name", sorted(SCORINGS))
def test_a_thousand_texts_of_strangers_move_nothing(name: str) -> None:
    scoring = SCORINGS[name]
    others = [make_item(id=f"member-{n}", value=n % 13 + 1, size=n % 5 + 1) for n in range(6)]
    expected = key_of(score(QUIET, scoring, NOON), scoring, NOON)
    place = [s.item.id for s in rank([*others, QUIET], scoring, NOON)]
    for number, text in enumerate(TEXTS):
        item = strange(text, number)
        assert facts(item) == facts(QUIET), text[:80]
        assert key_of(score(item, scoring, NOON), scoring, NOON) == expected, text[:80]
        if number % 50 == 0:
            assert [s.item.id for s in rank([*others, item], scoring, NOON)] == place


def test_what_a_member_set_on_a_strangers_item_counts() -> None:
    inputs = Inputs(value=8, size=1, source={"value": "person", "size": "label:small", "labels": "label:security"})
    item = make_item(trust="untrusted", inputs=inputs, labels=("security",))
    assert facts(item)[:6] == ("", ("security",), 8, 1, 1, 1)
    assert score(item, Scoring(), NOON).score == 15.0


def test_a_kind_that_a_person_set_counts_though_the_text_is_a_strangers() -> None:
    item = make_item(trust="untrusted", kind=Kind.SECURITY, edited=("kind",))
    assert score(item, Scoring(), NOON).boost == 1.5
