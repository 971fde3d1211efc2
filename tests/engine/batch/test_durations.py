import pytest

from engine.batch.durations import duration


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than a second"),
        (0.7, "1 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (89, "1 min"),
        (3569, "59 min"),
        (3599, "1 h"),
        (3660, "1 h 1 min"),
        (12000, "3 h 20 min"),
        (86399, "1 day"),
        (90000, "1 day 1 h"),
        (2 * 86400 + 5 * 3600 + 59, "2 days 5 h"),
    ],
)
def test_times_in_words(seconds, words):
    assert duration(seconds) == words
