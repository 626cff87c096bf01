"""Reads a change without running anything: what it touches on each side, what it brings, what needs a second look."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from checks.answers import written_down
from checks.compare import listed
from checks.lookalikes import look_alikes
from checks.marks import marks
from checks.newnames import new_names
from checks.plugins import plugins_of
from checks.reach import newly_reached
from checks.readers import reads_code
from checks.reason import Reason
from checks.steering import steered
from checks.suspicion import Found, judge_watched
from checks.touched import Touched, moved, touched
from checks.watched import watched
from sandbox.convention import protected
from sandbox.tree import Change as Difference
from sandbox.tree import Entry, Trees

IsTest = Callable[[str], bool]
_Pairs = Mapping[str, tuple[str, str]]

_WORDS = (".md", ".rst", ".txt", ".adoc")


@dataclass(frozen=True, slots=True)
class Look:
    """Lines that a person should look at."""

    code: str
    path: str
    line: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    tests: tuple[str, ...]
    """Changed paths on the side of the tests."""
    code: tuple[str, ...]
    """Changed paths that are neither tests nor words for people."""
    words: tuple[str, ...]
    """Changed paths that are read by people alone."""
    red_tree: str
    """The base with the tests' side of the change laid over it."""
    promised: tuple[str, ...]
    """What the change brings: files and names."""
    refused: tuple[Reason, ...]
    asked: tuple[Reason, ...]
    """What keeps the change from being proven without a person."""
    looks: tuple[Look, ...]
    moved: frozenset[str]
    """Ids of tests that stand, word for word, in another file now."""
    python: Mapping[str, tuple[str, str]]
    """Old and new text of each changed Python file that is no test."""
    python_tests: Mapping[str, tuple[str, str]]
    texts: Mapping[str, tuple[str, str]]
    """Of every changed file that is no test."""

    @property
    def idle(self) -> bool:
        """It changes comments and layout alone: no test can tell the difference, unless it reads the file."""
        return bool(self.code) and set(self.code) == set(self.python) and not any(map(_differ, self.python.values()))


def read_change(trees: Trees, base_tree: str, head_tree: str, is_test: IsTest) -> Change:
    """Raises TreeRefused for a tree that no checkout may have."""
    text = _Texts(trees)
    differences = trees.diff(base_tree, head_tree)
    tests = tuple(d for d in differences if is_test(d.path))
    code = tuple(d for d in differences if not is_test(d.path))
    found, elsewhere = _touched(tests, text)
    steering = (*_steering(differences, text), *_plugins(trees, base_tree, differences))
    python, python_tests = _python(code, text), _python(tests, text)
    answers = _answers(python, python_tests)
    suspicious = _suspicious(code, text)
    return Change(
        tests=tuple(d.path for d in tests),
        code=tuple(d.path for d in code if not d.path.lower().endswith(_WORDS)),
        words=tuple(d.path for d in code if d.path.lower().endswith(_WORDS)),
        red_tree=trees.edit(base_tree, {d.path: d.after for d in tests}),
        promised=tuple(_promised(code, text)),
        refused=(*_refused(found, elsewhere), *judge_watched(suspicious, "refuse")),
        asked=(
            *_asked(found, elsewhere),
            *_steers(steering),
            *_special(answers),
            *judge_watched(suspicious, "ask"),
            *_readers(python_tests, [d.path for d in code]),
            *(r for reach, r in newly_reached(python, ()) if reach == "surroundings"),
            *look_alikes({**python, **python_tests}),
            *marks(python, python_tests),
        ),
        looks=(*(Look(f"test_{t.what}", t.path, t.line, t.lines) for t in found), *steering, *answers),
        moved=frozenset(elsewhere),
        python=python,
        python_tests=python_tests,
        texts={d.path: (text.of(d.before) or "", text.of(d.after) or "") for d in code},
    )


@dataclass(frozen=True, slots=True)
class _Texts:
    trees: Trees

    def of(self, entry: Entry | None) -> str | None:
        """None where there is no plain file. What is not UTF-8 is read as well as it can be."""
        if entry is None or not entry.is_file:
            return None
        return self.trees.blob(entry.oid).decode("utf-8", "replace")


def _touched(tests: Iterable[Difference], text: _Texts) -> tuple[list[Touched], list[str]]:
    """Old tests that are not as they were, and the ids of those that only moved."""
    tests = list(tests)
    new = {d.path: text.of(d.after) or "" for d in tests}
    found, elsewhere = [], []
    for difference in tests:
        old = text.of(difference.before)
        for one in touched(difference.path, old, text.of(difference.after)) if old is not None else ():
            found.append(one)
            others = {path: word for path, word in new.items() if path != one.path}
            if one.what == "removed" and moved(one, old or "", others):
                elsewhere.append(f"{one.path}::{one.name}")
    return found, elsewhere


def _refused(found: Iterable[Touched], elsewhere: list[str]) -> Iterator[Reason]:
    gone = [_id(t) for t in found if t.what == "removed" and _id(t) not in elsewhere]
    aside = [_id(t) for t in found if t.what == "set_aside"]
    if gone:
        yield Reason("test_removed", f"{listed(gone)} was taken away: no test may disappear, restore it")
    if aside:
        yield Reason("test_set_aside", f"{listed(aside)} is skipped or may fail now: take the marker off again")


def _asked(found: Iterable[Touched], elsewhere: list[str]) -> Iterator[Reason]:
    changed = [_id(t) for t in found if t.what == "changed"]
    if changed:
        yield Reason(
            "test_changed", f"{listed(changed)} was there before and says something else now: look at the lines"
        )
    if elsewhere:
        yield Reason("test_moved", f"{listed(elsewhere)} stands in another file now: see that nothing else changed")


def _steering(differences: Iterable[Difference], text: _Texts) -> tuple[Look, ...]:
    lines = ((d, steered(d.path, text.of(d.before), text.of(d.after))) for d in differences if protected(d.path))
    return tuple(Look("steering_changed", d.path, 1, found) for d, found in lines if found)


def _plugins(trees: Trees, base_tree: str, differences: Iterable[Difference]) -> tuple[Look, ...]:
    plugins = plugins_of(trees, base_tree)
    found = [d.path for d in differences if d.path in plugins and not protected(d.path)]
    return tuple(
        Look("steering_changed", path, 1, ("the base's configuration loads it into pytest",)) for path in found
    )


def _steers(steering: Iterable[Look]) -> Iterator[Reason]:
    if paths := [look.path for look in steering]:
        yield Reason("steering_changed", f"{listed(paths)} decides how tests run and was changed: look at the lines")


def _suspicious(code: Iterable[Difference], text: _Texts) -> tuple[Found, ...]:
    """Code that looks at its watcher."""
    texts = ((d.path, text.of(d.before), text.of(d.after)) for d in code)
    return tuple(found for path, old, new in texts if new is not None for found in watched(old, new, path))


def _answers(python: _Pairs, python_tests: _Pairs) -> tuple[Look, ...]:
    """Where the code answers just what the new tests ask."""
    found = written_down(python, python_tests)
    return tuple(Look("special_case", a.path, a.line, (f"for {a.inputs!r} always {a.output!r}",)) for a in found)


def _python(differences: Iterable[Difference], text: _Texts) -> dict[str, tuple[str, str]]:
    mine = (d for d in differences if d.path.endswith(".py"))
    return {d.path: (text.of(d.before) or "", text.of(d.after) or "") for d in mine}


def _differ(texts: tuple[str, str]) -> bool:
    old, new = texts
    try:
        return ast.dump(ast.parse(old)) != ast.dump(ast.parse(new))
    except (SyntaxError, ValueError, RecursionError):
        return old != new


def _readers(python_tests: _Pairs, paths: Sequence[str]) -> Iterator[Reason]:
    for path, (old, new) in python_tests.items():
        yield from reads_code(path, old, new, paths)


def _special(answers: Iterable[Look]) -> Iterator[Reason]:
    if paths := {look.path for look in answers}:
        why = "answers just the values that the new tests ask for: see whether it does more"
        yield Reason("special_case", f"{listed(paths)} {why}")


def _promised(code: Iterable[Difference], text: _Texts) -> Iterator[str]:
    for difference in code:
        new = text.of(difference.after)
        if new is not None:
            yield from new_names(difference.path, text.of(difference.before), new)


def _id(one: Touched) -> str:
    return f"{one.path}::{one.name}" if one.name else f"{one.path}:{one.line}"
