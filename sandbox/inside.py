"""Inside the sandbox: looks at files and changes them. A program on its own, of the standard library only.

One JSON request on stdin, one JSON answer on stdout: `{"text": …}` or `{"refused": …}`. Both are for a
language model. Run by a base interpreter with `-I -S`, so that nothing of the repository is ever imported.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from typing import Any

LARGEST = 10_000_000
"""Bytes of a file that can be read or edited."""
SHOWN = 60_000
"""Characters of one answer."""
LONGEST = 2_000
"""Characters of one line."""
SKIPPED = {
    ".git",
    "__pycache__",
    "node_modules",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".tox",
    ".nox",
}
UNWRITABLE = (errno.EROFS, errno.EACCES, errno.EPERM, errno.EBUSY)


class Refused(Exception):
    """Said to the model as it is."""


def main() -> None:
    request = json.loads(sys.stdin.buffer.read())
    try:
        answer = {"text": OPERATIONS[request.pop("do")](**request)}
    except Refused as refused:
        answer = {"refused": str(refused)}
    except OSError as error:
        answer = {"refused": f"{request.get('path') or 'the file'}: {os.strerror(error.errno or 0)}"}
    sys.stdout.buffer.write(json.dumps(answer).encode("utf-8", "surrogatepass"))


def read(path: str, start: int, lines: int) -> str:
    text = _text(_existing(path), path).replace("\r\n", "\n")
    every = text.split("\n")
    if every[-1] == "":
        every.pop()
    if not every:
        return f"{path} is empty"
    if start < 1 or lines < 1:
        raise Refused("start and lines count from 1")
    if start > len(every):
        raise Refused(f"{path} has {len(every)} lines: start {start} is past its end")
    shown = _bounded(f"{n:6}  {_cut(line)}" for n, line in enumerate(every[start - 1 : start - 1 + lines], start))
    last = start + len(shown) - 1
    if last < len(every):
        shown.append(f"({path} has {len(every)} lines; go on with start={last + 1})")
    return "\n".join(shown)


def write(path: str, text: str) -> str:
    place = _inside(path)
    existed = os.path.lexists(place)
    if existed:
        _regular(place, path)
    data = _encoded(text)
    try:
        os.makedirs(os.path.dirname(place) or ".", exist_ok=True)
        _store(place, data)
    except OSError as error:
        raise _unwritable(path, error) from error
    return f"{path} {'replaced' if existed else 'created'}: {len(text.splitlines())} lines"


def edit(path: str, old: str, new: str) -> str:
    place = _existing(path)
    before = _text(place, path)
    if not old:
        raise Refused("the old text is empty: give the exact text to replace, or use write_file for a whole file")
    if "\r\n" in before and "\r" not in old:
        old, new = old.replace("\n", "\r\n"), new.replace("\r\n", "\n").replace("\n", "\r\n")
    at = _once(before, old, path)
    if old == new:
        raise Refused("old and new text are the same: nothing to do")
    try:
        _store(place, _encoded(before[:at] + new + before[at + len(old) :]))
    except OSError as error:
        raise _unwritable(path, error) from error
    first = before.count("\n", 0, at)
    return f"{path} changed; it reads now:\n" + _excerpt(_text(place, path), first, first + new.count("\n"))


def _nothing(pattern: str, glob: str) -> str:
    matches = _glob(glob)
    if not any(matches(path) for path in _files()):
        return f"no file matches {glob}"
    return f"nothing matches {pattern!r} in {glob}"


def _excerpt(text: str, first: int, last: int) -> str:
    """Numbered lines from one before the change to one after it; the middle of a long one is left out."""
    every = text.splitlines()
    lines = [f"{n + 1:>6}  {every[n][:200]}" for n in range(max(0, first - 1), min(len(every), last + 2))]
    if len(lines) > 30:
        lines = [*lines[:6], f"     …  {len(lines) - 12} lines, as you gave them", *lines[-6:]]
    return "\n".join(lines)


def find(glob: str) -> str:
    matches = _glob(glob)
    found = [path for path in _files() if matches(path)]
    if not found:
        return f"no file matches {glob}"
    shown = _bounded(found)
    if len(shown) < len(found):
        shown.append(f"({len(found)} files match; {len(shown)} are shown: use a narrower glob)")
    return "\n".join(shown)


def search(pattern: str, glob: str) -> str:
    try:
        wanted = re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise Refused(
            f"{pattern!r} is no regular expression that Python knows: {error}; escape special characters"
        ) from error
    matches = _glob(glob)
    hits = (hit for path in _files() if matches(path) for hit in _hits(wanted, path))
    shown = _bounded(hits)
    if next(hits, None) is not None:
        shown.append("(there are more: use a narrower pattern or glob)")
    return "\n".join(shown) or _nothing(pattern, glob)


OPERATIONS: dict[str, Callable[..., str]] = {
    "read": read,
    "write": write,
    "edit": edit,
    "find": find,
    "search": search,
}


def _hits(wanted: re.Pattern[str], path: str) -> Iterator[str]:
    try:
        text = _text(path, path)
    except (Refused, OSError):
        return
    for number, line in enumerate(text.split("\n"), 1):
        if wanted.search(line):
            yield f"{path}:{number}:{_cut(line.rstrip(chr(13)))}"


def _inside(path: str) -> str:
    """The path, when it is one of the repository."""
    if not path or "\0" in path:
        raise Refused(f"{path!r} is no path: give one relative to the repository's root, such as src/name.py")
    if path.startswith("/"):
        raise Refused(f"{path} is absolute: give it relative to the repository's root")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise Refused(f"{path} goes through `..`: give the path from the repository's root")
    if any(part.lower() == ".git" for part in parts):
        raise Refused(f"{path}: git's own files are out of reach")
    if not parts:
        raise Refused(f"{path} is the repository's root: name a file, or use find_files to list")
    root, place = os.getcwd(), "/".join(parts)
    real = os.path.realpath(place)
    if real != root and not real.startswith(root.rstrip("/") + "/"):
        raise Refused(f"{path} is a link that leads out of the repository")
    return place


def _existing(path: str) -> str:
    place = _inside(path)
    if not os.path.lexists(place):
        raise Refused(f"there is no file {path}{_meant(place)}")
    _regular(place, path)
    return place


def _regular(place: str, path: str) -> None:
    try:
        mode = os.stat(place).st_mode
    except FileNotFoundError:
        raise Refused(f"{path} is a link to a file that does not exist") from None
    if stat.S_ISDIR(mode):
        raise Refused(f"{path} is a folder: name a file, or use find_files with {path.rstrip('/')}/**")
    if not stat.S_ISREG(mode):
        raise Refused(f"{path} is no regular file")


def _meant(place: str) -> str:
    import difflib  # only here: it costs more than the rest of the start

    every = list(_files())
    name = os.path.basename(place)
    same = [path for path in every if os.path.basename(path) == name]
    near = same or difflib.get_close_matches(place, every, n=3, cutoff=0.7)
    return f"; did you mean {' or '.join(near[:3])}?" if near else "; use find_files to see what there is"


def _text(place: str, path: str) -> str:
    fd = os.open(place, os.O_RDONLY | os.O_NONBLOCK)
    with open(fd, "rb") as file:
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode):
            raise Refused(f"{path} is no regular file")
        if found.st_size > LARGEST:
            raise Refused(f"{path} has {found.st_size} bytes, too many for this tool: use run with head, grep or sed")
        data = file.read(LARGEST + 1)
    if b"\0" in data:
        raise Refused(f"{path} is a binary file")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused(
            f"{path} is not UTF-8 (byte 0x{data[error.start]:02x} in line {line}): use run to work with it"
        ) from None


def _encoded(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Refused(
            f"the text can not be written as UTF-8: character {error.start} is half a surrogate pair"
        ) from None


def _store(place: str, data: bytes) -> None:
    """In place, so that the file keeps its mode."""
    fd = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK, 0o644)
    with open(fd, "wb") as file:
        file.truncate(0)
        file.write(data)


def _unwritable(path: str, error: OSError) -> Refused:
    if error.errno in UNWRITABLE:
        return Refused(f"{path} can not be written in this phase; nothing was changed")
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return Refused(f"{path}: a part of it is a file, not a folder; nothing was changed")
    return Refused(f"{path} was not written: {os.strerror(error.errno or 0)}")


def _once(text: str, old: str, path: str) -> int:
    count = text.count(old)
    at = text.find(old)
    if count == 1:
        return at
    if not count:
        raise Refused(f"the old text does not occur in {path}{_almost(text, old)}")
    lines: list[str] = []
    while at >= 0 and len(lines) < 10:
        lines.append(str(text.count("\n", 0, at) + 1))
        at = text.find(old, at + len(old))
    where = ", ".join(lines) + (", …" if count > len(lines) else "")
    often = f"the old text occurs {count} times in {path} (lines {where})"
    raise Refused(f"{often}: include more of the lines around the one you mean")


def _almost(text: str, old: str) -> str:
    """Where the text stands but for its white space: the usual mistake."""
    first = next((line.strip() for line in old.splitlines() if line.strip()), "")
    lines = [str(n) for n, line in enumerate(text.split("\n"), 1) if first and line.strip() == first]
    if lines:
        where = f"; its first line stands at line {', '.join(lines[:5])}"
        return f"{where} with other white space or other lines after it: read the file there and copy exactly"
    return ": read the file and copy the text exactly"


def _files() -> Iterator[str]:
    for where, folders, files in os.walk("."):
        folders[:] = sorted(f for f in folders if f not in SKIPPED and not os.path.exists(f"{where}/{f}/pyvenv.cfg"))
        yield from (os.path.join(where, name)[2:] for name in sorted(files))


def _glob(glob: str) -> Callable[[str], bool]:
    """`**` stands for any folders; a glob without `/` is looked for in every folder."""
    glob = glob.removeprefix("./")
    if glob.startswith("/") or ".." in glob.split("/"):
        raise Refused(f"{glob} leads out of the repository: give a glob relative to its root, such as src/**/*.py")
    if glob.endswith("/"):
        glob += "**"
    if "/" not in glob and glob != "**":
        glob = f"**/{glob}"
    wanted = re.compile(_expression(glob), re.DOTALL)
    return lambda path: wanted.fullmatch(path) is not None


_GLOB = re.compile(r"\*\*/|\*\*|\*|\?|\[!?[^\]]+\]|\{[^{}]*\}|.", re.DOTALL)
_MEANS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _expression(glob: str) -> str:
    return "".join(map(_piece, _GLOB.findall(glob)))


def _piece(piece: str) -> str:
    if piece in _MEANS:
        return _MEANS[piece]
    if piece[0] == "{" and len(piece) > 1:
        return f"(?:{'|'.join(_expression(choice) for choice in piece[1:-1].split(','))})"
    if piece[0] == "[" and len(piece) > 1:
        negated = piece[1] == "!"
        return f"[{'^' if negated else ''}{re.escape(piece[1 + negated : -1]).replace(chr(92) + '-', '-')}]"
    return re.escape(piece)


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}… ({len(line)} characters)"


def _bounded(lines: Any) -> list[str]:
    """As many as fit."""
    shown: list[str] = []
    room = SHOWN
    for line in lines:
        room -= len(line) + 1
        if room < 0 and shown:
            break
        shown.append(line)
    return shown


if __name__ == "__main__":
    main()
