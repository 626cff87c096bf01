"""Which repositories a list names: each once, and what is none has a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.call import Call
from app.repos.entries import Entry, can_be_written, entries, listed
from app.repos.known import Known, known, shortest
from app.settings import ConfigError, Surroundings
from tests.app.several import git, listing, small


def around(home: Path, **environment: str) -> Surroundings:
    return Surroundings(environment=environment, home=home)


def of(*paths: Path) -> list[Entry]:
    return [Entry(n, str(path), path) for n, path in enumerate(paths, 1)]


def problem(path: Path) -> str:
    (one,) = known(of(path)).repositories
    return one.problem


class TestEntries:
    def test_paths_are_read_with_home_comments_and_the_files_folder(self) -> None:
        text = "\ufeff# mine\r\n\r\n~/a\n  /b/c d  # the last\nrel/x\t# y\n~\n/with#sign\n".removeprefix("\ufeff")
        found = list(entries(text, Path("/lists"), Path("/home/u")))
        assert [(e.line, str(e.path)) for e in found] == [
            (3, "/home/u/a"), (4, "/b/c d"), (5, "/lists/rel/x"), (6, "/home/u"), (7, "/with#sign"),
        ]  # fmt: skip

    @settings(deadline=None)
    @given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
    def test_a_path_that_can_be_written_is_read_as_it_was(self, name: str) -> None:
        path = Path("/x") / name.replace("\0", "")
        if can_be_written(path):
            assert [e.path for e in entries(f"# a\n{path}\n/y\n", Path("/"), Path("/h"))] == [path, Path("/y")]

    @pytest.mark.parametrize("name", ["a #b", "a\nb", "a ", "a\x1b", "a\t#b"])
    def test_a_path_that_would_be_read_otherwise_can_not_be_written(self, name: str) -> None:
        assert not can_be_written(Path("/x") / name)

    def test_the_list_is_named_by_the_user(self, tmp_path: Path) -> None:
        file = listing(tmp_path, "a")
        for call, known_ in (
            (Call(flags={"repos": str(file)}), around(tmp_path)),
            (Call(), around(tmp_path, LAMPLIGHTER_REPOS="~/repos.txt")),
        ):
            assert listed(call, known_) == (file, (Entry(1, "a", tmp_path / "a"),))
        (tmp_path / ".config" / "lamplighter").mkdir(parents=True)
        (tmp_path / ".config" / "lamplighter" / "config.toml").write_text(f'repos = "{file}"\n')
        assert listed(Call(), around(tmp_path))[0] == file

    def test_the_repository_one_stands_in_has_no_say(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        small(tmp_path / "here", lamplighter__toml=f'repos = "{listing(tmp_path, "a")}"\n')
        monkeypatch.chdir(tmp_path / "here")
        with pytest.raises(ConfigError, match=r"^no list of repositories"):
            listed(Call(), around(tmp_path))

    @pytest.mark.parametrize(
        ("data", "says"),
        [
            (None, "no such file"),
            (b"# nothing\n\n", "names no repository"),
            (b"/a\0b\n", "is binary"),
            (b"/a\n" * 400_000, "larger than 1 MB"),
        ],
    )
    def test_a_list_that_is_none_is_told(self, tmp_path: Path, data: bytes | None, says: str) -> None:
        if data is not None:
            (tmp_path / "l").write_bytes(data)
        with pytest.raises(ConfigError, match=says):
            listed(Call(flags={"repos": str(tmp_path / "l")}), around(tmp_path))

    def test_a_setting_that_means_another_file_in_each_folder_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="write a whole path"):
            listed(Call(), around(tmp_path, LAMPLIGHTER_REPOS="repos.txt"))


class TestKnown:
    def test_each_is_there_once_whatever_way_leads_to_it(self, tmp_path: Path) -> None:
        a, b = small(tmp_path / "a"), small(tmp_path / "b")
        (tmp_path / "link").symlink_to(a)
        git(a, "worktree", "add", "-q", str(tmp_path / "tree"))
        found = known(of(tmp_path / "link", a, b, tmp_path / "tree", tmp_path / "a" / ".." / "b"))
        assert found.repositories == (Known("a", a), Known("b", b))
        assert [line.split(":")[0] for line in found.twice] == ["line 2", "line 4", "line 5"]
        assert found.twice[0].endswith("is the repository of line 1 again")

    def test_two_clones_are_two(self, tmp_path: Path) -> None:
        a = small(tmp_path / "a")
        git(tmp_path, "clone", "-q", str(a), str(tmp_path / "b"))
        assert [one.problem for one in known(of(a, tmp_path / "b")).repositories] == ["", ""]

    def test_what_is_no_repository_says_why(self, tmp_path: Path) -> None:
        a = small(tmp_path / "a")
        (a / "inner").mkdir()
        (tmp_path / "folder").mkdir()
        (tmp_path / "loop").symlink_to("loop")
        (tmp_path / "empty").mkdir()
        git(tmp_path / "empty", "init", "-q")
        broken = small(tmp_path / "broken")
        (broken / ".git" / "HEAD").write_text("garbage\n")
        assert problem(tmp_path / "gone") == "no such folder"
        assert problem(tmp_path / "folder").startswith("not in a git repository")
        for inside in ("inner", "a.py"):
            assert problem(a / inside) == f"lies in the repository {a}: list that, if it is meant"
        assert problem(tmp_path / "empty").startswith("no commit yet")
        assert problem(broken).startswith("git cannot read this repository")
        assert "loop" in problem(tmp_path / "loop").lower()

    def test_a_reason_is_one_line_whatever_the_folders_are_called(self, tmp_path: Path) -> None:
        odd = small(tmp_path / "o\nd\x1b[2Jd")
        (odd / "inner").mkdir()
        (odd / ".lamplighter").symlink_to(tmp_path)
        (tmp_path / "link").symlink_to(odd / "inner")
        for path in (tmp_path / "link", odd, odd / "gone"):
            assert problem(path).isprintable()
            assert problem(path)

    def test_an_entry_with_a_problem_does_not_take_the_place_of_the_repository(self, tmp_path: Path) -> None:
        a = small(tmp_path / "a")
        (a / "inner").mkdir()
        found = known(of(a / "inner", a))
        assert [bool(one.problem) for one in found.repositories] == [True, False]
        assert found.twice == ()

    @pytest.mark.parametrize("what", [".lamplighter", ".lamplighter/backlog.db", ".lamplighter/cache"])
    def test_one_whose_state_leads_elsewhere_is_left_out(self, tmp_path: Path, what: str) -> None:
        a, b = small(tmp_path / "a"), small(tmp_path / "b")
        (a / ".lamplighter").mkdir()
        (b / what).parent.mkdir(exist_ok=True)
        (b / what).symlink_to(a / what)
        assert problem(b).startswith(f"{what} is a link, so its state would not be its own")


class TestNames:
    def test_a_name_is_as_short_as_it_can_be(self) -> None:
        roots = [Path("/a/site"), Path("/b/site"), Path("/b/timers")]
        assert [shortest(root, roots) for root in roots] == ["a/site", "b/site", "timers"]

    @settings(deadline=None)
    @given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=4), min_size=1, max_size=8, unique_by=tuple))
    def test_no_two_have_one_name(self, parts: list[list[str]]) -> None:
        roots = [Path("/", *some) for some in parts]
        assert len({shortest(root, roots) for root in roots}) == len(roots)

    def test_what_steers_a_terminal_is_in_no_name(self, tmp_path: Path) -> None:
        (one,) = known(of(small(tmp_path / "a\x1b[2J\nb"))).repositories
        assert one.name == "a [2J b"
