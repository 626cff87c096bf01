"""Which interpreter the repository's code runs with, decided without running any.

A repository's own virtual environment is not trusted: its configuration names no folder that is then shown,
only links that end in a real Python installation count.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sandbox.policy import Mount
from sandbox.shelf import stocked

Origin = Literal["configured", "venv", "active", "ours"]

_SYSTEM = Path("/usr")
_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
_PARTS = ("bin", "lib", "lib64", "include")
"""What of a Python installation is shown: its prefix may be as wide as ~/.local."""
_LIBRARY = re.compile(r"python(\d+\.\d+)t?")


class ToolchainMissing(Exception):
    """The interpreter that is configured can not be used: the operator must act. One line."""


@dataclass(frozen=True, slots=True)
class Toolchain:
    """An interpreter, and what must be visible for it to run."""

    python: str
    """Its path, the same inside and outside."""
    origin: Origin
    version: str
    """Such as `3.11.7`, or `3.11` where nothing tells more."""
    mounts: tuple[Mount, ...]
    path: tuple[str, ...]
    """Folders to put in front on PATH."""
    base_python: str
    """The installation's own interpreter behind a virtual environment; for `-I -S`."""


def choose(repository: Path, configured: str | None, active: str | None, shelf: Path) -> Toolchain:
    """The interpreter for the repository: configured, else its .venv or venv, else the active one, else ours.

    `configured` names an interpreter or an environment, relative to the repository or absolute, or a command
    of the system; `active` is the folder of an activated environment; `shelf` a folder to keep links in.
    Raises ToolchainMissing when what is configured can not be used.
    """
    if configured:
        return _configured(repository, configured, shelf)
    for name in (".venv", "venv"):
        found = _environment(repository / name, "venv", shelf, repository)
        if found is not None and not _real(repository).is_relative_to(_real(repository / name)):
            return found
    if active:
        found = _environment(repository / active, "active", shelf, repository)
        if found is not None:
            return found
    return own(shelf)


def own(shelf: Path) -> Toolchain:
    """What we run with ourselves, without our own packages. Raises ToolchainMissing."""
    python = Path(sys.prefix, "bin", "python") if sys.prefix != sys.base_prefix else Path(sys.executable)
    found = _describe(python, "ours", shelf, None)
    if found is None:
        raise ToolchainMissing(f"{python}, which runs lamplighter, is in no ordinary Python installation; reinstall it")
    return found


def base() -> tuple[str, tuple[Mount, ...]]:
    """The interpreter of the installation that we run with, and what must be visible for it with `-I -S`."""
    real = _real(Path(sys.executable))
    prefix = real.parent.parent
    return str(real), tuple(Mount(part, str(part)) for part in _parts(prefix, prefix))


def _configured(repository: Path, configured: str, shelf: Path) -> Toolchain:
    if "/" not in configured:
        command = shutil.which(configured, path=_SYSTEM_PATH)
        python = Path(command) if command else repository / configured
    else:
        python = repository / Path(configured).expanduser()
    if python.is_dir():
        python = python / "bin" / "python"
    if not python.exists():
        raise ToolchainMissing(
            f"the configured interpreter {configured} does not exist (looked at {python}); correct `python`"
        )
    found = _describe(_plain(python), "configured", shelf, repository)
    if found is None:
        message = f"the configured interpreter {configured} is no python of an installation or environment"
        raise ToolchainMissing(f"{message}; name its own bin/python")
    return found


def _environment(folder: Path, origin: Origin, shelf: Path, repository: Path) -> Toolchain | None:
    """None when the folder holds no environment that could run."""
    if not (folder / "pyvenv.cfg").is_file():
        return None
    return _describe(_plain(folder / "bin" / "python"), origin, shelf, repository)


def _describe(python: Path, origin: Origin, shelf: Path, repository: Path | None) -> Toolchain | None:
    """None when the path does not end in an interpreter of a Python installation.

    A link in the repository gives the installation that it leads to no second name.
    """
    hops = _hops(python)
    real = _real(python)
    base = real.parent.parent
    library = _library(base, real.name)
    if library is None or real.parent.name != "bin":
        return None
    prefix = python.parent.parent
    settings = _settings(prefix / "pyvenv.cfg")
    environment = prefix if settings else None
    homes = [hop.parent for hop in hops] + [_plain(Path("/", settings.get("home", "nonexistent")))]
    others = {home.parent for home in homes if home.name == "bin" and _real(home) == real.parent}
    aliases = {base, *(other for other in others if not _of(repository, other))}
    if environment is None and prefix in others - aliases:
        python, prefix = real, base
    mounts = [Mount(part, str(alias / part.name)) for alias in sorted(aliases) for part in _parts(base, alias)]
    if environment is not None:
        mounts.append(Mount(_real(environment), str(environment)))
    mounts += stocked([site for top in sorted({base, prefix}) for site in _sites(top, library)], shelf)
    minor = library.removeprefix("python")
    version = settings.get("version") or settings.get("version_info") or minor
    return Toolchain(
        python=str(python),
        origin=origin,
        version=".".join(version.split(".")[:3]) if version.startswith(minor) else minor,
        mounts=tuple(mounts),
        path=(str(python.parent),),
        base_python=str(real),
    )


def _of(repository: Path | None, path: Path) -> bool:
    return repository is not None and any(path.is_relative_to(at) for at in (_plain(repository), _real(repository)))


def _hops(python: Path) -> list[Path]:
    """Every path that following the links of `python` goes through, the last one included."""
    hops = [python]
    while hops[-1].is_symlink() and len(hops) < 40:
        hops.append(_plain(hops[-1].parent / hops[-1].readlink()))
    return hops


def _library(base: Path, name: str) -> str | None:
    """The standard library's folder, such as `python3.11`; of several, the one named as the program is."""
    found = [path.parent.name for lib in ("lib", "lib64") for path in sorted(base.glob(f"{lib}/python3*/os.py"))]
    found = [library for library in found if _LIBRARY.fullmatch(library)]
    if name in found:
        return name
    return found[-1] if found and name.startswith("python") else None


def _parts(base: Path, alias: Path) -> list[Path]:
    if alias.is_relative_to(_SYSTEM):
        return []
    return [base / name for name in _PARTS if (base / name).is_dir() and not (base / name).is_symlink()]


def _sites(prefix: Path, library: str) -> list[Path]:
    """The folders that installed packages lie in; Debian has its own name for one."""
    name = "python3" if prefix == _SYSTEM else library
    candidates = [prefix / "lib" / library / "site-packages", prefix / "lib64" / library / "site-packages"]
    if prefix == _SYSTEM:
        local = prefix / "local" / "lib" / library
        candidates += [
            prefix / "lib" / name / "dist-packages",
            local / "dist-packages",
            local / "site-packages",
        ]
    return [site for site in candidates if site.is_dir() and not site.parent.parent.is_symlink()]


def _settings(file: Path) -> dict[str, str]:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


def _real(path: Path) -> Path:
    """Links followed; of an endless one, what could be followed."""
    return Path(os.path.realpath(path))


def _plain(path: Path) -> Path:
    """Absolute and without `..`, its links left as they are."""
    absolute = path.absolute()
    parts: list[str] = []
    for part in absolute.parts[1:]:
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
    return Path("/", *parts)
