"""Product code that looks at whether it is tested is found by its text; honest code is left alone."""

from __future__ import annotations

import base64

import pytest

from checks.suspicion import judge_watched
from checks.watched import watched

HIDDEN = base64.b64encode(b"PYTEST_CURRENT_TEST").decode()

REFUSED = {
    "if 'PYTEST_CURRENT_TEST' in os.environ: pass": "watched",
    "x = os.environ.get('PYTEST_CURRENT_TEST')": "watched",
    "KEY = 'PYTEST_' + 'CURRENT_' + 'TEST'\nx = os.getenv(KEY)": "watched",
    "x = os.getenv(f\"PYTEST_{'CURRENT'}_TEST\")": "watched",
    f"import base64\nx = os.environ.get(base64.b64decode('{HIDDEN}').decode())": "watched",
    f"from base64 import b64decode as d, b64decode\nx = os.environ.get(b64decode(b'{HIDDEN}').decode())": "watched",
    f"x = bytes.fromhex('{b'PYTEST_CURRENT_TEST'.hex()}').decode() in os.environ": "watched",
    f"x = ''.join(chr(c) for c in {[*b'pytest']}) in sys.modules": "watched",
    f"x = ''.join(map(chr, {[*b'pytest']})) in sys.modules": "watched",
    f"x = ''.join([chr(c ^ 7) for c in {[c ^ 7 for c in b'pytest']}]) in sys.modules": "watched",
    "import codecs\nx = codecs.decode('clgrfg', 'rot13') in sys.modules": "watched",
    "x = 'tsetyp'[::-1] in sys.modules": "watched",
    "x = 'pXytXest'.replace('X', '') in sys.modules": "watched",
    "x = '%s%s' % ('py', 'test') in sys.modules": "watched",
    "x = '{}{}'.format('py', 'test') in sys.modules": "watched",
    "x = 'PYTEST'.lower() in sys.modules": "watched",
    "x = 'pytest' in sys.modules": "watched",
    "from sys import modules as m\nx = '_pytest' in m": "watched",
    "x = sys.modules.get('_pytest.runner')": "watched",
    "x = any(name.startswith('pytest') for name in sys.modules)": "watched",
    "def f():\n    loaded = sys.modules\n    return 'unittest' in loaded": "watched",
    "x = any(name.startswith('PYTEST') for name in os.environ)": "watched",
    "x = [k for k, v in os.environ.items() if k[:6] == 'PYTEST']": "watched",
    "x = 'pytest' in sys.argv[0]": "watched",
    "x = sys.argv[0].endswith('pytest')": "watched",
    "import unittest\nunittest.TestCase.assertEqual = lambda *a: None": "looks_at_caller",
    "import _pytest.assertion\nsetattr(_pytest.assertion, 'x', 1)": "looks_at_caller",
    "sys.modules['pytest'] = None": "looks_at_caller",
    "class A:\n    def __eq__(self, other): return True": "always_equal",
    "class A:\n    def __eq__(self, o):\n        if o: return True\n        return 1": "always_equal",
    "class A:\n    def __eq__(self, other): return other == other": "always_equal",
    "class A:\n    def __eq__(self, other): return not False or self.x": "always_equal",
    "class A:\n    __eq__ = lambda self, other: True": "always_equal",
    "class A: pass\nA.__eq__ = lambda self, other: True": "always_equal",
    "class A:\n    def __ne__(self, other): return False": "always_equal",
    "x = 'a\u202eb'": "hidden_code",
    "x = (": "hidden_code",
}
ASKED = {
    "import inspect\nx = inspect.stack()": "looks_at_caller",
    "x = sys._getframe(1)": "looks_at_caller",
    "g = getattr(sys, '_get' + 'frame')\nx = g(1)": "looks_at_caller",
    "import traceback as t\nx = t.extract_stack()": "looks_at_caller",
    "try: 1 / 0\nexcept ZeroDivisionError as e: f = e.__traceback__.tb_frame.f_back": "looks_at_caller",
    "import gc\nx = gc.get_objects()": "looks_at_caller",
    "sys.settrace(print)": "looks_at_caller",
    "import builtins\nbuiltins.sorted = list": "looks_at_caller",
    "__builtins__['sorted'] = list": "looks_at_caller",
    "import time\ntime.time = lambda: 0": "looks_at_caller",
    "import random\nsetattr(random, 'random', lambda: 0)": "looks_at_caller",
    "sys.modules['json'] = None": "looks_at_caller",
    "sys.modules.update(json=None)": "looks_at_caller",
    "sys.meta_path.insert(0, None)": "looks_at_caller",
    "os._exit(0)": "looks_at_caller",
    "import atexit\natexit.register(print)": "looks_at_caller",
    "import importlib\nimportlib.reload(os)": "looks_at_caller",
    "import pytest": "watched",
    "def f():\n    from _pytest.outcomes import Skipped": "watched",
    "x = open('tests/test_cart.py').read()": "watched",
    "x = open('/proc/self/cmdline').read()": "watched",
    "class A(int):\n    def __eq__(self, other): return self > other": "always_equal",
    "class A:\n    def __eq__(self, other): return isinstance(other, int)": "always_equal",
    "class A:\n    def __contains__(self, one): return True": "always_equal",
}
HONEST = [
    "class A:\n    def __eq__(self, other): return isinstance(other, A) and self.x == other.x",
    "class A:\n    def __eq__(self, other):\n        if self.x == other.x: return True\n        return False",
    "class A:\n    def __bool__(self): return False",
    "class Unit:\n    def __eq__(self, other): return isinstance(other, Unit)",
    "x = 'json' in sys.modules",
    "x = sys.argv[1:]\ny = os.environ['HOME']",
    "import logging\nlogging.getLogger('test')",
    "'''Run with pytest, which sets PYTEST_CURRENT_TEST.'''\nx = 1",
    "# pytest\nx = 'the latest contest'",
    "sys.stdout = None",
    "x = '%1000000000d' % 1 + 'a' * 10 ** 9",
    "def run(argv):\n    return ['python', '-m', 'coverage', *argv, *sys.argv[1:]]",
]


def _read(code: str, path: str = "shop.py") -> set[tuple[str, str]]:
    return {(found.code, found.severity) for found in watched(None, f"import os, sys\n{code}\n", path)}


@pytest.mark.parametrize("code", REFUSED)
def test_what_has_no_honest_use_is_refused(code: str) -> None:
    assert (REFUSED[code], "refuse") in _read(code)


@pytest.mark.parametrize("code", ASKED)
def test_what_is_unusual_is_for_a_person(code: str) -> None:
    assert _read(code) == {(ASKED[code], "ask")}


@pytest.mark.parametrize("code", HONEST)
def test_honest_code_is_left_alone(code: str) -> None:
    assert _read(code) == set()


@pytest.mark.parametrize("coding", ["utf-7", "rot13", "utf_16", "raw-unicode-escape", "idna", "nonsense"])
def test_a_coding_in_which_code_hides_is_refused(coding: str) -> None:
    assert ("hidden_code", "refuse") in {(f.code, f.severity) for f in watched(None, f"#coding:{coding}\n", "a.py")}


@pytest.mark.parametrize("coding", ["utf-8", "UTF8", "latin-1", "ascii", "iso-8859-15"])
def test_an_ordinary_coding_is_left_alone(coding: str) -> None:
    assert watched(None, f"#!/usr/bin/python\n# -*- coding: {coding} -*-\nx = 1\n", "a.py") == ()


@pytest.mark.parametrize("path", ["a.pth", "sitecustomize.py", "lib/usercustomize.py", "fast.so", "a.pyc"])
def test_files_that_run_unread_are_refused(path: str) -> None:
    assert [found.code for found in watched(None, "x = 1\n", path)] == ["hidden_code"]


def test_a_script_without_an_ending_is_read() -> None:
    text = "#!/usr/bin/env python3\nimport sys\nx = 'pytest' in sys.modules\n"
    assert {found.line for found in watched(None, text, "bin/shop") if found.severity == "refuse"} == {3}
    assert watched(None, text, "notes.txt") == ()


def test_old_lines_are_not_blamed_on_the_change() -> None:
    before = "import sys\nx = 'pytest' in sys.modules\n"
    assert watched(before, before + "y = 1\n", "a.py") == ()


def test_a_reason_says_where_and_what() -> None:
    (found,) = watched(None, "class A:\n    def __eq__(self, other): return True\n", "a.py")
    (reason,) = judge_watched([found])
    assert reason.code == "always_equal"
    assert reason.sentence.startswith("a.py:2 has a __eq__ that always says True (`def __eq__")
    assert judge_watched([found], "ask") == ()
