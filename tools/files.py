"""Look at files and change them."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import BaseModel, Field

from sandbox.files import FileRefused
from tools.tool import Hands, Tool, ToolError

_LINES = 300


class Read(BaseModel, extra="forbid"):
    path: str
    start: int = Field(1, ge=1)
    lines: int = Field(_LINES, ge=1, le=2000)


class Find(BaseModel, extra="forbid"):
    glob: str = Field("**", description="such as src/**/*.py")


class Search(BaseModel, extra="forbid"):
    pattern: str = Field(description="Python regular expression")
    glob: str = "**"


class Edit(BaseModel, extra="forbid"):
    path: str
    old: str = Field(min_length=1, description="exact text that occurs once in the file")
    new: str


class Write(BaseModel, extra="forbid"):
    path: str
    text: str


def _asked(look: Callable[[], str]) -> str:
    try:
        return look()
    except FileRefused as refused:
        raise ToolError(str(refused)) from refused


def _may(path: str, hands: Hands) -> None:
    permission = hands.may_write(path)
    if not permission.ok:
        raise ToolError(f"{path} was not changed: {permission.reason}")


def _read(a: Read, hands: Hands) -> str:
    return _asked(lambda: hands.files.read(a.path, a.start, a.lines))


def _find(a: Find, hands: Hands) -> str:
    return _asked(lambda: hands.files.find(a.glob))


def _search(a: Search, hands: Hands) -> str:
    return _asked(lambda: hands.files.search(a.pattern, a.glob))


def _edit(a: Edit, hands: Hands) -> str:
    _may(a.path, hands)
    return _asked(lambda: hands.files.edit(a.path, a.old, a.new))


def _write(a: Write, hands: Hands) -> str:
    _may(a.path, hands)
    return _asked(lambda: hands.files.write(a.path, a.text))


READ = Tool("read_file", f"Show {_LINES} lines of a file, or as many as you say, numbered.", Read, _read)
FIND = Tool("find_files", "List files that match a glob.", Find, _find)
SEARCH = Tool("search", "Show lines that match, each as path:line:text.", Search, _search)
EDIT = Tool("edit_file", "Replace one piece of text in a file.", Edit, _edit)
WRITE = Tool("write_file", "Create a file, or replace it.", Write, _write)
