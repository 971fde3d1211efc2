"""From a small ab map to the full-size picture: lightness kept, edges, strips, looks."""

import importlib
from typing import Any

import cv2
import numpy as np
import pytest

from engine.color.difference import ciede2000
from engine.color.gamut import max_chroma
from engine.color.lab import FloatArray, grey_lightness_table, lightness_of, srgb_to_lab
from engine.render import STRIP_PIXELS, Colors, Look, guided_coefficients, render

BOTH = pytest.mark.parametrize("dtype", [np.uint8, np.uint16], ids=["8 bit", "16 bit"])
LIGHTNESS_BOUND = {np.uint8: 0.3, np.uint16: 0.02}


def textured(height, width, dtype: type[Any] = np.uint8, seed=0):
    """A grey picture with soft and sharp detail over the whole range."""
    generator = np.random.default_rng(seed)
    coarse = generator.uniform(0, 1, (max(2, height // 16), max(2, width // 16))).astype(np.float32)
    soft = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    fine = generator.uniform(-0.08, 0.08, (height, width))
    return np.rint(np.clip(soft + fine, 0, 1) * np.iinfo(dtype).max).astype(dtype)


def guide_of(pixels, size=(64, 48)) -> FloatArray:
    return np.asarray(cv2.resize(lightness_of(pixels), size, interpolation=cv2.INTER_AREA), np.float32)


def flat(pixels, a, b):
    """One colour everywhere."""
    ab = np.broadcast_to(np.array((a, b), np.float32), (12, 16, 2)).copy()
    return Colors(ab, guide_of(pixels))


def wild(pixels, seed=1, reach=60.0):
    """Colours that change from place to place."""
    ab = np.random.default_rng(seed).uniform(-reach, reach, (12, 16, 2)).astype(np.float32)
    return Colors(ab, guide_of(pixels))


def lab_of(picture):
    return srgb_to_lab(picture / np.float32(np.iinfo(picture.dtype).max))


@BOTH
@pytest.mark.parametrize("reach", [30.0, 110.0])
def test_lightness_is_kept(dtype, reach):
    pixels = textured(150, 200, dtype)
    colored = render(pixels, wild(pixels, reach=reach))
    assert colored.dtype == dtype
    assert colored.shape == (150, 200, 3)
    error = np.abs(lightness_of(colored) - lightness_of(pixels))
    assert error.mean() <= LIGHTNESS_BOUND[dtype]
    assert error.max() <= 8 * LIGHTNESS_BOUND[dtype]


@BOTH
def test_lightness_is_kept_at_every_level(dtype):
    step = 1 if dtype == np.uint8 else 17
    levels = np.arange(0, np.iinfo(dtype).max + 1, step, dtype=dtype)[None].repeat(8, axis=0)
    colored = render(levels, flat(levels, 40.0, 30.0))
    error = np.abs(lightness_of(colored) - lightness_of(levels))
    assert error.mean() <= LIGHTNESS_BOUND[dtype]
    assert (colored[:, 0] == 0).all()
    assert (colored[:, -1] >= np.iinfo(dtype).max - (1 if dtype == np.uint16 else 0)).all()


@BOTH
def test_the_colours_asked_for_are_shown(dtype):
    pixels = np.full((64, 64), np.iinfo(dtype).max // 2, dtype)
    lab = lab_of(render(pixels, flat(pixels, 20.0, -25.0)))
    assert lab[..., 1].mean() == pytest.approx(20.0, abs=0.3)
    assert lab[..., 2].mean() == pytest.approx(-25.0, abs=0.3)


@BOTH
def test_out_of_gamut_colours_lose_chroma_at_their_hue(dtype):
    pixels = np.full((32, 32), round(0.9 * np.iinfo(dtype).max), dtype)
    lab = lab_of(render(pixels, flat(pixels, 90.0, 60.0))).reshape(-1, 3).mean(axis=0)
    lightness = float(lightness_of(pixels)[0, 0])
    hue = np.arctan2(60.0, 90.0)
    assert lab[0] == pytest.approx(lightness, abs=LIGHTNESS_BOUND[dtype])
    assert np.arctan2(lab[2], lab[1]) == pytest.approx(hue, abs=0.03)
    most = float(max_chroma(np.array(lightness), np.array(hue)))
    assert most < 40
    assert most - 2.5 < np.hypot(lab[1], lab[2]) < most + 1.0


@BOTH
def test_strips_leave_no_seam(dtype, monkeypatch):
    pixels = textured(400, 300, dtype)
    assert pixels.size > STRIP_PIXELS
    colors = wild(pixels)
    usual = render(pixels, colors)
    for strip in (1, 7 * 300, 133 * 300 + 5, 1 << 30):
        # `engine.render` is also the name of a function, so the module is asked for by name.
        monkeypatch.setattr(importlib.import_module("engine.render"), "STRIP_PIXELS", strip)
        difference = np.abs(render(pixels, colors).astype(int) - usual)
        # OpenCV may round a single row otherwise than several: a hundred-thousandth part of a picture by one step.
        assert (difference > 0).mean() < 0.005
        assert difference.max() <= (4 if dtype == np.uint8 else 256)


@BOTH
def test_threads_change_nothing(dtype):
    pixels = textured(500, 400, dtype)
    colors = wild(pixels)
    look = Look(saturation=1.3, vibrance=0.4)
    one = render(pixels, colors, look, threads=1)
    for threads in (2, 5, None):
        np.testing.assert_array_equal(render(pixels, colors, look, threads=threads), one)


@BOTH
@pytest.mark.parametrize("size", [(1, 1), (2, 2), (1, 65535), (65535, 1), (3, 500)], ids=str)
def test_sizes(dtype, size):
    pixels = textured(size[0], size[1], dtype)
    colored = render(pixels, Colors(np.full((4, 4, 2), 25.0, np.float32), guide_of(pixels, (16, 16))))
    assert colored.shape == (*size, 3)
    error = np.abs(lightness_of(colored) - lightness_of(pixels))
    assert error.max() <= 8 * LIGHTNESS_BOUND[dtype]


def test_the_smallest_map():
    pixels = textured(40, 30)
    colored = render(pixels, Colors(np.array([[[20.0, 30.0]]], np.float32), guide_of(pixels, (8, 8))))
    lab = lab_of(colored)
    middle = (lab[..., 0] > 30) & (lab[..., 0] < 80)
    assert lab[middle][:, 1].mean() == pytest.approx(20.0, abs=1.0)


@BOTH
def test_of_a_colour_photo_only_lightness_counts(dtype):
    maximum = np.iinfo(dtype).max
    noisy = np.random.default_rng(3).uniform(0, maximum, (60, 80, 3)).astype(dtype)
    grey = np.searchsorted(grey_lightness_table(maximum), lightness_of(noisy)).clip(0, maximum).astype(dtype)
    colors = wild(noisy, reach=20.0)
    found, expected = render(noisy, colors), render(grey, colors)
    # 8 bits have one level of lightness to choose from; all else about the photo's own colours is forgotten.
    level = maximum / 255
    assert np.abs(found.astype(float) - expected).mean() < (1.2 if dtype == np.uint8 else 0.02) * level
    assert np.abs(lightness_of(found) - lightness_of(noisy)).mean() <= LIGHTNESS_BOUND[dtype] + 0.05


def test_eight_bits_agree_with_sixteen():
    levels = textured(160, 200)
    colors = wild(levels, reach=45.0)
    eight = lab_of(render(levels, colors))
    sixteen = lab_of(render((levels.astype(np.uint16) * 257), colors))
    difference = ciede2000(eight, sixteen)
    assert difference.mean() < 1.0
    assert np.percentile(difference, 99) < 2.5
    # The dither errs to both sides: a small neighbourhood shows the colour itself.
    means = [cv2.blur(lab, (8, 8))[8:-8, 8:-8] for lab in (eight, sixteen)]
    assert np.abs(means[0] - means[1]).mean() < 0.25


@BOTH
def test_skies_have_no_bands(dtype):
    """A soft gradient of colour stays one: averaged over 8x8 pixels it rises throughout."""
    pixels = np.full((64, 512), np.iinfo(dtype).max // 2, dtype)
    ramp = np.linspace(0, 6, 64, dtype=np.float32)
    ab = np.stack([np.zeros((8, 64), np.float32), np.broadcast_to(-ramp, (8, 64))], axis=-1)
    b = lab_of(render(pixels, Colors(ab, np.full((32, 256), 53.0, np.float32))))[..., 2]
    columns = b.reshape(64, 32, 16).mean(axis=(0, 2))
    assert (np.diff(columns) < 0.15).all()
    assert columns[-1] - columns[0] == pytest.approx(-6, abs=0.5)


@BOTH
def test_no_saturation_is_grey(dtype):
    pixels = textured(90, 120, dtype)
    colored = render(pixels, wild(pixels), Look(saturation=0.0))
    spread = colored.max(axis=-1).astype(int) - colored.min(axis=-1)
    assert spread.max() <= (0 if dtype == np.uint8 else 4)
    np.testing.assert_allclose(colored[..., 1].astype(int), pixels.astype(int), atol=0 if dtype == np.uint8 else 4)


def looked_at(look, a=12.0, b=9.0, level=128):
    """The mean a* and b* of one colour under a look."""
    pixels = np.full((32, 32), level * 257, np.uint16)
    return lab_of(render(pixels, flat(pixels, a, b), look))[..., 1:].mean(axis=(0, 1))


def test_a_neutral_look_is_none():
    assert Look().neutral
    assert not Look(vibrance=0.1).neutral
    pixels = textured(50, 60)
    np.testing.assert_array_equal(render(pixels, wild(pixels), Look()), render(pixels, wild(pixels)))


@pytest.mark.parametrize("saturation", [0.5, 1.5, 2.0])
def test_saturation_multiplies_chroma(saturation):
    np.testing.assert_allclose(looked_at(Look(saturation=saturation)), np.array([12, 9]) * saturation, atol=0.1)


def test_vibrance_lifts_muted_colours_more_than_vivid_ones():
    muted = looked_at(Look(vibrance=0.5), 6.0, 8.0)
    vivid = looked_at(Look(vibrance=0.5), 30.0, 40.0)
    gains = np.hypot(*muted) / 10, np.hypot(*vivid) / 50
    assert gains[0] > 1.3 > 1.15 > gains[1] >= 1
    np.testing.assert_allclose(muted[1] / muted[0], 8 / 6, rtol=0.02)  # the hue stays
    np.testing.assert_allclose(looked_at(Look(vibrance=0.5), 42.0, 45.0), [42.0, 45.0], atol=0.1)
    assert np.hypot(*looked_at(Look(vibrance=-1.0), 6.0, 8.0)) < 2


def test_temperature_moves_b():
    np.testing.assert_allclose(looked_at(Look(temperature=8.0)), [12, 17], atol=0.1)
    np.testing.assert_allclose(looked_at(Look(temperature=-8.0), 0.0, 0.0), [0, -8], atol=0.1)


def test_a_look_changes_no_lightness():
    pixels = textured(90, 120)
    colored = render(pixels, wild(pixels), Look(saturation=2.0, vibrance=1.0, temperature=20.0))
    assert np.abs(lightness_of(colored) - lightness_of(pixels)).mean() <= 0.3


def two_halves(edge, left=70, right=180, height=240, width=320):
    """A dark and a bright half that meet at a column."""
    pixels = np.full((height, width), left, np.uint8)
    pixels[:, edge:] = right
    return pixels


@pytest.mark.parametrize("edge", [158, 160, 163, 166])
def test_colour_stays_within_the_photos_edges(edge):
    """Orange meets blue where dark meets bright: sharply, wherever the pixels of the small map lie."""
    pixels = two_halves(edge)
    guide = guide_of(pixels)
    truth = np.where(
        np.arange(320)[None, :, None] < edge, np.array((25, 35), np.float32), np.array((-10, -35), np.float32)
    )
    truth = np.broadcast_to(truth, (240, 320, 2)).astype(np.float32)
    ab = np.asarray(cv2.resize(truth, (16, 12), interpolation=cv2.INTER_AREA), np.float32)
    found = lab_of(render(pixels, Colors(ab, guide)))[120, :, 1:]
    # 20 pixels of the photo are one of the map: plain interpolation would blend orange into blue over all of them.
    blended = cv2.resize(ab, (320, 240), interpolation=cv2.INTER_CUBIC)[120]
    error, plain = (np.linalg.norm(each - truth[120], axis=-1)[edge - 20 : edge + 20] for each in (found, blended))
    assert error.mean() < 0.62 * plain.mean()
    assert np.abs(np.diff(found[:, 1])).argmax() == edge - 1  # the step lies at the photo's edge


def test_colour_is_smooth_where_the_photo_is():
    pixels = np.full((120, 160), 128, np.uint8)
    ab = np.zeros((12, 16, 2), np.float32)
    ab[:, 8:] = (30.0, 0.0)
    found = lab_of(render(pixels.astype(np.uint16) * 257, Colors(ab, guide_of(pixels))))[60, :, 1]
    assert np.abs(np.diff(found)).max() < 4
    assert found[20] == pytest.approx(0, abs=1)
    assert found[140] == pytest.approx(30, abs=1)


def test_the_map_itself_is_kept():
    """Slope times lightness plus offset gives the ab map back, at the network's size."""
    pixels = textured(96, 128)
    guide = guide_of(pixels, (64, 48))
    ab = np.asarray(cv2.GaussianBlur(wild(pixels).ab, (5, 5), 2), np.float32)
    planes = guided_coefficients(Colors(ab, guide))
    assert planes.shape == (4, 48, 64)
    assert planes.dtype == np.float32
    found = np.moveaxis(planes[:2] * guide + planes[2:], 0, -1)
    back = cv2.resize(found, (16, 12), interpolation=cv2.INTER_AREA)
    assert np.abs(back - ab).mean() < 0.1 * np.abs(ab).mean()


def with_cast(pixels, a, b):
    """Colours of a grey picture that lean to one side, as a cast does."""
    guide = guide_of(pixels)
    small = np.asarray(cv2.resize(guide, (16, 12), interpolation=cv2.INTER_AREA), np.float32)
    return Colors(((small + 16) / 116)[..., None] * np.array((a, b), np.float32), guide)


@BOTH
def test_white_balance_takes_a_cast_away(dtype):
    pixels = textured(150, 200, dtype)
    colors = with_cast(pixels, 6.0, 10.0)
    tinted, balanced = (lab_of(render(pixels, colors, look)) for look in (None, Look(white_balance=True)))
    assert tinted[..., 2].mean() > 4
    assert np.abs(balanced[..., 1:].mean(axis=(0, 1))).max() < 0.5
    assert np.abs(balanced[..., 0] - tinted[..., 0]).mean() <= 2 * LIGHTNESS_BOUND[dtype]


def test_white_balance_leaves_a_photo_without_a_cast():
    pixels = textured(150, 200)
    colors = flat(pixels, 0.0, 0.0)
    colors.ab[:4], colors.ab[4:6] = (-25, 30), (20, 5)
    np.testing.assert_array_equal(render(pixels, colors, Look(white_balance=True)), render(pixels, colors))


def test_white_balance_comes_before_the_rest_of_the_look():
    pixels = textured(150, 200, np.uint16)
    colors = with_cast(pixels, 6.0, 10.0)
    lab = lab_of(render(pixels, colors, Look(white_balance=True, saturation=3.0, temperature=5.0)))
    middle = (lab[..., 0] > 30) & (lab[..., 0] < 80)
    np.testing.assert_allclose(lab[middle][:, 1:].mean(axis=0), (0, 5), atol=0.5)


@BOTH
def test_a_look_leaves_asked_colours_alone(dtype):
    pixels = textured(90, 120, dtype)
    plain = flat(pixels, 12.0, -8.0)
    asked = np.zeros((12, 16), np.float32)
    asked[:, :8] = 1.0
    look = Look(saturation=0.3, vibrance=0.4, temperature=15.0)
    without, with_it = render(pixels, plain, look), render(pixels, Colors(plain.ab, plain.guide, asked), look)
    unchanged = render(pixels, plain)
    np.testing.assert_array_equal(with_it[:, :50], unchanged[:, :50])
    np.testing.assert_array_equal(with_it[:, 70:], without[:, 70:])
    np.testing.assert_array_equal(render(pixels, Colors(plain.ab, plain.guide, asked)), unchanged)


def test_white_balance_leaves_asked_colours_alone():
    pixels = textured(90, 120)
    plain = flat(pixels, 3.0, 14.0)
    asked = np.ones((12, 16), np.float32)
    look = Look(white_balance=True)
    assert (render(pixels, plain, look) != render(pixels, plain)).any()
    with_it = render(pixels, Colors(plain.ab, plain.guide, asked), look)
    np.testing.assert_array_equal(with_it, render(pixels, plain))


def cartoon(dtype: type[Any] = np.uint16):
    """Two rooms in flat shades, 240×320, with a black wall between them and around, and a door of six pixels in it."""
    rooms = np.full((240, 320), 200, np.uint8)
    rooms[:, 160:] = 120
    cv2.rectangle(rooms, (4, 4), (315, 235), 20, 5)
    cv2.line(rooms, (160, 0), (160, 239), 20, 6)
    rooms[100:106, 157:164] = 160
    return (rooms.astype(np.float64) / 255 * np.iinfo(dtype).max).astype(dtype)


def bleeding(pixels, seed=4):
    """Orange to the left and blue to the right, uneven, and running into each other over the wall."""
    ab = np.zeros((48, 64, 2), np.float32)
    ab[:, :32], ab[:, 32:] = (10, 16), (-4, -18)
    ab = cv2.GaussianBlur(ab, (0, 0), 4)
    ab += cv2.resize(np.random.default_rng(seed).normal(0, 3, (6, 8, 2)).astype(np.float32), (64, 48))
    return Colors(np.asarray(ab, np.float32), guide_of(pixels, (192, 144)))


LEFT, RIGHT = (slice(20, 220), slice(20, 140)), (slice(20, 220), slice(180, 300))


@BOTH
def test_evenness_gives_each_region_one_colour_and_mixes_none(dtype):
    pixels = cartoon(dtype)
    colors = bleeding(pixels)
    plain, even = (lab_of(render(pixels, colors, look)) for look in (None, Look(evenness=1.0)))
    # The dither of 8 bits is averaged away.
    plain, even = (cv2.blur(lab, (8, 8)) for lab in (plain, even))
    for room in (LEFT, RIGHT):
        assert np.ptp(plain[room][..., 1:], axis=(0, 1)).max() > 8
        assert np.ptp(even[room][..., 1:], axis=(0, 1)).max() < (0.6 if dtype == np.uint8 else 0.2)
        np.testing.assert_allclose(even[room].mean((0, 1)), plain[room].mean((0, 1)), atol=2)
    assert even[LEFT][..., 2].mean() - even[RIGHT][..., 2].mean() > 25


@BOTH
def test_evenness_keeps_lightness(dtype):
    pixels = textured(150, 200, dtype)
    error = np.abs(lightness_of(render(pixels, wild(pixels), Look(evenness=1.0))) - lightness_of(pixels))
    assert error.mean() <= LIGHTNESS_BOUND[dtype]


def test_no_evenness_is_the_former_result_and_costs_no_search(monkeypatch):
    monkeypatch.setattr("engine.color.trapped_ball.segment", lambda *_, **__: pytest.fail("regions were sought"))
    pixels = cartoon(np.uint8)
    colors = bleeding(pixels)
    np.testing.assert_array_equal(render(pixels, colors, Look(evenness=0.0)), render(pixels, colors))


def test_half_evenness_is_half_way():
    pixels = cartoon()
    colors = bleeding(pixels)
    none, half, full = (lab_of(render(pixels, colors, Look(evenness=evenness))) for evenness in (0.0, 0.5, 1.0))
    for room in (LEFT, RIGHT):
        np.testing.assert_allclose(half[room], (none[room] + full[room]) / 2, atol=0.1)


def asked_for(colors, *, spread=0.0):
    """A stroke of vivid green in the left room, which somebody asked for; and how far all else was asked for."""
    ab, asked = colors.ab.copy(), np.full(colors.ab.shape[:2], spread, np.float32)
    ab[20:28, 12:20], asked[20:28, 12:20] = (-40, 40), 1.0
    return Colors(ab, colors.guide, asked)


STROKE = (slice(110, 130), slice(70, 90))


@pytest.mark.parametrize("spread", [0.0, 0.6])
def test_evenness_leaves_the_colour_of_a_hint_and_gives_it_to_its_region(spread):
    """What a hint has spread beyond itself is evened, for it runs over lines."""
    pixels = cartoon()
    colors = asked_for(bleeding(pixels), spread=spread)
    plain, even = (lab_of(render(pixels, colors, look)) for look in (None, Look(evenness=1.0)))
    np.testing.assert_allclose(even[STROKE], plain[STROKE], atol=0.1)
    without = lab_of(render(pixels, bleeding(pixels), Look(evenness=1.0)))
    assert even[40:60, 100:140, 1].mean() < without[40:60, 100:140, 1].mean() - 15
    for corner in ((slice(20, 80), slice(20, 140)), RIGHT):
        assert np.ptp(even[corner][..., 1:], axis=(0, 1)).max() < 0.2
    np.testing.assert_allclose(even[RIGHT], without[RIGHT], atol=1.0)


def test_evenness_comes_before_the_rest_of_the_look():
    pixels = cartoon()
    colors = bleeding(pixels)
    even, more = (lab_of(render(pixels, colors, Look(evenness=1.0, **rest))) for rest in ({}, {"saturation": 0.5}))
    for room in (LEFT, RIGHT):
        np.testing.assert_allclose(more[room][..., 1:], even[room][..., 1:] / 2, atol=0.2)
    # What is taken away of a cast follows lightness, in the middle of a region too.
    pixels = textured(150, 200, np.uint16)
    tinted, shown = (
        lab_of(render(pixels, with_cast(pixels, 6.0, 10.0), Look(evenness=1.0, white_balance=balance)))
        for balance in (False, True)
    )
    middle = (tinted[..., 0] > 30) & (tinted[..., 0] < 80)
    taken = (tinted - shown)[middle][:, 1:]
    expected = (tinted[middle][:, :1] + 16) / 116 * np.array((6, 10))
    assert np.abs(taken - expected).mean() < 0.2


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (2, 2)], ids=str)
def test_evenness_of_the_smallest_guides(size):
    pixels = textured(40, 30)
    colors = Colors(np.full((1, 1, 2), 20.0, np.float32), np.full(size, 50, np.float32))
    np.testing.assert_array_equal(render(pixels, colors, Look(evenness=1.0)), render(pixels, colors))
