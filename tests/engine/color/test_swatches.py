"""The palette of one lightness, and single colours at it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.color.difference import ciede2000
from engine.color.gamut import in_gamut
from engine.color.lab import srgb_to_lab
from engine.color.swatches import ab_of, color_at, fitted, gamut_picture, is_color, lab_of, lightness_of_color

COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def ab_grid(size: int, extent: float) -> np.ndarray:
    """The documented a* and b* of each pixel's middle."""
    axis = ((np.arange(size) + 0.5) / size * 2 - 1) * extent
    return np.stack(np.broadcast_arrays(axis[None, :], -axis[:, None]), axis=-1)


@pytest.mark.parametrize("lightness", [5.0, 32.3, 50.0, 60.0, 87.7, 97.0])
def test_the_picture_shows_the_colors_of_its_lightness(lightness):
    picture = gamut_picture(lightness, 128)
    assert picture.shape == (128, 128, 4)
    assert picture.dtype == np.uint8
    inside = picture[..., 3] == 255
    lab = srgb_to_lab(picture[inside][:, :3] / 255)
    wanted = np.concatenate([np.full((len(lab), 1), lightness), ab_grid(128, 110.0)[inside]], axis=1)
    # Some pixels that lie wholly inside by the outline are a little outside, where it cuts a corner.
    assert np.quantile(ciede2000(lab, wanted), 0.99) < (2.0 if lightness < 10 else 0.7)


@pytest.mark.parametrize("lightness", [8.0, 32.3, 60.0, 93.0])
def test_alpha_is_the_share_of_the_pixel_inside(lightness):
    size, finer = 64, 16
    ab = ab_grid(size * finer, 110.0)
    shown = in_gamut(np.concatenate([np.full((*ab.shape[:2], 1), lightness), ab], axis=-1))
    share = shown.reshape(size, finer, size, finer).mean(axis=(1, 3))
    alpha = gamut_picture(lightness, size)[..., 3] / 255
    assert np.abs(alpha - share).max() < 0.25
    assert np.abs(alpha - share)[(share > 0) & (share < 1)].mean() < 0.09
    assert alpha.sum() == pytest.approx(share.sum(), rel=0.05)
    assert np.unique(alpha).size > 5


def test_a_grows_to_the_right_and_b_upwards():
    picture = gamut_picture(60.0, 65)
    assert picture[32, 45, :3].tolist() > picture[32, 20, :3].tolist()
    assert srgb_to_lab(picture[32, 40, :3] / 255)[1] > 20
    assert srgb_to_lab(picture[24, 32, :3] / 255)[2] > 20
    assert np.ptp(picture[32, 32, :3].astype(int)) <= 1  # grey in the middle


def test_black_and_white_have_no_palette():
    for lightness in (0.0, 100.0):
        assert (gamut_picture(lightness, 64)[..., 3] > 0).sum() <= 4


def test_the_picture_is_kept_and_cannot_be_spoilt():
    picture = gamut_picture(50.04, 64)
    assert gamut_picture(50.01, 64) is picture
    assert not picture.flags.writeable
    assert gamut_picture(120.0, 64) is gamut_picture(100.0, 64)


@pytest.mark.parametrize(
    ("lightness", "size", "extent"), [(np.nan, 64, 110.0), (50, 0, 110.0), (50, 64, 0.0), (50, 64, np.inf)]
)
def test_no_picture_of_nonsense(lightness, size, extent):
    with pytest.raises(ValueError, match="no gamut picture"):
        gamut_picture(lightness, size, extent)


@given(COLORS)
@settings(max_examples=60, deadline=None)
def test_a_color_taken_apart_and_put_together_is_itself(color):
    lightness, a, b = lab_of(color)
    assert color_at(lightness, a, b) == color
    assert (a, b) == ab_of(color)
    assert lightness == lightness_of_color(color)
    assert fitted(color, lightness) == color


@given(st.floats(0, 100), st.floats(-200, 200), st.floats(-200, 200))
@settings(max_examples=80, deadline=None)
def test_what_does_not_exist_loses_chroma_and_keeps_lightness(lightness, a, b):
    color = color_at(lightness, a, b)
    assert is_color(color)
    assert lightness_of_color(color) == pytest.approx(lightness, abs=0.8)
    shown = ab_of(color)
    # Up to the rounding of 8 bits, which is coarse in the dark.
    assert np.hypot(*shown) <= np.hypot(a, b) + 6
    if np.hypot(*shown) > 25:
        turn = np.arctan2(shown[0] * b - shown[1] * a, shown[0] * a + shown[1] * b)
        assert abs(turn) < 0.12


def test_a_color_at_another_lightness():
    assert fitted("#ff0000", 100) == "#ffffff"
    assert fitted("#FF0000", 0) == "#000000"
    assert fitted("#808080", 30.0) == color_at(30.0, 0, 0)
    red = np.array(ab_of(fitted("#7d2a2f", 50.0)))
    np.testing.assert_allclose(red, ab_of("#7d2a2f"), atol=0.6)


@given(st.integers(0, 255))
@settings(max_examples=30, deadline=None)
def test_greys_have_no_color_at_all(level):
    assert ab_of(f"#{level:02x}{level:02x}{level:02x}") == (0.0, 0.0)


@pytest.mark.parametrize("text", ["", "red", "#abc", "7d2a2f", "#7d2a2g", "#7d2a2f ", "#7d2a2f\n", "#٣٣٣٣٣٣"])
def test_only_six_digits_are_a_color(text):
    assert not is_color(text)
    with pytest.raises(ValueError, match="#rrggbb"):
        lab_of(text)


def test_only_numbers_are_a_color():
    for values in ((np.nan, 0, 0), (50, np.inf, 0), (50, 0, np.nan)):
        with pytest.raises(ValueError, match="no colour"):
            color_at(*values)
