"""The mutants of changed lines: what is made wrong, what is left alone, and in which order."""

from __future__ import annotations

import textwrap

import pytest

from checks.mutants import Mutant, mutants, sample, traceable
from checks.source import normal, spliced


def made(code: str, *lines: int) -> list[Mutant]:
    text = textwrap.dedent(code)
    return list(mutants("m.py", text.encode(), lines or range(1, text.count("\n") + 2)))


def after(code: str) -> set[str]:
    return {mutant.after for mutant in made(code)}


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("x = a < b", {"a >= b", "a <= b"}),
        ("x = a == b", {"a != b"}),
        ("x = a not in b", {"a in b"}),
        ("x = a is not b", {"a is b"}),
        ("x = a < b == c", {"a >= b == c", "a <= b == c", "a < b != c"}),
        ("x = a + b", {"a - b"}),
        ("x = (a) // (  # note: a * b\n  b)", {"(a) / ( # note: a * b b)"}),
        ("x = a and b or c", {"a or b", "a and b and c"}),
        ("x = not a", {"a"}),
        ("x = -a", {"a"}),
        ("x = 4", {"5"}),
        ("x = True", {"False"}),
        ("x = 'é'", {"'éx'"}),
        ("x = b'a'", {"b'ax'"}),
        ("x = 1e300", {"5e+299"}),
        ("x = [7, -1]", {"8", "2"}),
        ("x += y", {"x -= y"}),
        ("def f():\n    return g(x)", {"return None"}),
        ("def f():\n    return None", {"return object()"}),
        ("def f():\n    yield a", {"yield None"}),
        ("def f(a=1):\n    pass", {"2"}),
        ("g(x)", {"pass"}),
        ("if a:\n    pass", {"(False)", "(True)"}),
        ("while a:\n    break", {"(False)", "continue"}),
        ("x = a if b else c", {"(False)", "(True)"}),
        ("x = [a for a in b if a]", {"(True)"}),
        ("x = a[b:]", {"(b) + 1:"}),
        ("x = a[1:-2]", {"2", "3"}),
        ("raise ValueError('no')", {"pass", "raise RuntimeError('no')"}),
        ("raise RuntimeError", {"pass", "raise KeyError"}),
        ("@traced\ndef f():\n    pass", {"(nothing)"}),
        ("x = y", {"x = None"}),
        ("x = f'{a + 1}'", {'""'}),
    ],
)
def test_what_is_made_wrong(code: str, wrong: set[str]) -> None:
    assert after(code) == wrong


@pytest.mark.parametrize(
    "code",
    [
        '"""Doc 1."""',
        'def f():\n    """Doc 1."""',
        "x: 'Text'",
        "def f(a: Literal['x'] = None) -> 'Text': pass",
        "x = Literal['a', 'b']",
        "T = TypeVar('T')",
        "__all__ = ['a', 'b']",
        "import a.b as c",
        "if TYPE_CHECKING:\n    x = 1",
        "if __name__ == '__main__':\n    main(1)",
        "log.info('did %s', 1)",
        "self.logger.debug('did %s', 1)",
        "print('done', 1)",
        "warnings.warn('old', stacklevel=2)",
        "assert x == 1, 'no'",
        "@functools.wraps(f)\ndef g(): pass",
        "def f(:",
    ],
)
def test_what_is_left_alone(code: str) -> None:
    assert made(code) == []


def test_texts_for_people_are_left_alone() -> None:
    assert after("p = parser(help='text', size=3)") == {"4"}
    assert after("raise ValueError(f'no {a + 1}' + 'x')") == {"pass", "raise RuntimeError(f'no {a + 1}' + 'x')"}


def test_a_crash_is_not_made_where_a_value_can_be() -> None:
    """`"a" - b` only raises, which a test notices that checks nothing."""
    assert not [m for m in made("x = 'a' + b + c") if m.operator == "arithmetic"]
    assert not [m for m in made("x = [1] + b") if m.operator == "arithmetic"]
    assert not [m for m in made("x += 'a'") if m.operator == "arithmetic"]


def test_only_the_changed_lines_have_mutants() -> None:
    code = "x = 1\ny = 2\nz = (\n    3,\n    4,\n)\n"
    assert [(m.line, m.after) for m in made(code, 2, 5)] == [(2, "3"), (5, "5")]


def test_every_mutant_is_one_edit_that_python_can_read() -> None:
    code = "def f(a, b):\n    if not(a) and b in (1, 2):\n        return a ** -b, f'{a}' 'x', [*b][a:]\n    raise E\n"
    for mutant in made(code):
        text = spliced(code, [mutant.edit])
        compile(text, "m.py", "exec")
        assert text != code


def test_a_function_body_can_be_changed_while_it_is_loaded_and_the_rest_can_not() -> None:
    code = """
        A = 1
        class C:
            b = 2
            def m(self, c=3):
                class D:
                    d = 4
                return 5
        e = lambda f=6: 7
    """
    assert {m.before: m.hot for m in made(code)} == {
        "1": False, "2": False, "3": False, "4": True, "5": True, "6": False, "7": True,
    }  # fmt: skip


def test_the_statement_around_a_mutant_says_when_it_can_show() -> None:
    code = """\
        def f(a):
            if (a and
                    a < 3):
                x = [
                    1,
                ]
    """
    assert {(m.first, m.last) for m in made(code)} == {(2, 3), (4, 6)}


def test_a_sample_takes_one_of_each_line_first_and_is_the_same_each_time() -> None:
    found = made("x = a < b\ny = c < d\nz = 3\n")
    assert [m.line for m in sample(found, 4)] == [1, 2, 3, 1]
    assert [m.line for m in sample(found, 2)] == [1, 2]
    assert sample(found, 99) == sample(found, 5)
    assert len(sample(found, 99)) == len(found) == 5
    assert sample(found, 0) == ()


def test_a_sample_of_many_lines_is_spread_over_all_of_them() -> None:
    found = made("".join(f"x = {n}\n" for n in range(100)))
    assert [m.line for m in sample(found, 4)] == [1, 26, 51, 76]


def test_a_long_piece_is_shown_around_its_change() -> None:
    long = " + ".join(f"name_{n}" for n in range(40))
    (mutant,) = [m for m in made(f"x = f({long}) < 5\n") if m.operator == "comparison"]
    assert len(mutant.before) < 130
    assert ">= 5" in mutant.after


def test_statements_that_can_be_seen_to_run_are_those_of_functions() -> None:
    code = b"import a\nx = 1\ndef f():\n    'doc'\n    y = 2\n    try:\n        return y\n    finally:\n        pass\n"
    assert traceable(code, range(20)) == {5, 7}
    assert traceable(code, {7}) == {7}
    assert traceable(b"def (", {1}) == frozenset()


def test_a_file_is_read_as_python_reads_it() -> None:
    assert normal(b"\xef\xbb\xbfa\r\nb\rc") == "a\nb\nc"
    assert mutants("m.py", b"x = '\xff'", [1]) == ()
    assert mutants("m.py", b"x = 1\x00", [1]) == ()
