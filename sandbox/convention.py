"""What a file is by its name alone: a test, something that steers tests, a secret."""

from __future__ import annotations

import unicodedata
from fnmatch import fnmatchcase

SECRETS = ("*.env", ".env*", "*.key", "*.pem")
SECRET_FOLDER = "secrets"

STEERING = (
    "conftest.py", "pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "pyproject.toml", "setup.cfg",
    "tox.ini", "lamplighter.toml", ".automation-scope.yaml", "sitecustomize.py", "usercustomize.py", "*.pth",
    ".coveragerc", ".gitattributes", ".gitmodules", ".gitlab-ci.yml", ".travis.yml", "azure-pipelines.yml",
    "bitbucket-pipelines.yml", "jenkinsfile", "appveyor.yml", ".appveyor.yml", ".drone.yml", ".cirrus.yml",
)  # fmt: skip
STEERING_FOLDERS = frozenset({".github", ".circleci", ".gitlab", ".buildkite"})

TEST_FOLDERS = frozenset({"test", "tests", "__tests__"})
TEST_MODULES = (
    "test_*.py", "*_test.py", "*.test.[cm][jt]s", "*.test.[jt]s", "*.test.[jt]sx",
    "*.spec.[cm][jt]s", "*.spec.[jt]s", "*.spec.[jt]sx",
    "*_test.go", "*_test.rb", "*_spec.rb",
)  # fmt: skip


def folded(path: str) -> str:
    """One form for all spellings that a file system may take for the same path."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def secret(path: str) -> bool:
    """Not to be seen by code or models. Keys among the tests are test data, not secrets."""
    *folders, name = folded(path).split("/")
    if SECRET_FOLDER in folders:
        return True
    return any(fnmatchcase(name, pattern) for pattern in SECRETS) and not is_test(path)


def protected(path: str) -> bool:
    """Steers how tests run or what counts: taken from the base in a verdict unless the contract names it."""
    *folders, name = folded(path).split("/")
    if folders and folders[0] in STEERING_FOLDERS:
        return True
    return any(fnmatchcase(name, pattern) for pattern in STEERING)


def is_test(path: str) -> bool:
    """A test module or anything that supports tests: data, helpers, `conftest.py`."""
    *folders, name = folded(path).split("/")
    return not TEST_FOLDERS.isdisjoint(folders) or name == "conftest.py" or is_test_module(path)


def is_test_module(path: str) -> bool:
    """A file that new tests can be in: never `conftest.py`."""
    name = folded(path).rpartition("/")[2]
    return any(fnmatchcase(name, pattern) for pattern in TEST_MODULES)
