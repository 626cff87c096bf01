"""Signatures of a real ssh-keygen, made and checked offline."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from sandbox.sign import NAMESPACE, Signer, SignFailed, check_signature

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="there is no ssh-keygen here")


def made(key: Path, *more: str, passphrase: str = "") -> Path:
    subprocess.run(["ssh-keygen", "-q", "-N", passphrase, "-C", "", "-f", str(key), *more], check=True)
    return key


def listed(key: Path, who: str, options: str = "") -> Path:
    file = key.with_name("signers")
    file.write_text(f"{who} {options}{key.with_suffix('.pub').read_text()}")
    return file


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_signature_is_good_for_who_is_listed_and_bad_for_other_bytes(tmp_path: Path, kind: str) -> None:
    key = made(tmp_path / "key", "-t", kind)
    signature = Signer(key).sign(b"said", NAMESPACE)
    signers = listed(key, "a@example.org,b@example.org")
    good = check_signature(b"said", signature, NAMESPACE, signers)
    assert (good.status, good.principal) == ("good", "a@example.org")
    assert check_signature(b"other", signature, NAMESPACE, signers).status == "bad"
    assert check_signature(b"said", signature, "file", signers).status == "bad", "made for another purpose"


def test_nobody_is_good_without_being_listed(tmp_path: Path) -> None:
    signature = Signer(made(tmp_path / "key", "-t", "ed25519")).sign(b"said", NAMESPACE)
    empty, other = tmp_path / "empty", made(tmp_path / "other", "-t", "ed25519")
    empty.write_text("")
    for signers in (None, empty, listed(other, "a@example.org")):
        assert check_signature(b"said", signature, NAMESPACE, signers).status == "unknown_signer"
    assert check_signature(b"said", None, NAMESPACE, empty).status == "unsigned"
    assert check_signature(b"said", b"", NAMESPACE, empty).status == "bad"


def test_a_signer_listed_for_another_purpose_or_another_time_is_not_good(tmp_path: Path) -> None:
    key = made(tmp_path / "key", "-t", "ed25519")
    signature = Signer(key).sign(b"said", NAMESPACE)
    for options in ('namespaces="git" ', 'valid-before="20010101" '):
        assert check_signature(b"said", signature, NAMESPACE, listed(key, "a", options)).status == "unknown_signer"


def test_a_key_that_can_not_sign_is_said_in_one_line_and_nobody_is_asked(tmp_path: Path) -> None:
    locked = made(tmp_path / "locked", "-t", "ed25519", passphrase="secret words")
    for key in (locked, tmp_path / "nowhere", locked.with_suffix(".pub")):
        with pytest.raises(SignFailed, match=key.name) as told:
            Signer(key).sign(b"said", NAMESPACE)
        assert "\n" not in str(told.value)
