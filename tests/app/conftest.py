"""A key to sign with, and a small repository to work in."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.graph.conftest import lab, make_lab

__all__ = ["lab", "make_lab", "ssh_key"]


@pytest.fixture
def ssh_key(tmp_path: Path) -> Path:
    """A fresh private key without a passphrase; its public half lies beside it."""
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(key)], check=True)
    return key
