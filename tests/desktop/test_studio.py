"""The owner of the models, with a real small network."""

import pytest

from desktop.studio import MODELS_KEPT, Choice, Studio
from engine import CancelledError, Colorist, EngineError, Progress, read_photo
from tests.painting import make_photo
from tests.training.making import install, tiny_network


@pytest.fixture
def loaded():
    return []


@pytest.fixture
def studio(loaded):
    def load(model, device):
        loaded.append(model)
        return Colorist(model, device)

    return Studio(load, "cpu")


@pytest.fixture
def photo(tmp_path):
    return read_photo(make_photo(tmp_path / "a.png", width=96, height=64))


def test_a_model_is_loaded_once(studio, loaded, photo):
    install("tiny")
    first = studio.color(photo, Choice("tiny"), Progress())
    again = studio.color(photo, Choice("tiny"), Progress())
    assert loaded == ["tiny"]
    assert (first.colors.ab == again.colors.ab).all()
    assert first.device == "cpu"


def test_variants_differ(studio, photo):
    install("tiny")
    automatic = studio.color(photo, Choice("tiny"), Progress())
    assert automatic.variants >= 2
    first, second = (studio.color(photo, Choice("tiny", n), Progress()) for n in (0, 1))
    assert (first.colors.ab != second.colors.ab).any()
    # A variant that this photo does not have (it was remembered from another model) is the last there is.
    beyond = studio.color(photo, Choice("tiny", 99), Progress())
    last = studio.color(photo, Choice("tiny", automatic.variants - 1), Progress())
    assert (beyond.colors.ab == last.colors.ab).all()


def test_a_replaced_model_is_loaded_again(studio, loaded, photo):
    install("tiny")
    before = studio.color(photo, Choice("tiny"), Progress())
    install("tiny", tiny_network(seed=7))
    after = studio.color(photo, Choice("tiny"), Progress())
    assert loaded == ["tiny", "tiny"]
    assert (before.colors.ab != after.colors.ab).any()


def test_only_some_models_stay_loaded(studio, loaded, photo):
    names = [f"tiny-{n}" for n in range(MODELS_KEPT + 1)]
    for name in names:
        install(name)
        studio.color(photo, Choice(name), Progress())
    studio.color(photo, Choice(names[-1]), Progress())
    assert loaded == names
    studio.color(photo, Choice(names[0]), Progress())
    assert loaded == [*names, names[0]]


def test_a_model_that_cannot_be_loaded_leaves_the_others(studio, loaded, photo):
    install("tiny")
    studio.color(photo, Choice("tiny"), Progress())
    install("bad").write_bytes(b"not weights")
    with pytest.raises(EngineError):
        studio.color(photo, Choice("bad"), Progress())
    studio.color(photo, Choice("tiny"), Progress())
    assert loaded.count("tiny") == 1


def test_another_photo_aside_leaves_the_open_one_encoded(studio, photo, tmp_path):
    install("tiny")
    other = read_photo(make_photo(tmp_path / "b.png", width=96, height=64, seed=9))
    mine = studio.color(photo, Choice("tiny"), Progress())
    aside = studio.color_aside(other, Choice("tiny"), Progress())
    assert (aside.colors.guide != mine.colors.guide).any()
    assert (studio.color(photo, Choice("tiny"), Progress()).colors.ab == mine.colors.ab).all()


def test_a_cancelled_request_does_nothing(studio, loaded, photo):
    install("tiny")
    progress = Progress()
    progress.cancel()
    with pytest.raises(CancelledError):
        studio.color(photo, Choice("tiny"), progress)
    assert loaded == []


def test_another_device_loads_anew(studio, loaded, photo):
    install("tiny")
    studio.color(photo, Choice("tiny"), Progress())
    studio.set_device("auto")
    studio.color(photo, Choice("tiny"), Progress())
    assert loaded == ["tiny", "tiny"]
