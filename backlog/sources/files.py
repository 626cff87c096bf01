"""Backlogs that people keep in the repository: backlog.yml and BACKLOG.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace

from backlog.source import NotConfigured, Report, SourceBroken, View
from backlog.sources.entries import Entry, all_found
from backlog.sources.markdown_entries import markdown_entries
from backlog.sources.text import LARGEST, clean, decoded
from backlog.sources.yaml_entries import yaml_entries

YAML_PLACES = ("backlog.yml", "backlog.yaml", "docs/backlog.yml", "DOCS/backlog.yml")
MARKDOWN_PLACES = ("BACKLOG.md", "backlog.md", "docs/BACKLOG.md", "DOCS/BACKLOG.md")


@dataclass(frozen=True, slots=True)
class BacklogYml:
    """Only entries that were never synced: what a commit says of the others may be older than what was agreed on."""

    synced: Callable[[], Container[str]] = frozenset
    """Ids of entries that were."""
    name: str = "backlog.yml"

    def look(self, view: View) -> Report:
        """Raises NotConfigured without the file, SourceBroken with file and line."""
        report = _look(self.name, view, YAML_PLACES, yaml_entries)
        synced = self.synced()
        fresh = tuple(f for f in report.found if f.fingerprint not in synced)
        left = len(report.found) - len(fresh)
        note = f"{left} entries are left to lamplighter backlog sync" if left else ""
        return replace(report, found=fresh, reason="; ".join(r for r in (report.reason, note) if r))


class BacklogMd:
    name = "BACKLOG.md"

    def look(self, view: View) -> Report:
        """Raises NotConfigured without the file, SourceBroken with file and line."""
        return _look(self.name, view, MARKDOWN_PLACES, lambda text, _file: markdown_entries(text))


def _look(name: str, view: View, places: Sequence[str], entries: Callable[[str, str], list[Entry]]) -> Report:
    there = [p for p in places if p in view.files and view.files[p].is_file]
    if not there:
        raise NotConfigured(f"there is no {name}")
    file, notes = there[0], [f"{other} is not read, {there[0]} is" for other in there[1:]]
    data = view.read(file)
    text = decoded(data)
    if text is None or len(data) > LARGEST:
        raise SourceBroken(f"{file}: is binary or larger than 1 MB: it can not be a backlog")
    read = entries(text, file)
    found = all_found(read, file)
    ignored = Counter(key for entry in read for key in entry.ignored)
    if ignored:
        keys = ", ".join(clean(key, 40) for key, _ in ignored.most_common(8))
        notes.append(f"fields that mean nothing here: {keys}")
    return Report(name, "ready", "; ".join(notes), found)
