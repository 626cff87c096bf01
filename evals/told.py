"""Results as people and CI servers read them: lines for a terminal, Markdown, JUnit XML."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from evals.results import CaseResult, Results, SuiteResult, figures


def lines(results: Results) -> tuple[str, ...]:
    return tuple(_lines(results))


def _lines(results: Results) -> Iterator[str]:
    yield f"{'suite':<12} {'n':>4} {'passed':>6} {'failed':>6} {'skipped':>7} {'seconds':>8}  headline"
    for suite in results.suites:
        counts = f"{suite.n:>4} {suite.passed:>6} {suite.failed:>6} {suite.skipped:>7} {suite.seconds:>8.1f}"
        yield f"{suite.name:<12} {counts}  {figures(suite.headline)}"
    for suite in results.suites:
        for case in suite.cases:
            if case.word != "passed":
                yield f"  {case.word} {suite.name}: {case.case}: {case.skipped or case.detail}"
    for worse in results.regressions:
        yield f"  worse than the baseline: {worse.suite}: {worse.case}"
    for suite in results.suites:
        if not suite.ok:
            yield f"{suite.name} misses its threshold: {figures(suite.headline)}"


def markdown(results: Results) -> str:
    """A summary: figures of each suite, then what failed and what was skipped."""
    parts = [_summary(results.suites)]
    for suite in results.suites:
        rows = [case for case in suite.cases if case.word != "passed"]
        if rows:
            parts.append(f"### {suite.name}\n\n{case_table(rows)}")
    if results.regressions:
        worse = "\n".join(f"- {r.suite}: {_cell(r.case)}: {_cell(r.detail)}" for r in results.regressions)
        parts.append(f"### Worse than the baseline\n\n{worse}")
    return "\n\n".join(parts) + "\n"


def _summary(suites: tuple[SuiteResult, ...]) -> str:
    rows = [
        f"| {s.name} | {s.n} | {s.passed} | {s.failed} | {s.skipped} | {s.seconds:.0f} | "
        f"{_cell(figures(s.headline))} | {'met' if s.ok else '**missed**'} |"
        for s in suites
    ]
    head = (
        "| suite | n | passed | failed | skipped | seconds | headline | threshold |\n|---|---|---|---|---|---|---|---|"
    )
    return "\n".join([head, *rows])


def case_table(cases: list[CaseResult]) -> str:
    rows = [f"| {_cell(c.case)} | {c.word} | {c.seconds:.1f} | {_cell(c.skipped or c.detail)} |" for c in cases]
    return "\n".join(["| case | came out | seconds | what happened |", "|---|---|---|---|", *rows])


def _cell(text: str) -> str:
    """One cell of a table: no markup of its own, and no path of the machine it was made on."""
    plain = " ".join(text.split())[:240]
    for sign in "\\`*_|<>[]":
        plain = plain.replace(sign, f"\\{sign}")
    return plain


def junit(results: Results) -> bytes:
    root = ElementTree.Element("testsuites", name="lamplighter eval")
    for suite in results.suites:
        node = ElementTree.SubElement(
            root, "testsuite", name=suite.name, tests=str(suite.n), failures=str(suite.failed), errors="0",
            skipped=str(suite.skipped), time=f"{suite.seconds:.2f}", timestamp=results.made,
        )  # fmt: skip
        for case in suite.cases:
            _testcase(node, suite.name, case)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _testcase(node: ElementTree.Element, suite: str, case: CaseResult) -> None:
    time = f"{case.seconds:.2f}"
    one = ElementTree.SubElement(node, "testcase", classname=f"lamplighter.{suite}", name=case.case, time=time)
    if case.word == "failed":
        ElementTree.SubElement(one, "failure", message=_xml(case.detail))
    if case.word == "skipped":
        ElementTree.SubElement(one, "skipped", message=_xml(case.skipped))


def _xml(text: str) -> str:
    """Without the control characters that XML can not hold."""
    return "".join(c for c in text if c >= " " or c in "\t\n")
