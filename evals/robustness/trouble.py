"""What a case of this suite is: a trouble, and what has to become of a run that meets it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evals.robustness.server import FOREVER, Answer, Wanted
from model.port import Turn
from model.scripted import call
from model.ways import Name

FILES = {
    "calc.py": '"""Sums."""\n\n\ndef add(a, b):\n    return a - b\n\n\ndef double(a):\n    return a * 2\n',
    "tests/test_calc.py": "from calc import double\n\n\ndef test_double():\n    assert double(2) == 4\n",
    "pyproject.toml": '[project]\nname = "calc"\nversion = "1"\n',
}
ITEM = {"title": "add() subtracts", "criteria": ("add(2, 3) is 5",)}
TEST = "from calc import add\n\n\ndef test_add():\n    assert add(2, 3) == 5\n    assert add(-1, 1) == 0\n"
LOOK = call("find_files", glob="*.py")
STOP = call("stop", kind="blocked", reason="that is as far as this script goes")
SHORT = (LOOK, call("read_file", path="calc.py"), STOP)
"""A run that ends soon: for what does not depend on how far it gets."""
NOTHING = call("submit_done", note="nothing to do")
WHOLE = (
    call("submit_contract", criteria=["add(2, 3) is 5"], files=["calc.py"], plan="test_add fails", effort=1),
    call("write_file", path="tests/test_add.py", text=TEST),
    call("submit_tests", ids=["tests/test_add.py::test_add"]),
    call("edit_file", path="calc.py", old="return a - b", new="return a + b"),
    call("submit_done", note="add() adds."),
    NOTHING,
    call("submit_review", problems=[], checklist="input ok, authorization none, secrets none, errors ok, logging none"),
    NOTHING,
)
"""A run to a pull request."""
STOPPED, PUBLISHED = "blocked:blocked", "published:published"


@dataclass(frozen=True)
class Trouble:
    name: str
    about: str
    """One sentence: what goes wrong."""
    bad: Answer | None = None
    times: int = FOREVER
    """Requests that meet `bad`; FOREVER: until the first attempt is over, then all is well."""
    after: int = 1
    """Good turns before it begins."""
    good: Sequence[Turn] = SHORT
    twist: Callable[[Wanted, Turn], None] | None = None
    knows: Name = "native"
    closed: bool = False
    """Nobody listens until the first attempt is over."""
    tls: bool = False
    """The first attempt speaks TLS to the plain port."""
    exit_code: int = 0
    """With which the first attempt breaks off, to be resumed; 0: it does not."""
    ends: str = STOPPED
    """How the run ends at last: kind and code of its outcome, or the beginning of that."""
    within_s: float = 200.0
    """Wall time: against hanging, on however busy a machine."""
    most_requests: int = 60
    most_tokens: int = 60_000
    flags: Mapping[str, Any] = field(default_factory=dict)
