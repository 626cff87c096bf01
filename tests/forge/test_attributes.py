"""What `.gitattributes` say is told as git reads them, from what is committed alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from forge.attributes import attributed
from forge.repository import open_repository
from sandbox.tree import open_trees

GitAt = Callable[..., str]
Told = Callable[[Mapping[str, bytes]], Mapping[str, Mapping[str, bool]]]


@pytest.fixture
def told(root: Path, tmp_path: Path, git: GitAt) -> Told:
    """What is said of `vendored` and `generated` in a repository with these files."""

    def committed(files: Mapping[str, bytes]) -> Mapping[str, Mapping[str, bool]]:
        for name, data in files.items():
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        git(root, "add", "-Af")
        git(root, "commit", "-qm", "files")
        repository = open_repository(root)
        trees = open_trees(tmp_path / "state", repository.objects, repository.algorithm)
        return attributed(trees.git, trees.entries(trees.tree_of(repository.head)), ("vendored", "generated"))

    return committed


def test_without_a_file_that_says_anything_nothing_is_said(told: Told) -> None:
    assert told({"lib/a.js": b""}) == {}


def test_set_unset_and_values_are_told_and_the_nearest_file_has_the_last_word(told: Told) -> None:
    said = told(
        {
            ".gitattributes": b"lib/** vendored\n*.pb generated=true\n*.txt vendored=maybe\n",
            "lib/.gitattributes": b"ours/* -vendored\n",
            "lib/a.js": b"",
            "lib/ours/b.js": b"",
            "x/m.pb": b"",
            "n.txt": b"",
        }
    )
    assert said["lib/a.js"] == {"vendored": True}
    assert said["lib/ours/b.js"] == {"vendored": False}
    assert said["x/m.pb"] == {"generated": True}
    assert "n.txt" not in said
    assert "a.py" not in said


def test_names_that_are_hard_to_write_are_told_too(told: Told) -> None:
    names = (
        "new\nline.js",
        '"quoted".js',
        "blank .js",
        "-x.js",
        "größe.js",
        b"latin-\xfc.js".decode("utf-8", "surrogateescape"),
    )
    said = told({".gitattributes": b"*.js vendored\n", **dict.fromkeys(names, b"")})
    assert {name for name in said if said[name]["vendored"]} == set(names)


def test_only_what_is_committed_counts(told: Told, root: Path, tmp_path: Path, git: GitAt) -> None:
    (root / ".git" / "info").mkdir(exist_ok=True)
    (root / ".git" / "info" / "attributes").write_text("*.py vendored\n")
    said = told({"lib/.gitattributes": b"*.js vendored\n", "lib/a.js": b""})
    assert set(said) == {"lib/a.js"}
    (root / ".gitattributes").symlink_to("lib/.gitattributes")
    assert set(told({"b.js": b""})) == {"lib/a.js"}
