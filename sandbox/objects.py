"""Loose git objects in one folder, named by their content, without running git."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import zlib
from pathlib import Path

LENGTH = {"sha1": 40, "sha256": 64}
"""Hex digits of an object id."""


class Objects:
    """The object folder `folder`; `algorithm` is `sha1` or `sha256`."""

    def __init__(self, folder: Path, algorithm: str) -> None:
        if algorithm not in LENGTH:
            raise ValueError(f"{algorithm!r} is no object format that git has; it has {', '.join(LENGTH)}")
        self.folder, self.algorithm = folder, algorithm

    def name(self, kind: str, data: bytes) -> str:
        """The id git gives to this content."""
        return hashlib.new(self.algorithm, _header(kind, data) + data, usedforsecurity=False).hexdigest()

    def has(self, oid: str) -> bool:
        return self._file(oid).exists()

    def read(self, oid: str) -> tuple[str, bytes] | None:
        """Kind and content, or None when the object is not in this folder."""
        try:
            packed = self._file(oid).read_bytes()
        except FileNotFoundError:
            return None
        header, _, data = zlib.decompress(packed).partition(b"\0")
        return header.partition(b" ")[0].decode(), data

    def write(self, kind: str, data: bytes) -> str:
        """Keep the content and return its id. A reader never sees half of it."""
        oid = self.name(kind, data)
        file = self._file(oid)
        if file.exists():
            return oid
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, fresh = tempfile.mkstemp(prefix="new-", dir=file.parent)
        try:
            with open(handle, "wb") as out:
                out.write(zlib.compress(_header(kind, data) + data, 1))
            os.replace(fresh, file)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(fresh)
            raise
        return oid

    def _file(self, oid: str) -> Path:
        return self.folder / oid[:2] / oid[2:]


def _header(kind: str, data: bytes) -> bytes:
    return f"{kind} {len(data)}\0".encode()
