"""The entries of a backlog.yml, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import yaml

from backlog.source import SourceBroken
from backlog.sources.entries import Entry

LISTS = ("items", "backlog", "tasks")
MOST = 5_000
MOST_NODES = 500_000
"""Written out, aliases and all: a small file can stand for more than any memory holds."""


def yaml_entries(text: str, file: str) -> list[Entry]:
    """A bare list of entries, or one under `items:`. Raises SourceBroken with file and line."""
    with told_in_one_line(file):
        loader = yaml.SafeLoader(text)
        entries = entries_of(loader, entry_nodes(loader.get_single_node(), file), file)
    return entries


def entries_of(loader: yaml.SafeLoader, nodes: Sequence[yaml.Node], file: str) -> list[Entry]:
    """Raises SourceBroken, yaml.YAMLError, and what constructing a value may."""
    return [Entry(_fields(loader, node, file), node.start_mark.line + 1) for node in nodes]


def yaml_data(text: str, file: str) -> Any:
    """The whole file as data. Raises SourceBroken."""
    with told_in_one_line(file):
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        if root is None:
            return None
        refuse_bombs(root, file)
        data = loader.construct_document(root)
    return data


@contextmanager
def told_in_one_line(file: str) -> Iterator[None]:
    """Whatever reading YAML trips over is a SourceBroken with file and line."""
    try:
        yield
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SourceBroken(f"{file}:{line}: is not valid YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise SourceBroken(f"{file}: is not valid YAML: {' '.join(str(error).split())}") from None
    except (RecursionError, ValueError, OverflowError) as error:
        raise SourceBroken(f"{file}: can not be read: {type(error).__name__}: {error}") from None


def entry_nodes(root: yaml.Node | None, file: str) -> list[yaml.Node]:
    """Raises SourceBroken: no list of entries, too many of them, or aliases that stand for too much."""
    holder = entry_list(root, file)
    nodes = list(holder.value) if holder is not None else []
    if len(nodes) > MOST:
        raise SourceBroken(f"{file}: has {len(nodes)} entries, more than {MOST}: move finished ones elsewhere")
    if root is not None:
        refuse_bombs(root, file)
    return nodes


def refuse_bombs(root: yaml.Node, file: str) -> None:
    """Raises SourceBroken."""
    if _written_out(root, {}, file) > MOST_NODES:
        raise SourceBroken(f"{file}: its aliases stand for more than {MOST_NODES} values: write out what is meant")


def entry_list(root: yaml.Node | None, file: str) -> yaml.SequenceNode | None:
    """The node that holds the entries; None where the file has none yet. Raises SourceBroken."""
    if isinstance(root, yaml.MappingNode):
        found = next((v for k, v in root.value if k.value in LISTS), root)
        return _refuse(found, file) if isinstance(found, yaml.MappingNode) else entry_list(found, file)
    if isinstance(root, yaml.SequenceNode):
        return root
    return None if root is None or root.value in ("", "null", "~") else _refuse(root, file)


def _refuse(node: yaml.Node, file: str) -> yaml.SequenceNode | None:
    line = node.start_mark.line + 1
    raise SourceBroken(f"{file}:{line}: a list of items, bare or under `items:`, is needed here")


def _written_out(node: yaml.Node, known: dict[int, int], file: str) -> int:
    """How many values the node stands for. Raises SourceBroken where it contains itself."""
    if isinstance(node, yaml.ScalarNode):
        return 1
    if id(node) not in known:
        known[id(node)] = 0  # under way
        parts = [p for pair in node.value for p in pair] if isinstance(node, yaml.MappingNode) else node.value
        known[id(node)] = 1 + sum(_written_out(part, known, file) for part in parts)
    if not known[id(node)]:
        raise SourceBroken(f"{file}:{node.start_mark.line + 1}: contains itself by an alias")
    return known[id(node)]


def _fields(loader: yaml.SafeLoader, node: yaml.Node, file: str) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {"title": node.value}
    if not isinstance(node, yaml.MappingNode):
        raise SourceBroken(f"{file}:{node.start_mark.line + 1}: an item must be a mapping or a text")
    data = loader.construct_object(node, deep=True)
    return {str(key): value for key, value in data.items()}
