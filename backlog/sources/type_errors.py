"""What mypy says, where the repository is set up for it: one item for each file, with mypy as its check.

| what                      | kind | value | time | risk | size |
|---------------------------|------|-------|------|------|------|
| type errors in one file   | debt | 3     | 1    | 3    | 2    |

More than 5 errors are one size bigger, more than 20 two.
"""

from __future__ import annotations

import configparser
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from backlog.identity import item_id
from backlog.item import Kind
from backlog.source import Found, NotConfigured, Ran, Report, SourceBroken, View
from backlog.sources.outcome import outcome
from backlog.sources.reports.places import Places
from backlog.sources.sameness import line_here
from backlog.sources.text import clean, decoded
from backlog.sources.valued import Worth
from backlog.sources.whose import foreign_in
from checks.check import CommandCheck

WALL_S = 600.0
ARGV = ("python", "-m", "mypy", "-O", "json", "--no-error-summary", "--cache-dir=/dev/null")
TYPES = Worth("rule:type-errors", Kind.DEBT, 3, 1, 3, 2)
INI = {"mypy.ini": "mypy", ".mypy.ini": "mypy", "setup.cfg": "mypy"}


@dataclass(frozen=True, slots=True)
class TypeErrors:
    name: str = "types"

    def look(self, view: View) -> Report:
        """Raises NotConfigured without a configuration of mypy, SourceBroken when it is not installed or crashed."""
        settings = configured(view)
        if settings is None:
            raise NotConfigured("no mypy.ini, and no [mypy] in setup.cfg or [tool.mypy] in pyproject.toml")
        named = any(settings.get(key) for key in ("files", "packages", "modules"))
        ran = view.run((*ARGV, *(() if named else (".",))), WALL_S)
        errors = read(ran)
        places = Places(view.files, str(view.root), foreign_in(view))
        mine = [(path, e) for e in errors if e["severity"] == "error" and (path := places.path(e["file"]))]
        mine.sort(key=lambda pair: (pair[0], pair[1]["line"]))
        groups = ((path, [e for _, e in pairs]) for path, pairs in groupby(mine, key=lambda pair: pair[0]))
        return outcome(self.name, (_found(p, es, view) for p, es in groups), view.files, notes=places.notes())


def configured(view: View) -> Mapping[str, Any] | None:
    """What the repository sets for mypy; None when it sets nothing."""
    for path, section in INI.items():
        if path in view.files:
            parser = configparser.ConfigParser(interpolation=None, strict=False)
            try:
                parser.read_string(decoded(view.read(path)) or "")
            except configparser.Error as error:
                raise SourceBroken(f"{path}: {clean(str(error), 160)}") from None
            if parser.has_section(section):
                return dict(parser.items(section))
    if "pyproject.toml" not in view.files:
        return None
    try:
        tool = tomllib.loads(decoded(view.read("pyproject.toml")) or "").get("tool")
    except tomllib.TOMLDecodeError as error:
        raise SourceBroken(f"pyproject.toml: {clean(str(error), 160)}") from None
    return tool.get("mypy") if isinstance(tool, dict) else None


def read(ran: Ran) -> list[Mapping[str, Any]]:
    """Every message. Raises SourceBroken unless mypy came to its own end: 0 with none, 1 with some."""
    said = clean((ran.stderr or ran.stdout).decode("utf-8", "replace")[-2_000:], 300)
    if ran.killed or ran.code is None:
        raise SourceBroken(f"mypy was ended: {ran.killed or 'killed'}")
    if b"No module named mypy" in ran.stderr or b"No module named 'mypy'" in ran.stderr:
        raise SourceBroken("mypy is configured and not installed in the repository's environment")
    found = list(_lines(ran.stdout))
    if ran.code not in (0, 1) or (ran.code == 1) != any(e["severity"] == "error" for e in found):
        raise SourceBroken(f"mypy ended with {ran.code}: {said}")
    return found


def _lines(stdout: bytes) -> Iterator[Mapping[str, Any]]:
    for row in stdout.decode("utf-8", "replace").splitlines():
        if not row.startswith("{"):
            continue
        try:
            value = json.loads(row)
            yield {**value, "file": str(value["file"]), "line": int(value["line"]), "severity": str(value["severity"])}
        except (ValueError, KeyError, TypeError):
            raise SourceBroken(f"mypy gave a line that can not be read: {clean(row, 100)}") from None


def _found(path: str, errors: Sequence[Mapping[str, Any]], view: View) -> Found:
    told = "; ".join(f"line {e['line']}: {clean(str(e.get('message', '')), 160)}" for e in errors[:20])
    count = len(errors)
    return Found(
        fingerprint=item_id("types", path, "", prefix="types"),
        kind=TYPES.kind,
        title=f"Fix {count} type error{'s' if count > 1 else ''} in {clean(path, 200)}",
        path=path,
        line=line_here(view, path, errors[0]["line"]),
        check=CommandCheck(argv=("python", "-m", "mypy", "--cache-dir=/dev/null", "--follow-imports=silent", path)),
        inputs=TYPES.inputs((count > 5) + (count > 20), f"{count} errors"),
        criteria=(f"mypy reports no error in {clean(path, 300)}, and all tests pass as before.",),
        story=f"mypy: {told}" + (f"; {count - 20} more" if count > 20 else ""),
    )
