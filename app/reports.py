"""The files that other programs wrote for us, by the setting `reports`: only ones inside of the repository."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from app.settings import ConfigError
from backlog.source import Artefact
from backlog.sources.reports.documents import LARGEST

MOST = 500


def artefacts(root: Path, setting: str) -> tuple[Artefact, ...]:
    """Ordered by name. Raises ConfigError for globs that are no list of words, or lead out of the repository."""
    try:
        globs = shlex.split(setting)
    except ValueError as error:
        raise ConfigError(f"setting reports: {error}") from None
    home = root.resolve()
    named = sorted({path for glob in globs for path in _matching(home, glob)})
    if len(named) > MOST:
        raise ConfigError(f"setting reports: {len(named)} files match; at most {MOST} are read")
    return tuple(_artefact(home, path) for path in named)


def _matching(root: Path, glob: str) -> Iterator[Path]:
    if Path(glob).is_absolute() or ".." in Path(glob).parts:
        raise ConfigError(f"setting reports: {glob!r} leads out of the repository: globs are relative to its root")
    return (path for path in root.glob(glob) if not path.is_dir() and not path.name.startswith("."))


def _artefact(root: Path, path: Path) -> Artefact:
    at = datetime.fromtimestamp(path.lstat().st_mtime, UTC)
    return Artefact(str(path.relative_to(root)), lambda: _read(root, path), at)


def _read(root: Path, path: Path) -> bytes:
    """One byte more than is allowed at most, so that too much is noticed. Raises OSError."""
    real = path.resolve(strict=True)
    if not real.is_relative_to(root) or not real.is_file():
        raise OSError("it is a link out of the repository, or no file")
    with real.open("rb") as file:
        return file.read(LARGEST + 1)
