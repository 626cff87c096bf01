"""Of a tree and a rule: which folders are bound writable, so that just the allowed files can be changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lab import Lab

from sandbox.plan import SIBLINGS, Writes, plan_writes

NAMES = st.sampled_from(["a", "b", "c", "test_d.py"])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)


@st.composite
def trees(draw: st.DrawFn) -> tuple[list[str], frozenset[str]]:
    """Files of which none is a folder of another, and which of them are allowed."""
    drawn = draw(st.lists(PATHS, unique=True, max_size=20))
    files = [path for path in drawn if not any(other.startswith(f"{path}/") for other in drawn)]
    allowed = draw(st.sets(st.sampled_from(files))) if files else set()
    return files, frozenset(allowed)


def writable(plan: Writes, path: str) -> bool:
    """What the mounts say about a path: the deepest rule holds, read-only wins."""
    for place in (path, *map(str, PurePosixPath(path).parents)):
        if place in plan.readonly:
            return False
        if place in plan.writable:
            return True
    return False


def steady(plan: Writes, path: str) -> bool:
    """No folder above the path can be renamed: each is a mount point or in one that can not be written."""
    folders = [str(p) for p in PurePosixPath(path).parents if str(p) != "."]
    return all(
        f in plan.readonly or f in plan.writable or not writable(plan, str(PurePosixPath(f).parent)) for f in folders
    )


@given(trees())
def test_exactly_the_allowed_files_can_be_changed(tree: tuple[list[str], frozenset[str]]) -> None:
    files, allowed = tree
    plan = plan_writes(files, allowed.__contains__)
    assert {path for path in files if writable(plan, path)} == allowed
    assert plan.uncovered == ()


@given(trees())
def test_an_allowed_file_can_be_replaced_and_not_only_changed_in_place(
    tree: tuple[list[str], frozenset[str]],
) -> None:
    files, allowed = tree
    plan = plan_writes(files, allowed.__contains__)
    for path in allowed:
        assert writable(plan, str(PurePosixPath(path).parent)), path
        assert path not in plan.writable


@given(trees())
def test_no_file_is_moved_aside_with_a_folder(tree: tuple[list[str], frozenset[str]]) -> None:
    files, allowed = tree
    plan = plan_writes(files, allowed.__contains__)
    assert all(steady(plan, path) for path in files if path not in allowed)


@given(trees(), st.lists(PATHS, max_size=3))
def test_a_new_allowed_file_makes_the_nearest_folder_writable(
    tree: tuple[list[str], frozenset[str]], extra: list[str]
) -> None:
    files, allowed = tree
    new = [
        path
        for path in extra
        if not any(path == f or path.startswith(f"{f}/") or f.startswith(f"{path}/") for f in files)
    ]
    plan = plan_writes(files, allowed.__contains__, new)
    assert all(writable(plan, path) for path in new)
    assert {path for path in files if writable(plan, path)} == allowed


@given(trees())
def test_every_rule_is_needed(tree: tuple[list[str], frozenset[str]]) -> None:
    files, allowed = tree
    plan = plan_writes(files, allowed.__contains__)
    places = {str(p) for path in files for p in (path, *PurePosixPath(path).parents)}
    for index in range(len(plan.readonly)):
        fewer = Writes(plan.writable, plan.readonly[:index] + plan.readonly[index + 1 :])
        assert [p for p in places if writable(fewer, p)] != [p for p in places if writable(plan, p)]


def _below(*folders: str) -> Callable[[str], bool]:
    return lambda path: any(path.startswith(f"{folder}/") for folder in folders)


FILES = ["README.md", "src/a.py", "src/sub/b.py", "tests/test_a.py", "docs/x.md"]


@pytest.mark.parametrize(
    ("allowed", "plan"),
    [
        (lambda path: True, Writes((".",), ())),
        (lambda path: False, Writes((), ())),
        (_below("src"), Writes(("src",), ())),
        (_below("src/sub"), Writes(("src/sub",), ())),
        (lambda path: path == "src/a.py", Writes(("src",), ("src/sub",))),
        (lambda path: path == "README.md", Writes((".",), ("docs", "src", "tests"))),
        (
            lambda path: path in ("README.md", "src/sub/b.py"),
            Writes((".", "src/sub"), ("docs", "src", "tests")),
        ),
    ],
)
def test_the_plan_is_small(allowed: Callable[[str], bool], plan: Writes) -> None:
    assert plan_writes(FILES, allowed) == plan


def test_a_folder_where_new_files_would_be_allowed_is_writable() -> None:
    plan = plan_writes(["tests/conftest.py"], lambda path: path.startswith("tests/test_"))
    assert plan == Writes(("tests",), ("tests/conftest.py",))


def test_too_many_siblings_are_left_and_said_so() -> None:
    files = [f"big/{n:03}" for n in range(SIBLINGS + 2)] + ["big/deep/x", "small/a", "small/b"]
    plan = plan_writes(files, lambda path: path in ("big/000", "small/a"))
    assert plan == Writes(("big", "small"), ("big/deep", "small/b"), ("big",))


def test_the_plan_holds_in_the_sandbox(lab: Lab) -> None:
    for path in FILES:
        lab.put(path, "before")
    plan = plan_writes(FILES, lambda path: path in ("src/a.py", "README.md"), ["src/new.py"])
    script = f"for f in {' '.join(FILES)} src/new.py; do echo after > t && mv t $f; done"
    lab.sh(script, writable=plan.writable, readonly=plan.readonly)
    changed = {p for p in [*FILES, "src/new.py"] if (lab.workspace / p).read_text() != "before"}
    assert changed == {"README.md", "src/a.py", "src/new.py"}
