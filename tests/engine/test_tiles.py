"""Parts of a coloured photo: the same as in the whole, at every level, and without seams."""

import threading

import cv2
import numpy as np
import pytest

from engine.color.lab import lightness_of
from engine.errors import CancelledError
from engine.progress import Progress
from engine.render import Colors, Look, render
from engine.tiles import SMALLEST, Painting, Pyramid

LOOKS = pytest.mark.parametrize(
    "look",
    [None, Look(saturation=1.4, vibrance=0.5, temperature=6.0), Look(white_balance=True), Look(evenness=0.7)],
    ids=str,
)


def textured(height, width, seed=0, channels=0):
    """Soft and sharp detail over the whole range."""
    generator = np.random.default_rng(seed)
    shape = (max(2, height // 16), max(2, width // 16), channels or 1)
    soft = cv2.resize(generator.uniform(0, 1, shape).astype(np.float32), (width, height))
    picture = soft.reshape(height, width, -1) + generator.uniform(-0.08, 0.08, (height, width, 1))
    picture = np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)
    return picture if channels else picture[..., 0]


def colors_of(pixels, seed=1, reach=30.0):
    """Colours that change from place to place, with a cast."""
    guide = np.asarray(cv2.resize(lightness_of(pixels), (80, 60), interpolation=cv2.INTER_AREA), np.float32)
    ab = np.random.default_rng(seed).uniform(-reach, reach, (15, 20, 2)).astype(np.float32)
    ab[:8] = (6, 10)
    return Colors(ab, guide)


def drawn_in_tiles(pyramid, level, painting, side):
    """A whole level, put together from tiles."""
    width, height = pyramid.size(level)
    whole = np.zeros((height, width, 3), np.uint8)
    for top in range(0, height, side):
        for left in range(0, width, side):
            box = (left, top, min(side, width - left), min(side, height - top))
            whole[top : top + box[3], left : left + box[2]] = pyramid.colored(level, box, painting)
    return whole


@LOOKS
@pytest.mark.parametrize("channels", [0, 3])
def test_tiles_are_parts_of_the_saved_picture(look, channels):
    pixels = textured(701, 903, channels=channels)
    colors = colors_of(pixels)
    pyramid, painting = Pyramid.build(pixels), Painting(colors, look)
    whole = render(pixels, colors, look)
    for left, top, width, height in [(0, 0, 903, 701), (3, 5, 130, 77), (513, 255, 390, 446), (902, 700, 1, 1)]:
        part = pyramid.colored(0, (left, top, width, height), painting)
        np.testing.assert_array_equal(part, whole[top : top + height, left : left + width])


@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("side", [100, 256])
def test_neighbours_join_without_a_seam(level, side):
    pixels = textured(1555, 2301)
    pyramid, painting = Pyramid.build(pixels), Painting(colors_of(pixels))
    width, height = pyramid.size(level)
    np.testing.assert_array_equal(
        drawn_in_tiles(pyramid, level, painting, side), pyramid.colored(level, (0, 0, width, height), painting)
    )


def test_levels_show_the_same_colours():
    """The picture at half of the size is what the whole picture looks like when it is reduced."""
    pixels = cv2.GaussianBlur(textured(1400, 2100), (0, 0), 3).astype(np.uint8)
    pyramid, painting = Pyramid.build(pixels), Painting(colors_of(pixels))
    width, height = pyramid.size(1)
    whole = pyramid.colored(0, (0, 0, 2100, 1400), painting)
    reduced = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
    reduced, half = (
        cv2.blur(each, (8, 8)).astype(int) for each in (reduced, pyramid.colored(1, (0, 0, 1050, 700), painting))
    )
    assert np.abs(reduced - half).mean() < 0.8
    assert np.percentile(np.abs(reduced - half), 99.9) < 4


def test_levels_halve_until_they_are_small():
    pyramid = Pyramid.build(textured(1001, 4097))
    assert [pyramid.size(level) for level in range(pyramid.level_count)] == [
        (4097, 1001),
        (2049, 501),
        (1025, 251),
        (513, 126),
    ]
    assert (pyramid.width, pyramid.height) == (4097, 1001)
    assert Pyramid.build(textured(SMALLEST, 7)).level_count == 1
    assert pyramid.nbytes == 4097 * 1001 + 2049 * 501 + 1025 * 251 + 513 * 126


@pytest.mark.parametrize("size", [(1, 5000), (5000, 1), (3, 3000), (2999, 2)], ids=str)
def test_odd_sizes(size):
    pixels = textured(*size)
    pyramid, painting = Pyramid.build(pixels), Painting(colors_of(pixels))
    for level in range(pyramid.level_count):
        box = (0, 0, *pyramid.size(level))
        assert pyramid.original(level, box).shape == pyramid.colored(level, box, painting).shape == (box[3], box[2], 3)


def test_each_pixel_is_the_mean_of_four():
    pixels = textured(1200, 1600, channels=3)
    half = Pyramid.build(pixels).original(1, (0, 0, 800, 600))
    expected = pixels.reshape(600, 2, 800, 2, 3).mean(axis=(1, 3))
    assert np.abs(half - expected).max() <= 0.5


def test_strips_make_no_difference(monkeypatch):
    pixels = textured(1333, 1501, channels=3)
    usual = Pyramid.build(pixels).original(1, (0, 0, 751, 667))
    monkeypatch.setattr("engine.tiles.STRIP_BYTES", 3 * 1501 * 10)
    np.testing.assert_array_equal(Pyramid.build(pixels).original(1, (0, 0, 751, 667)), usual)


def test_sixteen_bits_become_eight():
    pixels = textured(60, 80)
    colors = colors_of(pixels)
    deep = Pyramid.build(pixels.astype(np.uint16) * 257)
    box = (0, 0, 80, 60)
    np.testing.assert_array_equal(deep.colored(0, box, Painting(colors)), render(pixels, colors))
    np.testing.assert_array_equal(deep.original(0, box)[..., 1], pixels)


def test_original_is_the_photo():
    pixels = textured(50, 60, channels=3)
    np.testing.assert_array_equal(Pyramid.build(pixels).original(0, (7, 9, 20, 30)), pixels[9:39, 7:27])


def test_transparent_parts_are_white():
    pixels = textured(1200, 1600)
    alpha = np.full_like(pixels, 255)
    alpha[:, :801] = 0
    pixels[:, :801] = 0  # what stands there must not darken the edge
    pyramid, painting = Pyramid.build(pixels, alpha), Painting(colors_of(pixels))
    for level, edge in ((0, 801), (1, 400)):
        box = (0, 0, *pyramid.size(level))
        for shown in (pyramid.original(level, box), pyramid.colored(level, box, painting)):
            assert (shown[:, :edge] == 255).all()
            assert (shown[:, edge + 1 :] < 255).any()
    half = pyramid.original(1, (400, 0, 1, 600))[:, 0, 0].astype(float)
    expected = pixels[:, 801].reshape(600, 2).mean(axis=1) / 2 + 127.5
    assert np.abs(half - expected).max() <= 1.5


def test_opaque_alpha_costs_nothing():
    pixels = textured(1200, 1600)
    with_alpha = Pyramid.build(pixels, np.full_like(pixels, 255))
    assert with_alpha.nbytes == Pyramid.build(pixels).nbytes


def test_a_painting_shares_its_colours_among_looks():
    pixels = textured(90, 120)
    colors = colors_of(pixels)
    pyramid, painting = Pyramid.build(pixels), Painting(colors)
    for look in (Look(saturation=0.5), Look(white_balance=True), Look(evenness=0.5, white_balance=True), Look()):
        other = painting.with_look(look)
        assert (other.colors, other.look) == (colors, look)
        np.testing.assert_array_equal(pyramid.colored(0, (0, 0, 120, 90), other), render(pixels, colors, look))
    assert painting.look == Look()


def test_threads_draw_what_one_draws():
    pixels = textured(800, 900, channels=3)
    pyramid, painting = Pyramid.build(pixels), Painting(colors_of(pixels))
    boxes = [(left, top, 150, 100) for top in range(0, 800, 100) for left in range(0, 900, 150)]
    alone = [pyramid.colored(0, box, painting) for box in boxes]
    found = {}

    def draw(which):
        for box in boxes[which::3]:
            found[box] = pyramid.colored(0, box, painting)

    threads = [threading.Thread(target=draw, args=(which,)) for which in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for box, expected in zip(boxes, alone, strict=True):
        np.testing.assert_array_equal(found[box], expected)


@pytest.mark.parametrize("box", [(-1, 0, 5, 5), (0, 0, 61, 5), (55, 0, 6, 5), (0, 48, 5, 3), (0, 0, 0, 5)], ids=str)
def test_boxes_outside_are_refused(box):
    pyramid = Pyramid.build(textured(50, 60))
    with pytest.raises(ValueError, match="does not lie"):
        pyramid.original(0, box)


def test_progress_rises_to_the_end_and_cancels():
    shares = []
    Pyramid.build(textured(3000, 4000, channels=3), progress=Progress(lambda share, doing: shares.append(share)))
    assert len(shares) > 10
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)
    progress = Progress(lambda share, doing: progress.cancel() if share > 0.3 else None)
    with pytest.raises(CancelledError):
        Pyramid.build(textured(3000, 4000, channels=3), progress=progress)


def test_regions_are_sought_once_for_a_photo(monkeypatch):
    """Whatever threads draw it, in whatever evenness, and though its colours change with hints."""
    sought = []
    monkeypatch.setattr(
        "engine.color.trapped_ball.segment", lambda photo, **_: sought.append(1) or np.ones(photo.shape, np.int32)
    )
    pixels = textured(90, 120, seed=9)
    colors = colors_of(pixels)
    pyramid, painting = Pyramid.build(pixels), Painting(colors)
    pyramid.colored(0, (0, 0, 120, 90), painting)
    assert sought == []
    paintings = [painting.with_look(Look(evenness=step / 10)) for step in range(1, 7)]
    threads = [
        threading.Thread(target=pyramid.colored, args=(0, (0, 0, 120, 90), drawn)) for drawn in paintings for _ in "ab"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    hinted = Painting(Colors(colors.ab / 2, colors.guide.copy()), Look(evenness=1.0))
    pyramid.colored(0, (0, 0, 120, 90), hinted)
    assert sought == [1]
