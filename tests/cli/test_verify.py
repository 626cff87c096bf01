"""What one person publishes another proves: as a branch, a pull request's folder, and two files in another clone."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Program

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="there is no ssh-keygen here")


def key(folder: Path, name: str) -> Path:
    file = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(file)], check=True)
    return file


def test_signed_work_is_proven_in_every_form_and_by_nobody_else_s_key(sample: Program, tmp_path: Path) -> None:
    mine, other = key(tmp_path, "mine"), key(tmp_path, "other")
    signers, strangers = tmp_path / "signers", tmp_path / "strangers"
    signers.write_text(f"me@example.org {mine.with_suffix('.pub').read_text()}")
    strangers.write_text(f"me@example.org {other.with_suffix('.pub').read_text()}")
    sample.run("discover", "--source", "ruff")
    code, result = sample.json("run", LAMPLIGHTER_SIGN_KEY=str(mine))
    assert (code, result["outcome"]) == (0, "published"), result

    code, proof = sample.json("verify", result["branch"], "--signers", str(signers), "--require-signature")
    assert (code, proof["verdict"], proof["record"]) == (0, "proven", "matches"), proof
    assert proof["signature"] == {"status": "good", "principal": "me@example.org"}
    assert proof["red"]["passed"]
    assert proof["green"]["passed"]
    assert proof["isolation"]["here"]["level"] == "full"

    pull = Path(result["pull_request"])
    code, proof = sample.json("verify", pull.name, "--signers", str(strangers), "--require-signature")
    assert (code, proof["reasons"][0]["code"]) == (4, "signature")
    assert proof["signature"]["status"] == "unknown_signer"

    sent = shutil.copytree(pull, tmp_path / "sent")
    clone = Program(tmp_path / "elsewhere" / "timers")
    subprocess.run(["git", "clone", "-q", "--single-branch", str(sample.root), str(clone.root)], check=True)
    files = ("--patch", str(sent / "change.patch"), "--evidence", str(sent / "evidence.json"))
    code, proof = clone.json("verify", *files, "--record", str(sent / "record"), "--signers", str(signers))
    assert (code, proof["verdict"], proof["record"], proof["signature"]["status"]) == (0, "proven", "matches", "good")
    assert subprocess.run(["git", "status", "--porcelain"], cwd=clone.root, capture_output=True).stdout == b""


def test_what_is_not_there_is_said_in_one_line(sample: Program, tmp_path: Path) -> None:
    wrong = (
        ((), "give a branch"),
        (("--patch", "nowhere", "--evidence", "nowhere"), "can not be read"),
        (("lamplighter/none",), "there is no branch"),
        (("main", "--signers", "nowhere"), "no file of signers"),
    )
    for asked, says in wrong:
        code, told = sample.json("verify", *asked)
        assert (code, says in told["error"]) == (2, True), told
