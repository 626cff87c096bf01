"""Whom and what a note names: the people and words in the brackets behind its marker, issues, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LINK = re.compile(r"https?://[^\s<>\"'`)\]]+|(?<![\w&/])#\d{1,9}\b")
ISSUE = re.compile(r"(?:(?:gh|issue|bug)[ -]?)?#(\d{1,9})", re.IGNORECASE)
SUBJECT = re.compile(
    r"(?:(?:fix(?:es)?|close[sd]?|resolve[sd]?|do|finish|handle|address|remove with|remove after)\s+)?"
    r"(?:(?:gh|issue|bug)[ -]?)?#(\d{1,9})\b",
    re.IGNORECASE,
)
"""How a note begins whose subject is an issue."""
VERSION = re.compile(r"v?\d+(?:\.\d+)*(?:\.x)?|v\d[\w.-]*|(?:Q[1-4]|milestone)[ -]?[\w.-]+", re.IGNORECASE)
PERSON = re.compile(r"@?[^\W\d][\w.+:/-]{0,38}(?:@[\w.-]{1,60})?")
MOST = 6
"""Hints that are read from one pair of brackets."""


@dataclass(frozen=True, slots=True)
class References:
    labels: tuple[str, ...] = ()
    """`owner:anna`, `milestone:v2.0`, or a plain word."""
    links: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    """`issue:#123` when the note is about this one issue and names it as its subject."""


def references(hint: str, words: str) -> References:
    """`hint` is what stood in brackets directly behind the marker, with them; `words` are the note's own."""
    if not hint and "#" not in words and "://" not in words:
        return References()
    hints = [part.strip() for part in re.split(r"[,;]", hint[1:-1])[:MOST] if part.strip()]
    named = [number[1] for part in hints if (number := ISSUE.fullmatch(part))]
    links = [*(f"#{n}" for n in named), *(link.rstrip(".,;:") for link in LINK.findall(words))]
    issues = {link for link in links if link.startswith("#")}
    begun = SUBJECT.match(words.lstrip(" :-"))
    subject = f"#{named[0]}" if named else f"#{begun[1]}" if begun else ""
    return References(
        tuple(dict.fromkeys(_labels(hints, hint.startswith("(")))),
        tuple(dict.fromkeys(links)),
        (f"issue:{subject}",) if subject and issues == {subject} else (),
    )


def owner(hint: str) -> str:
    """The person that the brackets name, or nothing."""
    first = re.split(r"[,;]", hint[1:-1])[0].strip()
    is_person = hint.startswith("(") and PERSON.fullmatch(first) and not VERSION.fullmatch(first)
    return first.removeprefix("@") if is_person else ""


def _labels(hints: list[str], people: bool) -> Iterator[str]:
    """The first word in round brackets is a person; a number with dots is a version; all else is a label."""
    for place, part in enumerate(hints):
        if ISSUE.fullmatch(part):
            continue
        if VERSION.fullmatch(part):
            yield f"milestone:{part}"
        elif PERSON.fullmatch(part):
            yield f"owner:{part.removeprefix('@').lower()}" if people and place == 0 else part.lower()
