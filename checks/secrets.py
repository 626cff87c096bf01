"""Credentials on lines that a change wrote, by the shapes their issuers give them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from checks.lines import added_lines

_SHAPES = {
    "aws-access-key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "private-key": re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"),
    "github-token": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36,251}\b|\bgithub_pat_[A-Za-z0-9_]{40,251}\b"),
    "gitlab-token": re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}\b"),
    "openai-key": re.compile(r"\bsk-(?=[\w-]*\d)(?=[\w-]*[A-Z])[A-Za-z0-9_-]{20,}\b"),
    "slack-token": re.compile(r"\bxox[abeprs]-[0-9A-Za-z-]{10,}\b"),
    "stripe-key": re.compile(r"\b[rs]k_live_[0-9A-Za-z]{16,}\b"),
    "google-api-key": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "pypi-token": re.compile(r"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{20,}"),
    "url-password": re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s:/@'\"]+:(?P<secret>[^\s:/@'\"{}$<>%]{6,})@[\w.-]+"),
}


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a credential stands. The value itself is nowhere kept, only its SHA-256."""

    path: str
    line: int
    kind: str
    sha256: str


def secrets(before: str, after: str, path: str) -> tuple[Secret, ...]:
    """Credentials on those lines of `after` that `before` does not have."""
    lines = after.splitlines()
    return tuple(
        Secret(path, number, kind, sha256(found[0].encode(errors="replace")).hexdigest())
        for number in sorted(added_lines(before, after))
        for kind, shape in _SHAPES.items()
        for found in shape.finditer(lines[number - 1])
    )
