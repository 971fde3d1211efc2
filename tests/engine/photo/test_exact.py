"""Exact luma: to the bit where it can be kept, and a reason where it cannot."""

import errno
import io
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor

import cv2
import imagecodecs
import jpeglib
import numpy as np
import pytest
from PIL import Image

from engine.errors import PhotoError, SaveError
from engine.photo import SaveOptions, exact_luma_obstacle, is_marked, read_photo, save_photo
from tests.engine.photo.files import XMP, encoded, exif_block, icc_profile, jpeg_segments_of, scene, with_jpeg_segments
from tests.engine.photo.jpegs import KINDS, SIZES, coefficients, jpeg, luma, painted, save_exact


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def frame(path):
    """Marker and components (name, sampling, table) of a JPEG."""
    marker, body = next(each for each in jpeg_segments_of(path.read_bytes()) if each[0] in (0xC0, 0xC1, 0xC2))
    return marker, [tuple(body[6 + 3 * n : 9 + 3 * n]) for n in range(body[5])]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_luma_and_its_table_stay_to_the_bit(write, tmp_path, kind, size):
    source, out = write(jpeg(kind, size), "in.jpg"), tmp_path / "out.jpg"
    assert exact_luma_obstacle(source) == ""
    assert save_exact(source, out) == ()
    for before, after in zip(coefficients(source), coefficients(out), strict=True):
        assert np.array_equal(before, after)
    assert np.array_equal(luma(source), luma(out))
    # Baseline, chroma at half resolution, components named as JFIF wants them.
    assert frame(out) == (0xC0, [(1, 0x22, 0), (2, 0x11, 1), (3, 0x11, 1)])
    assert read_photo(out).pixels.shape == (size[1], size[0], 3)
    assert names(tmp_path) == ["in.jpg", "out.jpg"]


def test_chroma_is_as_fine_as_the_quality_says(write, tmp_path):
    source = write(jpeg(), "in.jpg")
    for quality in (10, 60, 92, 100):
        save_exact(source, tmp_path / f"{quality}.jpg", quality=quality)
        usual = Image.open(io.BytesIO(encoded(scene(), "JPEG", quality=quality))).quantization[1]
        with Image.open(tmp_path / f"{quality}.jpg") as image:
            assert image.quantization[1] == usual


@pytest.mark.parametrize("ab", [(0, 0), (15, 20), (-20, 25), (5, -30), (35, 10), (-8, -12)])
def test_the_colour_that_is_seen_is_the_predicted_one(write, tmp_path, ab):
    patches = np.repeat(np.repeat(np.arange(70, 201, 26, dtype=np.uint8)[None], 16, axis=1), 32, axis=0)
    source = write(encoded(patches, "JPEG", quality=100), "in.jpg")
    wanted = painted(read_photo(source), ab)
    save_exact(source, tmp_path / "out.jpg", wanted)
    with Image.open(tmp_path / "out.jpg") as image:
        seen = np.asarray(image.convert("RGB"))
    lab = [cv2.cvtColor(each.astype(np.float32) / 255, cv2.COLOR_RGB2LAB) for each in (wanted, seen)]
    assert np.abs(lab[0] - lab[1])[..., 1:].mean() < 1.5
    assert np.abs(cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY).astype(int) - luma(source)).max() <= 1
    if ab == (0, 0):
        assert (seen[..., 0] == seen[..., 1]).all()
        assert (seen[..., 0] == seen[..., 2]).all()


def test_a_colour_that_luma_cannot_show_loses_chroma_not_luma(write, tmp_path):
    dark_and_light = np.tile(np.array([[3, 252]], np.uint8), (32, 32)).repeat(8, axis=0).repeat(8, axis=1)
    source = write(encoded(dark_and_light, "JPEG", quality=95), "in.jpg")
    vivid = np.broadcast_to(np.array([250, 20, 10], np.uint8), (*dark_and_light.shape, 3))
    save_exact(source, tmp_path / "out.jpg", vivid)
    seen = cv2.cvtColor(read_photo(tmp_path / "out.jpg").pixels, cv2.COLOR_RGB2GRAY)
    assert np.abs(seen.astype(int) - luma(source)).max() <= 1


def test_a_black_grain_takes_no_colour_from_its_neighbours(write, tmp_path):
    grainy = np.full((64, 64), 150, np.uint8)
    grainy[9::16, 9::16] = 20
    source = write(encoded(grainy, "JPEG", quality=100), "in.jpg")
    colored = np.broadcast_to(np.array([205, 130, 95], np.uint8), (64, 64, 3)).copy()
    colored[9::16, 9::16] = 20
    save_exact(source, tmp_path / "out.jpg", colored)
    seen = read_photo(tmp_path / "out.jpg").pixels.astype(int)
    beside = seen[9::16, 8::16]
    assert (beside[..., 0] - beside[..., 2]).min() > 40


def test_it_does_not_matter_in_which_pieces_a_picture_is_worked_on(write, tmp_path, monkeypatch):
    source = write(jpeg(size=(101, 75)), "in.jpg")
    colored = np.random.default_rng(3).integers(40, 220, (75, 101, 3)).astype(np.uint8)
    save_exact(source, tmp_path / "whole.jpg", colored, mark=False)
    monkeypatch.setattr("engine.photo._chroma._STRIP_BYTES", 1000)
    save_exact(source, tmp_path / "pieces.jpg", colored, mark=False)
    assert (tmp_path / "whole.jpg").read_bytes() == (tmp_path / "pieces.jpg").read_bytes()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("metadata", [True, False])
def test_the_picture_stays_as_it_is_stored_and_its_tag_with_it(write, tmp_path, orientation, metadata):
    thumbnail = encoded(np.zeros((60, 80), np.uint8), "JPEG") + bytes(4000)
    block = exif_block(orientation, thumbnail=thumbnail, size=(64, 48))
    content = encoded(scene(48, 64, 1), "JPEG", quality=95, dpi=(300, 150))
    source = write(with_jpeg_segments(content, (0xE1, b"Exif\0\0" + block)), "in.jpg")
    photo = read_photo(source)
    wanted = painted(photo)
    half = photo.width // 2
    wanted[:, half:] = painted(photo, (5.0, -25.0))[:, half:]
    save_exact(source, tmp_path / "out.jpg", wanted, metadata=metadata)
    again = read_photo(tmp_path / "out.jpg")
    assert again.pixels.shape == wanted.shape
    assert np.abs(again.pixels.astype(int) - wanted).mean() < 6
    assert np.array_equal(coefficients(source)[0], coefficients(tmp_path / "out.jpg")[0])
    with Image.open(tmp_path / "out.jpg") as image:
        exif = image.getexif()
        assert image.size == (64, 48)
        assert image.info["dpi"] == pytest.approx((300, 150))
        assert exif.get(274, 1) == orientation
        if metadata:
            assert exif[315] == "A. Photographer"
            assert (exif.get_ifd(34665)[0xA002], exif.get_ifd(34665)[0xA003]) == (64, 48)
    if metadata:
        small = again.metadata.exif[again.metadata.exif.rindex(b"\xff\xd8\xff") :]
        small = np.asarray(Image.open(io.BytesIO(small)).convert("RGB").resize((64, 48))).astype(int)
        whole = np.asarray(Image.open(tmp_path / "out.jpg").convert("RGB")).astype(int)
        assert np.abs(small - whole).mean() < 12


def test_the_tag_stays_where_the_rest_of_exif_is_broken(write, tmp_path):
    broken = exif_block(6)[:-30]
    source = write(with_jpeg_segments(encoded(scene(48, 64, 1), "JPEG"), (0xE1, b"Exif\0\0" + broken)), "in.jpg")
    upright = read_photo(source)
    save_exact(source, tmp_path / "out.jpg")
    assert read_photo(tmp_path / "out.jpg").pixels.shape[:2] == upright.pixels.shape[:2] == (64, 48)


def test_the_mark_says_that_luma_is_exact(write, tmp_path):
    content = with_jpeg_segments(jpeg(), (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP))
    source = write(content, "in.jpg")
    save_exact(source, tmp_path / "marked.jpg", model="photo")
    save_exact(source, tmp_path / "unmarked.jpg", mark=False)
    assert is_marked(tmp_path / "marked.jpg")
    assert not is_marked(tmp_path / "unmarked.jpg")
    assert re.search(rb"coloured; luma exact; sha256 [0-9a-f]{64}<", (tmp_path / "marked.jpg").read_bytes())
    assert b"luma exact" not in (tmp_path / "unmarked.jpg").read_bytes()


REFUSED = {
    "a PNG": (lambda: encoded(scene(channels=1), "PNG"), "only a JPEG has luma"),
    "CMYK": (lambda: encoded(Image.fromarray(scene()).convert("CMYK"), "JPEG"), "inks"),
    "RGB": (lambda: encoded(scene(), "JPEG", keep_rgb=True), "RGB"),
    "12 bits": (
        lambda: imagecodecs.jpeg8_encode(scene(channels=1).astype(np.uint16) * 16, 90, bitspersample=12),
        "12 bits",
    ),
    "lossless": (lambda: imagecodecs.jpeg8_encode(scene(channels=1), lossless=True, predictor=1), "lossless"),
    "a profile": (lambda: encoded(scene(channels=1), "JPEG", icc_profile=icc_profile(1.8)), "profile"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_kept_is_refused_with_the_reason(write, tmp_path, case):
    make, reason = REFUSED[case]
    source = write(make(), "in.jpg")
    assert reason in exact_luma_obstacle(source)
    photo = read_photo(source)
    with pytest.raises(SaveError) as caught:
        save_photo(
            tmp_path / "out.jpg",
            [np.full((photo.height, photo.width, 3), 100, np.uint8)],
            [photo],
            SaveOptions(format="jpeg", luma="exact"),
        )
    assert reason in caught.value.cause
    assert "--luma lightness" in caught.value.advice
    assert names(tmp_path) == ["in.jpg"]


def test_luma_of_less_than_full_resolution_is_refused(write):
    content = bytearray(jpeg("colour 4:4:4"))
    at = content.index(b"\xff\xc0") + 4 + 6
    content[at + 4] = 0x21
    assert "less than full resolution" in exact_luma_obstacle(write(bytes(content)))


def test_a_profile_that_is_srgb_is_no_obstacle(write, tmp_path):
    profile = imagecodecs.cms_profile("srgb")
    for name, pixels in (("grey", scene(channels=1)), ("colour", scene())):
        source = write(encoded(pixels, "JPEG", icc_profile=bytes(profile)), f"{name}.jpg")
        save_exact(source, tmp_path / f"{name}-out.jpg")
        assert np.array_equal(coefficients(source)[0], coefficients(tmp_path / f"{name}-out.jpg")[0])


def test_only_a_jpeg_can_be_made(write, tmp_path):
    photo = read_photo(write(jpeg(), "in.jpg"))
    with pytest.raises(SaveError, match="only a JPEG can keep luma exactly, and it was to become a PNG"):
        save_photo(tmp_path / "out.png", [painted(photo)], [photo], SaveOptions(format="PNG", luma="exact"))
    assert names(tmp_path) == ["in.jpg"]


def test_what_is_left_of_a_file_that_is_cut_off_is_not_kept(write, tmp_path):
    source = write(jpeg()[:-200], "in.jpg")
    photo = read_photo(source, salvage=True)
    with pytest.raises(SaveError, match="cut off"):
        save_photo(tmp_path / "out.jpg", [painted(photo)], [photo], SaveOptions(format="JPEG", luma="exact"))
    assert names(tmp_path) == ["in.jpg"]


@pytest.mark.parametrize("kind", ["grey", "colour 4:2:0"])
@pytest.mark.parametrize("other", [jpeg(size=(64, 48), quality=20), jpeg(size=(48, 64)), b"", None])
def test_a_source_that_was_changed_meanwhile_is_noticed(write, tmp_path, kind, other):
    source = write(jpeg(kind), "in.jpg")
    photo = read_photo(source)
    if other is None:
        source.unlink()
    else:
        source.write_bytes(other)
    with pytest.raises(PhotoError):
        save_photo(tmp_path / "out.jpg", [painted(photo)], [photo], SaveOptions(format="JPEG", luma="exact"))
    assert not (tmp_path / "out.jpg").exists()


def test_tables_of_16_bits_are_kept(write, tmp_path):
    read = jpeglib.from_spatial(scene(48, 64, 1)[..., None])
    read.write_spatial(str(tmp_path / "in.jpg"), qt=np.full((1, 8, 8), 300, np.uint16), flags=["-FORCE_BASELINE"])
    assert coefficients(tmp_path / "in.jpg")[1].max() == 300
    save_exact(tmp_path / "in.jpg", tmp_path / "out.jpg")
    assert (coefficients(tmp_path / "out.jpg")[1] == 300).all()
    assert np.array_equal(luma(tmp_path / "in.jpg"), luma(tmp_path / "out.jpg"))
    assert frame(tmp_path / "out.jpg")[0] == 0xC1


def test_arithmetic_coding_is_read(tmp_path):
    with jpeglib.version("turbo210"):
        grey = jpeglib.from_spatial(scene(48, 64, 1)[..., None])
        grey.write_spatial(str(tmp_path / "in.jpg"), flags=["+ARITH_CODE"])
        before = coefficients(tmp_path / "in.jpg")
    assert b"\xff\xc9" in (tmp_path / "in.jpg").read_bytes()
    save_exact(tmp_path / "in.jpg", tmp_path / "out.jpg")
    assert np.array_equal(before[0], coefficients(tmp_path / "out.jpg")[0])


def test_coefficients_that_came_out_otherwise_are_not_published(write, tmp_path, monkeypatch):
    from engine.photo import _exact

    source = write(jpeg(), "in.jpg")
    honest = _exact.write_planes

    def forger(planes):
        return honest(planes.__class__(planes.width, planes.height, (planes.planes[0], *planes.planes[:0:-1])))

    monkeypatch.setattr(_exact, "write_planes", forger)
    with pytest.raises(SaveError, match="could not be read back whole"):
        save_exact(source, tmp_path / "out.jpg")
    assert names(tmp_path) == ["in.jpg"]


def test_without_room_for_temporary_files_it_says_so(write, tmp_path, monkeypatch):
    from engine.photo import _coefficients

    source = write(jpeg(), "in.jpg")
    monkeypatch.setattr(_coefficients.sys, "platform", "other")
    save_exact(source, tmp_path / "out.jpg")
    assert np.array_equal(coefficients(source)[0], coefficients(tmp_path / "out.jpg")[0])
    monkeypatch.setattr(_coefficients.tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(SaveError, match=r"no temporary file can be written in .*missing") as caught:
        save_exact(source, tmp_path / "out2.jpg")
    assert not isinstance(caught.value.__cause__, OSError)
    assert names(tmp_path) == ["in.jpg", "out.jpg"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.ENOENT])
def test_a_full_disk_of_temporary_files_is_not_taken_for_the_one_of_the_outputs(write, tmp_path, monkeypatch, number):
    """A run would wait for space where there is enough."""
    from engine.photo import _coefficients

    def full(*_):
        raise OSError(number, os.strerror(number))

    source = write(jpeg(), "in.jpg")
    monkeypatch.setattr(_coefficients.sys, "platform", "other")
    monkeypatch.setattr(_coefficients.tempfile, "gettempdir", full)  # as it is where no folder takes a file
    with pytest.raises(SaveError, match="no temporary file can be written in any of the usual folders") as caught:
        save_exact(source, tmp_path / "out.jpg")
    assert not isinstance(caught.value.__cause__, OSError)
    assert names(tmp_path) == ["in.jpg"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are no files in memory")
def test_where_no_file_may_lie_in_memory_one_is_written(write, tmp_path, monkeypatch):
    def forbidden(name):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    source = write(jpeg(), "in.jpg")
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr("os.memfd_create", forbidden)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    save_exact(source, tmp_path / "out.jpg")
    assert np.array_equal(coefficients(source)[0], coefficients(tmp_path / "out.jpg")[0])
    assert names(tmp_path / "scratch") == []


def test_four_threads_at_once(write, tmp_path):
    sources = [write(jpeg(kind, (97, 61)), f"{number}.jpg") for number, kind in enumerate(list(KINDS)[:4])]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: save_exact(sources[number % 4], tmp_path / f"out-{number}.jpg"), range(24)))
    for number in range(24):
        found = coefficients(tmp_path / f"out-{number}.jpg")
        assert np.array_equal(coefficients(sources[number % 4])[0], found[0])


def test_damaged_files_are_kept_exactly_or_refused(tmp_path, capfd):
    random = np.random.default_rng(6)
    seeds = [jpeg(kind, (83, 57)) for kind in KINDS]
    saved = refused = 0
    for number in range(240):
        content = bytearray(seeds[number % len(seeds)])
        for place in random.integers(2, len(content) - 2, random.integers(1, 5)):
            content[place] ^= 1 << int(random.integers(0, 8))
        source, out = tmp_path / f"{number}.jpg", tmp_path / f"{number}-out.jpg"
        source.write_bytes(content)
        try:
            save_exact(source, out)
        except PhotoError:
            refused += 1
            assert not out.exists()
        else:
            saved += 1
            assert np.array_equal(luma(source), luma(out))
    assert saved > 50
    assert refused > 50
    assert capfd.readouterr().out == ""
