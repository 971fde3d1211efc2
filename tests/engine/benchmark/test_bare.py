"""Bare decoding and encoding take every format that photos come in, and every one that they are saved in."""

import numpy as np
import pytest
import tifffile
from PIL import Image

from engine.benchmark.bare import decode_bare, encode_bare
from engine.errors import UnreadablePhotoError
from tests.painting import make_photo


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WebP"])
@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_every_output_is_encoded(form, depth):
    encode_bare(np.full((40, 50, 3), 77, depth), form)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "bmp"])
def test_sources_are_decoded_by_pillow(tmp_path, suffix):
    decode_bare(make_photo(tmp_path / f"a.{suffix}"), suffix)


def test_a_deep_tiff(tmp_path):
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, np.zeros((20, 30, 3), np.uint16), photometric="rgb", compression="deflate")
    decode_bare(path, "TIFF")


def test_what_pillow_does_not_know_is_read_as_ever(tmp_path, monkeypatch):
    path = make_photo(tmp_path / "a.jpg")
    decoded = []
    monkeypatch.setattr("engine.benchmark.bare.read_photo", decoded.append)
    monkeypatch.setattr(Image, "open", unknown)
    decode_bare(path, "HEIC")
    assert decoded == [path]


def unknown(path):
    raise Image.UnidentifiedImageError(path)


def test_what_nobody_knows(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"nothing")
    with pytest.raises(UnreadablePhotoError):
        decode_bare(path, "JPEG")
