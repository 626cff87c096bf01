"""Credentials in committed files, by the shapes that their issuers give them. The value is never kept or shown.

A shape is sure where a word such as `password` is a guess, so words are not looked for; what stands on a line that
says that it is an example is none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from backlog.identity import item_id
from backlog.source import Found, Report, View
from backlog.sources.outcome import outcome
from backlog.sources.paths import foreign, is_test
from backlog.sources.text import LARGEST, clean, decoded, showable
from backlog.sources.valued import SECRET
from checks.secrets import Secret, secrets

NAME = "secrets"
PARTS = (b"AKIA", b"ASIA", b"PRIVATE KEY", b"github_pat_", b"glpat-", b"k_live_", b"AIza", b"pypi-AgEI", b"xox", b"sk-")
"""Bytes of which every shape has one, but for the two below. To search for plain bytes is ten times faster."""
TOKEN = re.compile(rb"gh[pousr]_[A-Za-z0-9]{36}")
ADDRESS = re.compile(rb"://[^\s:/@'\"]{1,200}:[^\s:/@'\"]{6,200}@")
SIGN = re.compile(
    r"\b(?:AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|sk-|xox|[rs]k_live_|AIza|pypi-AgEI)|"
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY|://[^\s:/@'\"]{1,200}:[^\s:/@'\"]{6,200}@"
)
BODY = re.compile(r"[A-Za-z0-9+/]{40}")
"""What a key has below its armour, or on the same line; code that only looks for keys has not."""
BEFORE, AFTER, MOST = 40, 500, 300
"""Characters around a sign, and signs of one file."""
EXAMPLE = re.compile(
    r"EXAMPLE|example|placeholder|dummy|fake|your[-_ ]|changeme|redacted|<[a-z_ -]+>|x{6}|\*{4}|\.\.\.|"
    r"0{6}|12345|abcdef|(?:user(?:name)?|login|u):(?:pass(?:word|wd)?|secret|p)@|@(?:localhost|127\.0\.0\.1|db|host)\b",
    re.IGNORECASE,
)
PROSE = (".md", ".rst", ".txt", ".adoc", ".ipynb")


class Secrets:
    name = NAME

    def look(self, view: View) -> Report:
        """One Found for each value in each file."""
        found: list[Found] = []
        left: Counter[str] = Counter()
        for path in sorted(view.files):
            if not view.files[path].is_file or foreign(path):
                continue
            if not showable(path):
                left["with a name that is not text"] += 1
                continue
            data = view.read(path)
            if len(data) > LARGEST:
                left["larger than 1 MB"] += 1
            elif _maybe(data) and (text := decoded(data)) is not None:
                found.extend(in_file(path, text))
        told = ", ".join(f"{count} {why}" for why, count in sorted(left.items()))
        return outcome(NAME, found, view.files, notes=[f"files left out: {told}"] if left else [])


def _maybe(data: bytes) -> bool:
    """Whether any of the shapes can be in it."""
    return any(part in data for part in PARTS) or bool(TOKEN.search(data) or ADDRESS.search(data))


def in_file(path: str, text: str) -> Iterator[Found]:
    """The credentials of one file. Only what stands near a sign of one is looked at, so that no line is too long."""
    guess = is_test(path) or path.endswith(PROSE)
    seen: set[str] = set()
    for line, near, below in islice(_near(text), MOST):
        for secret in secrets("", near, path):
            # A password in an address, or an armour line, is as often as not made up where people explain or test.
            doubtful = guess and secret.kind in ("url-password", "private-key")
            bare = secret.kind == "private-key" and not BODY.search(below)
            if not (doubtful or bare or EXAMPLE.search(near) or secret.sha256 in seen):
                seen.add(secret.sha256)
                yield _found(path, line, secret)


def _near(text: str) -> Iterator[tuple[int, str, str]]:
    """For each sign of a credential its line's number, what stands around it on the line, and what comes after."""
    line, counted = 1, 0
    for sign in SIGN.finditer(text):
        at = sign.start()
        line += text.count("\n", counted, at)
        counted = at
        start = max(text.rfind("\n", 0, at) + 1, at - BEFORE)
        yield line, text[start : at + AFTER].partition("\n")[0], text[at : at + AFTER]


def _found(path: str, line: int, secret: Secret) -> Found:
    short, what, place = secret.sha256[:16], secret.kind.replace("-", " "), clean(path, 180)
    return Found(
        fingerprint=item_id(f"secrets:{secret.kind}", path, short, prefix="secret"),
        content=short,
        same_as=(f"secret:{short}",) if secret.kind != "private-key" else (),
        kind=SECRET.kind,
        title=f"Revoke and remove the {what} in {place}",
        path=path,
        line=line,
        inputs=SECRET.inputs(),
        criteria=(f"The {what} is revoked, and {place} reads it from outside of the repository.",),
        story=f"A {what} is committed (SHA-256 {short}…). It stays in the history: only revoking it helps.",
        labels=("secret",),
    )
