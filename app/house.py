"""Open a repository with everything that belongs to it: settings, scope, backlog, sandbox. The composition root."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from app.call import Call
from app.settings import ConfigError, Settings, Surroundings, load, on_disk, surroundings
from app.state_folder import refuse_committed, state_folder
from backlog.calibration.versions import in_force
from backlog.custom import load_custom
from backlog.focus import focus_changes, focused
from backlog.score import PRESETS, Scoring
from backlog.store import Backlog
from checks.suite import Suite
from forge.repository import Repository, open_repository
from sandbox.scope import SCOPE_FILE, Scope
from sandbox.select import select
from sandbox.site import Site
from sandbox.toolchain import Toolchain, choose, own
from sandbox.tree import Trees, open_trees


def clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class House:
    """One repository and how it is worked. Parts that cost time are made when they are first needed."""

    around: Surroundings
    settings: Settings
    repository: Repository
    state: Path

    @cached_property
    def trees(self) -> Trees:
        """New objects go to a git directory of our own, which sees the user's."""
        return open_trees(self.state / "git", self.repository.objects, self.repository.algorithm)

    @cached_property
    def base(self) -> str:
        """The commit that work starts from: HEAD, as it is now."""
        return self.repository.head

    @cached_property
    def base_tree(self) -> str:
        return self.trees.tree_of(self.base)

    @cached_property
    def scope(self) -> Scope:
        """From the base commit, never from the work tree. Raises ScopeInvalid."""
        entry = self.trees.entries(self.base_tree).get(SCOPE_FILE)
        scope = _parsed(self.trees.blob(entry.oid)) if entry else Scope()
        return scope if self.settings.max_prs is None else scope.tightened(max_prs_per_day=self.settings.max_prs)

    @cached_property
    def backlog(self) -> Backlog:
        return Backlog(self.state / "backlog.db")

    @cached_property
    def unfocused(self) -> Scoring:
        """The preset with what the settings change in it. Raises ConfigError."""
        if self.settings.preset not in PRESETS:
            raise ConfigError(f"setting preset: {self.settings.preset!r} is none of {', '.join(PRESETS)}")
        preset = PRESETS[self.settings.preset]
        changes: dict[str, object] = {}
        if self.settings.threshold is not None:
            changes["execution_threshold"] = self.settings.threshold
        if self.settings.aging_max is not None:
            changes["aging"] = preset.aging.model_copy(update={"cap": self.settings.aging_max})
        if self.settings.scoring is not None:
            changes["custom"] = load_custom(self.settings.scoring)
        return preset.model_copy(update=changes)

    @cached_property
    def scoring(self) -> Scoring:
        """What items are ranked by: with the focus and the calibration that is in force.

        Raises ConfigError, FocusUnknown, CustomInvalid.
        """
        scoring = focused(self.unfocused, self.settings.focus)
        return scoring.model_copy(update={"calibration": in_force(self.backlog)})

    @property
    def focus_changes(self) -> tuple[str, ...]:
        changes = focus_changes(self.unfocused, self.scoring)
        return tuple(f"focus {self.settings.focus}: {change}" for change in changes)

    @cached_property
    def toolchain(self) -> Toolchain:
        """What the repository's code runs with. Decided without running any of it."""
        return choose(self.repository.root, self.settings.python, self.around.active, self.state / "toolchain")

    @cached_property
    def site(self) -> Site:
        """Raises SandboxUnavailable."""
        return Site(
            sandbox=select(self.state / "probe.json"),
            trees=self.trees,
            at=str(self.repository.root),
            toolchain=self.toolchain,
            own=own(self.state / "toolchain"),
            hidden=self.scope.hidden,
            spool=self.state / "work",
        )

    @cached_property
    def suite(self) -> Suite:
        """Raises ConfigError."""
        try:
            return Suite(
                args=tuple(shlex.split(self.settings.tests or "")),
                argv=tuple(shlex.split(self.settings.test_command or "")),
                timeout_s=self.settings.test_timeout,
            )
        except ValueError as error:
            raise ConfigError(f"setting tests or test_command: {error}") from error

    def now(self) -> datetime:
        return clock()


def open_house(call: Call) -> House:
    """Raises RepositoryInvalid, ConfigError."""
    around = surroundings()
    start = call.repo or Path(around.environment.get("REPO_ROOT") or ".")
    repository = open_repository(start.absolute())
    settings = load(on_disk(repository.root), around, call.flags, call.config)
    return House(around, settings, repository, state_folder(repository.root))


def _parsed(text: bytes) -> Scope:
    from sandbox.scope_file import parse_scope  # reading YAML is slow to import, and most runs have no file

    return parse_scope(text.decode("utf-8", "replace"))


def open_working_house(call: Call) -> House:
    """A house in which work will be done: what may be wrong with it shows at once, not in the middle.

    Raises ScopeInvalid and ToolchainMissing as well.
    """
    house = open_house(call)
    refuse_committed(house.repository.root, house.trees.entries(house.base_tree))
    _ = house.scope, house.scoring, house.toolchain
    return house
