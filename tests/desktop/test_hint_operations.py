"""What goes on in the background for hints: colours of places, reference photos, neighbours."""

import numpy as np
import pytest
from PIL import Image

from desktop import hint_operations
from desktop.hint_operations import NoColorsError, pick_color, read_neighbour, read_reference
from desktop.studio import Choice
from engine import Colors, Painting, Progress, Pyramid, read_photo
from tests.painting import make_photo


def done(operation):
    return operation.work(Progress())


def halves():
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:, :30], pixels[:, 30:] = (200, 40, 40), (20, 30, 120)
    return pixels


@pytest.mark.parametrize(
    ("x", "y", "color"),
    [(10, 20, "#c82828"), (50, 20, "#141e78"), (0, 0, "#c82828"), (59.9, 39.9, "#141e78"), (-5, 900, "#c82828")],
)
def test_a_colour_of_the_photo_as_it_is(x, y, color):
    assert done(pick_color(Pyramid.build(halves()), None, x, y)) == color


def test_a_colour_of_the_photo_as_it_is_coloured():
    grey = np.full((40, 60), 128, np.uint8)
    painting = Painting(Colors(np.full((8, 8, 2), (60, 40), np.float32), np.full((32, 32), 53.6, np.float32)))
    picked = done(pick_color(Pyramid.build(grey), painting, 30, 20))
    red, green, blue = (int(picked[n : n + 2], 16) for n in (1, 3, 5))
    assert red > green + 80 > blue


def test_grain_is_evened_out():
    noise = np.random.default_rng(1).integers(0, 2, (2000, 2000, 1)).astype(np.uint8) * np.array(
        [200, 100, 0], np.uint8
    )
    picked = done(pick_color(Pyramid.build(noise.astype(np.uint8)), None, 1000, 1000))
    assert int(picked[1:3], 16) == pytest.approx(100, abs=25)


def test_a_photo_without_colours_is_no_reference(tmp_path):
    path = make_photo(tmp_path / "grey.jpg")
    with pytest.raises(NoColorsError, match="no colours"):
        done(read_reference(path, read_photo(path), Choice("tiny"), None))


def test_a_reference_goes_to_the_engine(tmp_path):
    Image.fromarray(halves()).save(tmp_path / "colour.png")
    photo = read_photo(make_photo(tmp_path / "grey.jpg"))
    asked = []

    class Engine:
        def reference_hints(self, *wish):
            asked.append(wish)
            return "hints"

    assert done(read_reference(tmp_path / "colour.png", photo, Choice("tiny"), Engine())) == "hints"
    assert asked[0][0] is photo
    assert (asked[0][2] == halves()).all()


def test_a_neighbour_that_would_take_too_much_is_left_out(tmp_path, monkeypatch):
    path = make_photo(tmp_path / "a.jpg", width=120, height=80)
    assert done(read_neighbour(path)).width == 120
    monkeypatch.setattr(hint_operations, "MOST_AHEAD_PIXELS", 120 * 80 - 1)
    assert done(read_neighbour(path)) is None
