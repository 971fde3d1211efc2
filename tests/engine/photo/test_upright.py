"""Orientation: all eight ways that a file may lie give the same upright pixels, in every format."""

import io
import struct

import numpy as np
import pytest
from PIL import ExifTags

from engine.photo import SaveOptions, read_photo, save_photo
from tests.engine.photo.files import encoded, exif_block, scene, with_jpeg_segments

LIES = {
    1: lambda p: p,
    2: np.fliplr,
    3: lambda p: np.rot90(p, 2),
    4: np.flipud,
    5: lambda p: p.swapaxes(0, 1),
    6: lambda p: np.rot90(p, 1),
    7: lambda p: np.rot90(p, 2).swapaxes(0, 1),
    8: lambda p: np.rot90(p, -1),
}
LOSSLESS = {
    "PNG": {},
    "TIFF": {},
    "WEBP": {"lossless": True},
    "JPEG": {"quality": 100, "subsampling": 0},
    "AVIF": {"quality": 100},
}


@pytest.mark.parametrize("format_name", LOSSLESS)
@pytest.mark.parametrize("orientation", LIES)
@pytest.mark.parametrize("order", ["<", ">"])
def test_all_orientations_give_the_same_pixels(write, format_name, orientation, order):
    lying = np.ascontiguousarray(LIES[orientation](scene(48, 64)))
    options = LOSSLESS[format_name]
    if format_name == "TIFF":
        content = encoded(lying, format_name, tiffinfo={274: orientation})
    else:
        content = encoded(lying, format_name, exif=b"Exif\0\0" + exif_block(orientation, order), **options)
    photo = read_photo(write(content))
    assert photo.pixels.shape == (48, 64, 3)
    tolerance = {"JPEG": 2, "AVIF": 3}.get(format_name, 0)
    assert np.abs(photo.pixels.astype(int) - scene(48, 64)).mean() <= tolerance


@pytest.mark.parametrize("orientation", LIES)
def test_alpha_and_16_bits_turn_too(write, orientation):
    import imagecodecs

    from tests.engine.photo.files import with_png_chunks

    upright = np.dstack([scene(), scene(channels=1)]).astype(np.uint16) * 257
    png = imagecodecs.png_encode(np.ascontiguousarray(LIES[orientation](upright)))
    photo = read_photo(write(with_png_chunks(png, (b"eXIf", exif_block(orientation)))))
    assert (photo.pixels == upright[..., :3]).all()
    assert (photo.alpha == upright[..., 3]).all()


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "TIFF", "WebP"])
def test_saved_files_are_upright_for_everybody(write, tmp_path, format_name):
    from PIL import Image

    lying = np.ascontiguousarray(LIES[6](scene(48, 64)))
    photo = read_photo(write(encoded(lying, "JPEG", exif=b"Exif\0\0" + exif_block(6))))
    out = tmp_path / "out"
    save_photo(out, [photo.pixels], [photo], SaveOptions(format=format_name))
    with Image.open(out) as image:
        assert image.size == (64, 48)
        assert image.getexif().get(274, 1) == 1
    assert read_photo(out).pixels.shape == (48, 64, 3)


@pytest.mark.parametrize("format_name", LOSSLESS)
@pytest.mark.parametrize("orientation", LIES)
def test_all_orientations_are_reset_where_a_photo_keeps_its_format(write, tmp_path, format_name, orientation):
    from PIL import Image

    lying = np.ascontiguousarray(LIES[orientation](scene(48, 64)))
    thumbnail = encoded(lying[::3, ::3].copy(), "JPEG")
    if format_name == "TIFF":
        content = encoded(lying, format_name, tiffinfo={274: orientation})
    else:
        exif = b"Exif\0\0" + exif_block(orientation, thumbnail=thumbnail)
        content = encoded(lying, format_name, exif=exif, **LOSSLESS[format_name])
    photo = read_photo(write(content))
    out = tmp_path / "out"
    chosen = {"WEBP": "WebP", "AVIF": "JPEG"}.get(format_name, format_name)
    save_photo(out, [photo.pixels], [photo], SaveOptions(format=chosen, quality=100))
    with Image.open(out) as image:
        assert image.getexif().get(274, 1) == 1
        assert np.abs(np.asarray(image.convert("RGB")).astype(int) - scene(48, 64)).mean() < 4
        inside = image.getexif().get_ifd(ExifTags.IFD.IFD1) if chosen != "TIFF" else {}
    if inside.get(513):
        block = read_photo(out).metadata.exif
        with Image.open(io.BytesIO(block[inside[513] : inside[513] + inside[514]])) as small:
            assert small.width > small.height  # upright too, as the photo is
    assert np.abs(read_photo(out).pixels.astype(int) - scene(48, 64)).mean() < 4


def test_resolution_turns_with_the_picture(write):
    photo = read_photo(write(encoded(scene(), "JPEG", dpi=(300, 150), exif=b"Exif\0\0" + exif_block(6))))
    assert photo.metadata.dpi == (150, 300)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_senseless_orientations_count_for_nothing(write, orientation):
    photo = read_photo(write(encoded(scene(), "PNG", exif=exif_block(orientation))))
    assert (photo.pixels == scene()).all()


@pytest.mark.parametrize("luma", ["lightness", "exact"])
@pytest.mark.parametrize("odd", [(274, 1, 1), (274, 4, 1), (274, 3, 2)], ids=["a byte", "four bytes", "two numbers"])
def test_an_orientation_written_in_an_odd_way_is_not_applied_twice(write, tmp_path, odd, luma):
    block = exif_block(6).replace(struct.pack("<HHI", 274, 3, 1), struct.pack("<HHI", *odd))
    content = encoded(scene(channels=1), "JPEG", quality=95)
    photo = read_photo(write(with_jpeg_segments(content, (0xE1, b"Exif\0\0" + block))))
    assert photo.pixels.shape[:2] == (32, 24)
    colored = np.repeat(photo.pixels[..., None], 3, axis=2)
    save_photo(tmp_path / "out.jpg", [colored], [photo], SaveOptions(format="JPEG", luma=luma))
    again = read_photo(tmp_path / "out.jpg").pixels
    assert np.abs(again.astype(int) - photo.pixels).mean() < 3
