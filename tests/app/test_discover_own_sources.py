"""Sources that the user brings: found by entry point or name, from the user's environment and nowhere else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.thirdparty import installed, named
from backlog.discover import look
from backlog.source import Source
from tests.backlog.conftest import make_view

GOOD = """
from backlog.item import Kind
from backlog.source import Found, Report

class Weather:
    name = "weather"

    def look(self, view):
        return Report(self.name, "ready", "", (Found(fingerprint="rain-1", kind=Kind.BUG, title="It rains"),))

sun = Weather()

def make():
    return Weather()

class Thief(Weather):
    def look(self, view):
        return Report("markers", "ready")

class Wordy(Weather):
    def look(self, view):
        return "nothing found"

class Empty(Weather):
    def look(self, view):
        return Report(self.name, "ready", "", None)

class Broken(Weather):
    def look(self, view):
        raise NotImplementedError("later")

class Nameless:
    def look(self, view):
        return None

def crash():
    raise RuntimeError("no battery")
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed packages with one distribution in it."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "lamp_weather.py").write_text(GOOD)
    info = folder / "lamp_weather-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lamp-weather\nVersion: 1.0\n")
    entries = "good = lamp_weather:Weather\nlost = lamp_weather:Gone\nabsent = lamp_nowhere:X\n"
    (info / "entry_points.txt").write_text(f"[lamplighter.sources]\n{entries}")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "lamp_weather", raising=False)
    return folder


def source(text: str, root: Path) -> Source:
    made = named(text, root)
    assert made is not None
    return made


@pytest.mark.parametrize("attribute", ["Weather", "sun", "make"])
def test_a_class_a_function_and_an_instance_are_sources(site: Path, tmp_path: Path, attribute: str) -> None:
    told = look(source(f"lamp_weather:{attribute}", tmp_path / "repo"), make_view())
    assert (told.name, told.status, len(told.found)) == ("weather", "ready", 1)


def test_installed_packages_add_sources_by_entry_point(site: Path, tmp_path: Path) -> None:
    told = {s.name: look(s, make_view()) for s in installed(tmp_path / "repo")}
    assert told["weather"].status == "ready"
    assert (told["lost"].status, "AttributeError" in told["lost"].reason) == ("not run", True)
    assert told["absent"].reason == "there is no module lamp_nowhere in the environment of lamplighter"


@pytest.mark.parametrize(
    ("attribute", "why"),
    [
        ("Thief", "reported in the name of 'markers'"),
        ("Wordy", "gave str, not a backlog.source.Report"),
        ("Empty", "not a tuple"),
        ("Broken", "NotImplementedError: later"),
        ("Nameless", "needs a name"),
        ("crash", "RuntimeError: no battery"),
        ("Gone", "can not be loaded"),
    ],
)
def test_a_source_that_does_not_keep_its_word_was_not_run(site: Path, tmp_path: Path, attribute: str, why: str) -> None:
    told = look(source(f"lamp_weather:{attribute}", tmp_path / "repo"), make_view())
    assert (told.status, why in told.reason) == ("not run", True), told.reason


def test_code_of_the_repository_being_worked_is_never_imported(site: Path) -> None:
    (site / "lamp_weather.py").write_text("raise SystemExit('imported')")
    told = look(source("lamp_weather:Weather", site), make_view())
    assert (told.status, "lies in the repository being worked" in told.reason) == ("not run", True)
    assert "lamp_weather" not in sys.modules


def test_a_part_of_a_package_of_the_repository_is_not_imported_either(site: Path) -> None:
    package = site / "lamp_pack"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('imported')")
    assert look(source("lamp_pack.inner:X", site), make_view()).status == "not run"


@pytest.mark.parametrize("text", ["sarif", "sarif:", "a b:c", "../x:y", "module", "a:b:c", "-m:x"])
def test_what_is_no_module_and_attribute_names_no_source(text: str, tmp_path: Path) -> None:
    assert named(text, tmp_path) is None
