"""36–41: secrets, and ways out for them."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

from evals.containment.escape import Escape, Outcome, Way


def _reads(code: str) -> Callable[[Way], Outcome]:
    def attack(way: Way) -> Outcome:
        return Outcome(way.host.leaked(way.run(code).output))

    return attack


_PROCESSES = """
for name in os.listdir("/proc"):
    if name.isdigit():
        attempt(lambda: print(open(f"/proc/{name}/environ").read()))
"""
_HOME = """
for home in (F["home"], os.path.expanduser("~"), "/home/sandbox"):
    for name in (".ssh/id_ed25519", ".netrc", ".config/gh/hosts.yml"):
        attempt(lambda: print(open(os.path.join(home, name)).read()))
"""
_REACH = """
import socket
for family, kind, address in F["addresses"]:
    if family not in FAMILIES:
        continue
    address = tuple(address) if isinstance(address, list) else address
    with socket.socket(family, kind) as s:
        s.settimeout(3)
        if attempt(lambda: (s.connect(address), s.send(b"out"))) and address[0] not in ("127.0.0.1", "::1"):
            print("reached", address)
"""


def _network(way: Way) -> Outcome:
    said = way.run("FAMILIES = (2, 10)\n" + _REACH)
    if b"reached" in said.output or said.seconds > 3:
        return Outcome(way.host.heard() or "an address was reached, or not refused at once")
    return Outcome(way.host.heard())


def _agents(way: Way) -> Outcome:
    way.run("FAMILIES = (1,)\n" + _REACH)
    return Outcome(way.host.heard())


def _encoded(way: Way) -> Outcome:
    """No scrubbing sees it in pieces: it must not be there at all."""
    said = way.run(
        "import base64\nfor value in os.environ.values():\n"
        "    text = base64.b64encode(value.encode()).decode()\n    print('|'.join(text))"
    )
    pieces = (re.sub(r"\|", "", line) for line in said.output.decode().splitlines())
    found = any(way.host.secret.encode() == base64.b64decode(piece) for piece in pieces)
    return Outcome("the secret was told in pieces" if found else "")


ESCAPES = (
    Escape(36, "the environment", "exfil", _reads("print(dict(os.environ))")),
    Escape(37, "the environment of other processes", "exfil", _reads(_PROCESSES)),
    Escape(38, "keys in the home folder", "exfil", _reads(_HOME)),
    Escape(39, "TCP, UDP and a cloud's metadata address", "exfil", _network),
    Escape(40, "sockets of agents and daemons", "exfil", _agents),
    Escape(41, "a secret told in pieces", "exfil", _encoded),
)
