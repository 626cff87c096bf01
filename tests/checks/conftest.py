"""A site over a real repository with the real sandbox; a project is a mapping of paths to texts."""

from __future__ import annotations

import subprocess
import textwrap
from collections.abc import Callable, Mapping

import pytest

from checks.check import Check
from checks.suite import Suite, run_tests
from checks.verdict import Verdict, judge_green
from sandbox.convention import is_test, protected
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


@pytest.fixture
def green(site: Site, plant: Plant) -> Callable[..., Verdict]:
    """Judges `base` with the `locked` tests and `files` put in; None takes a file out."""

    def judged(
        files: Mapping[str, str | None],
        *,
        check: Check,
        base: Mapping[str, str],
        locked: Mapping[str, str],
        named: tuple[str, ...],
        suite: Suite = Suite(timeout_s=60),  # noqa: B008 - it is frozen
    ) -> Verdict:
        red = plant({**base, **locked})
        result = {path: text for path, text in {**base, **locked, **files}.items() if text is not None}
        return judge_green(
            site,
            base_tree=plant(base),
            result_tree=plant(result),
            locked={path: site.trees.entries(red)[path].oid for path in locked},
            check=check,
            baseline=run_tests(site, plant(base), suite=suite),
            suite=suite,
            protected=protected,
            contract_files=named,
            is_test=is_test,
        )

    return judged
