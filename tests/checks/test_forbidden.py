"""New code may not bring in what runs text, shells or data, however it is spelt."""

from __future__ import annotations

import pytest

from checks.forbidden import forbidden

FORBIDDEN = {
    "eval('1')": "builtins.eval",
    "exec(text)": "builtins.exec",
    "compile(text, 'x', 'exec')": "builtins.compile",
    "import builtins\nbuiltins.eval('1')": "builtins.eval",
    "from builtins import eval as e\ne('1')": "builtins.eval",
    "run = eval\nrun('1')": "builtins.eval",
    "a = eval\nb = a\nc = b\nc('1')": "builtins.eval",
    "list(map(eval, texts))": "builtins.eval",
    "getattr(__builtins__, 'ev' + 'al')('1')": "builtins.eval",
    "import builtins\ngetattr(builtins, ''.join(['e', 'val']))('1')": "builtins.eval",
    "import builtins\ngetattr(builtins, 'lave'[::-1])('1')": "builtins.eval",
    "import builtins\ngetattr(builtins, f'ev{\"al\"}')('1')": "builtins.eval",
    "__builtins__['eval']('1')": "builtins.eval",
    "import os\ngetattr(os, bytes.fromhex('73797374656d').decode())('ls')": "os.system",
    "import os, base64\ngetattr(os, base64.b64decode('c3lzdGVt').decode())('ls')": "os.system",
    "import os\ngetattr(os, ''.join(map(chr, [115, 121, 115, 116, 101, 109])))('ls')": "os.system",
    "import builtins\nbuiltins.__dict__['eval']('1')": "builtins.eval",
    "import builtins\nvars(builtins)['eval']('1')": "builtins.eval",
    "import builtins\nname = input()\ngetattr(builtins, name)('1')": "builtins[…]",
    "import os\nos.system('ls')": "os.system",
    "import os as o\no.system('ls')": "os.system",
    "from os import system\nsystem('ls')": "os.system",
    "from os import *\nsystem('ls')": "os.system",
    "import posix\nposix.system('ls')": "os.system",
    "__import__('os').system('ls')": "os.system",
    "import importlib\nimportlib.import_module('os').system('ls')": "os.system",
    "import sys\nsys.modules['os'].system('ls')": "os.system",
    "import os\ngetattr(os, 'sys' + 'tem')('ls')": "os.system",
    "import os\nf = getattr(os, 'system')\nf('ls')": "os.system",
    "import os\ndef g(run=os.system):\n    run('ls')": "os.system",
    "import os\na, b = os.system, 1\na('ls')": "os.system",
    "import os\nif (s := os.system):\n    s('ls')": "os.system",
    "__import__(name)": "builtins.__import__[…]",
    "import subprocess\nsubprocess.run('ls', shell=True)": "subprocess.run(shell)",
    "from subprocess import Popen as P\nP('ls', shell=flag)": "subprocess.Popen(shell)",
    "import subprocess\nsubprocess.call('ls', **{'shell': True})": "subprocess.call(shell)",
    "import subprocess\nsubprocess.getoutput('ls')": "subprocess.getoutput",
    "import pickle\npickle.loads(data)": "pickle.loads",
    "import pickle\nclass U(pickle.Unpickler): pass": "pickle.Unpickler",
    "from pickle import load\nload(file)": "pickle.load",
    "import yaml\nyaml.load(text)": "yaml.load",
    "import yaml\nyaml.load(text, Loader=yaml.UnsafeLoader)": "yaml.load",
    "def broken(:": "unparsable",
}

ALLOWED = [
    "import re\nre.compile('x')",
    "import ast\nast.literal_eval('1')",
    "model.eval()",
    "container.exec('ls')",
    "def compile(x):\n    return x\ncompile('x')",
    "import subprocess\nsubprocess.run(['ls'])",
    "import subprocess\nsubprocess.run(['ls'], shell=False)",
    "import json\njson.loads(data)",
    "import yaml\nyaml.load(text, Loader=yaml.SafeLoader)",
    "import pickle\npickle.dumps(data)",
    "import os\nos.environ[name]",
    "getattr(thing, name)",
    "# eval('1')\ntext = 'os.system'",
]


@pytest.mark.parametrize("code", FORBIDDEN)
def test_it_is_found_however_it_is_spelt(code: str) -> None:
    assert FORBIDDEN[code] in {found.construct for found in forbidden("", code, "a.py")}


@pytest.mark.parametrize("code", ALLOWED)
def test_harmless_namesakes_pass(code: str) -> None:
    assert forbidden("", code, "a.py") == ()


def test_old_lines_are_not_blamed_on_the_change() -> None:
    before = "import os\nos.system('ls')\n"
    assert forbidden(before, before + "x = 1\n", "a.py") == ()


def test_a_new_use_of_an_old_alias_is_found() -> None:
    before = "run = eval\n"
    (found,) = forbidden(before, before + "run('1')\n", "a.py")
    assert (found.line, found.construct, found.snippet) == (2, "builtins.eval", "run('1')")


def test_a_new_argument_inside_an_old_call_is_found() -> None:
    before = "import subprocess\nsubprocess.run(\n    'ls',\n)\n"
    after = "import subprocess\nsubprocess.run(\n    'ls',\n    shell=True,\n)\n"
    assert [found.construct for found in forbidden(before, after, "a.py")] == ["subprocess.run(shell)"]


@pytest.mark.parametrize("path", ["a.pyw", "A.PY", "bin/shop", "stub.pyi"])
def test_python_is_read_under_every_name_it_may_have(path: str) -> None:
    assert [found.construct for found in forbidden("", "#!/usr/bin/env python3\neval('1')", path)] == ["builtins.eval"]


def test_a_coding_that_makes_other_text_of_it_does_not_pass() -> None:
    (found,) = forbidden("", "# coding: utf-7\n+AGUAdgBhAGw-('1')", "a.py")
    assert (found.line, found.construct) == (1, "unparsable")


def test_only_python_is_read() -> None:
    assert forbidden("", "eval('1')", "notes.md") == ()


def test_code_nested_too_deep_to_be_read_does_not_pass() -> None:
    deep = "import os\ngetattr(os, " + "+".join(["'s'"] * 3000) + ")()"
    assert [found.construct for found in forbidden("", deep, "a.py")] == ["unparsable"]
