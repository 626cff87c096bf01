"""Which paths does the user's list of repositories name?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.call import Call
from app.settings import ConfigError, Surroundings, load

LARGEST = 1_000_000
NO_LIST = (
    "no list of repositories: name a file with one path a line by --list FILE, LAMPLIGHTER_REPOS, or `repos` in {file}"
)


@dataclass(frozen=True, slots=True)
class Entry:
    line: int
    text: str
    """As it is written."""
    path: Path


def listed(call: Call, around: Surroundings) -> tuple[Path, tuple[Entry, ...]]:
    """The file and what it names. No repository has a say in which file that is. Raises ConfigError."""
    setting = load(lambda _name: None, around, call.flags, call.config).repos
    if not setting:
        raise ConfigError(NO_LIST.format(file=around.user_file))
    file = at_home(setting, around.home)
    if not file.is_absolute():
        raise ConfigError(f"setting repos: {setting}: write a whole path, or one that begins with ~/")
    found = tuple(entries(_text(file), file.parent, around.home))
    if not found:
        raise ConfigError(f"{file}: names no repository: write one path a line")
    return file, found


def entries(text: str, folder: Path, home: Path) -> Iterator[Entry]:
    """`folder` is where relative paths begin. What follows a `#` at the beginning or after a blank is a comment."""
    for number, line in enumerate(text.split("\n"), 1):
        written = _without_comment(line.strip())
        if written:
            yield Entry(number, written, folder / at_home(written, home))


def can_be_written(path: Path) -> bool:
    """The path comes out of a list as it went in."""
    return [e.path for e in entries(str(path), Path("/"), Path("/"))] == [path] and str(path).isprintable()


def at_home(text: str, home: Path) -> Path:
    return home / text[2:] if text.startswith("~/") else home if text == "~" else Path(text)


def _without_comment(line: str) -> str:
    if line.startswith("#"):
        return ""
    begins = [at for at in (line.find(" #"), line.find("\t#")) if at >= 0]
    return line[: min(begins)].rstrip() if begins else line


def _text(file: Path) -> str:
    if not file.is_file():
        raise ConfigError(f"{file}: no such file; it should name the repositories, one path a line")
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}") from error
    if len(data) > LARGEST or b"\0" in data:
        raise ConfigError(f"{file}: is binary or larger than 1 MB: it can not be a list of repositories")
    return data.decode("utf-8-sig", "surrogateescape")
