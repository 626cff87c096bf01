"""What an error of JavaScript says, in the words in which the reason of a red test is judged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote

from checks.testrun import Frame, Outcome, Raised

ENDINGS = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx")
_STACK = re.compile(r"^\s+at (?:(?P<function>.+?) \()?(?P<url>file://)?(?P<path>/[^():]+):(?P<line>\d+):\d+\)?$", re.M)
_HEAD = re.compile(r"^(?P<url>file://)?(?P<path>/[^():\n]+):(?P<line>\d+)$", re.M)
_IMPORTER = re.compile(r" imported from (?P<path>/\S+)|^- (?P<required>/\S+)$", re.M)
_ERROR = re.compile(r"^(?:\w+ )?(?P<type>\w*Error)(?: \[\w+\])?: (?P<message>.*)$", re.M)
_NO_FUNCTION = re.compile(r"(?P<name>[\w$]+)\)? is not a (?:function|constructor)$")
_NO_EXPORT = re.compile(r"^The requested module '(?P<module>.+?)' does not provide an export named '(?P<name>[\w$]+)'")
_NO_NAMED = re.compile(r"^Named export '(?P<name>[\w$]+)' not found. The requested module '(?P<module>.+?)'")
_NO_MODULE = re.compile(r"^Cannot find (?:module|package) '(?P<module>.+?)'")
_NO_GLOBAL = re.compile(r"^(?P<name>[\w$]+) is not defined")


def as_judged(outcome: Outcome, root: str) -> Outcome:
    """The same outcome; its error has the frames of its stack and says what is missing as Python would.

    `root` is the folder the repository is seen at.
    """
    file = outcome.id.split("::")[0]
    if outcome.raised is None or not file.endswith(ENDINGS):
        return outcome
    raised = _loading(outcome, root) if outcome.stage == "collect" else _thrown(outcome, root)
    own = [frame.path for frame in raised.frames if not frame.path.startswith(("/", "node_modules/"))]
    return replace(outcome, raised=_said(raised, own[-1:] in ([], [file]), root))


def _thrown(outcome: Outcome, root: str) -> Raised:
    assert outcome.raised is not None
    stack = [_frame(found, root, found["function"] or "<module>") for found in _STACK.finditer(outcome.text)]
    return replace(outcome.raised, frames=tuple(reversed(stack)))


def _loading(outcome: Outcome, root: str) -> Raised:
    """Why a file could not be loaded: node only prints it."""
    told = _ERROR.search(outcome.text)
    frames = [_frame(found, root, "<module>") for found in _HEAD.finditer(outcome.text)]
    for found in _IMPORTER.finditer(outcome.text):
        frames.append(Frame(_relative(found["path"] or found["required"], root), 1, "<module>"))
    raised = Raised(told["type"], told["message"]) if told else Raised("Error", outcome.text[:300])
    return replace(raised, frames=tuple(frames[-1:]))


def _frame(found: re.Match[str], root: str, function: str) -> Frame:
    path = unquote(found["path"]) if found["url"] else found["path"]
    return Frame(_relative(path, root), int(found["line"]), function)


def _relative(path: str, root: str) -> str:
    """Libraries keep their whole path, so that they are not taken for the repository's own code."""
    inside = path.removeprefix(f"{root}/")
    return path if inside.startswith("node_modules/") else inside


def _said(raised: Raised, by_the_test: bool, root: str) -> Raised:
    message = raised.message.strip()
    for kind, bases, words in _translated(raised.type, message.split("\n")[0], by_the_test, root):
        return replace(raised, type=kind, bases=bases, message=words)
    return replace(raised, bases=("Exception",))


def _translated(kind: str, message: str, by_the_test: bool, root: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    if found := _NO_EXPORT.match(message) or _NO_NAMED.match(message):
        module = PurePosixPath(found["module"]).stem
        yield "ImportError", ("Exception",), f"cannot import name '{found['name']}' from '{module}'"
    if found := _NO_MODULE.match(message):
        yield "ModuleNotFoundError", ("ImportError",), f"No module named '{_dotted(found['module'], root)}'"
    if kind == "ReferenceError" and (found := _NO_GLOBAL.match(message)):
        yield "NameError", ("Exception",), f"name '{found['name']}' is not defined"
    if kind == "TypeError" and by_the_test and (found := _NO_FUNCTION.search(message)):
        yield "AttributeError", ("Exception",), f"name '{found['name']}' is not defined"


def _dotted(module: str, root: str) -> str:
    """A path as the promises spell it: from the root, without `src` or `lib`."""
    parts = [part for part in _relative(module, root).split("/") if part not in (".", "..")]
    return ".".join(parts[1:] if len(parts) > 1 and parts[0] in ("src", "lib") else parts)
