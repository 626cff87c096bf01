"""Large source trees to measure on: given as folders, or Debian's source packages where they can be had."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from evals.bench.process import BenchFailed, timed

PACKAGES = ("python3.11", "python-django")
KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SUITE = "bookworm"
PLAIN: Mapping[str, str] = {
    "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
    "HOME": "/nonexistent",
    "LC_ALL": "C.UTF-8",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "Bench",
    "GIT_AUTHOR_EMAIL": "bench@example.org",
    "GIT_COMMITTER_NAME": "Bench",
    "GIT_COMMITTER_EMAIL": "bench@example.org",
}


def trees(folder: Path | None, work: Path) -> list[Path]:
    """A clean git checkout in `work` for every folder in `folder`, or else for the packages. Raises BenchFailed."""
    given = sorted(p for p in folder.iterdir() if p.is_dir()) if folder else _fetched(work)
    if not given:
        raise BenchFailed(f"{folder} holds no folders; unpack or clone what is to be measured there")
    return [_checkout(source, work / "checkouts" / source.name) for source in given]


def git(folder: Path, *args: str) -> str:
    return timed(("git", "-c", "gc.auto=0", *args), folder, PLAIN).said


def _checkout(source: Path, at: Path) -> Path:
    """What has a history is cloned with it; of all else the files are committed."""
    at.parent.mkdir(parents=True, exist_ok=True)
    if (source / ".git").exists() or (source / "HEAD").exists():
        git(at.parent, "clone", "-q", "--no-hardlinks", str(source), str(at))
    else:
        shutil.copytree(source, at, symlinks=True)
        git(at, "init", "-q", ".")
        git(at, "add", "-Af", ".")
        git(at, "commit", "-qm", "as it came")
        git(at, "repack", "-adq")
    return at


def _fetched(work: Path) -> list[Path]:
    """Debian's source packages, unpacked. Raises BenchFailed where there is no apt, no keys or no network."""
    missing = [tool for tool in ("apt-get", "dpkg-source") if shutil.which(tool) is None]
    if missing or not KEYS.exists():
        what = ", ".join(missing) or str(KEYS)
        raise BenchFailed(f"no {what} here to get {' and '.join(PACKAGES)} with; give folders with --sources DIR")
    apt = _configured(work / "apt")
    there = work / "packages"
    there.mkdir()
    environment = {**PLAIN, "APT_CONFIG": str(apt)}
    timed(("apt-get", "update", "-qq"), there, environment)
    timed(("apt-get", "source", "--download-only", "-qq", *PACKAGES), there, environment)
    unpacked = work / "unpacked"
    unpacked.mkdir()
    for package in PACKAGES:
        (about,) = there.glob(f"{package}_*.dsc")
        timed(("dpkg-source", "-q", "--no-check", "-x", str(about), str(unpacked / package)), there, environment)
        shutil.rmtree(unpacked / package / ".pc", ignore_errors=True)
    return [unpacked / package for package in PACKAGES]


def _configured(folder: Path) -> Path:
    """A configuration of apt's that touches nothing of the system's."""
    for part in ("lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True)
    listed = folder / "sources.list"
    listed.write_text(f"deb-src [signed-by={KEYS}] http://deb.debian.org/debian {SUITE} main\n")
    config = folder / "apt.conf"
    config.write_text(
        f'Dir::Etc::sourcelist "{listed}";\nDir::Etc::sourceparts "-";\n'
        f'Dir::State::lists "{folder / "lists"}";\nDir::Cache "{folder / "cache"}";\n'
    )
    return config
