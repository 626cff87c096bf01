"""How strong new tests are is measured on real projects in the real sandbox."""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Callable, Mapping

import pytest

from checks.strength import Strength, Survivor, judge_strength, measure, unseen
from checks.suite import Suite
from sandbox.site import Site

Measure = Callable[..., Strength]

ADD = {"m.py": "def add(a, b):\n    return a + b\n"}
NOTHING: Mapping[str, str] = {}


@pytest.fixture
def measured(site: Site, plant: Callable[[Mapping[str, str]], str]) -> Measure:
    def measure_it(
        base: Mapping[str, str], files: Mapping[str, str], *ids: str, wall_s: float = 60, limit: int = 60
    ) -> Strength:
        return measure(
            site,
            base_tree=plant(base),
            result_tree=plant({**base, **files}),
            ids=ids or ("test_m.py",),
            suite=Suite(timeout_s=60),
            wall_s=wall_s,
            limit=limit,
        )

    return measure_it


def codes(strength: Strength) -> tuple[str, ...]:
    return tuple(reason.code for reason in judge_strength(strength))


STYLES: Mapping[str, Mapping[str, str]] = {
    "function": {
        "m.py": """
            def add(a, b):
                return a + b
        """,
        "test_m.py": """
            from m import add

            def test_add():
                assert add(2, 3) == 5
        """,
    },
    "methods of every kind": {
        "m.py": """
            import functools

            def twice(function):
                @functools.wraps(function)
                def wrapper(x):
                    return function(x) * 2
                return wrapper

            class Shop:
                rate = 3

                def __init__(self, n):
                    self.n = n + 1

                @property
                def n_plus(self):
                    return self.n + 2

                @staticmethod
                def half(x):
                    return x / 2

                @classmethod
                def price(cls, n):
                    return cls.rate * n

            @twice
            def less(x):
                return x - 4

            @functools.lru_cache(maxsize=None)
            def more(x):
                return x + 5
        """,
        "test_m.py": """
            import m

            def test_all():
                shop = m.Shop(1)
                assert (shop.n, shop.n_plus, m.Shop.half(3), shop.half(3)) == (2, 4, 1.5, 1.5)
                assert (m.Shop.price(5), m.less(9), m.less.__name__, m.more(1)) == (15, 10, "less", 6)
                assert str(m.less) != str(m.twice)
        """,
    },
    "closures, generators and lambdas": {
        "m.py": """
            def adder(n):
                def add(x):
                    return x + n
                return add

            def odd(numbers):
                for n in numbers:
                    if n % 2:
                        yield n

            three = adder(3)
            square = lambda x: x * x
        """,
        "test_m.py": """
            import m

            def test_all():
                assert (m.adder(2)(5), m.three(1), m.square(3)) == (7, 4, 9)
                assert list(m.odd([2, 3, 5])) == [3, 5]
                assert list(m.odd([4, 7])) == [7]
        """,
    },
    "what a module makes at import": {
        "m.py": """
            def table():
                return {n: n * n for n in range(4)}

            SQUARES = table()
            LIMIT = 5

            class Config:
                retries = 2
                names = ("a", "b")
        """,
        "test_m.py": """
            from m import LIMIT, SQUARES, Config

            def test_constants():
                assert (SQUARES, LIMIT) == ({0: 0, 1: 1, 2: 4, 3: 9}, 5)
                assert (Config.retries, Config.names) == (2, ("a", "b"))
        """,
    },
    "a package below src": {
        "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["src"]\n',
        "src/shop/__init__.py": "from .cart import total as total\n",
        "src/shop/cart.py": """
            def total(prices):
                return sum(prices) + 1
        """,
        "tests/test_cart.py": """
            import shop

            def test_total():
                assert shop.total([1, 2]) == 4
        """,
    },
    "unittest": {
        "m.py": """
            def add(a, b):
                return a + b
        """,
        "test_m.py": """
            import unittest
            from m import add

            class TestAdd(unittest.TestCase):
                @classmethod
                def setUpClass(cls):
                    cls.five = add(2, 3)

                def test_nothing_else(self):
                    self.assertTrue(True)

                def test_add(self):
                    self.assertEqual(self.five, 5)
        """,
    },
    "parametrised, with fixtures": {
        "m.py": """
            def clamp(x):
                if x > 10:
                    return 10
                return x
        """,
        "test_m.py": """
            import pytest
            from m import clamp

            @pytest.fixture(scope="module")
            def clamped():
                return clamp(11)

            @pytest.mark.parametrize(("x", "y"), [(3, 3), (10, 10), (12, 10), (11, 10)])
            def test_clamp(x, y, clamped):
                assert clamp(x) == y
                assert clamped == 10
        """,
    },
    "another process": {
        "m.py": """
            def answer():
                return 40 + 2

            if __name__ == "__main__":
                print(answer())
        """,
        "test_m.py": """
            import subprocess, sys

            def test_program():
                done = subprocess.run([sys.executable, "m.py"], stdout=subprocess.PIPE, check=True)
                assert done.stdout == b"42\\n"
        """,
    },
    "imported late": {
        "m.py": """
            FACTOR = 2

            def double(x):
                return x * FACTOR
        """,
        "test_m.py": """
            def test_double():
                from m import double
                assert double(4) == 8
        """,
    },
    "its own text encoding and line ends": {
        "m.py": "\ufeff# é\r\ndef greet(name):\r\n    return 'é' + name\r\n",
        "test_m.py": "from m import greet\n\ndef test_greet():\n    assert greet('ü') == 'éü'\n",
    },
}


@pytest.mark.parametrize("style", STYLES)
def test_tests_that_check_every_changed_line_notice_every_mutant(measured: Measure, style: str) -> None:
    files = STYLES[style]
    found = measured(NOTHING, files, *(path for path in files if "test_" in path))
    assert found.trouble == ""
    ours = [s for s in found.survivors if not equal(s)]
    assert ours == []
    assert found.killed > 1
    assert found.unreached == ()
    assert codes(found) == ()


def equal(survivor: Survivor) -> bool:
    """Of the mutants above these change nothing that could be seen."""
    return survivor.after in ("x >= 10", "n > 10")


TAUTOLOGIES = {
    "import alone": "pass",
    "callable": "assert callable(scale)",
    "or True": "assert scale(2) is not None or True",
    "unused": "scale(3)",
    "itself": "assert scale(3) == scale(3)",
    "swallowed": "try:\n        assert scale(3) == 8\n    except AssertionError:\n        pass",
}


@pytest.mark.parametrize("how", TAUTOLOGIES)
def test_a_test_that_any_code_passes_is_refused(measured: Measure, how: str) -> None:
    code = "def scale(x):\n    if x > 2:\n        return x * 2 + 1\n    return x\n"
    found = measured(
        NOTHING, {"m.py": code, "test_m.py": f"from m import scale\n\ndef test_it():\n    {TAUTOLOGIES[how]}\n"}
    )
    assert found.trouble == ""
    assert found.killed == 0
    assert found.total > 5
    assert "weak_tests" in codes(found)
    assert "m.py:2: " in judge_strength(found)[0].sentence


def test_only_lines_that_the_change_wrote_count(measured: Measure) -> None:
    old = "def one(x):\n    return x + 1\n\ndef two(x):\n    return x\n"
    new = old.replace("return x\n", "return x * 2\n")
    test = "import m\n\ndef test_two():\n    assert m.two(3) == 6\n"
    found = measured({"m.py": old}, {"m.py": new, "test_m.py": test})
    assert (found.killed, found.total) == (3, 3)


def test_a_changed_line_that_no_test_runs_is_named(measured: Measure) -> None:
    code = "def sign(x):\n    if x < 0:\n        return -x - 5\n    return 1\n"
    test = "from m import sign\n\ndef test_sign():\n    assert sign(4) == 1\n"
    found = measured(NOTHING, {"m.py": code, "test_m.py": test})
    assert found.unreached == ("m.py:3",)
    assert {s.line for s in found.survivors} >= {3}
    assert 0 < found.killed < found.total
    assert codes(found) == ()


def test_what_is_returned_and_compared_with_nothing_is_named(measured: Measure) -> None:
    code = "def double(x):\n    if x > 1:\n        return None\n    return x\n"
    base = {"m.py": "def double(x):\n    return x\n"}
    lax = "from m import double\n\ndef test_double():\n    assert double(4) != 4\n"
    found = measured(base, {"m.py": code, "test_m.py": lax})
    assert found.unseen == ("m.py:3",)
    assert [reason.code for reason in unseen(found)] == ["unseen_return"]
    strict = lax.replace("!= 4", "is None")
    assert measured(base, {"m.py": code, "test_m.py": strict}).unseen == ()
    elsewhere = lax.replace("double(4) != 4", "double(1) == 1")
    assert measured(base, {"m.py": code, "test_m.py": elsewhere}).unseen == ()


def test_an_endless_mutant_is_noticed_by_the_time_it_takes(measured: Measure) -> None:
    code = "def drain(n):\n    while n > 0:\n        n -= 1\n    return n\n"
    test = "from m import drain\n\ndef test_drain():\n    assert drain(3) == 0\n"
    found = measured(NOTHING, {"m.py": code, "test_m.py": test})
    assert found.trouble == ""
    assert "self.n += 1" not in {s.after for s in found.survivors}
    assert not [s for s in found.survivors if s.operator == "arithmetic"]
    assert found.seconds < 30


def test_a_mutant_that_ends_the_process_is_noticed(measured: Measure) -> None:
    code = "import os\n\ndef check(x):\n    if x < 0:\n        os._exit(0)\n    return True\n"
    test = "from m import check\n\ndef test_check():\n    assert check(1) is True\n"
    found = measured(NOTHING, {"m.py": code, "test_m.py": test})
    assert found.trouble == ""
    assert "x >= 0" not in {s.after for s in found.survivors}
    assert found.killed >= 3


def test_tests_whose_process_always_dies_prove_nothing(measured: Measure) -> None:
    test = "import os\nfrom m import add\n\ndef test_add():\n    assert add(1, 2) == 3\n    os._exit(0)\n"
    found = measured(NOTHING, {**ADD, "test_m.py": test})
    assert (found.killed, found.total) == (0, 0)
    assert "the process died" in found.trouble


def test_failing_tests_prove_nothing(measured: Measure) -> None:
    test = "from m import add\n\ndef test_add():\n    assert add(1, 2) == 4\n"
    found = measured(NOTHING, {**ADD, "test_m.py": test})
    assert (found.killed, found.total) == (0, 0)
    assert "do not pass" in found.trouble
    assert "test_m.py::test_add" in found.trouble


def test_tests_that_fail_now_and_then_prove_nothing(measured: Measure) -> None:
    test = """
        import os
        from m import add

        def test_add():
            turn = int(open("/tmp/turn").read()) if os.path.exists("/tmp/turn") else 0
            open("/tmp/turn", "w").write(str(turn + 1))
            assert add(1, 2) and turn < 4
    """
    found = measured(NOTHING, {**ADD, "test_m.py": test})
    assert (found.killed, found.total) == (0, 0)
    assert "depend on something else" in found.trouble


def test_tests_that_look_at_the_text_of_the_code_prove_nothing(measured: Measure) -> None:
    test = """
        import hashlib
        import m

        def test_add():
            with open(m.__file__, "rb") as file:
                assert hashlib.sha256(file.read()).hexdigest() == "%s"
    """
    digest = hashlib.sha256(ADD["m.py"].encode()).hexdigest()
    found = measured(NOTHING, {**ADD, "test_m.py": test % digest})
    assert (found.killed, found.total) == (0, 0)
    assert "depend on something else" in found.trouble


FORGERS = {
    "a line in every open file": """
        import os
        for fd in range(3, 60):
            try:
                os.write(fd, b'{"failed": "x"}\\n00 {"event": "mutant", "index": 0, "verdict": "killed"}\\n')
            except OSError:
                pass
    """,
    "a line in the report": """
        import glob
        for path in glob.glob("/run/*.events"):
            with open(path, "a") as file:
                file.write('00 {"event": "mutant", "index": 0, "verdict": "killed"}\\n')
    """,
    "the end of the parent": """
        import os, signal
        os.kill(os.getppid(), signal.SIGKILL)
    """,
    "the end of everybody": """
        import os, signal
        os.kill(-1, signal.SIGKILL)
    """,
}


@pytest.mark.parametrize("how", FORGERS)
def test_a_test_that_tampers_with_the_measurement_gains_nothing(measured: Measure, how: str) -> None:
    body = textwrap.indent(textwrap.dedent(FORGERS[how]), "    ")
    test = f"from m import add\n\ndef test_add():\n    add(1, 2)\n{body}"
    found = measured(NOTHING, {**ADD, "test_m.py": test})
    assert found.killed == 0
    assert found.trouble or codes(found) == ("weak_tests",)


def test_what_equals_everything_makes_a_deaf_test(measured: Measure) -> None:
    code = """
        class Any(int):
            __hash__ = int.__hash__

            def __eq__(self, other):
                return True

        def add(a, b):
            return Any(a + b)
    """
    test = """
        from m import add

        def test_add():
            assert add(1, 2) == 3

        def test_type():
            assert type(add(1, 2)).__name__ == "Any"
    """
    found = measured(NOTHING, {"m.py": code, "test_m.py": test})
    assert found.deaf == ("test_m.py::test_add",)
    assert (found.perturbed, found.noticed) == (2, 1)
    assert "deaf_tests" in codes(found)


def test_an_expectation_that_is_never_reached_makes_a_deaf_test(measured: Measure) -> None:
    test = """
        from m import add

        def test_add():
            add(1, 2)
            return
            assert add(1, 2) == 3
    """
    pytest_of_today_warns = {"pytest.ini": "[pytest]\naddopts = -W ignore\n"}
    found = measured(NOTHING, {**ADD, **pytest_of_today_warns, "test_m.py": test})
    assert found.deaf == ("test_m.py::test_add",)


def test_tests_without_written_expectations_are_not_deaf(measured: Measure) -> None:
    test = """
        import pytest
        from m import add

        def test_order():
            assert add(1, 2) > 2

        def test_wrong():
            with pytest.raises(TypeError) as caught:
                assert add(1, None) == 3
            assert "None" in str(caught.value)
    """
    found = measured(NOTHING, {**ADD, "test_m.py": test})
    assert (found.deaf, found.perturbed) == ((), 0)
    assert found.killed == found.total


def test_of_a_tests_cases_one_must_notice(measured: Measure) -> None:
    test = """
        import pytest
        from m import add

        @pytest.mark.parametrize("numbers", [[1, 1], []])
        def test_add(numbers):
            for number in numbers:
                assert add(number, 2) == 3
    """
    found = measured(NOTHING, {**ADD, "test_m.py": test})
    assert found.deaf == ()
    assert (found.perturbed, found.noticed) == (1, 1)


def test_what_was_tried_before_the_time_was_up_counts(measured: Measure) -> None:
    body = "".join(f"def f{n}(x):\n    return x + {n}\n\n" for n in range(10))
    calls = "".join(f"    assert m.f{n}(1) == {n + 1}\n" for n in range(10))
    test = f"import m, threading\n\ndef test_all():\n    threading.Event().wait(1)\n{calls}"
    found = measured(NOTHING, {"m.py": body, "test_m.py": test}, wall_s=12)
    assert found.total < 30
    assert found.killed == found.total
    assert found.trouble == f"{30 - found.total} of 30 mutants were not tried: the time was up"
    assert found.seconds < 25


def test_the_limit_of_mutants_is_held(measured: Measure) -> None:
    body = "".join(f"def f{n}(x):\n    return x + {n}\n\n" for n in range(20))
    test = "import m\n\ndef test_all():\n    assert [getattr(m, f'f{n}')(1) - n for n in range(20)] == [1] * 20\n"
    assert measured(NOTHING, {"m.py": body, "test_m.py": test}, limit=7).total == 7


def test_a_change_without_python_code_has_no_mutants(measured: Measure) -> None:
    test = "def test_text():\n    assert open('a.txt').read() == 'new'\n"
    found = measured({"a.txt": "old"}, {"a.txt": "new", "broken.py": "def (", "test_m.py": test})
    assert (found.killed, found.total, found.trouble) == (0, 0, "")
    assert (found.perturbed, found.noticed) == (1, 1)
    assert codes(found) == ()


def test_another_runner_is_not_measured(site: Site, plant: Callable[[Mapping[str, str]], str]) -> None:
    found = measure(
        site,
        base_tree=plant({}),
        result_tree=plant(ADD),
        ids=("test_m.py",),
        suite=Suite(argv=("node", "--test", "{junit}")),
    )
    assert found == Strength(trouble="mutants are made for Python tests run by pytest")
    assert judge_strength(found) == ()
