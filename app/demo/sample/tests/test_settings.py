from timers.settings import read


def test_named_timers():
    assert read("tea: 4m\negg: 330s\n") == {"tea": 240, "egg": 330}


def test_nothing():
    assert read("") == {}
