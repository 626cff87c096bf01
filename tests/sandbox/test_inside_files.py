"""The file tools: what a model is told, and what it can never do."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from lab import Lab

from sandbox.files import FileRefused, Files


@pytest.fixture
def files(lab: Lab) -> Files:
    return Files(lab.box(writable=(".",)), lab.python)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(FileRefused) as caught:
        act()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_file_is_read_with_line_numbers(lab: Lab, files: Files) -> None:
    lab.put("src/a.py", "first\nsecond\n\nlast")
    assert files.read("src/a.py") == "     1  first\n     2  second\n     3  \n     4  last"


def test_a_part_says_where_to_go_on(lab: Lab, files: Files) -> None:
    lab.put("long", "".join(f"line {n}\n" for n in range(1, 1001)))
    part = files.read("long", start=11, lines=2)
    assert part == "    11  line 11\n    12  line 12\n(long has 1000 lines; go on with start=13)"
    assert refusal(lambda: files.read("long", start=2000)) == "long has 1000 lines: start 2000 is past its end"


def test_an_empty_file_is_said_to_be_empty(lab: Lab, files: Files) -> None:
    lab.put("empty")
    assert files.read("empty") == "empty is empty"


def test_a_long_answer_is_bounded(lab: Lab, files: Files) -> None:
    lab.put("wide", "x" * 100_000 + "\n" + "y" * 1000 + "\n" * 5)
    lab.put("many", "".join(f"{n:050}\n" for n in range(5000)))
    assert "(100000 characters)" in files.read("wide")
    for answer in (files.read("wide"), files.read("many", lines=5000), files.search("0", "many")):
        assert len(answer) < 64_000
    assert "go on with start=" in files.read("many", lines=5000)


def test_a_new_file_and_its_folders_are_written(lab: Lab, files: Files) -> None:
    assert files.write("a/b/c.txt", "one\ntwo\n") == "a/b/c.txt created: 2 lines"
    assert (lab.workspace / "a/b/c.txt").read_text() == "one\ntwo\n"
    assert files.write("a/b/c.txt", "é") == "a/b/c.txt replaced: 1 lines"
    assert (lab.workspace / "a/b/c.txt").read_bytes() == "é".encode()


def test_a_file_keeps_its_mode(lab: Lab, files: Files) -> None:
    lab.put("run.sh", "old text", mode=0o755)
    files.edit("run.sh", "old", "new")
    files.write("run.sh", "again")
    assert (lab.workspace / "run.sh").stat().st_mode & 0o777 == 0o755


def test_an_edit_changes_the_one_place(lab: Lab, files: Files) -> None:
    lab.put("a.py", "x = 1\ny = 2\n")
    told = files.edit("a.py", "y = 2", "y = 3")
    assert told.startswith("a.py changed; it reads now:\n")
    assert "     2  y = 3" in told
    assert (lab.workspace / "a.py").read_text() == "x = 1\ny = 3\n"


def test_an_edit_of_a_text_that_occurs_often_says_where(lab: Lab, files: Files) -> None:
    lab.put("a.py", "pass\n\npass\npass\n")
    said = refusal(lambda: files.edit("a.py", "pass", "..."))
    assert said.startswith("the old text occurs 3 times in a.py (lines 1, 3, 4): include more of the lines")


def test_an_edit_of_a_text_that_is_not_there_says_what_comes_close(lab: Lab, files: Files) -> None:
    lab.put("a.py", "def f():\n    return 1\n")
    assert "line 2" in refusal(lambda: files.edit("a.py", "return 1\nelse", "return 2"))
    assert "read the file" in refusal(lambda: files.edit("a.py", "nowhere", "x"))
    assert "nothing to do" in refusal(lambda: files.edit("a.py", "def", "def"))
    assert "empty" in refusal(lambda: files.edit("a.py", "", "x"))
    assert (lab.workspace / "a.py").read_text() == "def f():\n    return 1\n"


def test_line_ends_of_a_file_are_kept(lab: Lab, files: Files) -> None:
    (lab.workspace / "dos.txt").write_bytes(b"one\r\ntwo\r\nthree\r\n")
    lab.give()
    assert files.read("dos.txt").endswith("three")
    files.edit("dos.txt", "one\ntwo", "1\n2")
    assert (lab.workspace / "dos.txt").read_bytes() == b"1\r\n2\r\nthree\r\n"


def test_a_missing_file_suggests_what_may_be_meant(lab: Lab, files: Files) -> None:
    lab.put("src/package/module.py", "x")
    said = refusal(lambda: files.read("src/module.py"))
    assert said == "there is no file src/module.py; did you mean src/package/module.py?"
    assert "src/package/module.py" in refusal(lambda: files.read("src/package/modul.py"))
    assert "find_files" in refusal(lambda: files.edit("zzz", "a", "b"))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/etc/passwd", "absolute"),
        ("../outside", "`..`"),
        ("src/../../outside", "`..`"),
        ("", "no path"),
        ("a\0b", "no path"),
        (".", "root"),
        (".git/config", "git's own"),
        ("sub/.GIT/hooks/pre-commit", "git's own"),
        ("src", "is a folder"),
        ("out", "leads out"),
        ("out/x", "leads out"),
        ("pipe", "no regular file"),
        ("binary", "binary"),
        ("latin", "not UTF-8 (byte 0xe9 in line 2)"),
        ("huge", "too many"),
        ("dangling", "does not exist"),
        ("zero", "leads out"),
    ],
)
def test_what_can_not_be_read_is_refused_with_the_reason(lab: Lab, files: Files, path: str, said: str) -> None:
    lab.put("src/a.py", "x")
    os.symlink("/etc", lab.workspace / "out")
    os.symlink("/dev/zero", lab.workspace / "zero")
    os.symlink("gone", lab.workspace / "dangling")
    os.mkfifo(lab.workspace / "pipe")
    (lab.workspace / "binary").write_bytes(b"\x00\x01")
    (lab.workspace / "latin").write_bytes(b"fine\ncaf\xe9\n")
    with (lab.workspace / "huge").open("wb") as file:
        file.truncate(1 << 40)
    lab.give()
    assert said in refusal(lambda: files.read(path))


@pytest.mark.parametrize("path", ["/srv/x", "../x", "a/../../x", ".git/config", "out/x", "src", "a\0"])
def test_nothing_is_written_where_nothing_may_be(lab: Lab, files: Files, path: str) -> None:
    lab.put("src/a.py", "x")
    outside = lab.folder / "outside"
    outside.mkdir()
    os.symlink(outside, lab.workspace / "out")
    lab.give()
    refusal(lambda: files.write(path, "bad"))
    assert list(outside.iterdir()) == []


def test_what_this_phase_may_not_write_is_said_so(lab: Lab) -> None:
    lab.put("src/a.py", "x = 1")
    lab.put("tests/test_a.py", "x")
    files = Files(lab.box(writable=("src",), readonly=("src/a.py",)), lab.python)
    for act in (
        lambda: files.write("tests/test_a.py", "y"),
        lambda: files.write("new/file", "y"),
        lambda: files.edit("src/a.py", "1", "2"),
    ):
        assert "can not be written in this phase" in refusal(act)
    assert (lab.workspace / "src/a.py").read_text() == "x = 1"


def test_a_file_in_the_way_of_a_folder_is_said_so(lab: Lab, files: Files) -> None:
    lab.put("a", "x")
    assert "a part of it is a file" in refusal(lambda: files.write("a/b", "y"))


def test_files_are_found_by_glob(lab: Lab, files: Files) -> None:
    for path in (
        "a.py",
        "src/b.py",
        "src/deep/c.py",
        "src/d.txt",
        ".venv/pyvenv.cfg",
        ".venv/e.py",
        ".git/f.py",
    ):
        lab.put(path, "x")
    assert files.find("*.py").split() == ["a.py", "src/b.py", "src/deep/c.py"]
    assert files.find("src/*.py").split() == ["src/b.py"]
    assert files.find("src/**/*.py").split() == ["src/b.py", "src/deep/c.py"]
    assert files.find("src/").split() == ["src/b.py", "src/d.txt", "src/deep/c.py"]
    assert files.find("**/[bd].{py,txt}").split() == ["src/b.py", "src/d.txt"]
    assert files.find("?.py").split() == ["a.py", "src/b.py", "src/deep/c.py"]
    assert files.find("**").split() == ["a.py", "src/b.py", "src/d.txt", "src/deep/c.py"]
    assert files.find("*.rs") == "no file matches *.rs"
    assert "leads out" in refusal(lambda: files.find("../*"))


def test_lines_are_found_by_expression(lab: Lab, files: Files) -> None:
    lab.put("a.py", "one\nTwo\n")
    lab.put("src/b.txt", "two\r\n")
    (lab.workspace / "binary").write_bytes(b"two\0")
    lab.give()
    assert files.search("(?i)two") == "a.py:2:Two\nsrc/b.txt:1:two"
    assert files.search("two", "*.py") == "nothing matches 'two' in *.py"
    assert "is no regular expression" in refusal(lambda: files.search("("))


def test_an_endless_search_is_stopped(lab: Lab) -> None:
    lab.put("a", "a" * 60 + "b")
    files = Files(lab.box(), lab.python)
    assert "simpler pattern" in refusal(lambda: files.search("(a+)+$"))


def test_names_of_any_kind_work(lab: Lab, files: Files) -> None:
    for path in ("zür ich.py", "-rf", "new\nline", "ünï/[x]"):
        files.write(path, "text")
        assert files.read(path) == "     1  text"


def test_nothing_of_the_repository_is_imported(lab: Lab, files: Files) -> None:
    for name in ("json", "os", "re", "difflib", "sitecustomize"):
        lab.put(f"{name}.py", "raise SystemExit('ran')")
    assert "did you mean" in refusal(lambda: files.read("jsonn.py"))
