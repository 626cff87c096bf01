"""The repositories that an earlier tool scanned are looked for beside this one, by name, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.repos.siblings import siblings
from tests.app.several import small


def test_a_name_an_owners_name_and_an_address_are_one_repository(tmp_path: Path) -> None:
    a = small(tmp_path / "a")
    found = siblings(["a", "u/a", "https://example.org/u/a.git", "a/"], tmp_path)
    assert (found.found, found.missing) == ((a,), ())


@pytest.mark.parametrize("name", ["", "/", ".", "..", "u/..", "../..", "a b", "a\nb", "~", ".git", "*"])
def test_what_is_no_name_leads_nowhere(tmp_path: Path, name: str) -> None:
    """Not even where the folders above are repositories."""
    small(tmp_path / "outer")
    small(tmp_path / "outer" / "inner")
    found = siblings([name], tmp_path / "outer" / "inner")
    assert found.found == ()
    assert found.missing[0][1] == "is no name of a repository"


def test_what_is_no_repository_of_its_own_is_not_found(tmp_path: Path) -> None:
    outer = small(tmp_path / "outer", sub__py="x = 1\n")
    (outer / "sub").mkdir()
    found = siblings(["sub", "gone"], outer)
    assert [name for name, _ in found.missing] == ["sub", "gone"]


def test_a_folder_that_a_list_can_not_name_is_told(tmp_path: Path) -> None:
    small(tmp_path / "odd #1" / "a")
    assert siblings(["a"], tmp_path / "odd #1").missing == (("a", "its path can not be written in a list"),)
