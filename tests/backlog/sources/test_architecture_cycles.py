"""Circles of imports: what is one, what only looks like one, and by what it is told again."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backlog.discover import look
from backlog.source import Found, Report
from backlog.sources.architecture import Architecture
from backlog.sources.structure.rings import components, shortest
from tests.backlog.conftest import make_view

Graph = dict[str, set[str]]


def looked(files: Mapping[str, str]) -> Report:
    return look(Architecture(), make_view(files))


def circles(files: Mapping[str, str]) -> tuple[Found, ...]:
    report = looked({"pkg/__init__.py": "", **files})
    assert report.status == "ready", report.reason
    return report.found


def test_two_modules_that_import_each_other_are_one_item_with_their_lines() -> None:
    (found,) = circles(
        {"pkg/a.py": '"""A."""\n\nfrom pkg import b\n', "pkg/b.py": "import os\nfrom .a import x\nimport pkg.a\n"}
    )
    assert found.title == "Break the circle of imports between pkg/a.py and pkg/b.py"
    assert (found.path, found.line) == ("pkg/a.py", 3)
    assert (
        found.story == "A shortest way round: pkg/a.py imports pkg/b.py (line 3), pkg/b.py imports pkg/a.py (line 2)."
    )
    assert found.criteria[0] == "No circle of imports at module level is left among pkg/a.py, pkg/b.py."


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    from pkg import a\n",
        "class C:\n    def f(self):\n        import pkg.a\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pkg import a\n",
        "import typing as t\nif t.TYPE_CHECKING and True:\n    from pkg import a\n",
        "if not t.TYPE_CHECKING:\n    pass\nelse:\n    import pkg.a\n",
        "MYPY = False\nif MYPY:\n    import pkg.a\n",
        "from pkg.typing import MYPY_CHECK_RUNNING\nif MYPY_CHECK_RUNNING:\n    import pkg.a\n",
        "if __name__ == '__main__':\n    import pkg.a\n",
        "if '__main__' == __name__:\n    import pkg.a\n",
        "import a\nfrom a import pkg\nimport pkg.c\nimport pkg\n",
        "text = 'import pkg.a'\n",
    ],
)
def test_what_is_not_imported_while_the_module_is_loaded_makes_no_circle(text: str) -> None:
    assert circles({"pkg/a.py": "import pkg.b\n", "pkg/b.py": text}) == ()


@pytest.mark.parametrize(
    "text",
    [
        "import pkg.a as other\n",
        "from pkg.a import *\n",
        "from . import a\n",
        "from .a import f as g\n",
        "try:\n    from pkg import a\nexcept ImportError:\n    a = None\n",
        "if TYPE_CHECKING:\n    pass\nelse:\n    import pkg.a\n",
        "if not TYPE_CHECKING:\n    import pkg.a\n",
        "if sys.platform == 'win32':\n    import pkg.a\n",
        "class C:\n    from pkg.a import f\n",
        "def f(): ...\n\nimport pkg.a\n",
    ],
)
def test_however_it_is_imported_at_module_level_it_is_a_circle(text: str) -> None:
    assert len(circles({"pkg/a.py": "import pkg.b\n", "pkg/b.py": text})) == 1


def test_a_package_that_offers_what_is_in_it_is_no_circle() -> None:
    files = {
        "pkg/__init__.py": "__version__ = '1'\nfrom .a import A\nfrom .b import B\n",
        "pkg/a.py": "from . import __version__\nimport pkg\n",
        "pkg/b.py": "from pkg import A, __version__\n",
    }
    assert circles(files) == ()


def test_what_is_taken_through_the_package_leads_to_where_it_was_made() -> None:
    files = {
        "pkg/__init__.py": "from .a import A\nfrom .sub import B\n",
        "pkg/a.py": "from pkg import B\n",
        "pkg/sub/__init__.py": "from .b import B as B\n",
        "pkg/sub/b.py": "from pkg import A\n",
    }
    (found,) = circles(files)
    assert "pkg/a.py imports pkg/sub/__init__.py (line 1)" in found.story
    assert "pkg/sub/b.py imports pkg/a.py (line 1)" in found.story


def test_who_imports_from_another_package_depends_on_its_init() -> None:
    files = {
        "pkg/user.py": "from other import thing\n",
        "other/__init__.py": "import other.maker\n\ndef thing(): ...\n",
        "other/maker.py": "import pkg.user\n",
    }
    (found,) = circles(files)
    assert "pkg/user.py imports other/__init__.py (line 1)" in found.story


def test_packages_below_src_and_without_an_init_are_known_by_their_names() -> None:
    assert len(circles({"src/app/a.py": "from app import b\n", "src/app/b.py": "import app.a\n"})) == 1
    assert len(circles({"src/q/__init__.py": "", "src/q/a.py": "import q.b\n", "src/q/b.py": "import q.a\n"})) == 1


@pytest.mark.parametrize(
    "files",
    [
        {"tools/types.py": "import run\n", "tools/run.py": "import types\n"},
        {"one/conf.py": "import helper\n", "two/helper.py": "import conf\n"},
        {f"{x}/q/{n}.py": "import pkg.a\n" for x in "xy" for n in ("__init__", "a")} | {"pkg/a.py": "import q.a\n"},
        {"tests/a.py": "import tests.b\n", "tests/b.py": "import tests.a\n", "tests/__init__.py": ""},
        {"vendor/a.py": "import b\n", "vendor/b.py": "import a\n"},
        {"pkg/a.py": "from .... import a\nfrom ...a import pkg\n"},
        {"pkg/a.py": "import pkg.a\nfrom . import a\n"},
    ],
)
def test_where_it_is_not_sure_which_file_is_meant_there_is_no_circle(files: dict[str, str]) -> None:
    assert circles(files) == ()


def ring(*names: str, before: str = "") -> dict[str, str]:
    return {
        f"pkg/{one}.py": f"{before}import pkg.{other}\n"
        for one, other in zip(names, (*names[1:], names[0]), strict=True)
    }


def test_a_circle_is_told_again_when_lines_move_and_other_files_are_renamed() -> None:
    (before,) = circles(ring("a", "b", "c") | {"pkg/z.py": "import pkg.a\n"})
    (after,) = circles({"pkg/y.py": "import pkg.a\n"} | ring("c", "a", "b", before="# words\n" * 7))
    assert (before.fingerprint, before.title) == (after.fingerprint, after.title)
    assert before.line != after.line


def test_it_stays_the_same_circle_when_others_enter_and_leave_it() -> None:
    (before,), (more,), (fewer,) = (circles(ring(*names)) for names in ("abc", "abcd", "ac"))
    assert before.fingerprint == more.fingerprint == fewer.fingerprint


def test_two_circles_are_two_items_and_touching_ones_are_one() -> None:
    apart = ring("a", "b") | ring("c", "d")
    assert len({found.fingerprint for found in circles(apart)}) == 2
    assert len(circles(apart | {"pkg/b.py": "import pkg.a\nimport pkg.c\n"})) == 2
    assert len(circles(apart | {"pkg/b.py": "import pkg.a, pkg.c\n", "pkg/d.py": "import pkg.c\nimport pkg.a\n"})) == 1


def test_of_many_modules_the_shortest_way_round_is_what_is_to_be_broken() -> None:
    (found,) = circles(ring(*"abcdefghijkl") | {"pkg/h.py": "import pkg.i\nimport pkg.g\n"})
    assert found.title == "Break the circle of imports of 12 modules around pkg/g.py"
    assert (
        "A shortest way round: pkg/g.py imports pkg/h.py (line 1), pkg/h.py imports pkg/g.py (line 2)." in found.story
    )
    assert "fewer than 12 modules" in found.criteria[0]
    assert found.inputs.source["size"] == "rule:import-cycle, 12 modules"


def test_a_file_that_can_not_be_parsed_is_named_and_nothing_counts_as_gone() -> None:
    broken = {"pkg/__init__.py": "", "pkg/c.py": "def f(:\n"}
    told = looked(ring("a", "b") | broken)
    assert (told.status, len(told.found)) == ("ready", 1)
    assert "can not be parsed: pkg/c.py" in told.reason
    assert {"pkg/a.py", "pkg/c.py", None} <= told.unseen
    assert looked(broken).status == "not run"


def test_a_file_that_is_nested_too_deep_keeps_no_other_from_being_read() -> None:
    deep = "if x == 0:\n    pass\n" + "".join(f"elif x == {n}:\n    pass\n" for n in range(1_500))
    told = looked(ring("a", "b") | {"pkg/__init__.py": "", "pkg/deep.py": deep})
    assert (len(told.found), "can not be parsed: pkg/deep.py" in told.reason) == (1, True)


def test_a_name_of_a_file_that_can_not_be_parsed_leads_to_no_other_file() -> None:
    told = looked({"q.py": "def f(:\n", "src/q.py": "import p\n", "p.py": "import q\n"})
    assert told.found == ()


def test_without_time_to_read_all_the_code_nothing_counts_as_gone() -> None:
    clock = iter(range(10_000))
    told = look(Architecture(seconds=3.5, tick=lambda: next(clock)), make_view(ring("a", "b", "c", "d", "e")))
    assert (told.status, "Python files were not read: no time" in told.reason) == ("not run", True)


NODES = [f"m{n}" for n in range(7)]
graphs = st.dictionaries(st.sampled_from(NODES), st.sets(st.sampled_from(NODES), max_size=4)).map(
    lambda graph: {node: set(graph.get(node, ())) for node in NODES}
)


def reach(graph: Graph) -> dict[str, set[str]]:
    """By brute force: where a way of at least one step leads."""
    ways = {node: set(others) for node, others in graph.items()}
    for middle, start in product(NODES, NODES):
        if middle in ways[start]:
            ways[start] |= ways[middle]
    return ways


def together(graph: Graph) -> set[tuple[str, ...]]:
    ways = reach(graph)
    sets = {tuple(m for m in NODES if m == n or (m in ways[n] and n in ways[m])) for n in NODES}
    return {one for one in sets if len(one) > 1}


@given(graphs)
def test_components_are_what_leads_to_each_other(graph: Graph) -> None:
    found = components(graph)
    assert found == sorted(found)
    assert set(found) == together(graph)


@given(graphs)
@example({"m0": {"m1", "m2"}, "m1": {"m0"}, "m2": {"m3"}, "m3": {"m0"}, "m4": set(), "m5": set(), "m6": set()})
def test_the_way_round_is_a_circle_and_none_is_shorter(graph: Graph) -> None:
    for members in components(graph):
        way = shortest(graph, members)
        assert len(set(way)) == len(way) >= 2
        assert all(other in graph[one] for one, other in zip(way, (*way[1:], way[0]), strict=True))
        assert not any(circle(graph, members, length) for length in range(2, len(way)))


def circle(graph: Graph, members: tuple[str, ...], length: int) -> bool:
    return any(
        len(set(way)) == length and all(b in graph[a] for a, b in zip(way, (*way[1:], way[0]), strict=True))
        for way in product(members, repeat=length)
    )


@given(graphs, st.randoms(use_true_random=False))
def test_files_are_reported_exactly_as_their_imports_lead_to_each_other(graph: Graph, random: object) -> None:
    files = {f"pkg/{n}.py": "".join(f"import pkg.{o}\n" for o in sorted(os)) for n, os in graph.items()}
    mixed = sorted(files, key=lambda _path: random.random())  # type: ignore[attr-defined]
    found = circles({path: files[path] for path in mixed})
    assert {f.path for f in found} == {f"pkg/{members[0]}.py" for members in together(graph)}
    assert found == circles(files)


def test_a_chain_longer_than_pythons_stack_is_looked_through() -> None:
    count = 5_000
    graph = {f"{n:05}": {f"{(n + 1) % count:05}"} for n in range(count)}
    ((*members,),) = components(graph)
    assert len(members) == count
