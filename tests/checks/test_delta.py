"""A change answers for the findings it brought, and for those alone."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from checks.delta import new_findings
from checks.finding import Finding

OLD = Finding("ruff", "F401", "a.py", 1, "`os` imported but unused", "medium", "import os")

findings = st.builds(
    Finding,
    st.just("ruff"),
    st.sampled_from(["F401", "E501"]),
    st.sampled_from(["a.py", "b.py"]),
    st.integers(1, 9),
    st.just("m"),
    st.just("low"),
    st.sampled_from(["import os", "import sys"]),
)


def test_a_finding_that_moved_is_not_new() -> None:
    assert new_findings([OLD], [replace(OLD, line=40)]) == ()


def test_a_finding_that_was_indented_is_not_new() -> None:
    assert new_findings([OLD], [replace(OLD, snippet="import  os")]) == ()


def test_the_same_finding_a_second_time_is_new() -> None:
    again = replace(OLD, line=7)
    assert new_findings([OLD], [OLD, again]) == (again,)


def test_the_same_line_in_another_file_is_new() -> None:
    other = replace(OLD, path="b.py")
    assert new_findings([OLD], [OLD, other]) == (other,)


@given(st.lists(findings))
def test_nothing_is_new_in_any_order_of_the_same(found: list[Finding]) -> None:
    assert new_findings(found, found[::-1]) == ()


@given(st.lists(findings), st.lists(findings))
def test_exactly_what_is_too_many_is_new(before: list[Finding], added: list[Finding]) -> None:
    assert len(new_findings(before, before + added)) == len(added)
