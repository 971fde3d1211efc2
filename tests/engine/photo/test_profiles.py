"""Colour profiles: compared with a direct computation, not with littlecms."""

import io

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image
from skimage.color import deltaE_ciede2000, rgb2lab

from engine.photo import SaveOptions, read_photo, save_photo
from tests.engine.photo.files import (
    INKS,
    PRIMARIES,
    cmyk_profile,
    encoded,
    icc_profile,
    lab_d50_to_srgb,
    scene,
    srgb_from,
)

GAMMAS = {"adobe": 563 / 256, "p3": 2.2, "prophoto": 1.8, "srgb": 1.0}


def colours(full):
    """A picture of colours inside every gamut: muted ones, and greys."""
    rng = np.random.default_rng(5)
    values = 0.25 + 0.5 * rng.random((24, 32, 3))
    values[:4] = np.linspace(0, 1, 32)[None, :, None]
    return np.rint(values * full).astype(np.uint8 if full == 255 else np.uint16)


def difference(pixels, expected):
    full = np.iinfo(pixels.dtype).max
    return float(deltaE_ciede2000(rgb2lab(pixels / full), rgb2lab(np.clip(expected, 0, 1))).mean())


@pytest.mark.parametrize("name", PRIMARIES)
@pytest.mark.parametrize("full", [255, 65535])
def test_rgb_profiles(write, name, full):
    gamma = round(GAMMAS[name] * 256) / 256
    pixels, icc = colours(full), icc_profile(GAMMAS[name], name)
    if full == 255:
        content = encoded(pixels, "PNG", icc_profile=icc)
    else:
        file = io.BytesIO()
        tifffile.imwrite(file, pixels, photometric="rgb", iccprofile=icc, metadata=None)
        content = file.getvalue()
    photo = read_photo(write(content))
    assert photo.pixels.dtype == pixels.dtype
    assert photo.notes == ()
    assert difference(photo.pixels, srgb_from(pixels / full, gamma, name)) < (1.0 if full == 255 else 0.2)


@pytest.mark.parametrize("gamma", [1.0, 1.8, 2.2])
@pytest.mark.parametrize("full", [255, 65535])
def test_grey_profiles(write, gamma, full):
    dtype = np.uint8 if full == 255 else np.uint16
    ramp = np.linspace(0, full, 4096).astype(dtype).reshape(64, 64)
    file = io.BytesIO()
    tifffile.imwrite(file, ramp, iccprofile=icc_profile(gamma), metadata=None)
    photo = read_photo(write(file.getvalue()))
    assert photo.pixels.shape == ramp.shape
    expected = srgb_from(ramp / full, round(gamma * 256) / 256)
    assert difference(np.dstack([photo.pixels] * 3), np.dstack([expected] * 3)) < 0.6
    if full == 65535:
        assert len(np.unique(photo.pixels)) >= 4000


@pytest.mark.parametrize("name", ["adobe", "prophoto"])
def test_a_grey_picture_with_an_rgb_profile_follows_its_neutral_axis(write, name):
    grey = scene(channels=1)
    photo = read_photo(write(encoded(grey, "JPEG", quality=100, icc_profile=icc_profile(GAMMAS[name], name))))
    expected = srgb_from(grey / 255, round(GAMMAS[name] * 256) / 256)
    assert np.abs(photo.pixels / 255 - expected).mean() < 0.01


def test_srgb_under_another_name_changes_nothing(write):
    pixels = colours(255)
    photo = read_photo(write(encoded(pixels, "PNG", icc_profile=imagecodecs.cms_profile("srgb"))))
    assert (photo.pixels == pixels).all()


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("damage", ["cut", "noise", "cmyk", "zeros", "lab"])
def test_useless_profiles_are_told_and_ignored(write, channels, damage):
    good = icc_profile(2.2, "adobe" if channels == 3 else None)
    icc = {
        "cut": good[:200],
        "noise": bytes(np.random.default_rng(1).integers(0, 256, 3000, dtype=np.uint8)),
        "cmyk": good[:16] + b"CMYK" + good[20:],
        "zeros": good[:128] + bytes(len(good) - 128),
        "lab": good[:16] + b"Lab " + good[20:],
    }[damage]
    pixels = scene(channels=channels)
    photo = read_photo(write(encoded(pixels, "PNG", icc_profile=icc)))
    assert (photo.pixels == pixels).all()
    assert len(photo.notes) == 1
    assert "sRGB assumed" in photo.notes[0]


def test_a_huge_profile_is_not_used(write):
    huge = icc_profile(2.2, "adobe") + bytes(9 << 20)
    file = io.BytesIO()
    tifffile.imwrite(file, scene(), photometric="rgb", iccprofile=huge, metadata=None)
    photo = read_photo(write(file.getvalue()))
    assert (photo.pixels == scene()).all()
    assert any("too long; sRGB assumed" in note for note in photo.notes)


@pytest.mark.parametrize("ink", [1, 2, 4, 8])
@pytest.mark.parametrize("container", ["tiff", "tiff 16", "jpeg"])
def test_cmyk_goes_through_its_profile(write, ink, container):
    amount = np.linspace(0, 1, 64)
    inks = np.zeros((16, 64, 4))
    inks[..., ink.bit_length() - 1] = amount
    pixels = np.rint(inks * (65535 if container == "tiff 16" else 255)).astype(
        np.uint16 if "16" in container else np.uint8
    )
    if container == "jpeg":
        content = encoded(
            Image.fromarray(pixels, "CMYK"), "JPEG", quality=100, subsampling=0, icc_profile=cmyk_profile()
        )
    else:
        file = io.BytesIO()
        tifffile.imwrite(file, pixels, photometric="separated", iccprofile=cmyk_profile(), metadata=None)
        content = file.getvalue()
    photo = read_photo(write(content))
    full = np.array(INKS.get(ink, (0, 0, 0)))
    lab = np.array(INKS[0]) * (1 - amount[:, None]) + full * amount[:, None]
    expected = np.tile(lab_d50_to_srgb(lab), (16, 1, 1))
    assert photo.notes == ()
    assert photo.pixels.dtype == pixels.dtype
    assert difference(photo.pixels, expected) < 1.0


def test_a_damaged_profile_of_a_cmyk_picture(write):
    inks = np.zeros((8, 8, 4), np.uint8)
    photo = read_photo(write(encoded(Image.fromarray(inks, "CMYK"), "JPEG", icc_profile=icc_profile(2.2, "adobe"))))
    assert (photo.pixels == 255).all()
    assert any("plain inks assumed" in note for note in photo.notes)


def test_a_profile_split_over_segments(write):
    icc = icc_profile(1.8, "prophoto") + bytes(150_000)
    photo = read_photo(write(encoded(scene(), "JPEG", icc_profile=icc, quality=100, subsampling=0)))
    expected = srgb_from(scene() / 255, round(1.8 * 256) / 256, "prophoto")
    assert np.abs(photo.pixels / 255 - expected).mean() < 0.02


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "TIFF", "WebP"])
def test_saved_files_are_tagged_srgb(write, tmp_path, format_name):
    photo = read_photo(write(encoded(scene(), "PNG", icc_profile=icc_profile(2.2, "p3"))))
    out = tmp_path / "out"
    save_photo(out, [photo.pixels], [photo], SaveOptions(format=format_name))
    with Image.open(out) as image:
        icc = image.info["icc_profile"]
    assert b"sRGB" in icc.replace(b"\0", b"")
    assert len(icc) < 4096
    again = read_photo(out)
    assert np.abs(again.pixels.astype(int) - photo.pixels).mean() < 4
