"""Which tools a run was made with; part of its evidence."""

from __future__ import annotations

from importlib.metadata import version

from app.house import House


def versions(house: House) -> dict[str, str]:
    ours = {name: version(name) for name in ("lamplighter", "langgraph", "ruff", "bandit")}
    return ours | {"python": house.toolchain.version, "interpreter": house.toolchain.origin}
