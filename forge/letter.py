"""The patch file of a pull request: a diff under a head that names the base and the evidence.

`git am` and `git apply` take it. Every byte of the head follows from the evidence, and the evidence has the hash of the
diff: so the two files vouch for each other, and a byte that was changed in either of them shows.
"""

from __future__ import annotations

import hashlib

TRAILER = "Lamplighter-Evidence"
BASE = "Lamplighter-Base"
FROM = "From: Lamplighter <lamplighter@localhost>"


def digest(evidence: bytes) -> str:
    """The evidence's name in trailers: `sha256:` and hex digits."""
    return f"sha256:{hashlib.sha256(evidence).hexdigest()}"


def head(item: str, base: str, evidence: str) -> bytes:
    """What stands above the diff. `evidence` is its digest."""
    text = f"{FROM}\nSubject: [PATCH] {item}\n\n{BASE}: {base}\n{TRAILER}: {evidence}\n---\n"
    return text.encode("utf-8", "surrogateescape")


def split(letter: bytes) -> tuple[bytes, bytes]:
    """Head and diff. A file without a head has an empty one."""
    mark = b"\n---\n"
    at = letter.find(mark)
    return (letter[: at + len(mark)], letter[at + len(mark) :]) if at >= 0 else (b"", letter)


def names(head: bytes, evidence: bytes) -> bool:
    """The head names this evidence."""
    return f"{TRAILER}: {digest(evidence)}".encode() in head.split(b"\n")
