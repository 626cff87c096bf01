"""A site over a real repository with the real sandbox; a project is a mapping of paths to texts."""

from __future__ import annotations

import subprocess
import textwrap
from collections.abc import Callable, Mapping

import pytest

from sandbox.select import select
from sandbox.site import Site
from sandbox.toolchain import own
from sandbox.tree import Entry, open_trees

Plant = Callable[[Mapping[str, str]], str]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("site")
    repository = folder / "repo"
    subprocess.run(["git", "init", "-q", repository], check=True)
    trees = open_trees(folder / "state", repository / ".git" / "objects", "sha1")
    ours = own(folder / "shelf")
    spool = folder / "spool"
    spool.mkdir()
    return Site(select(folder / "probe.json"), trees, str(repository), ours, ours, lambda path: False, spool)


@pytest.fixture(scope="session")
def plant(site: Site) -> Plant:
    """Makes a tree of a project's files; texts are dedented."""

    def planted(files: Mapping[str, str]) -> str:
        put = site.trees.put
        return site.trees.write(
            {path: Entry("100644", put(textwrap.dedent(text).encode())) for path, text in files.items()}
        )

    return planted
