"""Where in the text of a backlog file does each thing stand? Nodes of PyYAML, with ends that can be relied on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from backlog.sources.entries import Entry
from backlog.sources.vocabulary import plain
from backlog.sources.yaml_entries import entries_of, entry_list, entry_nodes, told_in_one_line, yaml_data, yaml_entries


class EditRefused(Exception):
    """The file can not be edited without touching more than was asked; one line with file and line."""


@dataclass(frozen=True, slots=True)
class Splice:
    start: int
    end: int
    text: str


def spliced(text: str, splices: list[Splice], file: str) -> str:
    """Raises EditRefused where two of them overlap."""
    parts, at = [], 0
    for splice in sorted(splices, key=lambda s: (s.start, s.end)):
        if splice.start < at:
            line = text.count("\n", 0, splice.start) + 1
            raise EditRefused(f"{file}:{line}: two changes meet here: make one of them by hand, then sync again")
        parts += [text[at : splice.start], splice.text]
        at = splice.end
    return "".join([*parts, text[at:]])


@dataclass(frozen=True, slots=True)
class Document:
    """`file` names it in messages."""

    text: str
    file: str
    root: yaml.Node | None
    entries: list[yaml.Node]
    holder: yaml.SequenceNode | None
    shared: frozenset[int] = field(default_factory=frozenset)
    """Identities of nodes that an alias stands for as well."""

    def read(self) -> list[Entry]:
        """What the entries say. Raises SourceBroken."""
        if "<<" in self.text:  # constructing takes merged keys apart in the nodes
            return yaml_entries(self.text, self.file)
        with told_in_one_line(self.file):
            found = entries_of(yaml.SafeLoader(""), self.entries, self.file)
        return found

    def data(self) -> Any:
        """The whole file as data."""
        if self.root is None or "<<" in self.text:
            return yaml_data(self.text, self.file)
        return yaml.SafeLoader("").construct_document(self.root)

    def spelling(self, name: str) -> str:
        """The key that the file uses for this field."""
        used = Counter(
            key.value
            for entry in self.entries
            if isinstance(entry, yaml.MappingNode)
            for key, _ in entry.value
            if isinstance(key, yaml.ScalarNode) and plain(key.value) == name
        )
        return used.most_common(1)[0][0] if used else name

    def alone(self, node: yaml.Node) -> None:
        """Raises EditRefused where the node stands in several places."""
        if any(id(part) in self.shared for part in _walk(node)):
            line = node.start_mark.line + 1
            raise EditRefused(f"{self.file}:{line}: is used again by an alias: write it out, then sync again")

    def line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        """Where the line break begins, or the text ends."""
        end = self.text.find("\n", at)
        if end < 0:
            return len(self.text)
        return end - 1 if end > at and self.text[end - 1] == "\r" else end

    def after_line(self, at: int) -> int:
        """Where the next line begins."""
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end + 1

    @property
    def newline(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    def end(self, node: yaml.Node) -> int:
        """Where the content ends: not the blank lines and comments that PyYAML counts in."""
        if isinstance(node, yaml.ScalarNode):
            start, end = node.start_mark.index, node.end_mark.index
            return start + len(self.text[start:end].rstrip()) if node.style in ("|", ">") else end
        assert isinstance(node, yaml.CollectionNode)
        if node.flow_style or not node.value:
            return int(node.end_mark.index)
        last = node.value[-1]
        return self.end(last[1] if isinstance(node, yaml.MappingNode) else last)


def document(text: str, file: str) -> Document:
    """Raises SourceBroken."""
    with told_in_one_line(file):
        root = yaml.SafeLoader(text).get_single_node()
        entries = entry_nodes(root, file)
        holder = entry_list(root, file)
    seen: Counter[int] = Counter(id(node) for node in _walk(root)) if root is not None else Counter()
    return Document(text, file, root, entries, holder, frozenset(node for node, times in seen.items() if times > 1))


def _walk(node: yaml.Node) -> Iterator[yaml.Node]:
    yield node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _walk(key)
            yield from _walk(value)
    elif isinstance(node, yaml.SequenceNode):
        for part in node.value:
            yield from _walk(part)
