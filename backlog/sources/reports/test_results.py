"""JUnit XML, which nearly every test runner writes: tests that fail, and tests that now fail and now pass.

| what                                           | kind | value | time | risk | size |
|------------------------------------------------|------|-------|------|------|------|
| a test that fails                              | bug  | 8     | 5    | 5    | 3    |
| one that fails in one file, passes in another  | test | 5     | 2    | 3    | 3    |
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from xml.etree.ElementTree import Element  # nosec B405

from backlog.identity import content_key, item_id
from backlog.item import Kind
from backlog.source import Found, Report, SourceBroken, View
from backlog.sources.failing_tests import INPUTS, function_of
from backlog.sources.outcome import outcome
from backlog.sources.reports.artefacts import Part
from backlog.sources.reports.documents import Document
from backlog.sources.reports.places import repo_path
from backlog.sources.text import clean, showable
from backlog.sources.valued import Worth
from checks.check import TestCheck

FLAKY = Worth("rule:flaky-test", Kind.TEST, 5, 2, 3, 3)
FLAKY_LABEL = "flaky-test"
DEEPEST = 40
"""Parts of a dotted name that can be a path."""
Ending = Literal["passed", "failed", "flaky", "skipped"]


@dataclass(frozen=True, slots=True)
class Case:
    """One test case; `id` is pytest's node id where its file is known here."""

    id: str
    path: str | None
    ending: Ending
    said: str
    collected: bool = True


class TestResults:
    __test__ = False
    name = "junit"

    def parts(self, document: Document) -> Mapping[str, Any] | None:
        root = document.value
        if not isinstance(root, Element) or root.tag not in ("testsuites", "testsuite"):
            return None
        if root.find(".//testcase") is None:
            raise SourceBroken("has no test case: nothing says that a test was run")
        _refuse_lost(root)
        return {"": root}

    def report(self, name: str, parts: Sequence[Part], view: View) -> Report:
        cases: dict[str, list[Case]] = {}
        left = 0
        for part in parts:
            for element in part.value.iter("testcase"):
                case = _case(element, view)
                left += not showable(case.id)
                if showable(case.id):
                    cases.setdefault(function_of(case.id), []).append(case)
        notes = (f"{left} tests left out: their names are not text",) if left else ()
        return outcome(name, _all_found(cases), view.files, notes=notes)


def _refuse_lost(root: Element) -> None:
    """A suite that counts more tests than it has was cut off, or its runner died."""
    for suite in root.iter("testsuite"):
        said = suite.get("tests", "")
        there = sum(1 for _ in suite.iter("testcase"))
        if said.isdecimal() and int(said) > there:
            name = clean(suite.get("name", "a suite"), 60)
            raise SourceBroken(f"{name} counts {int(said)} tests and has {there}: the run did not reach its end")


def _case(element: Element, view: View) -> Case:
    names, name = element.get("classname", ""), element.get("name", "")
    path, rest = _place(element.get("file", ""), names, view)
    if path is None:
        path, rest = None, names
    if not name or (path and not rest and _module(path) == name):
        # How pytest tells that a file could not be collected: the file's own name, as a module, is the test.
        return Case(path or name or names, path, _ending(element), _said(element), collected=False)
    if not names and (found := _place("", name, view))[0] and not found[1]:
        return Case(found[0] or name, found[0], _ending(element), _said(element), collected=False)
    front = path or rest
    middle = f"::{rest.replace('.', '::')}" if path and rest else ""
    return Case(f"{front}{middle}::{name}" if front else name, path, _ending(element), _said(element))


def _place(file: str, names: str, view: View) -> tuple[str | None, str]:
    """The committed file of a test, and what of the dotted `names` is left: its classes."""
    parts = names.split(".") if names and names.count(".") < DEEPEST else []
    named = repo_path(file, str(view.root), view.files) if file else None
    for end in range(len(parts), 0, -1):
        path = "/".join(parts[:end]) + ".py"
        if path in view.files:
            return path, ".".join(parts[end:])
    return (named, "" if named and names == _module(named) else names) if named in view.files else (None, names)


def _module(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


def _ending(element: Element) -> Ending:
    tags = {child.tag for child in element}
    if tags & {"failure", "error"}:
        return "failed"
    if tags & {"flakyFailure", "flakyError", "rerunFailure", "rerunError"}:
        return "flaky"
    return "skipped" if "skipped" in tags else "passed"


def _said(element: Element) -> str:
    for child in element:
        if child.tag in ("failure", "error", "flakyFailure", "flakyError"):
            return clean(child.get("message", "") or (child.text or "")[:2_000], 600)
    return ""


def _all_found(cases: Mapping[str, Sequence[Case]]) -> Iterator[Found]:
    for function, group in sorted(cases.items()):
        endings: dict[str, set[Ending]] = {}
        for case in group:
            endings.setdefault(case.id, set()).add(case.ending)
        if any(e >= {"failed", "passed"} or "flaky" in e for e in endings.values()):
            yield flaky(function, group[0].path, "It fails and passes", _told(group))
        elif any("failed" in e for e in endings.values()):
            yield _failing(function, [case for case in group if case.ending == "failed"])


def _told(group: Iterable[Case]) -> str:
    counts = Counter(case.ending for case in group)
    said = next((case.said for case in group if case.said), "")
    return f"in these results ({counts['passed']} passed, {counts['failed']} failed): {said}"


def flaky(function: str, path: str | None, does: str, told: str) -> Found:
    """The item for a test that does not always end in the same way."""
    name = clean(function.rpartition("::")[2] or function, 120)
    return Found(
        fingerprint=item_id("flaky", path or "", function, prefix="flaky"),
        same_as=(f"test:{function}",),
        kind=FLAKY.kind,
        title=f"Make {name} end the same every time" + (f" ({clean(path, 140)})" if path else ""),
        path=path,
        inputs=FLAKY.inputs(),
        criteria=(f"{clean(function, 300)} passes in any order and every time, and so do all tests that pass now.",),
        story=f"{does} {told}".rstrip(": "),
        labels=(FLAKY_LABEL,),
        test_notes=f"Flaky: {clean(function, 300)}",
    )


def _failing(function: str, group: Sequence[Case]) -> Found:
    first, path = group[0], group[0].path
    name = clean(function.rpartition("::")[2] if first.collected else function, 120)
    ids = tuple(dict.fromkeys(case.id for case in group))
    place = f" ({clean(path, 140)})" if path else ""
    return Found(
        fingerprint=item_id("junit", path or "", function, prefix="test"),
        content=content_key("junit", function.partition("::")[2]) if path else "",
        same_as=(f"test:{function}",) if first.collected else (),
        kind=Kind.BUG,
        title=f"Make {name} {'pass' if first.collected else 'collectable'}{place}",
        path=path,
        check=TestCheck(ids=ids) if path and path.endswith(".py") and first.collected else TestCheck(),
        inputs=INPUTS,
        criteria=(f"{clean(function, 300)} passes, and every test that passes now still does.",),
        story=f"It fails in the results of another run: {first.said or 'they give no reason'}",
        test_notes=f"Failing: {', '.join(clean(i, 200) for i in ids[:20])}" + (" …" if len(ids) > 20 else ""),
    )
