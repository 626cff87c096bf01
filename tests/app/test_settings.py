"""Settings: every layer, the strongest last; a wrong key names the nearest right one."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import ConfigError, Surroundings, load, on_disk


def around(home: Path, **environment: str) -> Surroundings:
    return Surroundings(environment=environment, home=home)


def test_flags_beat_environment_beat_file_beat_users_file(tmp_path: Path) -> None:
    user = tmp_path / "home" / ".config" / "lamplighter"
    user.mkdir(parents=True)
    (user / "config.toml").write_text('model = "user"\nmax_items = 1\nmax_prs = 1\npreset = "seed001"\n')
    (tmp_path / "lamplighter.toml").write_text('model = "file"\nmax_items = 2\nmax_prs = 2\n')
    settings = load(
        on_disk(tmp_path),
        around(tmp_path / "home", LAMPLIGHTER_MODEL="environment", LAMPLIGHTER_MAX_ITEMS="3"),
        {"model": "flag", "max_items": None},
    )
    assert (settings.model, settings.max_items, settings.max_prs, settings.preset) == ("flag", 3, 2, "seed001")


def test_the_seeds_own_variables_are_read(tmp_path: Path) -> None:
    known = around(tmp_path, WSJF_THRESHOLD="2.5", AGING_MULTIPLIER_MAX="3", PR_DAILY_LIMIT="1")
    settings = load(on_disk(tmp_path), known, {})
    assert (settings.threshold, settings.aging_max, settings.max_prs) == (2.5, 3.0, 1)


def test_a_wrong_key_names_the_nearest_right_one(tmp_path: Path) -> None:
    (tmp_path / "lamplighter.toml").write_text("max_item = 2\n")
    with pytest.raises(ConfigError, match=r"did you mean max_items\?"):
        load(on_disk(tmp_path), around(tmp_path), {})


def test_a_wrong_value_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(on_disk(tmp_path), around(tmp_path, PR_DAILY_LIMIT="many"), {})
    assert "max_prs" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("line", ['base_url = "http://evil.example"', 'api_key = "x"'])
def test_a_repository_can_not_say_where_the_key_goes(tmp_path: Path, line: str) -> None:
    (tmp_path / "lamplighter.toml").write_text(line)
    with pytest.raises(ConfigError, match="own file"):
        load(on_disk(tmp_path), around(tmp_path), {})


def test_a_table_in_pyproject_is_read(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.lamplighter]\nmodel = "m"\n')
    assert load(on_disk(tmp_path), around(tmp_path), {}).model == "m"


def test_a_key_never_shows_in_a_printed_setting(tmp_path: Path) -> None:
    assert "secret" not in repr(load(on_disk(tmp_path), around(tmp_path, OPENAI_API_KEY="secret"), {}))


def test_another_test_runner_can_be_set_by_the_repository_and_by_the_environment(tmp_path: Path) -> None:
    (tmp_path / "lamplighter.toml").write_text('test_command = "node --test {junit}"\n')
    assert load(on_disk(tmp_path), around(tmp_path), {}).test_command == "node --test {junit}"
    known = around(tmp_path, LAMPLIGHTER_TEST_COMMAND="make check OUT={junit}")
    assert load(on_disk(tmp_path), known, {}).test_command == "make check OUT={junit}"
