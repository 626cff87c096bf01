"""Bytes that sources keep from one look to the next, in `.lamplighter/cache/`."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LARGEST = 64_000_000
"""Bytes. What is larger is not kept, and not read."""


@dataclass(frozen=True, slots=True)
class CacheFolder:
    folder: Path

    def load(self, name: str) -> bytes | None:
        """None when it is not there or can not be read: what was kept can always be found anew."""
        file = self._file(name)
        try:
            return file.read_bytes() if file.stat().st_size <= LARGEST else None
        except OSError:
            return None

    def save(self, name: str, data: bytes) -> None:
        """A reader sees the old bytes or the new ones. A full disk loses the cache and nothing else."""
        if len(data) > LARGEST:
            return
        with suppress(OSError):
            self.folder.mkdir(exist_ok=True)
            handle, fresh = tempfile.mkstemp(prefix=f"{name}-", dir=self.folder)
            try:
                with open(handle, "wb") as file:
                    file.write(data)
                os.replace(fresh, self._file(name))
            except OSError:
                os.unlink(fresh)

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.cache"
