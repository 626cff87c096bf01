"""Files that somebody's tools run or follow by themselves, and documents that tell a reader to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from checks.lines import added_lines
from checks.reason import Reason

_NAMES = (
    "package.json", "requirements*.txt", "constraints*.txt", "setup.py", "pipfile", "*.lock", "package-lock.json",
    "makefile", "gnumakefile", "justfile", "taskfile.*", "dockerfile*", "*.dockerfile", "docker-compose*",
    "compose.y*ml",
    ".pre-commit-config.yaml", ".envrc", ".npmrc", ".pypirc", "pip.conf", "agents.md", "claude.md", "gemini.md",
    ".cursorrules", ".windsurfrules", "copilot-instructions.md", "skill.md", ".mcp.json", "entry_points.txt",
    "*.service",
    "crontab", "procfile", "*.desktop", "vagrantfile", "rakefile", "gruntfile.*", "gulpfile.*",
    "build.gradle*", ".bazelrc",
)  # fmt: skip
_FOLDERS = frozenset(
    {".vscode", ".idea", ".devcontainer", ".cursor", ".claude", ".husky", ".zed", ".fleet", ".githooks"}
)
_METADATA = (".egg-info", ".dist-info")
_FETCHED = re.compile(
    r"\b(curl|wget|iwr|invoke-webrequest)\b.*\|.*\b(sh|bash|zsh|python3?|iex|node|perl)\b", re.IGNORECASE
)


def runs_by_itself(texts: Mapping[str, tuple[str, str]]) -> Iterator[Reason]:
    """`texts` are path to old and new text of what changed and is no test."""
    for path, (old, new) in texts.items():
        if is_run(path):
            yield Reason("runs_by_itself", f"{path} is run or followed by people's tools without a test: look at it")
        lines = new.splitlines()
        for number in sorted(added_lines(old, new)):
            if _FETCHED.search(lines[number - 1]):
                yield Reason("runs_by_itself", f"{path}:{number} fetches something and runs it: look at it")


def is_run(path: str) -> bool:
    parts = PurePosixPath(path.lower()).parts
    if any(part in _FOLDERS or part.endswith(_METADATA) for part in parts[:-1]):
        return True
    return any(fnmatchcase(parts[-1], name) for name in _NAMES)
