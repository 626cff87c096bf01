"""What is looked at in the committed files, or run on them: types, flaky tests, secrets, configuration, documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from backlog.discover import look
from backlog.item import Kind
from backlog.source import Ran, Report
from backlog.sources.configuration import Configuration
from backlog.sources.credentials import Secrets
from backlog.sources.documentation import Documentation
from backlog.sources.flaky import FlakyTests
from backlog.sources.requested import OnRequest
from backlog.sources.type_errors import TypeErrors
from checks.check import CommandCheck
from checks.testrun import Outcome, TestRun
from tests.backlog.sources.shop import FILES, real, shop

MYPY = {"mypy.ini": "[mypy]\n"}


def typed(code: int | None, stdout: bytes = b"", stderr: bytes = b"", files: Any = MYPY, killed: str = "") -> Report:
    return look(TypeErrors(), shop(files={**FILES, **files}, ran=lambda argv, wall: Ran(code, stdout, stderr, killed)))


def test_mypys_own_output_is_one_item_for_a_file_with_a_check_that_fails_now() -> None:
    (found,) = typed(1, real("mypy.jsonl")).found
    assert found.title == "Fix 2 type errors in src/shop/typed.py"
    assert isinstance(found.check, CommandCheck)
    assert found.check.argv[-1] == "src/shop/typed.py"


@pytest.mark.parametrize(
    "files", [{"setup.cfg": "[mypy]\nstrict = true"}, {"pyproject.toml": "[tool.mypy]\nstrict = true"}]
)
def test_mypy_is_run_where_the_repository_sets_it_up(files: Any) -> None:
    assert typed(0, files=files).status == "ready"


@pytest.mark.parametrize("files", [{}, {"setup.cfg": "[flake8]"}, {"pyproject.toml": "[project]\nname='x'"}])
def test_a_repository_without_mypy_is_not_configured(files: Any) -> None:
    assert typed(0, files=files).status == "not configured"


@pytest.mark.parametrize(
    ("code", "stdout", "stderr", "why"),
    [
        (1, b"", b"python: No module named mypy", "not installed"),
        (1, b"", b"Traceback: INTERNAL ERROR", "mypy ended with 1"),
        (2, b"", b"usage: mypy [-h]", "mypy ended with 2"),
        (2, real("mypy.jsonl"), b"", "mypy ended with 2"),
        (0, real("mypy.jsonl"), b"", "mypy ended with 0"),
        (1, real("mypy.jsonl")[:-60], b"", "can not be read"),
        (None, b"", b"", "was ended"),
        (-9, b"", b"", "mypy ended with -9"),
    ],
)
def test_mypy_that_did_not_come_to_its_end_found_nothing_out(code: Any, stdout: bytes, stderr: bytes, why: str) -> None:
    told = typed(code, stdout, stderr)
    assert (told.status, why in told.reason) == ("not run", True), told.reason


def run(**endings: Any) -> TestRun:
    return TestRun({f"tests/test_orders.py::{n}": Outcome(n, e) for n, e in endings.items()}, finished=True)


def flaky(first: TestRun, *others: TestRun) -> Report:
    return look(FlakyTests(lambda: others), shop(run=first))


def test_a_test_that_ends_otherwise_in_another_order_is_flaky() -> None:
    (found,) = flaky(run(a="passed", b="failed"), run(a="passed", b="failed"), run(a="failed", b="failed")).found
    assert found.same_as == ("test:tests/test_orders.py::a",)
    assert (found.kind, found.labels) == (Kind.TEST, ("flaky-test",))


def test_a_test_that_is_lost_in_another_order_is_flaky() -> None:
    assert len(flaky(run(a="passed", b="passed"), run(a="passed")).found) == 1


def test_tests_that_end_alike_are_not_flaky() -> None:
    assert flaky(run(a="passed", b="failed"), run(b="failed", a="passed")).status == "ready"


def test_a_run_that_proves_nothing_compares_nothing() -> None:
    died = TestRun({}, finished=False, trouble="the process was killed")
    assert flaky(died).status == "not run"
    assert flaky(run(a="passed"), died).status == "not run"
    assert flaky(TestRun(finished=True)).status == "not configured"


KEY = "AKIA" + "QYLPMN5HFIQR7BBB"


def secrets(**files: str) -> Report:
    return look(Secrets(), shop(files={n.replace("__", "/") + ".py": text for n, text in files.items()}))


def test_a_committed_key_is_found_and_its_value_never_shown() -> None:
    (found,) = secrets(a=f"x = 1\nkey = '{KEY}'\n").found
    assert (found.title, found.line) == ("Revoke and remove the aws access key in a.py", 2)
    assert KEY not in found.model_dump_json()
    assert found.same_as[0].startswith("secret:")


@pytest.mark.parametrize(
    "text",
    [
        "key = 'AKIAIOSFODNN7EXAMPLE'",
        "url = 'postgres://user:password@localhost/x'",
        "PEM = '-----BEGIN PRIVATE KEY-----'",
        "risk-sk-assessment",
    ],
)
def test_examples_and_mere_words_are_no_secrets(text: str) -> None:
    assert secrets(a=text).found == ()


def test_a_key_with_its_body_is_a_secret() -> None:
    assert len(secrets(a="-----BEGIN RSA PRIVATE KEY-----\n" + "Ab1/" * 16 + "\n").found) == 1


def test_passwords_in_tests_are_made_up() -> None:
    assert secrets(tests__test_a="u = 'https://bob:hunter2x@prod.corp.net'").found == ()
    assert len(secrets(a="u = 'https://bob:hunter2x@prod.corp.net'").found) == 1


BUILD = "[build-system]\nrequires = []\n"
PACKAGE = BUILD + "[project]\nname = 'a'\nrequires-python = '>=3.11'\n"
WORKFLOW = "on: push\njobs:\n  a:\n    steps:\n      - run: {}\n"
TESTS = {f"tests/test_{n}.py": "" for n in range(5)}


def rules(files: dict[str, str], source: Any = None) -> list[str]:
    told = look(source or Configuration(), shop(files=files))
    assert told.status == "ready", told.reason
    return sorted({f.fingerprint.rpartition("-")[0] for f in told.found})


@pytest.mark.parametrize(
    ("rule", "broken", "kept"),
    [
        (
            "workflow-not-active",
            {"docs/workflows/ci.yml": WORKFLOW},
            {"docs/workflows/ci.yml": WORKFLOW, ".github/workflows/ci.yml": WORKFLOW, "docs/ci/x.yml": "a: 1"},
        ),
        (
            "tests-not-in-ci",
            {"tests/test_a.py": "", ".github/workflows/x.yml": WORKFLOW.format("ruff .")},
            {"tests/test_a.py": "", ".github/workflows/x.yml": WORKFLOW.format("make ci")},
        ),
        ("no-ci", TESTS, {**TESTS, ".gitlab-ci.yml": "a: 1"}),
        (
            "no-lock",
            {"Dockerfile": "", "requirements.txt": "flask>=2\n"},
            {"Dockerfile": "", "requirements.txt": "flask==2.0\n"},
        ),
        ("no-licence", {"pyproject.toml": PACKAGE + "[project.urls]\nx = 'y'\n"}, {"pyproject.toml": PACKAGE}),
        (
            "owners-nowhere",
            {"CODEOWNERS": "* @a\n/src/gone/ @b\n/src/*.x @c\n", "src/a.py": ""},
            {"CODEOWNERS": "* @a\n/src/ @b # why\n/src/a.py @c\n", "src/a.py": ""},
        ),
        (
            "hooks-not-pinned",
            {".pre-commit-config.yaml": "repos:\n  - {repo: https://h/x, rev: main}\n"},
            {".pre-commit-config.yaml": "repos:\n  - {repo: https://h/x, rev: v1}\n  - {repo: local}\n"},
        ),
        ("no-python-version", {"pyproject.toml": BUILD + "[project]\nname = 'a'\n"}, {"pyproject.toml": PACKAGE}),
    ],
)
def test_each_rule_of_configuration_sees_what_it_is_for_and_nothing_else(rule: str, broken: Any, kept: Any) -> None:
    assert rules(broken) == [rule]
    assert rules(kept) == []


def test_a_configuration_that_can_not_be_read_is_not_one_without_gaps() -> None:
    assert look(Configuration(), shop(files={".pre-commit-config.yaml": "repos: ["})).status == "not run"


DOCUMENTED = {f"pkg/m{n}.py": '"""About."""\ndef f(): ...\n' for n in range(10)}
DOCUMENTED["pkg/__init__.py"] = ""


@pytest.mark.parametrize(
    ("rule", "broken", "kept"),
    [
        (
            "broken-links",
            {"a.md": "[x](docs/gone.md)"},
            {"a.md": "[x](b.md#y) ![i](d/) [w](https://h/x) `[c](no.md)`", "b.md": "", "d/e.png": ""},
        ),
        (
            "broken-links",
            {"d/a.md": "[x][1]\n\n[1]: ../gone.py"},
            {"d/a.md": "[x](../../issues) [y](../b.py)", "b.py": ""},
        ),
        (
            "readme-bare",
            {"README.md": "Words.", "pyproject.toml": PACKAGE},
            {"README.md": "Install it.", "pyproject.toml": PACKAGE},
        ),
        ("readme-bare", {"pyproject.toml": PACKAGE}, {"README.rst": "Usage", "pyproject.toml": PACKAGE}),
        (
            "readme-commands",
            {"README.md": "```\npython tools/gone.py\n```\n", "tools/a.py": ""},
            {"README.md": "```\npython tools/a.py\npython yours.py\npython -m pytest\n```\n", "tools/a.py": ""},
        ),
        (
            "readme-commands",
            {"README.md": "```\npython -m pkg.gone\n```\n", "pkg/__init__.py": ""},
            {"README.md": "```\npython -m pkg.here\n```\n", "pkg/__init__.py": "", "pkg/here.py": ""},
        ),
        (
            "readme-commands",
            {"README.md": "```\nmake gone\n```\n", "Makefile": "test:\n\tx\n"},
            {"README.md": "```\nmake test\n```\n", "Makefile": "build test: x\n\ty\n"},
        ),
        (
            "missing-docstring",
            {**DOCUMENTED, "pkg/new.py": "def f(): ...\n"},
            {**DOCUMENTED, "pkg/_own.py": "def f(): ...\n", "misc/x.py": "def f(): ...\n"},
        ),
    ],
)
def test_each_rule_of_documentation_sees_what_it_is_for_and_nothing_else(rule: str, broken: Any, kept: Any) -> None:
    assert rules(broken, Documentation()) == [rule]
    assert rules(kept, Documentation()) == []


def test_where_nobody_documents_modules_none_is_missing() -> None:
    half = {f"pkg/n{n}.py": "def f(): ...\n" for n in range(10)}
    assert rules({**DOCUMENTED, **half}, Documentation()) == []


def test_a_source_that_nobody_asked_for_says_how_to_turn_it_on() -> None:
    ran: list[Sequence[str]] = []

    def run_it(argv: Sequence[str], wall_s: float) -> Ran:
        ran.append(argv)
        return Ran(0, b"", b"")

    told = look(OnRequest(TypeErrors(), "mypy takes a while"), shop(files=MYPY, ran=run_it))
    assert told.status == "not configured"
    assert "--source types" in told.reason
    assert ran == []
