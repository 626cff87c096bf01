"""Sign bytes with a user's ssh key, and check such signatures offline: ssh-keygen, started with nothing around it."""

from __future__ import annotations

import base64
import binascii
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from sandbox.git import PATH

NAMESPACE = "lamplighter-evidence"
"""What our signatures are for, so that none made for another purpose is taken for one."""
TIMEOUT_S = 60.0
BEGIN, END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
WIDTH = 70
Status = Literal["good", "unsigned", "unknown_signer", "bad", "unchecked"]


class SignFailed(Exception):
    """There is no signature. One line: with which key, what ssh-keygen said, what to do."""


@dataclass(frozen=True, slots=True)
class Signature:
    status: Status
    """`unknown_signer` is a sound signature of nobody on the list; `unchecked`: there is no ssh-keygen here."""
    principal: str = ""
    """Who it is, by the list of signers; empty unless `good`."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A key to sign with: a private key, or a public one whose private half an agent holds."""

    key: Path
    agent: str | None = None
    """The agent's socket."""

    def sign(self, data: bytes, namespace: str) -> bytes:
        """The armoured signature. A key with a passphrase needs an agent: nobody is asked. Raises SignFailed."""
        if not self.key.is_file():
            raise SignFailed(f"setting sign_key: there is no file {self.key}")
        arguments = ("-Y", "sign", "-q", "-f", str(self.key), "-n", namespace)
        ended = _keygen(arguments, data, {"SSH_AUTH_SOCK": self.agent} if self.agent else {})
        if ended is None or ended.returncode != 0:
            said = (
                ended.stderr.decode("utf-8", "replace").strip().replace("\n", "; ") if ended else "it is not installed"
            )
            raise SignFailed(f"ssh-keygen could not sign with {self.key}: {said[:300]}; see setting sign_key")
        return ended.stdout


def check_signature(data: bytes, signature: bytes | None, namespace: str, signers: Path | None = None) -> Signature:
    """What a signature over `data` is worth. `signers` is a file as ssh-keygen(1) calls allowed signers."""
    if signature is None:
        return Signature("unsigned")
    if not canonical(signature):
        return Signature("bad")
    with TemporaryDirectory(prefix="lamplighter-") as folder:
        file = Path(folder) / "signature"
        file.write_bytes(signature)
        sound = _keygen(("-Y", "check-novalidate", "-n", namespace, "-s", str(file)), data)
        if sound is None:
            return Signature("unchecked")
        if sound.returncode != 0:
            return Signature("bad")
        return _known(data, file, namespace, signers) if signers else Signature("unknown_signer")


def canonical(signature: bytes) -> bool:
    """Armoured the one way ssh-keygen does it, so that no byte of it is without meaning."""
    lines = signature.decode("ascii", "replace").split("\n")
    if len(lines) < 4 or (lines[0], lines[-2], lines[-1]) != (BEGIN, END, ""):
        return False
    try:
        raw = base64.b64decode("".join(lines[1:-2]), validate=True)
    except (binascii.Error, ValueError):
        return False
    text = base64.b64encode(raw).decode()
    return lines[1:-2] == [text[at : at + WIDTH] for at in range(0, len(text), WIDTH)]


def _known(data: bytes, file: Path, namespace: str, signers: Path) -> Signature:
    """Whether somebody on the list made it."""
    found = _keygen(("-Y", "find-principals", "-s", str(file), "-f", str(signers.absolute())), data)
    names = found.stdout.decode("utf-8", "replace").splitlines() if found and found.returncode == 0 else []
    for name in (part for line in names for part in line.split(",") if part):
        arguments = ("-Y", "verify", "-f", str(signers.absolute()), "-I", name, "-n", namespace, "-s", str(file))
        done = _keygen(arguments, data)
        if done and done.returncode == 0:
            return Signature("good", name)
    return Signature("unknown_signer")


def _keygen(
    arguments: Sequence[str], data: bytes, more: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes] | None:
    """What ssh-keygen did with `data` on its stdin; None where there is none. No terminal, no question, no network."""
    environment = {"PATH": PATH, "HOME": "/nonexistent", "LC_ALL": "C", "SSH_ASKPASS": "/bin/false"} | (more or {})
    try:
        return subprocess.run(
            ["ssh-keygen", *arguments],  # nosec B607
            input=data,
            capture_output=True,
            env=environment,
            cwd="/",
            timeout=TIMEOUT_S,
            check=False,
            start_new_session=True,
        )
    except FileNotFoundError:
        return None
    except subprocess.TimeoutExpired:
        raise SignFailed(f"ssh-keygen did not end within {TIMEOUT_S:.0f} s") from None
