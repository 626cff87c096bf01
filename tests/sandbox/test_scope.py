"""The scope file can only tighten, and says exactly what is wrong with it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.scope import (
    Scope,
    ScopeInvalid,
    ScopeLimits,
    is_test,
    is_test_module,
    protected,
    secret,
)
from sandbox.scope_file import parse_scope

NESTED = """
repository_operations:
  allowed_paths: ["./", "src/**", "tests/**"]
  restricted_paths: [".git/**", "*.key", "*.env"]

automation_limits:
  max_prs_per_day: 5
  max_branch_age_hours: 24
  ci_failure_rate_threshold: 0.30
"""

FLAT = """
# Define external operations allowed
external_operations:
  github_api: true
  docker_registry: false
  deployment_targets: []

# Define restricted paths
restricted_paths:
  - ".github/workflows/"  # GitHub Actions require manual updates
  - "secrets/"           # Security-sensitive files
  - "docs/generated/"

# Define auto-approval criteria
auto_approve:
  max_wsjf_score: 2.0     # Auto-approve below this WSJF
  file_change_limit: 7    # Max files changed per auto-PR
  test_coverage_min: 90   # Minimum coverage required
"""

ALWAYS = (
    ".git/config", "sub/.git/HEAD", ".GIT/config", ".lamplighter/x", ".github/workflows/ci.yml",
    ".GitHub/Workflows/ci.yml", ".automation-scope.yaml", ".Automation-Scope.yaml", ".env", "a/.env",
    ".env.local", "prod.env", "server.key", "a/b/cert.PEM", "secrets/x", "deep/secrets/y/z",
)  # fmt: skip


@pytest.mark.parametrize("path", ALWAYS)
@pytest.mark.parametrize("text", ["", NESTED, FLAT, "allowed_paths: ['**']"], ids=["none", "nested", "flat", "all"])
def test_some_paths_are_restricted_whatever_the_file_says(text: str, path: str) -> None:
    permission = parse_scope(text).permits(path)
    assert not permission.ok
    assert permission.reason


@pytest.mark.parametrize("path", ["a.py", "src/x.py", "environment.py", "keys.py", "docs/a.md", ".github/CODEOWNERS"])
def test_other_paths_are_free_without_a_file(path: str) -> None:
    assert Scope().permits(path) == (True, "")


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "a/../b", "a//b", "./a", "a/", "a\0b", ".g\u200cit/x"])
def test_a_path_that_is_not_plain_is_not_permitted(path: str) -> None:
    assert not Scope().permits(path).ok


def test_the_nested_layout_is_read_and_its_open_door_is_told() -> None:
    scope = parse_scope(NESTED)
    assert scope.permits("anything.txt").ok
    assert len(scope.warnings) == 1
    assert "`./` allows everything" in scope.warnings[0]


def test_the_flat_layout_is_read() -> None:
    scope = parse_scope(FLAT)
    assert scope.permits("docs/generated/a.md").reason == "restricted in .automation-scope.yaml: `docs/generated/`"
    assert scope.limits == ScopeLimits(max_files=7, min_coverage=90, max_wsjf_score=2.0)
    assert scope.warnings == ()


def test_only_allowed_paths_are_permitted() -> None:
    scope = parse_scope("allowed_paths: ['./src/**', 'tests/', '*.md']")
    paths = ("src/a.py", "tests/a/b.py", "x/y.md", "setup.py", "src2/a")
    assert [path for path in paths if scope.permits(path).ok] == ["src/a.py", "tests/a/b.py", "x/y.md"]
    assert "./src/**" in scope.permits("setup.py").reason


def test_no_allowed_path_permits_nothing() -> None:
    assert not parse_scope("allowed_paths: []").permits("a.py").ok


def test_deny_wins() -> None:
    scope = parse_scope("allowed_paths: ['src/**']\nrestricted_paths: ['src/vendor/']")
    assert not scope.permits("src/vendor/x.py").ok
    assert scope.permits("src/x.py").ok


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("restricted_path: []", "unknown key `restricted_path`; did you mean `restricted_paths`?"),
        ("auto_approve: {file_limit_change: 1}", "unknown key `auto_approve.file_limit_change`"),
        ("zzz: 1", "unknown key `zzz`; there are repository_operations"),
        ("1: 1", "unknown key `1`"),
        ("[a, b]", "the file must hold keys"),
        ("automation_limits: 3", "automation_limits must hold keys"),
        ("a: [", "is no YAML"),
        ("restricted_paths: docs/", "restricted_paths must be a list of texts"),
        ("restricted_paths: [1]", "restricted_paths must be a list of texts"),
        ("restricted_paths: ['!docs/']", "`!docs/` is no pattern"),
        ("restricted_paths: ['  ']", "is no pattern"),
        ("restricted_paths: ['a\\']", "`a\\` is no pattern"),
        ("allowed_paths: ['../other/**']", "leads out of the repository"),
        ("automation_limits: {max_files: many}", "max_files must be a whole number, not 'many'"),
        ("automation_limits: {max_files: true}", "must be a whole number"),
        ("automation_limits: {max_lines: -1}", "must be between 0 and"),
        ("automation_limits: {ci_failure_rate_threshold: .nan}", "must be between 0 and 1"),
        ("external_operations: {github_api: maybe}", "must be true or false"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(text: str, says: str) -> None:
    with pytest.raises(ScopeInvalid) as invalid:
        parse_scope(text)
    assert says in str(invalid.value)
    assert "\n" not in str(invalid.value)


@given(st.integers(0, 100), st.integers(0, 1000), st.integers(0, 100))
def test_a_file_never_loosens_a_limit(prs: int, lines: int, coverage: int) -> None:
    limits = f"automation_limits: {{max_prs_per_day: {prs}, max_lines: {lines}}}"
    scope = parse_scope(f"{limits}\nauto_approve: {{test_coverage_min: {coverage}}}")
    assert scope.limits.max_prs_per_day == min(5, prs)
    assert scope.limits.max_lines == min(200, lines)
    assert scope.limits.min_coverage == max(80, coverage)
    assert len(scope.warnings) == (prs > 5) + (lines > 200) + (coverage < 80)


def test_settings_only_tighten_too() -> None:
    scope = Scope().tightened(max_prs_per_day=2)
    assert scope.limits.max_prs_per_day == 2
    assert scope.tightened(max_prs_per_day=4).limits.max_prs_per_day == 2


@given(st.text(max_size=20))
def test_any_path_gets_an_answer_and_a_reason_when_it_is_no(path: str) -> None:
    permission = Scope().permits(path)
    assert permission.ok != bool(permission.reason)


@given(st.text(max_size=60))
def test_any_text_is_a_scope_or_one_line_of_what_is_wrong(text: str) -> None:
    problem = ""
    try:
        parse_scope(text)
    except ScopeInvalid as invalid:
        problem = str(invalid)
    assert "\n" not in problem


STEERING = (
    "conftest.py", "a/b/Conftest.py", "pytest.ini", "pyproject.toml", "setup.cfg", "tox.ini",
    "sitecustomize.py", "src/usercustomize.py", "x.pth", ".github/workflows/a.yml", ".gitlab-ci.yml",
    "Jenkinsfile", ".gitattributes", "sub/.gitattributes", ".gitmodules", ".circleci/config.yml",
)  # fmt: skip


@pytest.mark.parametrize("path", STEERING)
def test_what_steers_the_verdict_is_protected(path: str) -> None:
    assert protected(path)


@pytest.mark.parametrize("path", ["a.py", "tests/test_a.py", "README.md", "src/pyproject.py"])
def test_ordinary_files_are_not_protected(path: str) -> None:
    assert not protected(path)


@pytest.mark.parametrize(
    "path", ["tests/a.py", "test/data.json", "src/tests/x.py", "test_a.py", "p/a_test.py", "conftest.py"]
)
def test_tests_are_known_by_their_names(path: str) -> None:
    assert is_test(path)


@pytest.mark.parametrize("path", ["src/contest.py", "testing/a.py", "tests.py", "latest.py", "src/test_data.json"])
def test_other_files_are_no_tests(path: str) -> None:
    assert not is_test(path)


def test_new_tests_are_never_in_conftest() -> None:
    assert is_test_module("tests/test_a.py")
    assert not is_test_module("tests/conftest.py")


def test_secrets_are_hidden_and_test_keys_are_not() -> None:
    paths = (".env", "a/server.key", "secrets/a", "tests/secrets/x", "tests/server.key", "a.py")
    assert [path for path in paths if secret(path)] == [
        ".env",
        "a/server.key",
        "secrets/a",
        "tests/secrets/x",
    ]
