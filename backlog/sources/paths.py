"""What a path says about a file: vendored, a test, an ordinary file."""

from __future__ import annotations

import re

VENDORED = re.compile(
    r"(?:^|/)(?:vendor|vendors|vendored|_vendor|third[-_]?party|3rdparty|external|node_modules|bower_components|"
    r"site-packages|dist-packages|\.venv|venv|\.tox|\.eggs|__pypackages__|Pods|Carthage|\.yarn|\.bundle|extern)/|"
    r"(?:^|/)(?:(?:libtool|lt(?:options|sugar|version|~obsolete)|aclocal)\.m4|ltmain\.sh|config\.(?:guess|sub|rpath)|"
    r"install-sh|depcomp|mkinstalldirs|texinfo\.tex|gradlew|mvnw|jquery[^/]*\.js)$",
    re.IGNORECASE,
)
MADE = re.compile(
    r"(?:\.min\.(?:js|css|mjs)|\.bundle\.js|\.map|-lock\.ya?ml|\.lock|_pb2(?:_grpc)?\.pyi?|\.pb\.go|\.g\.dart|"
    r"(?:^|/)(?:package-lock\.json|go\.sum|yarn\.lock)|(?:^|/)dist/.*\.(?:[jt]s|css|[mc]js)|"
    r"(?:^|/)(?:__snapshots__|__image_snapshots__|baselines/reference)/.*)$",
    re.IGNORECASE,
)
TEST = re.compile(r"(?:^|/)(?:tests?|testing)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$")


def foreign(path: str) -> bool:
    """Other people's code, or made by a program, by what it is called."""
    return vendored(path) or made(path)


def vendored(path: str) -> bool:
    return bool(VENDORED.search(path))


def made(path: str) -> bool:
    return bool(MADE.search(path))


def is_test(path: str) -> bool:
    return bool(TEST.search(path))
