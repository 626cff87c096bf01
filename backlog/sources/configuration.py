"""What is set up, and what is missing or points nowhere: a few rules, each only where it is sure.

| rule                | what                                                              | value | time | risk | size |
|---------------------|-------------------------------------------------------------------|-------|------|------|------|
| workflow-not-active | a workflow lies among documents and not in .github/workflows      | 5     | 3    | 5    | 2    |
| tests-not-in-ci     | there are tests, and no workflow starts what may be a test        | 5     | 2    | 5    | 2    |
| no-ci               | at least 5 files of tests, and nothing of any CI                  | 5     | 2    | 5    | 3    |
| no-lock             | an application with open versions and without a lock file         | 3     | 1    | 5    | 2    |
| no-licence          | a package that is meant to be published, and no licence           | 3     | 1    | 3    | 1    |
| owners-nowhere      | CODEOWNERS names paths that do not exist                          | 2     | 1    | 3    | 1    |
| hooks-not-pinned    | pre-commit takes hooks from a branch                              | 2     | 1    | 5    | 1    |
| no-python-version   | a package that is built does not say which Python it needs        | 2     | 1    | 2    | 1    |

All are of the kind infrastructure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import yaml

from backlog.item import Kind
from backlog.source import Found, Report, View
from backlog.sources.gaps import Facts, Gap, found_gap
from backlog.sources.outcome import outcome
from backlog.sources.packages.inventory import PYTHON_LOCKS
from backlog.sources.paths import VENDORED
from backlog.sources.reports.fields import word
from backlog.sources.text import clean
from backlog.sources.valued import Worth

NAME = "configuration"
ACTIVE = re.compile(r"^\.github/workflows/[^/]+\.ya?ml$")
INACTIVE = re.compile(
    r"^(?:docs?|documentation|templates?|\.github)/(?:.*/)?[^/]*(?:workflows?|ci)[^/]*/[^/]+\.ya?ml$", re.I
)
OTHER_CI = re.compile(
    r"^(?:\.gitlab-ci\.ya?ml|\.circleci/.+|azure-pipelines[^/]*\.ya?ml|Jenkinsfile|\.travis\.yml|\.drone\.yml|"
    r"bitbucket-pipelines\.yml|\.?appveyor\.yml|\.cirrus\.yml|\.woodpecker(?:\.yml|/.+)|\.buildkite/.+|zuul\.d/.+|"
    r"\.zuul\.yaml|\.builds/.+|\.builds?\.yml|\.semaphore/.+|\.teamcity/.+|\.forgejo/workflows/.+|\.gitea/workflows/.+)$"
)
MAY_TEST = re.compile(
    r"test|\btox\b|\bnox\b|\bcheck\b|\bmake\b|\bjust\b|\btask\b|\bhatch\b|uses: *\S{1,300}/workflows/|"
    r"run: *\S{1,300}\.sh\b|docker|invoke|\binv\b|bazel|gradle|mvn|\bpoe\b|\bpants\b",
    re.IGNORECASE,
)
APPLICATION = re.compile(
    r"^(?:Dockerfile|Procfile|manage\.py|docker-compose\.ya?ml|compose\.ya?ml|serverless\.ya?ml|fly\.toml)$"
)
LICENCE = re.compile(r"^(?:LICEN[CS]E|COPYING|UNLICEN[CS]E|NOTICE)[^/]*$|^LICENSES/", re.IGNORECASE)
OWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
BRANCHES = ("master", "main", "HEAD", "develop", "dev", "stable", "trunk", "latest")
MANY_TESTS = 5


def _worth(rule: str, value: int, time: int, risk: int, size: int) -> Worth:
    return Worth(f"rule:{rule}", Kind.INFRASTRUCTURE, value, time, risk, size)


WORTH = {
    "workflow-not-active": _worth("workflow-not-active", 5, 3, 5, 2),
    "tests-not-in-ci": _worth("tests-not-in-ci", 5, 2, 5, 2),
    "no-ci": _worth("no-ci", 5, 2, 5, 3),
    "no-lock": _worth("no-lock", 3, 1, 5, 2),
    "no-licence": _worth("no-licence", 3, 1, 3, 1),
    "owners-nowhere": _worth("owners-nowhere", 2, 1, 3, 1),
    "hooks-not-pinned": _worth("hooks-not-pinned", 2, 1, 5, 1),
    "no-python-version": _worth("no-python-version", 2, 1, 2, 1),
}


class Configuration:
    name = NAME

    def look(self, view: View) -> Report:
        facts = Facts(view)
        found: list[Found] = []
        gaps: list[str] = []
        for rule in RULES:
            try:
                found += [found_gap(NAME, WORTH, gap) for gap in rule(facts)]
            except (yaml.YAMLError, ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
                gaps.append(f"{rule.__name__.replace('_', '-')} can not be told: {clean(str(error), 120)}")
        return outcome(NAME, found, view.files, gaps=gaps)


def _workflows(facts: Facts) -> list[str]:
    return facts.named(ACTIVE)


def workflow_not_active(facts: Facts) -> Iterator[Gap]:
    active = {path.rpartition("/")[2] for path in _workflows(facts)}
    for path in facts.named(INACTIVE):
        name, text = path.rpartition("/")[2], facts.text(path)
        workflow = re.search(r"^(?:on|'on'|\"on\"):", text, re.MULTILINE) and re.search(r"^jobs:", text, re.MULTILINE)
        if workflow and name not in active and not ACTIVE.match(path) and not VENDORED.search(path):
            yield Gap(
                "workflow-not-active",
                f"Activate the workflow {name}: it lies in {path.rpartition('/')[0]}",
                f"{path} is a workflow of GitHub Actions, which runs only what lies in .github/workflows.",
                f".github/workflows/{name} is there and is valid, or {path} is gone.",
                path,
            )


def tests_not_in_ci(facts: Facts) -> Iterator[Gap]:
    if not facts.tests or not _workflows(facts) or facts.named(OTHER_CI):
        return
    if not any(MAY_TEST.search(facts.text(path)) for path in _workflows(facts)):
        yield Gap(
            "tests-not-in-ci",
            "Run the tests in CI",
            f"There are {len(facts.tests)} files of tests; {', '.join(_workflows(facts)[:5])} starts none of them.",
            "A workflow runs the tests on every pull request.",
        )


def no_ci(facts: Facts) -> Iterator[Gap]:
    if len(facts.tests) >= MANY_TESTS and not _workflows(facts) and not facts.named(OTHER_CI):
        yield Gap(
            "no-ci",
            "Set up CI that runs the tests",
            f"There are {len(facts.tests)} files of tests, and no file of any CI system.",
            "A workflow runs the tests on every pull request.",
        )


def no_lock(facts: Facts) -> Iterator[Gap]:
    if not facts.named(APPLICATION) or any(path.rpartition("/")[2] in PYTHON_LOCKS for path in facts.view.files):
        return
    required = facts.named(re.compile(r"^requirements[\w.-]*\.txt$|^requirements/.+\.txt$"))
    if any(_pinned(facts.text(path)) for path in required):
        return
    if required or facts.project.get("project", {}).get("dependencies"):
        yield Gap(
            "no-lock",
            "Lock the versions of the dependencies",
            f"{facts.named(APPLICATION)[0]} shows an application, and no file says which versions it was tested with.",
            "A lock file, or requirements with exact versions, is committed and used where the application is built.",
        )


def _pinned(text: str) -> bool:
    rows = [re.sub(r"#.*$", "", row).strip() for row in text.splitlines()]
    rows = [row for row in rows if row and not row.startswith("-")]
    return bool(rows) and all("==" in row or " @ " in row for row in rows)


def no_licence(facts: Facts) -> Iterator[Gap]:
    project = facts.project.get("project", {})
    private = any("Private ::" in str(c) for c in project.get("classifiers", ()))
    said = project.get("license") or any(str(c).startswith("License ::") for c in project.get("classifiers", ()))
    if (
        project.get("urls")
        and "build-system" in facts.project
        and not private
        and not facts.named(LICENCE)
        and not said
    ):
        yield Gap(
            "no-licence",
            "Say under which licence the package may be used",
            "pyproject.toml has public addresses, and neither it nor any file names a licence: nobody may use it.",
            "A licence file is there, and pyproject.toml names it.",
            "pyproject.toml",
        )


def owners_nowhere(facts: Facts) -> Iterator[Gap]:
    for path in (p for p in OWNERS[:] if p in facts.view.files):
        missing = [name for name in _owned(facts.text(path)) if not _there(name, facts.view.files)]
        if missing:
            named = ", ".join(clean(name, 80) for name in missing[:10])
            yield Gap(
                "owners-nowhere",
                f"Correct {path}: {len(missing)} of its paths do not exist",
                f"Nobody is asked to review what was meant by: {named}",
                f"Every path in {path} exists.",
                path,
            )
        return  # GitHub reads the first of them alone.


def _owned(text: str) -> Iterator[str]:
    """Paths without wildcards that are tied to the root: whether any other matches nothing is not sure."""
    for row in text.splitlines():
        words = re.sub(r"(?:^|\s)#.*$", "", row).split()
        if len(words) > 1 and not re.search(r"[*?\[\]\\]", words[0]) and "/" in words[0].rstrip("/"):
            yield words[0]


def _there(name: str, files: Iterable[str]) -> bool:
    path = name.strip("/")
    return any(f == path or f.startswith(f"{path}/") for f in files)


def hooks_not_pinned(facts: Facts) -> Iterator[Gap]:
    path = ".pre-commit-config.yaml"
    if path not in facts.view.files:
        return
    repos = (yaml.safe_load(facts.text(path)) or {}).get("repos") or ()
    loose = [word(r, "repo") for r in repos if word(r, "repo") not in ("local", "meta") and _loose(r)]
    if loose:
        yield Gap(
            "hooks-not-pinned",
            f"Pin the hooks of pre-commit: {len(loose)} come from a branch",
            f"Whoever owns these can change what runs here: {', '.join(clean(r, 100) for r in loose[:5])}",
            f"Every rev in {path} is a tag or a commit.",
            path,
        )


def _loose(repo: dict[str, Any]) -> bool:
    return not repo.get("rev") or word(repo, "rev") in BRANCHES


def no_python_version(facts: Facts) -> Iterator[Gap]:
    project = facts.project.get("project", {})
    if not project.get("name") or "build-system" not in facts.project or "requires-python" in project:
        return
    if "requires-python" not in project.get("dynamic", ()):
        yield Gap(
            "no-python-version",
            "Say in pyproject.toml which Python the package needs",
            "Without requires-python an installer puts the package on any Python, where it may not even be imported.",
            "pyproject.toml has requires-python, and the package works with the oldest Python that it allows.",
            "pyproject.toml",
        )


RULES: tuple[Callable[[Facts], Iterator[Gap]], ...] = (
    workflow_not_active,
    tests_not_in_ci,
    no_ci,
    no_lock,
    no_licence,
    owners_nowhere,
    hooks_not_pinned,
    no_python_version,
)
