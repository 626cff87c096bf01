"""What can be set, and where it is read: flags > environment > lamplighter.toml > user's file > defaults.

This is the one place that reads the environment.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError


class ConfigError(Exception):
    """A setting is wrong. One line: where it stands, what is wrong, the nearest right key."""


class Settings(BaseModel, frozen=True, extra="forbid"):
    model: str | None = None
    """Name of the model to ask for. Without one (and without a base URL) only the mechanic works."""
    base_url: str | None = None
    """Chat Completions endpoint. Never taken from a repository's own file: the key would follow it."""
    api_key: str | None = Field(None, repr=False)
    actions: Literal["auto", "native", "schema", "text"] = "auto"
    """How the model is asked for an action; auto: natively, else in the first way that works."""
    model_timeout: float = Field(600.0, gt=0)
    """Seconds for one answer of the model."""
    python: str | None = None
    """Interpreter for the repository's code; else its .venv, the active environment, or our own."""
    tests: str | None = None
    """Arguments for pytest (default: none), split as a shell would."""
    test_command: str | None = None
    """Another test runner, split as a shell would; `{junit}` in it becomes the file for its JUnit XML."""
    test_files: str | None = None
    """More globs of paths that belong to the tests, for `prove`; split as a shell would."""
    test_timeout: float = Field(600.0, gt=0)
    """Seconds for one run of the whole suite."""
    reports: str = ".lamplighter/reports/*"
    """Globs of files that other programs wrote (scanners, tests, measurements), relative to the repository's root;
    split as a shell would."""
    sources: str | None = None
    """Sources that look every time although they take long, for example `types flaky`."""
    osv: str | None = None
    """Folder or all.zip with OSV advisories. Never taken from a repository's own file: it decides what is safe."""
    osv_days: int = Field(30, ge=1)
    """From so many days on, those advisories are called stale."""
    preset: str = "default"
    """Scoring preset: default, seed001, seed002 or seed004."""
    focus: str = ""
    """What matters more for now: security, performance, debt, reliability, documentation or delivery."""
    scoring: str | None = None
    """A function that gives an item's base, as module:function or an entry point of `lamplighter.scoring`. Never
    taken from a repository's own file: it runs in our process."""
    repos: str | None = None
    """File that lists the user's repositories. Never taken from a repository's own file: it says where we look."""
    calibration: Literal["ask", "auto"] = "ask"
    """Whether a calibration that proved itself waits for `--adopt` or is put in force at once."""
    threshold: float | None = Field(None, ge=0)
    """Lowest aged score of an item that is worked; None: the preset's."""
    aging_max: float | None = Field(None, ge=1)
    """Cap of the aging multiplier; None: the preset's."""
    max_items: int | None = Field(None, ge=1)
    """Items in one shift; None: until nothing is left."""
    max_prs: int | None = Field(None, ge=0)
    """Pull requests a day; None: as the scope file says (5). It can only be lowered."""
    max_tokens: int = Field(2_000_000, gt=0)
    """Tokens for one item."""
    vocabulary: str | None = None
    """Folder with tiktoken's vocabulary files, to count tokens where a server does not say; None: an estimate."""
    sign_key: str | None = None
    """File of the ssh key that signs evidence; None: it is not signed. Never taken from a repository's own file."""
    log_level: Literal["debug", "info", "warning"] = "info"
    """How much activity is told on stderr."""


REPOSITORY_MAY_NOT_SET = ("base_url", "api_key", "sign_key", "osv", "scoring", "repos")

ENVIRONMENT = {
    "LAMPLIGHTER_MODEL": "model",
    "OPENAI_MODEL": "model",
    "OPENAI_BASE_URL": "base_url",
    "OPENAI_API_KEY": "api_key",
    "LAMPLIGHTER_ACTIONS": "actions",
    "LAMPLIGHTER_MODEL_TIMEOUT": "model_timeout",
    "LAMPLIGHTER_PYTHON": "python",
    "LAMPLIGHTER_TESTS": "tests",
    "LAMPLIGHTER_TEST_COMMAND": "test_command",
    "LAMPLIGHTER_TEST_FILES": "test_files",
    "LAMPLIGHTER_TEST_TIMEOUT": "test_timeout",
    "LAMPLIGHTER_REPORTS": "reports",
    "LAMPLIGHTER_SOURCES": "sources",
    "OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY": "osv",
    "LAMPLIGHTER_OSV": "osv",
    "LAMPLIGHTER_OSV_DAYS": "osv_days",
    "LAMPLIGHTER_PRESET": "preset",
    "LAMPLIGHTER_FOCUS": "focus",
    "LAMPLIGHTER_SCORING": "scoring",
    "LAMPLIGHTER_REPOS": "repos",
    "LAMPLIGHTER_CALIBRATION": "calibration",
    "WSJF_THRESHOLD": "threshold",
    "AGING_MULTIPLIER_MAX": "aging_max",
    "LAMPLIGHTER_MAX_ITEMS": "max_items",
    "PR_DAILY_LIMIT": "max_prs",
    "LAMPLIGHTER_MAX_TOKENS": "max_tokens",
    "TIKTOKEN_CACHE_DIR": "vocabulary",
    "LAMPLIGHTER_SIGN_KEY": "sign_key",
    "LOG_LEVEL": "log_level",
}
"""Environment variable → setting. The names without our prefix are the ones such tools already use."""


class Surroundings(BaseModel, frozen=True):
    """What the process was started in, read once."""

    environment: Mapping[str, str]
    home: Path

    @property
    def active(self) -> str | None:
        """The Python environment that is activated, if one is."""
        return self.environment.get("VIRTUAL_ENV") or self.environment.get("CONDA_PREFIX")

    @property
    def user_file(self) -> Path:
        base = self.environment.get("XDG_CONFIG_HOME") or str(self.home / ".config")
        return Path(base) / "lamplighter" / "config.toml"


def surroundings() -> Surroundings:
    return Surroundings(environment=dict(os.environ), home=Path(os.path.expanduser("~")))


Read = Callable[[str], str | None]
"""A file of the repository by its name; None where there is none."""


def on_disk(root: Path) -> Read:
    return lambda name: _text(root / name)


def load(read: Read, around: Surroundings, flags: Mapping[str, Any], config: Path | None = None) -> Settings:
    """All layers, the strongest last; `read` gives the repository's own files. Raises ConfigError."""
    merged: dict[str, Any] = {}
    merged |= _file(around.user_file)
    merged |= _file(config, must_exist=True) if config else _repository(read)
    merged |= {key: around.environment[name] for name, key in ENVIRONMENT.items() if around.environment.get(name)}
    merged |= {key: value for key, value in flags.items() if value is not None}
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise ConfigError(f"setting {key}: {first['msg'].lower()} (got {first['input']!r})") from error


def _repository(read: Read) -> dict[str, Any]:
    own = _known("lamplighter.toml", _parsed("lamplighter.toml", read("lamplighter.toml"))) or _in_pyproject(read)
    for key in REPOSITORY_MAY_NOT_SET:
        if key in own:
            raise ConfigError(f"{key} can not be set by a repository's own file: use the environment or a flag")
    return own


def _in_pyproject(read: Read) -> dict[str, Any]:
    """A pyproject.toml that can not be read is its owner's matter, not a setting of ours."""
    try:
        data = _parsed("pyproject.toml", read("pyproject.toml"))
    except ConfigError:
        return {}
    tool = data.get("tool")
    own = tool.get("lamplighter", {}) if isinstance(tool, dict) else {}
    if not isinstance(own, dict):
        raise ConfigError("pyproject.toml: tool.lamplighter must be a table of settings")
    return _known("pyproject.toml", own)


def _file(path: Path, must_exist: bool = False) -> dict[str, Any]:
    text = _text(path)
    if text is None and must_exist:
        raise ConfigError(f"there is no file {path}")
    return _known(str(path), _parsed(str(path), text))


def _text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError(f"{path}: {error}") from error


def _parsed(name: str, text: str | None) -> dict[str, Any]:
    try:
        return tomllib.loads(text or "")
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: {error}") from error


def _known(name: str, data: dict[str, Any]) -> dict[str, Any]:
    for key in data:
        if key not in Settings.model_fields:
            near = difflib.get_close_matches(key, Settings.model_fields, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; known are {', '.join(Settings.model_fields)}"
            raise ConfigError(f"{name}: unknown key {key!r}{hint}")
    return data
