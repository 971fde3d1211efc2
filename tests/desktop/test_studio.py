"""The owner of the models, with a real small network."""

import gc
import weakref

import numpy as np
import pytest

from desktop.studio import MODELS_KEPT, Choice, Resting, Studio
from engine import CancelledError, Colorist, EngineError, Hint, HintPoint, HintSet, Progress, Session, read_photo
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
    first = studio.color(photo, Choice("tiny"), None, Progress())
    again = studio.color(photo, Choice("tiny"), None, Progress())
    assert loaded == ["tiny"]
    assert (first.colors.ab == again.colors.ab).all()
    assert first.device == "cpu"


def test_variants_differ(studio, photo):
    install("tiny")
    automatic = studio.color(photo, Choice("tiny"), None, Progress())
    assert automatic.variants >= 2
    first, second = (studio.color(photo, Choice("tiny", n), None, Progress()) for n in (0, 1))
    assert (first.colors.ab != second.colors.ab).any()
    # A variant that this photo does not have (it was remembered from another model) is the last there is.
    beyond = studio.color(photo, Choice("tiny", 99), None, Progress())
    last = studio.color(photo, Choice("tiny", automatic.variants - 1), None, Progress())
    assert (beyond.colors.ab == last.colors.ab).all()


def test_a_replaced_model_is_loaded_again(studio, loaded, photo):
    install("tiny")
    before = studio.color(photo, Choice("tiny"), None, Progress())
    install("tiny", tiny_network(seed=7))
    after = studio.color(photo, Choice("tiny"), None, Progress())
    assert loaded == ["tiny", "tiny"]
    assert (before.colors.ab != after.colors.ab).any()


def test_only_some_models_stay_loaded(studio, loaded, photo):
    names = [f"tiny-{n}" for n in range(MODELS_KEPT + 1)]
    for name in names:
        install(name)
        studio.color(photo, Choice(name), None, Progress())
    studio.color(photo, Choice(names[-1]), None, Progress())
    assert loaded == names
    studio.color(photo, Choice(names[0]), None, Progress())
    assert loaded == [*names, names[0]]


def test_a_model_that_cannot_be_loaded_leaves_the_others(studio, loaded, photo):
    install("tiny")
    studio.color(photo, Choice("tiny"), None, Progress())
    install("bad").write_bytes(b"not weights")
    with pytest.raises(EngineError):
        studio.color(photo, Choice("bad"), None, Progress())
    studio.color(photo, Choice("tiny"), None, Progress())
    assert loaded.count("tiny") == 1


def test_another_photo_aside_leaves_the_open_one_encoded(studio, photo, tmp_path):
    install("tiny")
    other = read_photo(make_photo(tmp_path / "b.png", width=96, height=64, seed=9))
    mine = studio.color(photo, Choice("tiny"), None, Progress())
    aside = studio.color_aside(other, Choice("tiny"), None, Progress())
    assert (aside.colors.guide != mine.colors.guide).any()
    assert (studio.color(photo, Choice("tiny"), None, Progress()).colors.ab == mine.colors.ab).all()


def test_a_cancelled_request_does_nothing(studio, loaded, photo):
    install("tiny")
    progress = Progress()
    progress.cancel()
    with pytest.raises(CancelledError):
        studio.color(photo, Choice("tiny"), None, progress)
    assert loaded == []


def test_another_device_loads_anew(studio, loaded, photo):
    install("tiny")
    studio.color(photo, Choice("tiny"), None, Progress())
    studio.set_device("auto")
    studio.color(photo, Choice("tiny"), None, Progress())
    assert loaded == ["tiny", "tiny"]


HINTS = HintSet(96, 64, (Hint((HintPoint(20, 20), HintPoint(40, 30)), 8, "#c83232"),))


@pytest.fixture
def encoded(monkeypatch):
    """How often a network's slow half ran."""
    times = []
    encode = Colorist.encode
    monkeypatch.setattr(Colorist, "encode", lambda self, prepared: times.append(1) or encode(self, prepared))
    return times


def test_hints_count_and_do_not_encode_anew(studio, photo, encoded):
    install("tiny")
    plain = studio.color(photo, Choice("tiny"), None, Progress())
    hinted = studio.color(photo, Choice("tiny"), HINTS, Progress())
    variant = studio.color(photo, Choice("tiny", 1), HINTS, Progress())
    assert (plain.hints, hinted.hints, variant.hints) == (None, HINTS, HINTS)
    assert (plain.colors.ab != hinted.colors.ab).any()
    assert len(encoded) == 1


def test_a_place_and_where_hints_would_help(studio, photo, encoded):
    install("tiny")
    sight = studio.sight(photo, Choice("tiny"), HINTS, (50.0, 30.0), Progress())
    assert (sight.x, sight.y) == (50, 30)
    assert 0 <= sight.lightness <= 100
    assert sight.suggestions
    advice = studio.advice(photo, Choice("tiny"), HINTS, Progress())
    assert advice.need.min() >= 0
    assert advice.need.max() <= 1
    assert all(0 <= x <= 96 and 0 <= y <= 64 for x, y in advice.places)
    assert len(encoded) == 1


def test_colours_of_a_reference_are_hints_of_the_open_photo(studio, photo):
    install("tiny")
    reference = np.clip(np.stack([photo.pixels * share for share in (1.0, 0.8, 0.5)], axis=-1), 0, 255).astype(np.uint8)
    hints = studio.reference_hints(photo, Choice("tiny"), reference, Progress())
    assert (hints.width, hints.height) == (96, 64)
    assert len(hints) > 0


def test_a_photo_that_was_encoded_ahead_or_was_open_is_not_encoded_again(studio, photo, tmp_path, encoded):
    install("tiny")
    other = read_photo(make_photo(tmp_path / "b.png", width=96, height=64, seed=9))
    first = studio.color(photo, Choice("tiny"), HINTS, Progress())
    studio.encode_ahead(other, "tiny", Progress())
    assert len(encoded) == 2
    studio.close_photo(photo)
    studio.color(read_photo(other.path), Choice("tiny"), None, Progress())
    studio.close_photo()
    again = studio.color(read_photo(photo.path), Choice("tiny"), HINTS, Progress())
    assert (again.colors.ab == first.colors.ab).all()
    studio.encode_ahead(other, "tiny", Progress())
    assert len(encoded) == 2


def test_what_rests_of_a_file_with_other_content_now_is_of_no_use(studio, photo, tmp_path, encoded):
    install("tiny")
    studio.encode_ahead(photo, "tiny", Progress())  # no model is loaded yet: nothing to encode with
    assert encoded == []
    studio.color(photo, Choice("tiny"), None, Progress())
    make_photo(photo.path, width=96, height=64, seed=30)
    studio.close_photo()
    changed = studio.color(read_photo(photo.path), Choice("tiny"), None, Progress())
    assert len(encoded) == 2
    assert (changed.colors.guide == Colorist("tiny", "cpu").prepare(read_photo(photo.path).pixels).lightness).all()


def test_what_rests_takes_no_more_than_its_budget_and_no_pixels(photo, tmp_path):
    install("tiny")
    colorist = Colorist("tiny", "cpu")

    def encoded_photo(seed):
        other = read_photo(make_photo(tmp_path / f"{seed}.png", width=96, height=64, seed=seed))
        session = Session(colorist)
        session.set_photo(other.pixels)
        return other, session

    size = encoded_photo(1)[1].rest()
    assert size > 0
    resting = Resting(3 * size)
    photos = []
    for seed in range(5):
        other, session = encoded_photo(seed)
        pixels = weakref.ref(other.pixels)
        resting.put(other, "tiny", session)
        photos.append(other)
        assert resting.nbytes <= 3 * size
    assert [resting.has(other, "tiny") for other in photos] == [False, False, True, True, True]
    assert pixels() is not None
    del other, photos
    gc.collect()
    assert pixels() is None
    resting.forget("tiny")
    assert resting.nbytes == 0


def test_a_replaced_model_does_not_use_what_another_encoded(studio, photo, encoded):
    install("tiny")
    studio.color(photo, Choice("tiny"), None, Progress())
    studio.close_photo()
    install("tiny", tiny_network(seed=7))
    studio.color(photo, Choice("tiny"), None, Progress())
    assert len(encoded) == 2
