"""Put a new text into a file's place so that no edit is lost that somebody makes at the same moment.

The new text is written aside, and the two are exchanged in one step. What comes out is looked at: where it is not
what was read, somebody was faster, and it is put back. What came out is kept until the next swap, in case a program
still writes to it. So after a crash at any point, the files aside say by their names what was under way.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path

from backlog.file.lease import BeingWritten, lease
from backlog.file.steps import flush, write
from backlog.source import SourceBroken
from backlog.sources.text import LARGEST

PAUSE_S = 0.005


class FileBusy(Exception):
    """The file is being written, or changes again and again: try later."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was read. `data` is None where there is none."""

    data: bytes | None


@dataclass(frozen=True, slots=True)
class Swap:
    """`file` is the real file, `aside` a folder of ours, `shown` how messages call the file."""

    file: Path
    aside: Path
    shown: str
    exchange: Callable[[Path, Path], bool]
    patience_s: float = 10.0
    """How long a program that writes the file is waited for."""

    @contextmanager
    def locked(self) -> Iterator[list[str]]:
        """No other process of ours swaps meanwhile. Gives what was found to be left over from one that was
        interrupted, for people."""
        self.aside.mkdir(parents=True, exist_ok=True)
        with (self.aside / "lock").open("ab") as lock:
            flock(lock, LOCK_EX)
            yield self._recovered()

    def read(self) -> Seen:
        """The file when nobody is writing it. Raises SourceBroken (no regular file, too large), FileBusy."""
        try:
            found = os.lstat(self.file)
        except FileNotFoundError:
            return Seen(None)
        self._fit(found)
        data = self._quiet(self.file)
        if len(data) > LARGEST:
            raise SourceBroken(f"{self.shown}: is larger than 1 MB: move finished items elsewhere")
        return Seen(data)

    def put(self, seen: Seen, new: bytes) -> bool:
        """The new text in the place of what was read; False when somebody changed the file meanwhile. Raises
        FileBusy, OSError."""
        if seen.data is None:
            return self._made(new)
        aside = self._written(seen, new)
        try:
            with lease(self.file) as held:
                if held.content() != seen.data or held.wanted():
                    aside.unlink()
                    return False
                exchanged = self.exchange(aside, self.file)
        except (BeingWritten, FileNotFoundError):
            aside.unlink()
            return False
        if not exchanged:
            return self._renamed(aside, seen)
        flush(self.file.parent)
        if self._quiet(aside) == seen.data:
            return True
        self._put_back(aside, new)
        return False

    def _fit(self, found: os.stat_result) -> None:
        if not stat.S_ISREG(found.st_mode):
            raise SourceBroken(f"{self.shown}: is no regular file")
        if found.st_nlink > 1:
            raise SourceBroken(f"{self.shown}: has {found.st_nlink} names (hard links), and only one would be edited")
        if not found.st_mode & 0o222:
            raise SourceBroken(f"{self.shown}: is read-only: make it writable, then sync again")

    def _quiet(self, path: Path) -> bytes:
        """The content once no other program has the file open for writing."""
        until = time.monotonic() + self.patience_s
        while True:
            try:
                with lease(path) as held:
                    return held.content()
            except BeingWritten:
                if time.monotonic() > until:
                    why = f"another program has been writing it for {self.patience_s:g} s"
                    raise FileBusy(f"{self.shown}: {why}: try again when it has saved") from None
                time.sleep(PAUSE_S)

    def _made(self, new: bytes) -> bool:
        """Where there was no file: a link fails if there is one now."""
        aside = self.aside / f"fresh-{_mark(new)}"
        write(aside, new, None)
        try:
            os.link(aside, self.file)
        except FileExistsError:
            return False
        except OSError:  # another file system
            with contextlib.suppress(FileExistsError), self.file.open("xb") as file:
                file.write(new)
                file.flush()
                os.fsync(file.fileno())
                return True
            return False
        finally:
            aside.unlink()
        flush(self.file.parent)
        return True

    def _written(self, seen: Seen, new: bytes) -> Path:
        """The new text aside, on disk, with the mode, owner and attributes of the file."""
        assert seen.data is not None
        begun, ready = self.aside / "writing", self.aside / f"{_mark(seen.data)}-{_mark(new)}"
        write(begun, new, self.file)
        begun.rename(ready)
        flush(self.aside)
        return ready

    def _renamed(self, aside: Path, seen: Seen) -> bool:
        """Where two files can not be exchanged (another file system, an old kernel): look, then replace. An edit
        that is saved between the two is lost."""
        near = self.file.with_name(f".{self.file.name}.lamplighter")
        shutil.copy2(aside, near)
        aside.unlink()
        if self._quiet(self.file) != seen.data:
            near.unlink()
            return False
        near.replace(self.file)
        flush(self.file.parent)
        return True

    def _put_back(self, aside: Path, new: bytes) -> str:
        """What came out is somebody's edit: it goes back in, unless ours was edited as well."""
        if self.file.exists() and self._quiet(self.file) == new:
            self.exchange(aside, self.file)
            flush(self.file.parent)
            if self._quiet(aside) == new:
                return ""
        kept = self.aside / f"kept-{_mark(self._quiet(aside))}.yml"
        aside.rename(kept)
        return f"{self.shown}: was saved twice at one moment, by different programs: the other text is in {kept}"

    def _recovered(self) -> list[str]:
        notes: list[str] = []
        for left in sorted(self.aside.iterdir()):
            expected, _, new = left.name.partition("-")
            if left.name == "writing" or expected == "fresh":
                left.unlink()
            elif len(expected) == len(new) == DIGITS:
                notes += self._settled(left, expected, new)
            elif expected == "kept":
                notes.append(
                    f"{self.shown}: {left} was saved at the same moment as another edit: merge it, then delete it"
                )
        return notes

    def _settled(self, left: Path, expected: str, new: str) -> list[str]:
        """A file that came out, or never went in: nothing in it is anybody's, or it is an edit to be put back."""
        if _mark(self._quiet(left)) in (expected, new):
            left.unlink()
            return []
        here = self._quiet(self.file) if self.file.exists() else b""
        if _mark(here) == new:
            note = self._put_back(left, here)
            left.unlink(missing_ok=True)
            return [note] if note else []
        note = self._put_back(left, b"\0")
        return [note]


DIGITS = 24


def _mark(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:DIGITS]
