"""What git would run from a folder that a command gets: found before, kept, and moved aside when it is new."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from sandbox.repositories import kept
from sandbox.tree import TreeRefused


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    made = tmp_path / "given"
    made.mkdir()
    return made.resolve()


def _git(folder: Path, *args: str) -> None:
    subprocess.run(["git", *args], cwd=folder, check=True, capture_output=True)


def _readonly(folder: Path) -> set[str]:
    with kept(folder, ()) as found:
        return set(found.readonly)


def test_what_git_has_is_found_at_any_depth(folder: Path) -> None:
    _git(folder, "init", "-q", ".")
    _git(folder, "init", "-q", "a/b")
    _git(folder, "init", "-q", "--bare", "c/bare")
    _git(folder, "init", "-q", "--separate-git-dir", "elsewhere", "d")
    assert _readonly(folder) == {".git", "a/b/.git", "c/bare", "d/.git", "elsewhere"}


def test_what_cannot_be_written_anyway_is_not_looked_at(folder: Path) -> None:
    _git(folder, "init", "-q", ".venv/src/package")
    with kept(folder, {(".venv",)}) as found:
        assert found.readonly == (".git",)
        _git(folder, "init", "-q", ".venv/src/other")
    assert found.moved == []


def test_a_plain_folder_gets_an_empty_place_for_git_and_loses_it_again(folder: Path) -> None:
    with kept(folder, ()) as found:
        assert found.readonly == (".git",)
        assert os.listdir(folder / ".git") == []
    assert os.listdir(folder) == []


def test_what_a_killed_process_left_of_that_is_taken_away_by_the_next(folder: Path) -> None:
    (folder / ".git").mkdir()
    assert _readonly(folder) == {".git"}
    assert os.listdir(folder) == []


def test_what_settings_name_in_the_folder_is_kept_too(folder: Path) -> None:
    _git(folder, "init", "-q", ".")
    _git(folder, "config", "core.hooksPath", ".husky/_")
    _git(folder, "config", "include.path", "../shared.ini")
    _git(folder, "config", "includeIf.onbranch:never.path", str(folder / "other.ini"))
    (folder / ".husky" / "_").mkdir(parents=True)
    (folder / "shared.ini").write_text("[include]\n\tpath = ../given/./shared.ini\n\tpath = deeper.ini\n")
    for name in ("other.ini", "deeper.ini"):
        (folder / name).write_text("")
    # `.husky/_` calls what lies beside it, so all of `.husky` is kept.
    assert _readonly(folder) == {".git", ".husky", "shared.ini", "other.ini", "deeper.ini"}


def test_settings_around_the_folder_and_of_the_user_count(folder: Path, tmp_path: Path) -> None:
    _git(tmp_path, "init", "-q", ".")
    _git(tmp_path, "config", "core.hooksPath", "given/hooks")
    (tmp_path / "home/.gitconfig").write_text("[core]\n\thooksPath = given/mine\n")
    for name in ("hooks", "mine"):
        (folder / name).mkdir()
    assert _readonly(folder) == {".git", "hooks", "mine"}


@pytest.mark.parametrize("name", [".git", ".GIT", "git~1"])
def test_a_new_repository_is_moved_aside(folder: Path, name: str) -> None:
    with kept(folder, ()) as found:
        (folder / "sub" / name).mkdir(parents=True)
        (folder / "sub" / name / "config").write_text("x")
    assert os.listdir(folder / "sub") == ["git-made-in-sandbox-0"]
    [line] = found.moved
    assert line.startswith(f"{folder}/sub/{name}: was made by the command")


def test_one_in_the_place_of_another_is_new(folder: Path) -> None:
    _git(folder, "init", "-q", "sub")
    with kept(folder, ()):
        (folder / "sub").rename(folder / "old")
        _git(folder, "init", "-q", "sub")
    assert not (folder / "sub/.git").exists()
    assert not (folder / "old/.git").exists()


def test_new_bare_ones_and_those_within_are_moved_aside(folder: Path) -> None:
    with kept(folder, ()) as found:
        _git(folder, "init", "-q", "--bare", "bare")
        _git(folder, "init", "-q", "bare/inner")
    assert not (folder / "bare/HEAD").exists()
    assert not (folder / "bare/inner/.git").exists()
    assert len(found.moved) == 2


def test_one_deeper_than_a_path_can_name_is_moved_aside(folder: Path) -> None:
    with kept(folder, ()) as found:
        here = os.open(folder, os.O_RDONLY)
        for _ in range(1200):
            os.mkdir("deep", dir_fd=here)
            below = os.open("deep", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
        os.symlink("/anywhere", ".git", dir_fd=here)
    assert os.listdir(here) == ["git-made-in-sandbox-0"]
    os.close(here)
    assert len(found.moved[0]) < 600
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def test_a_folder_of_hooks_that_was_not_there_is_moved_aside(folder: Path) -> None:
    _git(folder, "init", "-q", ".")
    _git(folder, "config", "core.hooksPath", "tools/hooks")
    (folder / "tools").mkdir()
    with kept(folder, ()) as found:
        (folder / "tools").rmdir()
        (folder / "hidden/hooks").mkdir(parents=True)
        (folder / "tools").symlink_to("hidden")
    assert not (folder / "tools").is_symlink()
    assert len(found.moved) == 1


def test_an_empty_folder_of_that_name_is_no_repository(folder: Path) -> None:
    with kept(folder, ()) as found:
        (folder / "copy/.git").mkdir(parents=True)
    assert found.moved == []


def test_what_cannot_be_kept_as_it_is_is_refused_in_one_line(folder: Path, tmp_path: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub/.git").symlink_to(tmp_path)
    with pytest.raises(TreeRefused, match=r"sub/\.git: .*give a copy without it") as caught:
        _readonly(folder)
    assert "\n" not in str(caught.value)


def test_a_bare_repository_itself_is_refused(folder: Path) -> None:
    _git(folder, "init", "-q", "--bare", ".")
    with pytest.raises(TreeRefused, match="the whole folder"):
        _readonly(folder)


def test_settings_that_never_end_are_refused(folder: Path) -> None:
    _git(folder, "init", "-q", ".")
    for number in range(60):
        (folder / f"{number}.ini").write_text(f"[include]\n\tpath = {number + 1}.ini\n")
    _git(folder, "config", "include.path", "../0.ini")
    with pytest.raises(TreeRefused, match="more than 50 files"):
        _readonly(folder)
