"""What can be said of a repository by looking at its base commit: facts with evidence, none of them guessed."""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.house import House
from app.remembered import known_baseline, scanned
from app.reports import artefacts
from backlog.item import Item, Kind
from metrics.links import links
from metrics.maturity import CLOSED_BY, Fact, State
from sandbox.scope import is_test

LOCKS = (
    "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "package-lock.json", "yarn.lock",
    "pnpm-lock.yaml", "Cargo.lock", "go.sum", "Gemfile.lock", "composer.lock",
)  # fmt: skip
MANIFESTS = ("pyproject.toml", "setup.py", "setup.cfg", "package.json", "Cargo.toml", "go.mod", "Gemfile")
TYPES = ("mypy.ini", ".mypy.ini", "pyrightconfig.json", "tsconfig.json", "ty.toml")
LINTERS = ("ruff.toml", ".ruff.toml", ".flake8", ".pylintrc", "pylintrc", "biome.json", ".golangci.yml", "clippy.toml")
UPDATES = (
    ".github/dependabot.yml", ".github/dependabot.yaml", "renovate.json", ".github/renovate.json", ".renovaterc",
    ".renovaterc.json",
)  # fmt: skip
OTHER_CI = (".gitlab-ci.yml", ".circleci/config.yml", "azure-pipelines.yml", "Jenkinsfile", ".travis.yml", "tox.ini")
WORKFLOW = re.compile(r"\.github/workflows/[^/]+\.ya?ml")
TRIGGER = re.compile(r"^[ \t]*(?:-[ \t]*|[\"']?on[\"']?:.*\b)?(?:push|pull_request)\b", re.MULTILINE)
COVERAGE = re.compile(r"coverage|cobertura|lcov|jacoco", re.IGNORECASE)
CRON = re.compile(r"cron:\s*[\"']([^\"'\n]+)[\"']")
LARGEST = 1_000_000
SHOWN = 3


@dataclass(frozen=True)
class Base:
    """The committed files, by path."""

    house: House

    @cached_property
    def files(self) -> frozenset[str]:
        entries = self.house.trees.entries(self.house.base_tree)
        return frozenset(path for path, entry in entries.items() if entry.is_file)

    def text(self, path: str) -> str:
        entry = self.house.trees.entries(self.house.base_tree)[path]
        return self.house.trees.blob(entry.oid)[:LARGEST].decode("utf-8", "replace")

    @cached_property
    def tools(self) -> Mapping[str, Any]:
        """`[tool]` of pyproject.toml; empty where there is none that can be read."""
        try:
            found = tomllib.loads(self.text("pyproject.toml")).get("tool", {})
        except (KeyError, tomllib.TOMLDecodeError):
            return {}
        return found if isinstance(found, dict) else {}


def facts_of(house: House, open_items: Sequence[Item]) -> list[Fact]:
    base = Base(house)
    found = [
        _named(base, "readme", r"README(\.\w+)?"),
        _named(base, "licence", r"(LICEN[CS]E|COPYING)(\.\w+)?"),
        _tests(base),
        _tests_pass(base),
        _configured(base, "linter", LINTERS, ("ruff", "pylint", "flake8")),
        _ci(base),
        _lock(base),
        _configured(base, "types", TYPES, ("mypy", "pyright", "ty", "pyrefly")),
        _named(base, "changelog", r"(CHANGELOG|CHANGES|HISTORY|NEWS)(\.\w+)?"),
        _links(base),
        _coverage(base),
        _configured(base, "dependency updates", UPDATES, ()),
        _named(base, "security policy", r"(\.github/|docs/)?SECURITY(\.\w+)?"),
        _security_items(base, open_items),
    ]
    return found


def closing(open_items: Sequence[Item]) -> dict[str, str]:
    """For a fact the best open item that would close its gap; `open_items` best first."""
    rules: Mapping[str, Callable[[Item], bool]] = {
        "tests pass": lambda item: item.source == "tests",
        "security items": lambda item: item.kind is Kind.SECURITY,
        "coverage": lambda item: item.source == "coverage",
    }
    found: dict[str, str] = {}
    for name, title in CLOSED_BY.items():
        fits = rules.get(name)
        item = next((i for i in open_items if i.title == title or (fits is not None and fits(i))), None)
        if item is not None:
            found[name] = item.id
    return found


def schedules(house: House) -> list[tuple[str, str]]:
    """Committed workflows that call lamplighter by the clock: path and cron expression."""
    base = Base(house)
    found = []
    for path in sorted(p for p in base.files if WORKFLOW.fullmatch(p)):
        text = base.text(path)
        if "lamplighter" in text:
            found += [(path, expression) for expression in CRON.findall(text)]
    return found


def _named(base: Base, name: str, pattern: str) -> Fact:
    fitting = sorted(p for p in base.files if re.fullmatch(pattern, p, re.IGNORECASE))
    return Fact(name, "yes", fitting[0]) if fitting else Fact(name, "no", "no committed file has such a name")


def _configured(base: Base, name: str, files: Sequence[str], tools: Sequence[str]) -> Fact:
    found = [p for p in files if p in base.files] + [
        f"pyproject.toml [tool.{tool}]" for tool in tools if tool in base.tools
    ]
    return (
        Fact(name, "yes", found[0]) if found else Fact(name, "no", f"none of {', '.join((*files[:3], *tools[:2]))} …")
    )


def _tests(base: Base) -> Fact:
    tests = [p for p in base.files if is_test(p)]
    return Fact("tests", "yes" if tests else "no", f"{len(tests)} committed files of tests")


def _tests_pass(base: Base) -> Fact:
    run = known_baseline(base.house, base.house.base_tree)
    if run is None:
        return Fact("tests pass", "unknown", "not measured on this base: lamplighter discover runs them")
    bad, passed = sorted(run.with_ending("failed", "error")), len(run.with_ending("passed"))
    if bad:
        return Fact("tests pass", "no", f"{len(bad)} of {len(run.outcomes)} fail: {_some(bad)}")
    return Fact("tests pass", "yes" if passed else "no", f"{passed} of {len(run.outcomes)} passed on this base")


def _ci(base: Base) -> Fact:
    workflows = sorted(p for p in base.files if WORKFLOW.fullmatch(p) and TRIGGER.search(base.text(p)))
    found = workflows or [p for p in OTHER_CI[:-1] if p in base.files]
    if not found:
        return Fact("ci", "no", "no committed workflow that runs on push or pull_request")
    return Fact("ci", "yes", f"{_some(found)}; whether its runs pass is not measured")


def _lock(base: Base) -> Fact:
    names = {posixpath.basename(p): p for p in sorted(base.files, reverse=True)}
    found = next((names[lock] for lock in LOCKS if lock in names), None)
    if found:
        return Fact("lock file", "yes", found)
    pinned = [p for p in sorted(base.files) if re.fullmatch(r"requirements[\w-]*\.txt", p)]
    loose = [p for p in pinned if not _all_pinned(base.text(p))]
    if pinned:
        return Fact(
            "lock file", "no" if loose else "yes", f"{_some(loose)}: not every line has ==" if loose else pinned[0]
        )
    manifest = next((m for m in MANIFESTS if m in base.files), None)
    if manifest is None:
        return Fact("lock file", "unknown", "no file that says what the repository depends on")
    return Fact("lock file", "no", f"{manifest} is committed, and no lock file")


def _all_pinned(text: str) -> bool:
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    return all("==" in line for line in lines if line and not line.startswith("-"))


def _links(base: Base) -> Fact:
    n, broken = links({path: base.text(path) for path in base.files if path.endswith(".md")}, base.files)
    if not n:
        return Fact("links", "unknown", "no document has a link to a file of the repository (n=0)")
    evidence = f"{len(broken)} of {n} lead nowhere: {_some(broken)}" if broken else f"{n} lead somewhere"
    return Fact("links", "no" if broken else "yes", evidence)


def _coverage(base: Base) -> Fact:
    setting = base.house.settings.reports
    found = [a for a in artefacts(base.house.repository.root, setting) if COVERAGE.search(a.name)]
    if not found:
        return Fact("coverage", "no", f"no report of it among {setting}")
    latest = max(found, key=lambda a: (a.at, a.name))
    return Fact("coverage", "yes", f"{latest.name}, written {latest.at:%Y-%m-%d}")


def _security_items(base: Base, open_items: Sequence[Item]) -> Fact:
    found = [item.id for item in open_items if item.kind is Kind.SECURITY]
    if found:
        return Fact("security items", "no", f"{len(found)} open: {_some(found)}")
    looked = scanned(base.house, base.house.base_tree, "bandit")
    state: State = "yes" if looked else "unknown"
    return Fact(
        "security items", state, "none is open; bandit " + ("looked at this base" if looked else "did not run on it")
    )


def _some(names: Sequence[str]) -> str:
    rest = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + rest
