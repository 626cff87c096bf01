"""Sources that take long look only when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass

from backlog.source import NotConfigured, Report, Source, View


@dataclass(frozen=True, slots=True)
class OnRequest:
    """Stands in for a source that nobody asked for."""

    source: Source
    why: str

    @property
    def name(self) -> str:
        return self.source.name

    def look(self, view: View) -> Report:
        raise NotConfigured(f"{self.why}: --source {self.name}, or {self.name} in the setting sources, turns it on")
