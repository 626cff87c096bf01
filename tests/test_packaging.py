"""What is in the repository is what gets installed."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_package_is_named_in_pyproject() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    tops = {ROOT / name.partition(".")[0] for name in told}
    found = [f.parent for top in tops for f in top.rglob("__init__.py") if "sample" not in f.parts]
    assert sorted(told) == sorted(".".join(folder.relative_to(ROOT).parts) for folder in found)
