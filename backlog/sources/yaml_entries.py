"""The entries of a backlog.yml, each with its line."""

from __future__ import annotations

from typing import Any

import yaml

from backlog.source import SourceBroken
from backlog.sources.entries import Entry

LISTS = ("items", "backlog", "tasks")
MOST = 5_000


def yaml_entries(text: str, file: str) -> list[Entry]:
    """A bare list of entries, or one under `items:`. Raises SourceBroken with file and line."""
    try:
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        nodes = _sequence(root, file)
        if len(nodes) > MOST:
            raise SourceBroken(f"{file}: has {len(nodes)} entries, more than {MOST}: move finished ones elsewhere")
        return [Entry(_fields(loader, node, file), node.start_mark.line + 1) for node in nodes]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SourceBroken(f"{file}:{line}: is not valid YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise SourceBroken(f"{file}: is not valid YAML: {' '.join(str(error).split())}") from None
    except (RecursionError, ValueError, OverflowError) as error:
        raise SourceBroken(f"{file}: can not be read: {type(error).__name__}: {error}") from None


def _sequence(root: yaml.Node | None, file: str) -> list[yaml.Node]:
    if root is None:
        return []
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            if key.value in LISTS:
                return _sequence(value, file) if not isinstance(value, yaml.MappingNode) else _refuse(value, file)
        return _refuse(root, file)
    if isinstance(root, yaml.SequenceNode):
        return list(root.value)
    return [] if getattr(root, "value", None) in ("", "null", "~") else _refuse(root, file)


def _refuse(node: yaml.Node, file: str) -> list[yaml.Node]:
    line = node.start_mark.line + 1
    raise SourceBroken(f"{file}:{line}: a list of items, bare or under `items:`, is needed here")


def _fields(loader: yaml.SafeLoader, node: yaml.Node, file: str) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {"title": node.value}
    if not isinstance(node, yaml.MappingNode):
        raise SourceBroken(f"{file}:{node.start_mark.line + 1}: an item must be a mapping or a text")
    data = loader.construct_object(node, deep=True)
    return {str(key): value for key, value in data.items()}
