"""Grey, bitonal, toned or coloured."""

import numpy as np
import pytest
from skimage import data
from skimage.color import lab2rgb

from engine.photo import SourceKind, read_photo
from tests.engine.photo.files import encoded

CAMERA = data.camera()[::2, ::2]


def toned(curve):
    lightness = CAMERA / 255 * 100
    ab = [np.interp(lightness, [0, 50, 100], values) for values in curve]
    return np.rint(lab2rgb(np.dstack([lightness, *ab])) * 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("pixels", "kind"),
    [
        (CAMERA, SourceKind.GREY),
        (
            np.clip(np.dstack([CAMERA] * 3) + np.random.default_rng(0).integers(-3, 4, (256, 256, 3)), 0, 255).astype(
                np.uint8
            ),
            SourceKind.GREY,
        ),
        (toned(([0, 12, 2], [0, 22, 8])), SourceKind.TONED),
        (toned(([0, -6, 0], [0, -30, -4])), SourceKind.TONED),
        (toned(([4, 8, -2], [-25, 0, 20])), SourceKind.TONED),
        (toned(([8, 10, 4], [18, 24, 16])), SourceKind.TONED),
        (data.astronaut(), SourceKind.COLOUR),
        (data.coffee(), SourceKind.COLOUR),
        (data.cat(), SourceKind.COLOUR),
        (data.rocket(), SourceKind.COLOUR),
        (np.full((64, 64), 90, np.uint8), SourceKind.GREY),
        (np.full((1, 1), 90, np.uint8), SourceKind.GREY),
    ],
    ids=[
        "grey",
        "grey with noise",
        "sepia",
        "cyanotype",
        "duotone",
        "paper",
        "astronaut",
        "coffee",
        "cat",
        "rocket",
        "flat",
        "pixel",
    ],
)
@pytest.mark.parametrize("format_name", ["PNG", "JPEG"])
def test_kinds(write, pixels, kind, format_name):
    assert read_photo(write(encoded(pixels, format_name, quality=85))).source_kind is kind


def test_grain_of_a_toned_scan_does_not_count(write):
    grain = np.random.default_rng(2).normal(0, 6, (256, 256, 3))
    noisy = np.clip(toned(([0, 12, 2], [0, 22, 8])) + grain, 0, 255).astype(np.uint8)
    assert read_photo(write(encoded(noisy, "PNG"))).source_kind is SourceKind.TONED


def test_line_art_of_8_bits_is_bitonal(write):
    art = np.where(CAMERA > 100, 255, 0).astype(np.uint8)
    photo = read_photo(write(encoded(art, "PNG")))
    assert photo.source_kind is SourceKind.BITONAL
    assert "bitonal" in photo.notes
