"""The models of a batch: loaded once, and not without bound."""

import pytest

from engine.batch.painters import MOST, Painters
from engine.errors import BadWeightsError
from tests.painting import FakePainter


@pytest.fixture
def loading():
    """Painters, and the names that were loaded, in order."""
    names = []

    def load(name):
        names.append(name)
        painter = FakePainter()
        painter.notes = (f"{name} is loaded",)
        return painter

    return Painters("usual", load), names


def test_each_is_loaded_once(loading):
    painters, names = loading
    first = [painters.get(name) for name in ("usual", "other", "usual", "other")]
    assert names == ["usual", "other"]
    assert first[0] is first[2]
    assert first[1] is first[3]
    assert sorted(painters.notes()) == ["other is loaded", "usual is loaded"]


def test_of_many_the_usual_one_and_the_latest_are_kept(loading):
    painters, names = loading
    painters.get("usual")
    for number in range(5):
        painters.get(f"{number}")
    assert len(painters.notes()) == MOST
    names.clear()
    for name in ("usual", "4", "3", "0"):
        painters.get(name)
    assert names == ["0"]


def test_one_that_cannot_be_loaded_says_so_each_time():
    def load(name):
        raise BadWeightsError(f"{name} is damaged.")

    painters = Painters("usual", load)
    for _ in range(2):
        with pytest.raises(BadWeightsError):
            painters.get("usual")
