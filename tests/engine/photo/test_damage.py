"""Damaged files: an error with a plain cause, or a photo with a note; never anything else."""

import io
import struct
import warnings

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from engine.errors import EngineError, UnreadablePhotoError
from engine.photo import Photo, is_marked, read_pages, read_photo, read_thumbnail
from tests.engine.photo.files import XMP, encoded, exif_block, icc_profile, scene, with_jpeg_segments, with_png_chunks


def deflated_tiff(pixels):
    file = io.BytesIO()
    tifffile.imwrite(
        file, pixels, photometric="rgb" if pixels.ndim == 3 else None, compression="zlib", rowsperstrip=4, metadata=None
    )
    return file.getvalue()


def many_formats():
    """One small file of each kind, with all metadata that it can have."""
    exif, icc = b"Exif\0\0" + exif_block(6, thumbnail=encoded(scene(8, 8), "JPEG")), icc_profile(2.2, "adobe")
    grey = scene(40, 40, 1)
    yield (
        "jpeg",
        with_jpeg_segments(
            encoded(scene(40, 40), "JPEG", exif=exif, icc_profile=icc), (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP)
        ),
    )
    yield "progressive", encoded(grey, "JPEG", progressive=True)
    yield "cmyk", encoded(Image.fromarray(scene(40, 40)).convert("CMYK"), "JPEG")
    yield (
        "png",
        with_png_chunks(
            encoded(scene(40, 40), "PNG", icc_profile=icc, exif=exif[6:]),
            (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
        ),
    )
    yield "palette", encoded(Image.fromarray(scene(40, 40)).quantize(16), "PNG")
    yield "png 16", bytes(imagecodecs.png_encode(grey.astype(np.uint16) * 257))
    yield "tiff", deflated_tiff(scene(40, 40))
    yield "group 4", encoded(Image.fromarray(grey > 99), "TIFF", compression="group4")
    yield (
        "tiff tags",
        encoded(Image.fromarray(scene(40, 40)), "TIFF", tiffinfo={315: "A. Photographer", 700: XMP}, icc_profile=icc),
    )
    yield "webp", encoded(scene(40, 40), "WEBP", exif=exif, icc_profile=icc)
    yield "gif", encoded(Image.fromarray(grey), "GIF")
    yield "bmp", encoded(scene(40, 40), "BMP")
    yield "avif", encoded(scene(40, 40), "AVIF", exif=exif)


FILES = dict(many_formats())


@pytest.mark.parametrize("grey", [True, False])
@pytest.mark.parametrize("progressive", [True, False])
def test_a_jpeg_cut_in_half(write, grey, progressive):
    pixels = scene(160, 200, 1 if grey else 3)
    content = encoded(pixels, "JPEG", progressive=progressive, quality=95)
    path = write(content[: len(content) // 2])
    with pytest.raises(UnreadablePhotoError, match="the file is cut off") as caught:
        read_photo(path)
    assert "--salvage" in caught.value.advice
    photo = read_photo(path, salvage=True)
    assert any("salvaged" in note for note in photo.notes)
    if not progressive:
        assert "of the picture are missing" in str(caught.value)
        assert np.abs(photo.pixels[:40].astype(int) - pixels[:40]).mean() < 3


@pytest.mark.parametrize("lost", [1, 2, 10])
def test_a_jpeg_without_its_last_bytes(write, lost):
    content = encoded(scene(160, 200), "JPEG")
    path = write(content[:-lost])
    with pytest.raises(UnreadablePhotoError, match="nearly whole: the last bytes are missing"):
        read_photo(path)
    photo = read_photo(path, salvage=True)
    assert np.abs(photo.pixels.astype(int) - scene(160, 200)).mean() < 4
    assert read_thumbnail(path, 50).shape == (40, 50, 3)


def test_salvage_says_nothing_about_a_whole_file(write):
    for name, content in FILES.items():
        assert not any("salvaged" in note for note in read_photo(write(content, name), salvage=True).notes)


@pytest.mark.parametrize("kind", ["png", "palette", "png 16"])
def test_a_png_that_is_cut(write, kind):
    content = FILES[kind]
    path = write(content[: len(content) * 3 // 4])
    with pytest.raises(UnreadablePhotoError, match="cut off"):
        read_photo(path)
    photo = read_photo(path, salvage=True)
    assert any("of the picture are missing" in note for note in photo.notes)
    nearly = write(content[:-12])
    with pytest.raises(UnreadablePhotoError, match="nearly whole"):
        read_photo(nearly)
    assert (read_photo(nearly, salvage=True).pixels == read_photo(write(content, "whole")).pixels).all()


def test_a_tiff_that_is_cut_gives_its_whole_strips(write):
    whole = deflated_tiff(scene(64, 64))
    offsets = tifffile.TiffFile(io.BytesIO(whole)).pages[0].dataoffsets
    path = write(whole[: offsets[8] + 3])
    with pytest.raises(UnreadablePhotoError, match=r"cut off.*--salvage"):
        read_photo(path)
    photo = read_photo(path, salvage=True)
    assert (photo.pixels[:32] == scene(64, 64)[:32]).all()
    assert "salvaged: 50 % of the picture are missing" in photo.notes


@pytest.mark.parametrize("kind", FILES)
def test_sweep_of_cuts(write, kind):
    content = FILES[kind]
    for length in sorted({*range(0, 64, 7), *np.linspace(1, len(content) - 1, 12).astype(int).tolist()}):
        read_somehow(write(content[:length]))


@pytest.mark.parametrize("kind", FILES)
def test_sweep_of_flipped_bits(write, kind, capfd):
    content = FILES[kind]
    for seed in range(25):
        random = np.random.default_rng(seed)
        damaged = bytearray(content)
        # Headers are short and decide most: half of the flips fall there.
        reach = len(damaged) if seed % 2 else min(len(damaged), 600)
        for at in random.integers(0, reach, 1 + seed % 4):
            damaged[at] ^= 1 << int(random.integers(0, 8))
        read_somehow(write(bytes(damaged)))
    assert capfd.readouterr().err == ""


def read_somehow(path):
    """Reads in every way; only our errors and photos may come of it, and no warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for salvage in (False, True):
            outcome: object = None
            try:
                outcome = list(read_pages(path, salvage=salvage, pixel_limit=4_000_000))
            except EngineError as error:
                outcome = error
            if isinstance(outcome, list):
                assert outcome
                assert all(isinstance(each, Photo) for each in outcome)
            else:
                assert str(path) in str(outcome)
        assert is_marked(path) in (True, False)


def test_zeros_in_the_middle(write):
    content = bytearray(encoded(scene(400, 400), "JPEG", quality=98))
    middle = len(content) // 2
    content[middle : middle + 1024] = bytes(1024)
    assert isinstance(read_photo(write(bytes(content)), salvage=True), Photo)


BROKEN = {
    "offset": lambda block: block[:4] + struct.pack("<I", 0x7FFFFFFF) + block[8:],
    "cut": lambda block: block[:30],
    "type": lambda block: block.replace(struct.pack("<HHI", 274, 3, 1), struct.pack("<HHI", 274, 99, 1)),
    "kind": lambda block: block.replace(struct.pack("<HHI", 274, 3, 1), struct.pack("<HHI", 274, 5, 1)),
    "count": lambda block: block.replace(struct.pack("<HHI", 315, 2, 16), struct.pack("<HHI", 315, 2, 0x7FFFFFFF)),
    "noise": lambda _: bytes(range(1, 60)),
}


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("damage", BROKEN)
def test_broken_exif_costs_the_metadata_not_the_photo(write, format_name, damage):
    broken = BROKEN[damage](exif_block(1))
    if format_name == "JPEG":
        content = with_jpeg_segments(encoded(scene(), "JPEG"), (0xE1, b"Exif\0\0" + broken))
    elif format_name == "PNG":
        content = with_png_chunks(encoded(scene(), "PNG"), (b"eXIf", broken))
    else:
        content = encoded(scene(), "WEBP", exif=b"Exif\0\0" + broken)
    photo = read_photo(write(content))
    assert photo.pixels.shape == (24, 32, 3)
    assert photo.metadata.exif is None
    assert "the EXIF data are damaged and left out" in photo.notes


@pytest.mark.parametrize("damage", ["outside", "itself", "noise"])
def test_broken_exif_of_a_tiff_costs_the_metadata_not_the_photo(write, damage):
    content = bytearray(
        encoded(scene(), "TIFF", tiffinfo={315: "A. Photographer", 34665: {0x9003: "1936:07:04 12:00:00"}})
    )
    entry = content.index(struct.pack("<HHI", 34665, 4, 1))
    place = struct.unpack_from("<I", content, entry + 8)[0]
    if damage == "noise":
        content[place : place + 14] = bytes(range(90, 104))
    else:
        struct.pack_into("<I", content, entry + 8, {"outside": 0x7FFFFFFF, "itself": entry}[damage])
    photo = read_photo(write(bytes(content)))
    assert (photo.pixels == scene()).all()
    assert "the EXIF data are damaged and left out" in photo.notes
    assert b"A. Photographer" in photo.metadata.exif


def test_two_hundred_ways_to_flip_bits_of_a_jpeg(write, capfd):
    """FAULTS 3: a photo or an error, never a crash, and nothing on stderr."""
    content = encoded(scene(96, 128), "JPEG", quality=90)
    outcomes = set()
    for seed in range(200):
        random = np.random.default_rng(seed)
        damaged = bytearray(content)
        for at in random.integers(0, len(damaged), 1 + seed % 8):
            damaged[at] ^= 1 << int(random.integers(0, 8))
        try:
            outcomes.add(read_photo(write(bytes(damaged)), pixel_limit=4_000_000).format)
        except EngineError as error:
            outcomes.add(type(error))
    assert {"JPEG", UnreadablePhotoError} <= outcomes
    assert capfd.readouterr().err == ""


def test_a_division_by_zero_in_exif_is_harmless(write):
    content = encoded(scene(), "TIFF", dpi=(300, 300))
    at = content.index(struct.pack("<HHI", 282, 5, 1))
    offset = struct.unpack_from("<I", content, at + 8)[0]
    damaged = content[: offset + 4] + bytes(4) + content[offset + 8 :]
    photo = read_photo(write(damaged))
    assert photo.metadata.dpi is None


@pytest.mark.parametrize("packet", [b"\0\0\0\0<x:xmpmeta", b"\1\0\0\0no zlib"], ids=["plain", "packed"])
def test_broken_xmp_is_left_out(write, packet):
    content = with_png_chunks(encoded(scene(), "PNG"), (b"iTXt", b"XML:com.adobe.xmp\0" + packet))
    photo = read_photo(write(content))
    assert photo.metadata.xmp is None
    assert "the XMP data are damaged or too long, and left out" in photo.notes


def test_an_entity_bomb_in_xmp_is_left_out(write):
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
    content = with_png_chunks(encoded(scene(), "PNG"), (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + bomb))
    assert read_photo(write(content)).metadata.xmp is None


def test_nothing_is_printed(write, capfd):
    for name, content in FILES.items():
        for length in (len(content) // 3, len(content) - 30):
            read_somehow(write(content[:length], name))
    told = capfd.readouterr()
    assert told.out == ""
    assert told.err == ""


def test_running_out_of_memory_is_an_error_about_the_photo(write, monkeypatch):
    def never(*_, **__):
        raise MemoryError

    path = write(FILES["jpeg"])
    monkeypatch.setattr(imagecodecs, "jpeg8_decode", never)
    with pytest.raises(EngineError, match="not enough memory"):
        read_photo(path)


@pytest.mark.parametrize("kind", ["png", "png 16", "palette"])
def test_a_png_damaged_in_its_middle(write, kind, capfd):
    content = bytearray(FILES[kind])
    at = content.index(b"IDAT") + 4
    size = struct.unpack_from(">I", content, at - 8)[0]
    content[at + size // 2] ^= 0x55
    path = write(bytes(content))
    with pytest.raises(UnreadablePhotoError, match=r"checksums do not fit.*--salvage"):
        read_photo(path)
    assert any("salvaged" in note for note in read_photo(path, salvage=True).notes)
    assert capfd.readouterr().err == ""
