"""A test's expectations are made wrong where an honest test must notice, and nowhere else."""

from __future__ import annotations

import textwrap

import pytest

from checks.expectations import perturbed
from checks.source import spliced


def wrong(body: str) -> str:
    code = f"def test_a(self):\n{textwrap.indent(textwrap.dedent(body), '    ')}\n"
    return textwrap.dedent(spliced(code, perturbed(code.encode(), ()).edits).split("\n", 1)[1]).strip()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("assert f(1) == 2", "assert f(1) == 3"),
        ("assert f(1) == -2", "assert f(1) == -3"),
        ("assert f(1) == 'a'", "assert f(1) == 'ax'"),
        ("assert 2 == f(1)", "assert 3 == f(1)"),
        ("assert f() is True", "assert f() is False"),
        ("assert f() is None", "assert f() is object()"),
        ("assert f() == [x, (1, 2)]", "assert f() == [x, (2, 2)]"),
        ("assert f() == {'a': 1}", "assert f() == {'a': 2}"),
        ("assert f() == []", "assert f() == object()"),
        ("assert f() == expected", "assert f() == object()"),
        ("assert f() == 1 and g() == 2", "assert f() == 2 and g() == 3"),
        ("self.assertEqual(f(), 1)", "self.assertEqual(f(), 2)"),
        ("self.assertEqual(1, f())", "self.assertEqual(2, f())"),
        ("self.assertDictEqual(f(), {'a': True})", "self.assertDictEqual(f(), {'a': False})"),
        ("for x in y:\n    assert x == 1", "for x in y:\n    assert x == 2"),
        ("with a:\n    assert x == 1", "with a:\n    assert x == 2"),
    ],
)
def test_what_is_compared_gets_another_value(before: str, after: str) -> None:
    assert wrong(before) == after


@pytest.mark.parametrize(
    "body",
    [
        "assert f()",
        "assert f() != 1",
        "assert f() < 1",
        "assert 'a' in f()",
        "assert not f() == 1",
        "assert f() == 1 or g()",
        "assert all(x == 1 for x in y)",
        "with pytest.raises(AssertionError):\n    assert f() == 1",
        "with self.assertRaises(Error):\n    self.assertEqual(f(), 1)",
        "def inner():\n    assert f() == 1",
        "f(1)",
    ],
)
def test_what_may_go_unnoticed_is_left_alone(body: str) -> None:
    assert wrong(body) == body


def test_the_wanted_tests_alone_are_changed() -> None:
    code = textwrap.dedent("""
        def test_a():
            assert f() == 1

        def test_b():
            assert f() == 2

        class TestC:
            def test_c(self):
                assert f() == 3

            def test_d(self):
                assert f() == 4

        def helper():
            assert f() == 5
    """).encode()
    assert perturbed(code, {"test_b", "TestC::test_c"}).names == ("test_b", "TestC::test_c")
    assert perturbed(code, {"TestC"}).names == ("TestC::test_c", "TestC::test_d")
    assert perturbed(code, ()).names == ("test_a", "test_b", "TestC::test_c", "TestC::test_d")


def test_the_later_of_two_tests_with_one_name_is_the_test() -> None:
    code = b"def test_a():\n    assert f() == 1\n\ndef test_a():\n    assert f() == 2\n"
    (edit,) = perturbed(code, ()).edits
    assert edit.text == "3"


def test_a_test_whose_only_expectations_hang_on_a_condition_need_not_notice() -> None:
    code = b"def test_a():\n    if windows:\n        assert f() == 1\n    assert f() < 3\n"
    found = perturbed(code, ())
    assert (len(found.edits), found.names) == (1, ())


def test_a_file_that_is_no_python_has_no_expectations() -> None:
    assert perturbed(b"def (", ()).edits == ()
