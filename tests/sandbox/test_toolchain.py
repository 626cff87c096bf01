"""Which interpreter the repository's code runs with. Decided from files alone; then run in the sandbox."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from sandbox.bwrap import Bwrap
from sandbox.policy import Mount, Policy
from sandbox.shelf import PACKAGES, stocked
from sandbox.toolchain import Toolchain, ToolchainMissing, base, choose, own

REAL = Path(base()[0])


def environment(
    folder: Path,
    *,
    home: str | None = None,
    python: Path = REAL,
    lines: str = "include-system-site-packages = false\n",
) -> Path:
    """A virtual environment as `python -m venv --without-pip` makes it, without running it."""
    library = folder / "lib" / f"python{sysconfig.get_python_version()}" / "site-packages"
    library.mkdir(parents=True)
    (folder / "bin").mkdir()
    (folder / "bin" / "python").symlink_to(python)
    version = ".".join(map(str, sys.version_info[:3]))
    (folder / "pyvenv.cfg").write_text(f"home = {home or python.parent}\nversion = {version}\n{lines}")
    return library


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    return folder


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return tmp_path / "shelf"


def insides(toolchain: Toolchain) -> set[str]:
    return {mount.inside for mount in toolchain.mounts}


def test_the_configured_interpreter_comes_first(repository: Path, shelf: Path, tmp_path: Path) -> None:
    environment(repository / ".venv")
    environment(tmp_path / "other")
    assert choose(repository, str(tmp_path / "other/bin/python"), None, shelf).origin == "configured"
    assert choose(repository, "../other", None, shelf).python == str(tmp_path / "other/bin/python")


def test_then_the_repositorys_own_environment(repository: Path, shelf: Path, tmp_path: Path) -> None:
    environment(repository / "venv")
    environment(tmp_path / "active")
    found = choose(repository, None, str(tmp_path / "active"), shelf)
    assert (found.origin, found.python) == ("venv", str(repository / "venv/bin/python"))
    environment(repository / ".venv")
    assert choose(repository, None, None, shelf).python == str(repository / ".venv/bin/python")


def test_then_the_active_environment_then_ours(repository: Path, shelf: Path, tmp_path: Path) -> None:
    environment(tmp_path / "active")
    assert choose(repository, None, str(tmp_path / "active"), shelf).origin == "active"
    assert choose(repository, None, str(tmp_path / "gone"), shelf).origin == "ours"
    assert choose(repository, None, None, shelf).origin == "ours"


def test_a_command_of_the_system_can_be_configured(repository: Path, shelf: Path) -> None:
    if not os.path.exists("/usr/bin/python3"):
        pytest.skip("the system has no python3")
    found = choose(repository, "python3", None, shelf)
    assert found.python in ("/usr/bin/python3", "/usr/local/bin/python3")


def test_what_is_shown_is_the_environment_and_its_installation_and_nothing_broader(
    repository: Path, shelf: Path
) -> None:
    environment(repository / ".venv")
    prefix = REAL.parent.parent
    parts = {str(prefix / part) for part in ("bin", "lib", "lib64", "include")}
    shown = insides(choose(repository, None, None, shelf))
    assert str(repository / ".venv") in shown
    assert shown - {str(repository / ".venv")} <= parts


def test_the_version_is_read_not_asked(repository: Path, shelf: Path) -> None:
    environment(repository / ".venv")
    assert choose(repository, None, None, shelf).version == ".".join(map(str, sys.version_info[:3]))


def test_the_system_is_there_already(repository: Path, shelf: Path) -> None:
    if not os.path.exists("/usr/bin/python3"):
        pytest.skip("the system has no python3")
    assert choose(repository, "/usr/bin/python3", None, shelf).mounts == ()


@pytest.mark.parametrize("configured", ["/no/such/python", "no-such-python", "gone/bin/python"])
def test_a_configured_interpreter_that_is_missing_is_said_in_one_line(
    repository: Path, shelf: Path, configured: str
) -> None:
    with pytest.raises(ToolchainMissing, match="does not exist") as caught:
        choose(repository, configured, None, shelf)
    assert configured in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_configured_program_that_is_no_interpreter_is_refused(repository: Path, shelf: Path) -> None:
    (repository / "python").write_text("#!/bin/sh\n")
    for configured in ("./python", "/bin/sh"):
        with pytest.raises(ToolchainMissing, match="is no python"):
            choose(repository, configured, None, shelf)


def test_nothing_of_a_hostile_environment_is_run_or_shown(repository: Path, shelf: Path, tmp_path: Path) -> None:
    secret = tmp_path / "home"
    (secret / "bin").mkdir(parents=True)
    environment(repository / ".venv", home=str(secret / "bin"))
    assert not any(inside.startswith(str(secret)) for inside in insides(choose(repository, None, None, shelf)))


def test_an_environment_whose_python_leads_to_no_installation_is_passed_over(
    repository: Path, shelf: Path, tmp_path: Path
) -> None:
    program = tmp_path / "home" / "bin" / "python3"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    environment(repository / ".venv", python=program)
    assert choose(repository, None, None, shelf).origin == "ours"


def test_a_broken_or_endless_link_is_passed_over(repository: Path, shelf: Path) -> None:
    environment(repository / ".venv", python=Path("/no/such/python"))
    environment(repository / "venv", python=repository / "venv/bin/python")
    assert choose(repository, None, None, shelf).origin == "ours"


def test_an_installation_reached_through_a_link_is_shown_at_both_names(
    repository: Path, shelf: Path, tmp_path: Path
) -> None:
    if REAL.is_relative_to("/usr"):
        pytest.skip("the interpreter is the system's")
    alias = tmp_path / "versions" / "current"
    alias.parent.mkdir()
    alias.symlink_to(REAL.parent.parent)
    environment(repository / ".venv", home=str(alias / "bin"), python=alias / "bin" / REAL.name)
    shown = insides(choose(repository, None, None, shelf))
    assert {str(alias / "lib"), str(REAL.parent.parent / "lib")} <= shown


def _installation(folder: Path) -> Path:
    """What looks like one of Python; its interpreter."""
    for path in ("bin/python3", "lib/python3.11/os.py", "include/x.h"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("")
    return folder / "bin/python3"


def test_a_link_of_the_repository_gives_an_installation_no_further_name(
    repository: Path, shelf: Path, tmp_path: Path
) -> None:
    _installation(tmp_path / "python")
    (repository / "x").symlink_to("../python")
    environment(repository / ".venv", python=Path("../../x/bin/python3"), home=str(repository / "x/bin"))
    shown = insides(choose(repository, None, None, shelf))
    assert {inside for inside in shown if inside.startswith(f"{repository}/")} == {str(repository / ".venv")}
    assert str(tmp_path / "python/lib") in shown


def test_a_configured_interpreter_behind_a_link_of_the_repository_is_called_by_its_own_name(
    repository: Path, shelf: Path, tmp_path: Path
) -> None:
    python = _installation(tmp_path / "python")
    (repository / "x").symlink_to("../python")
    found = choose(repository, "x/bin/python3", None, shelf)
    assert (found.python, found.path) == (str(python), (str(python.parent),))
    assert not any(inside.startswith(f"{repository}/") for inside in insides(found))


def test_an_installation_in_the_repository_is_shown_where_it_is(repository: Path, shelf: Path) -> None:
    _installation(repository / "env")
    found = choose(repository, "env/bin/python3", None, shelf)
    assert insides(found) == {str(repository / "env" / part) for part in ("bin", "lib", "include")}


def test_a_home_that_is_no_plain_path_names_no_place(repository: Path, shelf: Path, tmp_path: Path) -> None:
    environment(repository / ".venv", home=f"/opt/..{REAL.parent}")
    assert not any(".." in inside for inside in insides(choose(repository, None, None, shelf)))


def test_the_chosen_interpreter_runs_in_the_sandbox(
    own_sandbox: Bwrap, repository: Path, shelf: Path, folder: Path
) -> None:
    site = environment(repository / ".venv")
    (site / "dependency.py").write_text("name = 'found'")
    found = choose(repository, None, None, shelf)
    (folder / "workspace/.venv").mkdir()
    result = _run(
        own_sandbox,
        folder,
        found,
        "import dependency, sys; print(dependency.name, sys.prefix)",
        str(repository),
    )
    assert result == f"found {repository}/.venv\n"


def test_ours_runs_our_tools_in_the_sandbox(own_sandbox: Bwrap, shelf: Path, folder: Path) -> None:
    code = "import pytest, ruff, sys; print(sys.version_info[:2])"
    assert _run(own_sandbox, folder, own(shelf), code) == f"{sys.version_info[:2]}\n"


def test_nothing_of_ours_can_be_imported_inside(own_sandbox: Bwrap, shelf: Path, folder: Path) -> None:
    code = f"""
import importlib.util
print([name for name in {sorted(PACKAGES)} if importlib.util.find_spec(name)])
"""
    assert _run(own_sandbox, folder, own(shelf), code) == "[]\n"


def _run(sandbox: Bwrap, folder: Path, toolchain: Toolchain, code: str, at: str = "/srv/project") -> str:
    if sandbox.owner is not None:
        for path in (folder / "workspace", *(folder / "workspace").iterdir()):
            os.chown(path, sandbox.owner, sandbox.owner)
    policy = Policy(folder / "workspace", at, path=toolchain.path, mounts=toolchain.mounts)
    result = sandbox.run(policy, [toolchain.python, "-c", code])
    assert result.ok, result.stderr.decode()
    return result.stdout.decode()


def installed(site: Path) -> None:
    """As `pip install lamplighter` leaves it."""
    for name in ("tools", "graph", "lamplighter-0.1.0.dist-info", "pytest", "pytest-9.dist-info"):
        (site / name).mkdir()
        (site / name / "__init__.py").touch()
    (site / "six.py").write_text("here = True")


def test_our_packages_are_kept_out_where_we_are_installed(
    own_sandbox: Bwrap, repository: Path, shelf: Path, folder: Path
) -> None:
    installed(environment(repository / ".venv"))
    found = choose(repository, None, None, shelf)
    (folder / "workspace/.venv").mkdir()
    code = """
import importlib.metadata, importlib.util
print([n for n in ("tools", "graph", "pytest", "six") if importlib.util.find_spec(n)])
print(sorted(d.metadata["Name"] or d._path.name for d in importlib.metadata.distributions()))
import six; print(six.here)
"""
    said = _run(own_sandbox, folder, found, code, str(repository)).splitlines()
    assert said == ["['pytest', 'six']", "['pytest-9.dist-info']", "True"]


def test_where_we_are_not_installed_a_package_named_like_ours_stays(repository: Path, shelf: Path) -> None:
    site = environment(repository / ".venv")
    (site / "tools").mkdir()
    assert stocked([site], shelf) == []


def test_a_changed_set_of_packages_gets_another_shelf(repository: Path, shelf: Path) -> None:
    site = environment(repository / ".venv")
    installed(site)
    first = stocked([site], shelf)
    assert stocked([site], shelf) == first
    (site / "new.py").touch()
    second = stocked([site], shelf)
    assert (second[0].host / "new.py").is_symlink()
    assert not (first[0].host / "new.py").is_symlink()
    assert second[0] != first[0]
    assert second[1] == first[1] == Mount(site, second[1].inside)


def test_an_environment_made_by_the_standard_library_is_understood(repository: Path, shelf: Path) -> None:
    command = [str(REAL), "-m", "venv", "--without-pip", str(repository / ".venv")]
    subprocess.run(command, check=True)
    found = choose(repository, None, None, shelf)
    assert (found.origin, found.base_python) == ("venv", str(REAL))
    assert found.path == (str(repository / ".venv/bin"),)
