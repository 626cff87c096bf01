"""Every way a test run can end is told as it was, from inside the real sandbox."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from checks.suite import Suite, run_tests
from checks.testrun import TestRun
from sandbox.site import Site

Run = Callable[..., TestRun]

ENDINGS = """
    import pytest

    @pytest.fixture
    def broken():
        raise RuntimeError("no setup")

    @pytest.fixture
    def breaks():
        yield
        raise RuntimeError("no teardown")

    def test_passes(): pass
    def test_fails(): assert 1 == 2
    def test_raises(): {}["key"]
    def test_setup(broken): pass
    def test_teardown(breaks): pass
    def test_skips(): pytest.skip("later")
    @pytest.mark.xfail
    def test_xfails(): assert 0
    @pytest.mark.xfail
    def test_xpasses(): pass
    @pytest.mark.xfail(strict=True)
    def test_strict(): pass
"""
ODD = """
    import pytest

    @pytest.mark.parametrize("n", [0, 1, 2, 3], ids=["a b", "c::d", "[e]", "ü/é"])
    def test_odd(n): assert n != 9

    class TestInside:
        def test_method(self): pass
"""


@pytest.fixture
def run(site: Site, plant: Callable[[Mapping[str, str]], str]) -> Run:
    def ran(files: Mapping[str, str], *args: str, ids: tuple[str, ...] = (), timeout_s: float = 60.0) -> TestRun:
        return run_tests(site, plant(files), ids=ids, suite=Suite(args=args, timeout_s=timeout_s))

    return ran


def test_every_ending_is_told(run: Run) -> None:
    told = run({"test_a.py": ENDINGS})
    assert {name.split("::test_")[1]: (o.ending, o.stage) for name, o in told.outcomes.items()} == {
        "passes": ("passed", "call"),
        "fails": ("failed", "call"),
        "raises": ("failed", "call"),
        "setup": ("error", "setup"),
        "teardown": ("error", "teardown"),
        "skips": ("skipped", "call"),
        "xfails": ("xfailed", "call"),
        "xpasses": ("xpassed", "call"),
        "strict": ("failed", "call"),
    }
    assert told.proves


def test_a_failure_is_told_with_its_exception_and_where_it_came_from(run: Run) -> None:
    outcome = run({"pkg.py": "def f(): return {}['k']", "test_a.py": "import pkg\ndef test_it(): pkg.f()"}).outcomes
    raised = outcome["test_a.py::test_it"].raised
    assert raised is not None
    assert (raised.type, raised.bases[0]) == ("KeyError", "LookupError")
    assert [(f.path, f.function) for f in raised.frames[-2:]] == [("test_a.py", "test_it"), ("pkg.py", "f")]


def test_the_report_says_what_the_test_printed(run: Run) -> None:
    outcome = run({"test_a.py": "def test_it():\n    print('seen')\n    assert 1 == 2"}).outcomes["test_a.py::test_it"]
    assert "assert 1 == 2" in outcome.text
    assert "seen" in outcome.text


def test_ids_of_any_spelling_can_be_run_again(run: Run) -> None:
    files = {"tests/test_odd.py": ODD, "tests/test_other.py": "def test_other(): pass"}
    every = run(files).ids
    assert len(every) == 6
    for name in every:
        assert run(files, ids=(name,)).ids == {name}


def test_an_id_that_is_not_there_is_not_made_up(run: Run) -> None:
    told = run({"test_a.py": "def test_a(): pass"}, ids=("test_a.py::test_b",))
    assert told.ids == frozenset()
    assert not told.proves


def test_a_file_or_a_folder_stands_for_all_its_tests(run: Run) -> None:
    files = {"tests/a/test_odd.py": ODD, "tests/ab/test_b.py": "def test_b(): pass"}
    assert len(run(files, ids=("tests/a",)).ids) == 5
    assert run(files, ids=("tests/ab/test_b.py",)).ids == {"tests/ab/test_b.py::test_b"}


def test_running_an_id_leaves_other_files_alone(run: Run) -> None:
    told = run({"test_a.py": "def test_a(): pass", "test_b.py": "1 / 0"}, ids=("test_a.py::test_a",))
    assert set(told.outcomes) == {"test_a.py::test_a"}


def test_modules_are_found_as_without_us(run: Run) -> None:
    test = """
        import os, sys

        def test_a():
            assert sys.path[0] == os.getcwd()
            assert not [path for path in sys.path[:-1] if "_lamplighter" in path]
            assert sys.argv[0].endswith("pytest")
            assert sys.stdin.read() == "" if sys.stdin else True
    """
    told = run({"test_a.py": test}, "-s")
    assert told.with_ending("passed") == {"test_a.py::test_a"}, told.outcomes


def test_a_file_that_can_not_be_imported_does_not_hide_the_others(run: Run) -> None:
    told = run({"test_a.py": "import nothing_like_it", "test_b.py": "def test_b(): pass"})
    broken = told.outcomes["test_a.py"]
    assert (broken.ending, broken.stage) == ("error", "collect")
    assert broken.raised is not None
    assert broken.raised.type == "ModuleNotFoundError"
    assert told.ids == {"test_b.py::test_b"}


def test_a_file_that_is_skipped_as_a_whole_is_told(run: Run) -> None:
    told = run(
        {
            "test_a.py": "import pytest\npytest.importorskip('nothing_like_it')",
            "test_b.py": "def test_b(): pass",
        }
    )
    assert told.with_ending("skipped") == {"test_a.py"}


def test_an_exit_with_0_in_the_middle_is_not_a_passing_run(run: Run) -> None:
    told = run({"test_a.py": "import os\ndef test_a(): pass\ndef test_b(): os._exit(0)\ndef test_c(): pass"})
    assert not told.finished
    assert "test_a.py::test_b" in told.trouble
    assert told.with_ending("passed") == {"test_a.py::test_a"}


def test_a_killed_process_names_its_culprit(run: Run) -> None:
    told = run({"test_a.py": "import os\ndef test_a(): os.kill(os.getpid(), 9)"})
    assert not told.proves
    assert "test_a.py::test_a" in told.trouble


def test_leaving_early_with_0_is_not_a_passing_run(run: Run) -> None:
    leaves = "import pytest\ndef test_a(): pass\ndef test_b(): pytest.exit('bye', returncode=0)\ndef test_c(): pass"
    told = run({"test_a.py": leaves})
    assert told.with_ending("passed") == {"test_a.py::test_a"}
    assert not told.proves


def test_a_test_that_never_ends_is_stopped_and_named(run: Run) -> None:
    told = run({"test_a.py": "def test_a():\n    while True: pass"}, timeout_s=3.0)
    assert told.killed == "wall"
    assert "test_a.py::test_a" in told.trouble


def test_no_tests_prove_nothing(run: Run) -> None:
    told = run({"a.py": ""})
    assert not told.proves
    assert "no tests" in told.trouble


def test_a_wrong_option_is_told_with_what_pytest_said(run: Run) -> None:
    told = run({"test_a.py": "def test_a(): pass"}, "--no-such-option")
    assert "--no-such-option" in told.trouble


def test_an_interpreter_without_pytest_says_what_to_install(site: Site, plant: Callable[..., str]) -> None:
    bare = replace(site, toolchain=replace(site.toolchain, python="/usr/bin/python3", origin="configured"))
    told = run_tests(bare, plant({"test_a.py": "def test_a(): pass"}), suite=Suite())
    assert not told.finished
    assert "/usr/bin/python3 -m pip install pytest" in told.trouble


def test_an_interpreter_that_is_not_there_is_told(site: Site, plant: Callable[..., str]) -> None:
    none = replace(site, toolchain=replace(site.toolchain, python="/nowhere/python", origin="configured"))
    told = run_tests(none, plant({"test_a.py": "def test_a(): pass"}), suite=Suite())
    assert not told.proves
    assert "/nowhere/python" in told.trouble


def test_the_projects_own_options_hold_but_hide_nothing(run: Run) -> None:
    ini = "[pytest]\naddopts = -x --lf -q\ntestpaths = tests\ncache_dir = .cache\n"
    files = {
        "pytest.ini": ini,
        "tests/test_a.py": "def test_a(): assert 0\ndef test_b(): pass",
        "test_c.py": "def test_c(): pass",
    }
    assert run(files).ids == {"tests/test_a.py::test_a", "tests/test_a.py::test_b"}


def test_running_an_id_finds_the_same_configuration_as_running_all(run: Run) -> None:
    files = {
        "tests/pytest.ini": "[pytest]\npython_functions = check_*\n",
        "tests/test_a.py": "def test_a(): pass\ndef check_a(): pass",
    }
    assert run(files).ids == {"tests/test_a.py::test_a"}
    assert run(files, ids=("tests/test_a.py::test_a",)).ids == {"tests/test_a.py::test_a"}


def test_under_xdist_every_test_is_told_once_with_its_exception(run: Run) -> None:
    told = run({"test_a.py": ENDINGS}, "-p", "xdist.plugin", "-n", "2")
    assert told.proves
    assert len(told.collected) == len(told.outcomes) == 9
    raised = told.outcomes["test_a.py::test_raises"].raised
    assert raised is not None
    assert raised.type == "KeyError"


def test_ids_are_chosen_under_xdist_too(run: Run) -> None:
    name = "test_a.py::test_passes"
    assert run({"test_a.py": ENDINGS}, "-p", "xdist.plugin", "-n", "2", ids=(name,)).ids == {name}


RUNNER = """
    import sys
    case = '<testcase classname="c" name="{}">{}</testcase>'
    xml = "<t>" + case.format("a", "") + case.format("b", "<failure/>") + "</t>"
    open(sys.argv[1], "w").write(xml if sys.argv[2:] != ["--silent"] else "")
    sys.exit(1)
"""


def _command(site: Site, tree: str, *more: str, ids: tuple[str, ...] = ()) -> TestRun:
    return run_tests(site, tree, ids=ids, suite=Suite(argv=(site.toolchain.python, "runner.py", "{junit}", *more)))


def test_any_runner_that_writes_junit_can_be_used(site: Site, plant: Callable[..., str]) -> None:
    tree = plant({"runner.py": textwrap.dedent(RUNNER)})
    told = _command(site, tree)
    assert told.proves
    assert {name: o.ending for name, o in told.outcomes.items()} == {"c::a": "passed", "c::b": "failed"}
    assert _command(site, tree, ids=("c::b",)).ids == {"c::b"}


def test_a_runner_that_wrote_nothing_proves_nothing(site: Site, plant: Callable[..., str]) -> None:
    told = _command(site, plant({"runner.py": textwrap.dedent(RUNNER)}), "--silent")
    assert not told.proves
    assert "XML" in told.trouble


def test_a_runner_without_a_place_for_its_results_is_refused() -> None:
    with pytest.raises(ValueError, match="junit"):
        Suite(argv=("make", "test"))
