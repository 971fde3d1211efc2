"""The grey original comes out of the coloured picture again, to the bit."""

import errno
import io
import os
from xml.dom import minidom

import numpy as np
import pytest
from PIL import Image

from engine.errors import PhotoError, SaveError
from engine.photo import SaveOptions, is_marked, read_photo, recover_photo, save_photo
from tests.engine.photo.files import (
    IIM,
    IPTC,
    XMP,
    encoded,
    exif_block,
    jpeg_segments_of,
    scene,
    with_jpeg_segments,
)
from tests.engine.photo.jpegs import KINDS, SIZES, coefficients, jpeg, luma, painted, save_exact

XMP_HEADER = b"http://ns.adobe.com/xap/1.0/\0"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "originals"
    made.mkdir()
    return made


def body(path, start):
    """The body of the first segment that begins so; None where there is none."""
    found = (each for _, each in jpeg_segments_of(path.read_bytes()) if each.startswith(start))
    return next(found, None)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_luma_and_its_table_are_those_of_the_original(write, tmp_path, folder, kind, size):
    source = write(jpeg(kind, size), "x.jpg")
    save_exact(source, tmp_path / "x-color.jpg")
    original = recover_photo(tmp_path / "x-color.jpg", folder)
    assert original == folder / "x.jpg"
    for before, after in zip(coefficients(source), coefficients(original), strict=True):
        assert np.array_equal(before, after)
    assert np.array_equal(luma(source), luma(original))
    with Image.open(original) as image:
        assert image.mode == "L"
        if kind.startswith("grey"):
            with Image.open(source) as first:
                assert np.array_equal(np.asarray(first), np.asarray(image))
    assert [path.name for path in folder.iterdir()] == ["x.jpg"]


@pytest.mark.parametrize("orientation", [1, 6])
def test_metadata_are_kept_and_the_mark_is_gone(write, tmp_path, folder, orientation):
    thumbnail = encoded(np.zeros((60, 80), np.uint8), "JPEG") + bytes(4000)
    block = exif_block(orientation, thumbnail=thumbnail, maker_note=bytes(range(200)))
    segments = (0xE1, b"Exif\0\0" + block), (0xE1, XMP_HEADER + XMP), (0xED, b"Photoshop 3.0\0" + IPTC)
    content = encoded(scene(48, 64, 1), "JPEG", dpi=(300, 300))
    source = write(with_jpeg_segments(content, *segments, (0xFE, b"a comment")), "x.jpg")
    save_exact(source, tmp_path / "c.jpg", model="photo")
    original = recover_photo(tmp_path / "c.jpg", folder)
    before, after = read_photo(source), read_photo(original)
    assert np.array_equal(before.pixels, after.pixels)
    assert not is_marked(original)
    old, new = before.metadata, after.metadata
    assert (new.iptc, new.dpi, new.comment) == (old.iptc, old.dpi, old.comment)
    assert IIM in new.iptc
    start = old.exif.rindex(b"\xff\xd8\xff")
    # What the coloured file had to correct is the colour space alone; the thumbnail is grey again.
    assert sum(one != other for one, other in zip(old.exif[:start], new.exif[:start], strict=True)) <= 6
    assert Image.open(io.BytesIO(new.exif[start:])).mode == "L"
    said = minidom.parseString(new.xmp)
    assert b"Autochrome" not in new.xmp
    assert b"DigitalSourceType" not in new.xmp
    assert not said.getElementsByTagName("xmpMM:History")
    assert "Großmutter, 1936" in new.xmp.decode()
    assert b"Scanner 3" in new.xmp
    assert body(original, b"ICC_PROFILE") is None


def test_what_the_photo_itself_was_made_of_is_said_again(write, tmp_path, folder):
    negative = b"http://cv.iptc.org/newscodes/digitalsourcetype/negativeFilm"
    told = (
        b'<x:DigitalSourceType xmlns:x="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">%s</x:DigitalSourceType><dc:title>'
    )
    packet = XMP.replace(b"<dc:title>", told % negative)
    save_exact(write(with_jpeg_segments(jpeg(), (0xE1, XMP_HEADER + packet)), "x.jpg"), tmp_path / "c.jpg")
    coloured = minidom.parseString(read_photo(tmp_path / "c.jpg").metadata.xmp)
    original = minidom.parseString(read_photo(recover_photo(tmp_path / "c.jpg", folder)).metadata.xmp)
    types = [
        [each.firstChild.data for each in said.getElementsByTagNameNS("*", "DigitalSourceType")]
        for said in (coloured, original)
    ]
    assert types[0][0].endswith("compositeWithTrainedAlgorithmicMedia")
    assert types[1] == [negative.decode()]


def test_of_a_photo_without_metadata_nothing_is_left(write, tmp_path, folder):
    source = write(jpeg(), "x.jpg")
    save_exact(source, tmp_path / "c.jpg")
    original = recover_photo(tmp_path / "c.jpg", folder)
    assert [marker for marker, _ in jpeg_segments_of(original.read_bytes()) if marker >= 0xE0] == [0xE0]


def test_a_recovered_original_can_be_coloured_and_recovered_again(write, tmp_path, folder):
    source = write(with_jpeg_segments(jpeg(), (0xE1, XMP_HEADER + XMP)), "x.jpg")
    save_exact(source, tmp_path / "one.jpg")
    again = recover_photo(tmp_path / "one.jpg", folder)
    save_exact(again, tmp_path / "two.jpg")
    last = recover_photo(tmp_path / "two.jpg", folder)
    assert again.read_bytes() == last.read_bytes()


def test_no_file_is_replaced_and_names_lose_their_color(write, tmp_path, folder):
    source = write(jpeg(), "x.jpg")
    for name in ("x-color.jpg", "x-color-2.jpg", "x.jpeg"):
        save_exact(source, tmp_path / name)
    (folder / "x-3.jpg").symlink_to(folder / "nowhere")
    found = [recover_photo(tmp_path / name, folder).name for name in ("x-color.jpg", "x-color-2.jpg", "x.jpeg")]
    assert found == ["x.jpg", "x-2.jpg", "x-4.jpg"]
    assert recover_photo(tmp_path / "x-color.jpg", tmp_path).name == "x-2.jpg"
    assert source.read_bytes() == jpeg()


def test_a_name_that_is_taken_just_now_is_left_alone(write, tmp_path, folder, monkeypatch):
    source = write(jpeg(), "x.jpg")
    save_exact(source, tmp_path / "c.jpg")
    (folder / "c.jpg").write_bytes(b"another's")
    honest = os.path.lexists
    monkeypatch.setattr("engine.photo._recover.os.path.lexists", lambda path: path != folder / "c.jpg" and honest(path))
    monkeypatch.setattr("engine.photo._atomic._refuse_existing", lambda destination, *, replace: None)
    assert recover_photo(tmp_path / "c.jpg", folder).name == "c-2.jpg"
    assert (folder / "c.jpg").read_bytes() == b"another's"


def test_what_another_program_saved_again_is_no_longer_the_original(write, tmp_path, folder):
    source = write(jpeg(), "x.jpg")
    save_exact(source, tmp_path / "c.jpg")
    packet = read_photo(tmp_path / "c.jpg").metadata.xmp
    with Image.open(tmp_path / "c.jpg") as image:
        image.save(tmp_path / "again.jpg", quality=95, xmp=packet)
        image.convert("L").save(tmp_path / "grey.jpg", quality=95, xmp=packet)
    for name in ("again.jpg", "grey.jpg"):
        with pytest.raises(PhotoError, match="another program has saved it again"):
            recover_photo(tmp_path / name, folder)
    assert list(folder.iterdir()) == []


def test_what_was_not_made_so_is_refused(write, tmp_path, folder):
    source = write(jpeg(), "x.jpg")
    photo = read_photo(source)
    for format_name in ("JPEG", "PNG"):
        save_photo(tmp_path / format_name, [painted(photo)], [photo], SaveOptions(format=format_name))
    save_exact(source, tmp_path / "unmarked", mark=False)
    (tmp_path / "text").write_text("no picture")
    for name in ("x.jpg", "JPEG", "PNG", "unmarked"):
        with pytest.raises(PhotoError, match="does not say that Autochrome made it with exact luma"):
            recover_photo(tmp_path / name, folder)
    for name in ("text", "missing", "originals"):
        with pytest.raises(PhotoError):
            recover_photo(tmp_path / name, folder)
    save_exact(source, tmp_path / "cut.jpg")
    (tmp_path / "cut.jpg").write_bytes((tmp_path / "cut.jpg").read_bytes()[:-40])
    with pytest.raises(PhotoError, match="cut off"):
        recover_photo(tmp_path / "cut.jpg", folder)
    assert list(folder.iterdir()) == []


def test_scans_without_number_are_refused(write, tmp_path, folder):
    save_exact(write(jpeg(), "x.jpg"), tmp_path / "c.jpg")
    packet = read_photo(tmp_path / "c.jpg").metadata.xmp
    content = encoded(scene(), "JPEG", progressive=True, xmp=packet)
    last = content.rindex(b"\xff\xda")
    (tmp_path / "scans.jpg").write_bytes(content[:last] + content[last:-2] * 600 + content[-2:])
    with pytest.raises(PhotoError, match="hundreds of scans"):
        recover_photo(tmp_path / "scans.jpg", folder)
    assert list(folder.iterdir()) == []


def test_nothing_is_left_where_the_disk_is_full(write, tmp_path, folder, monkeypatch):
    source = write(jpeg(), "x.jpg")
    save_exact(source, tmp_path / "c.jpg")

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("engine.photo._atomic.os.fsync", full)
    with pytest.raises(SaveError, match="the disk is full"):
        recover_photo(tmp_path / "c.jpg", folder)
    assert list(folder.iterdir()) == []
