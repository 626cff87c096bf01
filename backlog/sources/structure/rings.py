"""Circles in a directed graph: which nodes lead to each other, and a shortest way round. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Graph = Mapping[str, Collection[str]]


def components(graph: Graph) -> list[tuple[str, ...]]:
    """The largest sets of at least two nodes of which each leads to each other; sorted, and so are their nodes."""
    search = _Search(graph)
    for start in sorted(graph):
        if start not in search.number:
            search.start(start)
    return sorted(tuple(sorted(one)) for one in search.found if len(one) > 1)


@dataclass(slots=True)
class _Search:
    """Tarjan's way, without recursion: chains of imports can be longer than Python's stack."""

    graph: Graph
    number: dict[str, int] = field(default_factory=dict)
    lowest: dict[str, int] = field(default_factory=dict)
    """Of each node, the number of the first one that it leads back to."""
    waiting: dict[str, None] = field(default_factory=dict)
    """In no component yet, in the order they were met."""
    found: list[list[str]] = field(default_factory=list)

    def start(self, start: str) -> None:
        path = [(start, self._met(start))]
        while path:
            node, ahead = path[-1]
            other = next(ahead, None)
            if other is None:
                path.pop()
                self._done(node, path[-1][0] if path else node)
            elif other not in self.number:
                path.append((other, self._met(other)))
            elif other in self.waiting:
                self.lowest[node] = min(self.lowest[node], self.number[other])

    def _met(self, node: str) -> Iterator[str]:
        self.number[node] = self.lowest[node] = len(self.number)
        self.waiting[node] = None
        return iter(sorted(self.graph.get(node, ())))

    def _done(self, node: str, before: str) -> None:
        self.lowest[before] = min(self.lowest[before], self.lowest[node])
        if self.lowest[node] != self.number[node]:
            return
        members: list[str] = []
        while not members or members[-1] != node:
            members.append(self.waiting.popitem()[0])
        self.found.append(members)


def shortest(graph: Graph, members: Sequence[str]) -> tuple[str, ...]:
    """The nodes of a shortest circle within a component, from the first of them by name; of several, the first."""
    best: tuple[str, ...] = ()
    inside = set(members)
    for start in sorted(members):
        inside.discard(start)  # every circle through it is looked at now
        ring = _round(graph, start, inside, len(best) or len(members) + 1)
        if ring:
            best = ring
        if len(best) == 2:
            break
    return best


def _round(graph: Graph, start: str, inside: set[str], limit: int) -> tuple[str, ...]:
    """A shortest way from a node back to it with fewer than `limit` nodes; empty when there is none."""
    came: dict[str, str] = {}
    ahead = deque([(start, 1)])
    while ahead:
        node, length = ahead.popleft()
        for other in sorted(graph.get(node, ())):
            if other == start and length > 1:
                return _way(came, node)
            if other in inside and other not in came and length + 1 < limit:
                came[other] = node
                ahead.append((other, length + 1))
    return ()


def _way(came: Mapping[str, str], last: str) -> tuple[str, ...]:
    way = [last]
    while way[-1] in came:
        way.append(came[way[-1]])
    return tuple(reversed(way))
