"""A file that the configuration makes a plugin of the test runner is found, whatever it is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from checks.plugins import steering_modules
from checks.suite import Suite, run_tests
from sandbox.site import Site

PATHS = ("shop/__init__.py", "shop/cart.py", "shop/plugin.py", "src/shop/__init__.py", "src/shop/plugin.py", "plain.py")
SHOP = {"shop/__init__.py", "shop/plugin.py", "src/shop/__init__.py", "src/shop/plugin.py"}

NAMED = {
    "pytest.ini": "[pytest]\naddopts = -q -p shop.plugin -x\n",
    "tox.ini": "[pytest]\naddopts =\n    -pshop.plugin\n    # a word\n",
    "setup.cfg": "[tool:pytest]\naddopts = -p 'shop.plugin'\n",
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = ['-p', 'shop.plugin']\n",
    "pytest.toml": "[pytest]\naddopts = ['-p', 'shop.plugin']\n",
    "a/pyproject.toml": "[tool.pytest]\naddopts = '-p shop.plugin'\n",
    "b/pyproject.toml": "[project.entry-points.pytest11]\nshop = 'shop.plugin:Plugin'\n",
    "b/setup.cfg": "[options.entry_points]\npytest11 =\n    shop = shop.plugin\n",
    "setup.py": "from setuptools import setup\nsetup(entry_points={'pytest11': ['shop = shop.plugin']})\n",
    "conftest.py": "pytest_plugins = ('shop.' + 'plugin',)\n",
    "tests/conftest.py": "pytest_plugins: str = 'shop.plugin'\n",
    "tests/test_a.py": "pytest_plugins = ['shop.plugin', 'pytester']\n",
}


@pytest.mark.parametrize("path", NAMED)
def test_a_plugin_is_found_wherever_it_is_named(path: str) -> None:
    assert steering_modules({path: NAMED[path]}, PATHS) == SHOP


def test_what_is_switched_off_or_not_there_is_no_plugin() -> None:
    texts = {"pytest.ini": "[pytest]\naddopts = -p no:plain -p xdist.plugin --pdbcls=plain\n", "setup.cfg": "[x"}
    assert steering_modules(texts, PATHS) == frozenset()


def test_it_is_what_pytest_loads(site: Site, plant: Callable[[Mapping[str, str]], str]) -> None:
    """The hole itself: product code that is a plugin makes a failing test pass unseen."""
    plugin = "def pytest_pyfunc_call(pyfuncitem):\n    return True\n"
    files = {"pytest.ini": "[pytest]\naddopts = -p shop.plugin\n", "shop/__init__.py": "", "shop/plugin.py": plugin}
    run = run_tests(site, plant({**files, "test_a.py": "def test_a(): assert 0"}), suite=Suite(timeout_s=60))
    assert run.with_ending("passed") == {"test_a.py::test_a"}
    assert "shop/plugin.py" in steering_modules(files, files)
