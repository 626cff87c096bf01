"""Credentials are seen on new lines, and never kept."""

from __future__ import annotations

import pytest

from checks.secrets import secrets

# Put together here, so that this file itself holds none.
PLANTED = {
    "aws-access-key": "AKIA" + "ABCDEFGHIJ234567",
    "private-key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "github-token": "ghp_" + "a1B2" * 9,
    "openai-key": "sk-proj-" + "Ab3_" * 8,
    "slack-token": "xoxb-" + "1234567890-abc",
    "url-password": "postgres://user:" + "s3cretpw@db.example.org/x",
}


@pytest.mark.parametrize("kind", PLANTED)
def test_it_is_found_and_only_its_hash_is_kept(kind: str) -> None:
    (found,) = secrets("a = 1\n", f"a = 1\nkey = '{PLANTED[kind]}'\n", "config.py")
    assert (found.path, found.line, found.kind) == ("config.py", 2, kind)
    assert PLANTED[kind] not in repr(found)


def test_one_that_was_there_before_is_not_blamed_on_the_change() -> None:
    before = f"key = '{PLANTED['openai-key']}'\n"
    assert secrets(before, before + "b = 2\n", "config.py") == ()


@pytest.mark.parametrize(
    "line",
    [
        "url = 'https://user:{password}@host'",
        "task-force sk-learn",
        "see https://example.org/a:b@c",
        "id = 'AKIA'",
    ],
)
def test_ordinary_lines_hold_none(line: str) -> None:
    assert secrets("", line, "a.py") == ()
