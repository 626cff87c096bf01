"""Inside the repository only what the policy says can be written, and what it hides is not seen."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from lab import AT, Lab

from sandbox.policy import Mount, SandboxUnavailable


def _filled(lab: Lab) -> None:
    lab.put("src/free.py", "free")
    lab.put("src/locked.py", "locked")
    lab.put("src/deep/locked.py", "locked")
    lab.put("docs/page.md", "page")


def test_without_a_rule_nothing_is_written(lab: Lab) -> None:
    _filled(lab)
    result = lab.sh("echo x > src/free.py; echo x > new; rm docs/page.md; mv src other", writable=())
    assert result.stderr.count(b"Read-only file system") == 4
    assert (lab.workspace / "src/free.py").read_text() == "free"


def test_a_writable_folder_is_all_that_is_written(lab: Lab) -> None:
    _filled(lab)
    script = "echo x > src/free.py; echo x > src/new; mv src/new src/free.py; echo x > docs/page.md; echo x > new"
    result = lab.sh(script, writable=("src",))
    assert result.stderr.count(b"Read-only file system") == 2
    assert (lab.workspace / "src/free.py").read_text() == "x\n"
    assert (lab.workspace / "docs/page.md").read_text() == "page"


def test_a_readonly_file_in_a_writable_folder_can_not_be_changed_by_any_way(lab: Lab) -> None:
    _filled(lab)
    ways = (
        "echo x > src/locked.py",
        "rm -f src/locked.py",
        "mv src/locked.py aside",
        "mv src/free.py src/locked.py",
        "ln -f src/free.py src/locked.py",
        "chmod 777 src/locked.py",
        "touch src/locked.py",
        "truncate -s 0 src/locked.py",
    )
    for way in ways:
        assert not lab.sh(way, readonly=("src/locked.py",)).ok, way
    assert (lab.workspace / "src/locked.py").read_text() == "locked"


def test_the_same_file_is_changed_without_the_rule(lab: Lab) -> None:
    _filled(lab)
    assert lab.sh("mv src/free.py src/locked.py").ok
    assert (lab.workspace / "src/locked.py").read_text() == "free"


def test_a_folder_above_a_readonly_file_can_not_be_moved_aside(lab: Lab) -> None:
    _filled(lab)
    readonly = ("src/deep/locked.py",)
    for way in (
        "mv src other",
        "mv src/deep other",
        "mv src/deep src/other",
        "rm -rf src/deep; mkdir src/deep",
    ):
        assert not lab.sh(way, readonly=readonly).ok, way
    assert lab.sh("cp -r src/deep copy && mv docs pages", readonly=readonly).ok
    assert (lab.workspace / "src/deep/locked.py").read_text() == "locked"


def test_the_deepest_rule_holds(lab: Lab) -> None:
    _filled(lab)
    rules = {"writable": (".", "src/deep"), "readonly": ("src",)}
    assert lab.sh("echo x > new && echo x > src/deep/locked.py", **rules).ok
    assert not lab.sh("echo x > src/free.py", **rules).ok


def test_readonly_wins_over_writable_for_the_same_path(lab: Lab) -> None:
    _filled(lab)
    assert not lab.sh("echo x > src/free.py", writable=(".", "src"), readonly=("src",)).ok


def test_a_link_in_the_workspace_never_steers_a_mount(lab: Lab) -> None:
    outside = lab.folder / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    os.symlink(outside, lab.workspace / "link")
    lab.give()
    result = lab.sh("cat link/kept; echo x > link/kept; echo x > link/sub", writable=("link", "link/sub"))
    assert not result.ok
    assert b"kept" not in result.stdout
    assert (outside / "kept").read_text() == "kept"


def test_rules_for_what_is_not_there_or_not_in_the_repository_do_nothing(lab: Lab) -> None:
    lab.put("a")
    result = lab.sh("ls -A", writable=("gone", "../..", "/etc"), readonly=("gone/too",), hidden=("gone", "../x"))
    assert result.stdout == b"a\n"


def test_a_hidden_file_is_seen_empty_and_can_not_be_changed(lab: Lab) -> None:
    lab.put(".env", "KEY=top-secret")
    result = lab.sh("cat .env; ls; echo x > .env; mv .env aside", hidden=(".env",))
    assert b"top-secret" not in result.stdout
    assert not result.ok
    assert (lab.workspace / ".env").read_text() == "KEY=top-secret"


def test_a_hidden_folder_is_seen_empty(lab: Lab) -> None:
    lab.put("secrets/deep/key", "top-secret")
    result = lab.sh("find secrets; mv secrets aside; touch secrets/new", hidden=("secrets", "secrets/deep/key"))
    assert result.stdout == b"secrets\n"
    assert not result.ok


def test_a_hidden_file_can_not_be_moved_along_with_its_folder(lab: Lab) -> None:
    lab.put("conf/deep/key", "top-secret")
    assert not lab.sh("mv conf open", hidden=("conf/deep/key",)).ok
    assert not lab.sh("mv conf/deep open", hidden=("conf/deep/key",)).ok


def test_a_hidden_link_hides_what_it_leads_to(lab: Lab) -> None:
    lab.put("conf/real", "top-secret")
    os.symlink("conf/real", lab.workspace / ".env")
    assert lab.sh("cat .env conf/real", hidden=(".env",)).stdout == b""


def test_many_hidden_files_are_all_hidden(lab: Lab) -> None:
    for number in range(230):
        (lab.workspace / f"{number:03}.key").write_text("top-secret")
    lab.give()
    result = lab.sh("cat *.key", hidden=tuple(f"{number:03}.key" for number in range(230)))
    assert result.stdout == b""


def test_an_extra_mount_is_shown_and_written_only_when_it_says_so(lab: Lab) -> None:
    for name in ("read", "write"):
        (lab.folder / name).mkdir()
        (lab.folder / name / "file").write_text(name)
    lab.give()
    mounts = (Mount(lab.folder / "read", "/run/a"), Mount(lab.folder / "write", "/run/b", writable=True))
    result = lab.sh("cat /run/a/file /run/b/file; echo x > /run/b/file; echo x > /run/a/file", mounts=mounts)
    assert result.stdout == b"readwrite"
    assert not result.ok
    assert (lab.folder / "write/file").read_text() == "x\n"
    assert (lab.folder / "read/file").read_text() == "read"


def test_an_environment_inside_the_repository_is_shown_over_the_workspace(lab: Lab) -> None:
    real = lab.folder / "real"
    real.mkdir()
    (real / "tool").write_text("real")
    lab.put("code/.venv/tool", "from the copy")
    lab.give()
    result = lab.sh(
        "cat code/.venv/tool; echo x > code/.venv/tool; mv code aside",
        mounts=(Mount(real, f"{AT}/code/.venv"),),
    )
    assert result.stdout == b"real"
    assert not result.ok
    assert (lab.workspace / "code/.venv/tool").read_text() == "from the copy"


def test_a_mount_in_a_mounted_folder_leaves_that_folder_as_it_is(lab: Lab) -> None:
    for part in ("real/lib/site", "over"):
        (lab.folder / part).mkdir(parents=True)
    (lab.folder / "real/lib/os.py").write_text("real")
    lab.put("code/.venv/lib/site/x", "from the copy")
    mounts = (Mount(lab.folder / "real", f"{AT}/code/.venv"), Mount(lab.folder / "over", f"{AT}/code/.venv/lib/site"))
    result = lab.sh("cat code/.venv/lib/os.py; ls code/.venv/lib/site; echo x > code/.venv/lib/new", mounts=mounts)
    assert result.stdout == b"real"
    assert not result.ok


@pytest.mark.parametrize("inside", ["link", "link/sub", "deep/link/sub/more"])
def test_no_link_in_the_workspace_steers_what_is_mounted_there(lab: Lab, inside: str) -> None:
    outside = lab.folder / "outside"
    (outside / "sub/more").mkdir(parents=True)
    (lab.workspace / "deep").mkdir()
    for link in ("link", "deep/link"):
        os.symlink(outside, lab.workspace / link)
    lab.give()
    with pytest.raises((SandboxUnavailable, RuntimeError), match=rf"{AT}/.*link is a link, so that nothing can be"):
        lab.sh(f"echo x > {inside}/new; echo x > link/new", mounts=(Mount(lab.folder, f"{AT}/{inside}"),))
    assert sorted(path.name for path in outside.rglob("*")) == ["more", "sub"]


def test_nor_does_a_link_in_another_mount(lab: Lab) -> None:
    (lab.folder / "other").mkdir()
    os.symlink("/usr/bin", lab.folder / "other" / "link")
    mounts = (Mount(lab.folder / "other", "/srv/other"), Mount(lab.workspace, "/srv/other/link"))
    with pytest.raises((SandboxUnavailable, RuntimeError), match="/srv/other/link is a link"):
        lab.sh("true", mounts=mounts)


@pytest.mark.parametrize("place", ["/usr/bin", "/usr", "/", "/lib/x", "/etc", "/srv/../usr/bin", "srv/x", "/proc/self"])
def test_nothing_is_mounted_over_the_system(lab: Lab, place: str) -> None:
    with pytest.raises((SandboxUnavailable, RuntimeError), match=f"nothing can be mounted at {place}: "):
        lab.sh("true", mounts=(Mount(lab.workspace, place),))


def test_what_is_of_the_system_anyway_and_packages_may_be_asked_for(lab: Lab) -> None:
    assert lab.sh("true", mounts=(Mount(Path("/usr/bin"), "/usr/bin"), Mount(Path("/usr/lib"), "/usr/lib"))).ok
    site = next(Path("/usr/lib").glob("python3*/*-packages"), None)
    if site is not None:
        lab.put("seen", "seen")
        assert lab.sh(f"cat {site}/seen", mounts=(Mount(lab.workspace, str(site)),)).stdout == b"seen"


def test_a_toolchain_path_is_readable_at_its_own_place(lab: Lab) -> None:
    tool = lab.folder / "opt" / "tool"
    tool.mkdir(parents=True)
    (tool / "data").write_text("data")
    lab.give()
    result = lab.sh(f"cat {tool}/data; echo x > {tool}/data", toolchain=(str(tool), "/usr/bin"))
    assert result.stdout == b"data"
    assert not result.ok


def test_a_working_folder_is_within_the_repository(lab: Lab) -> None:
    lab.put("sub/file")
    assert lab.box().run(["pwd"], cwd="sub").stdout.decode() == f"{AT}/sub\n"
    for outside in ("/etc", "..", "sub/../.."):
        with pytest.raises((ValueError, RuntimeError), match="not within the repository"):
            lab.box().run(["pwd"], cwd=outside)


def test_nothing_but_the_workspace_and_temporary_memory_is_writable(lab: Lab) -> None:
    """Every mount inside, from the kernel's own list."""
    table = lab.sh("cat /proc/self/mountinfo").stdout.decode()
    rows = [line.split() for line in table.splitlines()]
    writable = {row[4] for row in rows if "rw" in row[5].split(",")}
    devices = {f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom", "tty", "pts", "shm")}
    assert writable == devices | {AT, "/tmp", "/home/sandbox"}


def test_a_repository_at_a_place_of_the_system_is_refused(lab: Lab) -> None:
    for at in ("/", "/usr", "/etc", "/usr/lib/x", "/usr/bin", "relative", "/srv/../etc"):
        with pytest.raises((SandboxUnavailable, RuntimeError), match="can not be shown there"):
            lab.box(at=at).run(["true"])


def test_the_host_keeps_no_trace_of_the_mounts(lab: Lab) -> None:
    lab.put("src/locked.py", "x")
    before = subprocess.run(["cat", "/proc/self/mountinfo"], capture_output=True, check=True).stdout
    lab.sh("true", readonly=("src/locked.py",), hidden=("src/locked.py",))
    assert subprocess.run(["cat", "/proc/self/mountinfo"], capture_output=True, check=True).stdout == before
    assert sorted(p.name for p in lab.workspace.rglob("*")) == ["locked.py", "src"]
