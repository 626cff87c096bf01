import pytest

from timers.duration import parse, show


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("15m", 900), ("2h", 7200)])
def test_one_part(text, seconds):
    assert parse(text) == seconds


@pytest.mark.parametrize("text", ["", "tea", "5", "m5", "5x"])
def test_no_duration(text):
    with pytest.raises(ValueError):
        parse(text)


def test_show():
    assert show(5400) == "1h30m"
    assert show(0) == "0s"
