"""Formats, depths and layouts: what goes in, and which pixels come out."""

import io
import pickle
import struct
import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from engine.errors import UnreadablePhotoError, UnsupportedPhotoError
from engine.photo import SourceKind, count_pages, read_pages, read_photo, read_thumbnail, source_suffixes
from tests.engine.photo.files import (
    encoded,
    exif_block,
    png_chunk,
    scene,
    tiff_file,
    with_jpeg_segments,
    with_png_chunks,
)


def near(pixels, expected, tolerance):
    assert pixels.shape == expected.shape
    assert pixels.dtype == expected.dtype
    assert np.abs(pixels.astype(np.int64) - expected.astype(np.int64)).mean() <= tolerance


@pytest.mark.parametrize(
    ("format_name", "told", "tolerance"),
    [
        ("JPEG", "JPEG", 3),
        ("PNG", "PNG", 0),
        ("TIFF", "TIFF", 0),
        ("BMP", "BMP", 0),
        ("WEBP", "WebP", 4),
        ("AVIF", "AVIF", 6),
    ],
)
@pytest.mark.parametrize("channels", [1, 3])
def test_every_format_gives_its_pixels(write, format_name, told, tolerance, channels):
    expected = scene(48, 64, channels)
    photo = read_photo(write(encoded(expected, format_name)))
    # WebP and AVIF have no exact grey.
    photo_pixels = photo.pixels[..., 1] if channels == 1 and photo.pixels.ndim == 3 else photo.pixels
    near(photo_pixels, expected, tolerance)
    assert (photo.format, photo.bit_depth, photo.page, photo.page_count) == (told, 8, 0, 1)
    assert (photo.width, photo.height) == (64, 48)
    assert photo.alpha is None


def test_progressive_and_arithmetic_and_lossless_jpegs(write):
    expected = scene(40, 40, 1)
    near(read_photo(write(encoded(expected, "JPEG", progressive=True, quality=95))).pixels, expected, 2)
    near(read_photo(write(imagecodecs.jpeg8_encode(expected, lossless=True))).pixels, expected, 0)


def test_a_12_bit_jpeg_keeps_its_depth(write):
    ramp = np.arange(4096, dtype=np.uint16).reshape(64, 64)
    photo = read_photo(write(imagecodecs.jpeg8_encode(ramp, 98, bitspersample=12)))
    assert photo.pixels.dtype == np.uint16
    assert photo.bit_depth == 16
    near(photo.pixels, (ramp.astype(np.uint32) * 65535 // 4095).astype(np.uint16), 200)


def test_grey_in_three_channels_becomes_one(write):
    grey = scene(channels=1)
    photo = read_photo(write(encoded(np.dstack([grey] * 3), "PNG")))
    near(photo.pixels, grey, 0)


def test_the_content_decides_not_the_name(write):
    photo = read_photo(write(encoded(scene(), "PNG"), "photo.jpg"))
    assert photo.format == "PNG"
    assert "named .jpg but is a PNG" in photo.notes


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA"])
def test_png_modes(write, mode):
    source = Image.fromarray(scene())
    image = source.convert("RGBA") if mode in ("LA", "RGBA") else source
    if mode in ("LA", "RGBA"):
        image.putalpha(Image.fromarray(scene(channels=1)))
        image = image.convert(mode)
    elif mode != "RGB":
        image = image.convert(mode)
    photo = read_photo(write(encoded(image, "PNG")))
    if mode in ("LA", "RGBA"):
        near(photo.alpha, scene(channels=1), 0)
    else:
        assert photo.alpha is None
    grey = mode in ("1", "L", "LA")
    expected = np.asarray(image.convert("L" if grey else "RGB"))
    near(photo.pixels, expected, 0)
    if mode == "1":
        assert photo.source_kind is SourceKind.BITONAL
        assert photo.bit_depth == 1
        assert "bitonal" in photo.notes


def test_a_palette_with_transparency_keeps_alpha(write):
    image = Image.new("P", (4, 1))
    image.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9])
    image.putdata([0, 1, 2, 3])
    photo = read_photo(write(encoded(image, "PNG", transparency=bytes([0, 128, 255, 255]))))
    assert photo.alpha.tolist() == [[0, 128, 255, 255]]
    assert photo.pixels[0, 1].tolist() == [0, 255, 0]


@pytest.mark.parametrize("channels", [1, 3])
def test_transparent_colour_of_a_png(write, channels):
    pixels = scene(channels=channels)
    key = struct.pack(f">{channels}H", *np.atleast_1d(pixels[5, 7]).astype(int))
    photo = read_photo(write(with_png_chunks(encoded(pixels, "PNG"), (b"tRNS", key))))
    assert photo.alpha[5, 7] == 0
    assert photo.alpha[0, 0] == 255


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_16_bit_png_keeps_every_level(write, channels):
    ramp = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    planes = np.dstack([np.roll(ramp, 7 * index, axis=1) for index in range(channels)])
    photo = read_photo(write(imagecodecs.png_encode(planes if channels > 1 else ramp)))
    near(photo.pixels, planes[..., :3] if channels >= 3 else ramp, 0)
    assert (photo.alpha is not None) == (channels in (2, 4))
    assert photo.bit_depth == 16


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("dtype", ["u1", "u2"])
@pytest.mark.parametrize("compression", [None, "zlib", "lzw"])
@pytest.mark.parametrize("layout", ["grey", "rgb", "planar", "tiled", "alpha"])
def test_tiff_layouts(write, order, dtype, compression, layout):
    pixels = scene(48, 40, 1 if layout == "grey" else 3).astype(dtype)
    if dtype == "u2":
        pixels = pixels * 257
    stored, options = pixels, {"photometric": "minisblack" if layout == "grey" else "rgb"}
    if layout == "planar":
        stored, options["planarconfig"] = np.moveaxis(pixels, -1, 0), "separate"
    elif layout == "tiled":
        options["tile"] = (16, 16)
    elif layout == "alpha":
        stored, options["extrasamples"] = np.dstack([pixels, pixels[..., 0]]), ["unassalpha"]
    file = io.BytesIO()
    predictor = 2 if compression else None
    tifffile.imwrite(
        file, stored, byteorder=order, compression=compression, predictor=predictor, metadata=None, **options
    )
    photo = read_photo(write(file.getvalue()))
    near(photo.pixels, pixels, 0)
    if layout == "alpha":
        near(photo.alpha, pixels[..., 0], 0)


def grey_tiff(stored, order="<", **extra):
    """A TIFF of one uncompressed strip, with any tag the test wants."""
    bits = extra.pop("bits", 8 * stored.dtype.itemsize)
    numbers = {256: stored.shape[1], 257: stored.shape[0], 258: bits, 259: 1, 262: 1, 277: 1, 278: stored.shape[0]}
    numbers |= {int(key[1:]): value for key, value in extra.items()}
    data = stored.astype(stored.dtype.newbyteorder(order)).tobytes()
    tags = [
        (tag, 4 if tag in (256, 257, 278) else 3, struct.pack(order + ("I" if tag in (256, 257, 278) else "H"), value))
        for tag, value in numbers.items()
    ]
    tags += [(273, 4, None), (279, 4, struct.pack(order + "I", len(data)))]
    return tiff_file(tags, data, order)


@pytest.mark.parametrize("order", ["<", ">"])
def test_12_bits_of_16_by_the_stated_largest_value(write, order):
    ramp = np.arange(0, 4096, dtype=np.uint16).reshape(64, 64)
    photo = read_photo(write(grey_tiff(ramp, order, t281=4095)))
    assert int(photo.pixels.max()) == 65535
    assert len(np.unique(photo.pixels)) == 4096


def test_12_bits_of_16_are_guessed_and_told(write):
    photo = read_photo(write(grey_tiff(np.arange(4096, dtype=np.uint16).reshape(64, 64))))
    assert int(photo.pixels.max()) == 65535
    assert "no value passes 4095: taken for 12 bits" in photo.notes


def test_a_true_16_bit_scan_is_not_stretched(write):
    ramp = np.linspace(0, 40000, 4096).astype(np.uint16).reshape(64, 64)
    near(read_photo(write(grey_tiff(ramp))).pixels, ramp, 0)


def test_signed_samples(write):
    ramp = np.arange(-32768, 32767, 16, dtype=np.int16).reshape(64, 64)
    photo = read_photo(write(grey_tiff(ramp, t339=2)))
    near(photo.pixels, (ramp.astype(np.int32) + 32768).astype(np.uint16), 0)
    positive = np.arange(0, 32768, 8, dtype=np.int16).reshape(64, 64)
    assert int(read_photo(write(grey_tiff(positive, t339=2))).pixels.max()) > 65500


def test_32_bit_samples(write):
    ramp = np.linspace(0, 2**32 - 1, 4096).astype(np.uint32).reshape(64, 64)
    photo = read_photo(write(grey_tiff(ramp)))
    assert photo.bit_depth == 32
    near(photo.pixels, (ramp >> 16).astype(np.uint16), 0)


def test_white_is_zero(write):
    grey = scene(channels=1)
    near(read_photo(write(grey_tiff(grey, t262=0))).pixels, 255 - grey, 0)


def test_four_bits(write):
    values = np.tile(np.arange(16, dtype=np.uint8), (16, 1))
    packed = (values[:, ::2] << 4) | values[:, 1::2]
    content = grey_tiff(packed, bits=4).replace(struct.pack("<HHII", 256, 4, 1, 8), struct.pack("<HHII", 256, 4, 1, 16))
    near(read_photo(write(content)).pixels, values * 17, 0)


@pytest.mark.parametrize("compression", ["group4", "group3", "raw", "packbits"])
def test_bitonal_tiff(write, compression):
    image = Image.fromarray(scene(64, 64, 1) > 120)
    photo = read_photo(write(encoded(image, "TIFF", compression=compression)))
    near(photo.pixels, np.asarray(image).astype(np.uint8) * 255, 0)
    assert photo.source_kind is SourceKind.BITONAL
    assert photo.bit_depth == 1


@pytest.mark.parametrize("values", ["fraction", "nan", "negative", "highlights", "bytes", "words"])
def test_float_tiff_is_made_sound(write, values):
    grey = np.linspace(0.0, 1.0, 4096, dtype=np.float32).reshape(64, 64)
    stored = {"fraction": grey, "bytes": grey * 255, "words": grey * 65535, "highlights": grey * 4}.get(
        values, grey.copy()
    )
    if values == "nan":
        stored[0, :3] = np.nan, np.inf, -np.inf
    if values == "negative":
        stored[0, :3] = -1.0
    photo = read_photo(write(grey_tiff(stored, t339=3)))
    assert photo.pixels.dtype == np.uint16
    assert photo.bit_depth == 32
    expected = np.rint(np.clip(grey * 4 if values == "highlights" else grey, 0, 1) * 65535)
    assert np.abs(photo.pixels[1:].astype(np.float64) - expected[1:]).max() <= 1
    if values == "nan":
        assert photo.pixels[0, :3].tolist() == [0, 65535, 0]
    assert bool(photo.notes) == (values != "fraction")


def test_palette_tiff(write):
    image = Image.fromarray(scene()).quantize(16)
    near(read_photo(write(encoded(image, "TIFF"))).pixels, np.asarray(image.convert("RGB")), 0)


def test_jpeg_in_tiff(write):
    file = io.BytesIO()
    tifffile.imwrite(file, scene(64, 64), photometric="rgb", compression="jpeg", metadata=None)
    near(read_photo(write(file.getvalue())).pixels, scene(64, 64), 4)


def test_premultiplied_alpha_is_undone(write):
    colour, alpha = np.full((8, 8, 3), 200, np.uint8), np.full((8, 8), 128, np.uint8)
    stored = np.dstack([np.rint(colour * (alpha[..., None] / 255)).astype(np.uint8), alpha])
    file = io.BytesIO()
    tifffile.imwrite(file, stored, photometric="rgb", extrasamples=["assocalpha"], metadata=None)
    near(read_photo(write(file.getvalue())).pixels, colour[..., 0], 1)


def test_every_page_of_a_tiff_and_no_thumbnail(write):
    pages = [scene(20, 30, 1), scene(30, 20, 1), scene(16, 16, 1)]
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        writer.write(pages[0], metadata=None, subifds=1)
        writer.write(pages[0][::2, ::2], metadata=None, subfiletype=1)
        writer.write(pages[1][::2, ::2], metadata=None, subfiletype=1)
        writer.write(pages[1], metadata=None)
        writer.write(pages[2], metadata=None)
    path = write(file.getvalue())
    assert count_pages(path) == 3
    read = list(read_pages(path))
    for number, (photo, expected) in enumerate(zip(read, pages, strict=True)):
        near(photo.pixels, expected, 0)
        assert (photo.page, photo.page_count) == (number, 3)
        assert f"page {number + 1} of 3" in photo.notes
    with pytest.raises(UnreadablePhotoError, match="no page 4"):
        read_photo(path, page=3)


@pytest.mark.parametrize("format_name", ["GIF", "WEBP", "PNG", "AVIF"])
def test_animations_give_their_first_frame_and_say_so(write, format_name):
    frames = [Image.fromarray(np.roll(scene(48, 48), 8 * index, axis=1)) for index in range(3)]
    options = {"lossless": True} if format_name == "WEBP" else {}
    path = write(encoded(frames[0], format_name, save_all=True, append_images=frames[1:], duration=50, **options))
    photo = read_photo(path)
    assert "first frame of 3" in photo.notes
    assert photo.page_count == count_pages(path) == 1
    assert np.abs(photo.pixels.astype(int) - scene(48, 48)).mean() < 12


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (7, 5), (1, 65535), (65535, 1)])
def test_odd_sizes(write, shape):
    grey = np.resize(np.arange(256, dtype=np.uint8), shape)
    near(read_photo(write(encoded(grey, "PNG"))).pixels, grey, 0)
    assert max(read_thumbnail(write(encoded(grey, "PNG")), 64).shape) <= 64


def test_cmyk_jpegs_have_the_right_polarity(write):
    inks = np.zeros((16, 16, 4), np.uint8)
    inks[..., 0], inks[..., 3] = 200, 20
    adobe = read_photo(write(encoded(Image.fromarray(inks, "CMYK"), "JPEG", quality=98)))
    plain = read_photo(write(imagecodecs.jpeg8_encode(inks, 98, colorspace="cmyk", outcolorspace="cmyk")))
    ycck = read_photo(write(imagecodecs.jpeg8_encode(255 - inks, 98, colorspace="cmyk", outcolorspace="ycck")))
    expected = np.tile(np.array([51, 235, 235], np.uint8), (16, 16, 1))
    near(adobe.pixels, expected, 4)
    near(ycck.pixels, expected, 4)
    assert "CMYK without a colour profile: plain inks assumed" in adobe.notes
    assert plain.pixels.shape == (16, 16, 3)


@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_cmyk_tiff(write, dtype):
    full = np.iinfo(dtype).max
    inks = np.zeros((8, 8, 4), dtype)
    inks[..., 1] = full
    file = io.BytesIO()
    tifffile.imwrite(file, inks, photometric="separated", metadata=None)
    assert read_photo(write(file.getvalue())).pixels[0, 0].tolist() == [full, 0, full]


@pytest.mark.parametrize("photometric", [8, 9])
@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_lab_tiff(write, photometric, dtype):
    full = np.iinfo(dtype).max
    unit = 1 if dtype == "u1" else 256
    lightness = round(0.54 * full)
    a, b = 40 * unit, -30 * unit
    if photometric == 9:
        a, b = a + 128 * unit, b + 128 * unit
    pixel = np.array([lightness, a, b]).astype(f"i{4}").astype(dtype)
    data = np.tile(pixel, (8, 8, 1)).astype(dtype)
    bits = struct.pack("<3H", *[8 * data.dtype.itemsize] * 3)
    short = [
        (tag, 3, struct.pack("<H", value))
        for tag, value in {256: 8, 257: 8, 259: 1, 262: photometric, 277: 3, 278: 8}.items()
    ]
    content = tiff_file(
        [*short, (258, 3, bits), (273, 4, None), (279, 4, struct.pack("<I", data.nbytes))], data.tobytes()
    )
    from skimage.color import rgb2lab

    photo = read_photo(write(content))
    lab = rgb2lab(photo.pixels[:1, :1] / full)[0, 0]
    # The file's CIELAB is under D50, skimage's under D65: adapted, they differ a little.
    assert np.abs(lab - [54, 40, -30]).max() < 4


def test_heic_and_raw_name_the_extra_they_need(write, monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    monkeypatch.setitem(sys.modules, "rawpy", None)
    with pytest.raises(UnsupportedPhotoError, match=r"HEIC needs: pip install 'autochrome\[heif\]'"):
        read_photo(write(b"\0\0\0\x18ftypheic\0\0\0\0" + bytes(100)))
    with pytest.raises(UnsupportedPhotoError, match=r"pip install 'autochrome\[raw\]'"):
        read_photo(write(grey_tiff(scene(channels=1)), "photo.nef"))


def test_raw_is_developed_at_16_bits(write, monkeypatch):
    developed = scene().astype(np.uint16) * 257

    class Raw:
        sizes = SimpleNamespace(iwidth=32, iheight=24)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def postprocess(self, *, output_bps, **_):
            assert output_bps == 16
            return developed

    monkeypatch.setitem(sys.modules, "rawpy", SimpleNamespace(imread=lambda _: Raw()))
    photo = read_photo(write(grey_tiff(scene(channels=1)), "photo.dng"))
    near(photo.pixels, developed, 0)
    assert (photo.format, photo.bit_depth) == ("RAW", 16)


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_thumbnails_are_small_upright_and_rgb(write, format_name):
    path = write(encoded(scene(400, 600), format_name, exif=b"Exif\0\0" + exif_block(6)))
    thumbnail = read_thumbnail(path, 100)
    assert thumbnail.shape == (100, 67, 3)
    assert thumbnail.dtype == np.uint8
    upright = np.rot90(scene(400, 600), -1)[3::6, 3::6]
    assert np.abs(thumbnail[: len(upright), : upright.shape[1]].astype(int) - upright).mean() < 6


def test_thumbnails_lie_on_white(write):
    grey = np.zeros((20, 20), np.uint8)
    path = write(encoded(Image.fromarray(np.dstack([grey, grey]), "LA"), "PNG"))
    assert (read_thumbnail(path, 10) == 255).all()


def test_metadata_come_along(write):
    jpeg = with_jpeg_segments(encoded(scene(), "JPEG", dpi=(300, 150)), (0xFE, b"a comment"))
    photo = read_photo(write(jpeg))
    assert photo.metadata.dpi == (300, 150)
    assert photo.metadata.comment == b"a comment"


def test_a_text_bomb_is_left_out(write):
    import zlib

    bomb = zlib.compress(bytes(200_000_000), 9)
    png = with_png_chunks(encoded(scene(), "PNG"), (b"zTXt", b"Comment\0\0" + bomb), (b"iCCP", b"icc\0\0" + bomb))
    photo = read_photo(write(png))
    near(photo.pixels, scene(), 0)
    assert any("more than a megabyte" in note for note in photo.notes)
    assert any("profile is damaged or too long" in note for note in photo.notes)


def test_directories_in_a_circle_end(write):
    content = bytearray(grey_tiff(scene(channels=1)))
    count = struct.unpack_from("<H", content, 8)[0]
    struct.pack_into("<I", content, 10 + 12 * count, 8)
    path = write(bytes(content))
    assert count_pages(path) == 1
    near(read_photo(path).pixels, scene(channels=1), 0)


def test_suffixes_are_lower_case_with_their_dot():
    assert {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".gif", ".bmp", ".avif", ".heic"} <= source_suffixes()
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in source_suffixes())


def test_reading_needs_neither_torch_nor_qt():
    import subprocess

    code = "import sys, engine.photo; print([m for m in ('torch', 'PySide6') if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_text_after_the_picture_is_read(write):
    png = encoded(scene(), "PNG")
    late = png[:-12] + png_chunk(b"tEXt", b"Title\0Late") + png[-12:]
    assert (b"tEXt", b"Title\0Late") in read_photo(write(late)).metadata.png_chunks


def test_photos_cross_between_processes(write):
    photo = read_photo(write(encoded(scene(), "PNG", dpi=(300, 300))))
    again = pickle.loads(pickle.dumps(photo))
    assert (again.pixels == photo.pixels).all()
    assert (again.path, again.metadata, again.source_kind) == (photo.path, photo.metadata, photo.source_kind)


def test_threads_do_not_disturb_each_other(write):
    paths = [write(encoded(scene(64, 64), name), name) for name in ("PNG", "GIF", "BMP", "TIFF", "WEBP", "JPEG")] * 6
    with ThreadPoolExecutor(8) as pool:
        widths = list(pool.map(lambda path: read_photo(path).width + len(read_thumbnail(path, 16)), paths))
    assert widths == [80] * len(paths)
