"""Saving: right pixels, nothing overwritten, nothing left behind."""

import errno
import os
import sys
import zlib

import cv2
import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from engine.errors import EngineError, SaveError
from engine.photo import SaveOptions, format_suffix, is_temporary, output_format, read_pages, read_photo, save_photo
from tests.engine.photo.files import encoded, exif_block, scene

FORMATS = ["JPEG", "PNG", "TIFF", "WebP"]


@pytest.fixture
def grey(write):
    return read_photo(write(encoded(scene(channels=1), "PNG"), "grey.png"))


@pytest.fixture
def grey_16(write):
    ramp = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    return read_photo(write(imagecodecs.png_encode(ramp), "grey16.png"))


def colored(photo):
    half = photo.pixels // 2
    return np.dstack([photo.pixels, half, half[::-1]])


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_saved_photo_has_its_pixels(grey, tmp_path, format_name):
    out = tmp_path / ("out" + format_suffix(format_name))
    notes = save_photo(out, [colored(grey)], [grey], SaveOptions(format=format_name, quality=95))
    again = read_photo(out)
    assert notes == ()
    assert again.format == format_name
    tolerance = 0 if format_name in ("PNG", "TIFF") else 5
    assert np.abs(again.pixels.astype(int) - colored(grey)).mean() <= tolerance
    assert sorted(path.name for path in tmp_path.iterdir()) == ["grey.png", out.name]


@pytest.mark.parametrize("format_name", FORMATS)
def test_another_decoder_reads_the_same(grey, tmp_path, format_name):
    out = tmp_path / "out"
    save_photo(out, [colored(grey)], [grey], SaveOptions(format=format_name, quality=98))
    other = cv2.cvtColor(cv2.imdecode(np.fromfile(out, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    assert np.abs(other.astype(int) - read_photo(out).pixels).max() <= (0 if format_name in ("PNG", "TIFF") else 3)


@pytest.mark.parametrize("format_name", ["PNG", "TIFF"])
def test_16_bits_stay_16_bits(grey_16, tmp_path, format_name):
    out = tmp_path / "out"
    assert save_photo(out, [colored(grey_16)], [grey_16], SaveOptions(format=format_name)) == ()
    again = read_photo(out)
    assert again.pixels.dtype == np.uint16
    assert (again.pixels == colored(grey_16)).all()
    assert len(np.unique(again.pixels[..., 0])) == 65536
    if format_name == "PNG":
        other = cv2.cvtColor(cv2.imdecode(np.fromfile(out, np.uint8), cv2.IMREAD_UNCHANGED), cv2.COLOR_BGR2RGB)
        assert (other == colored(grey_16)).all()


@pytest.mark.parametrize("format_name", ["JPEG", "WebP"])
def test_16_bits_are_reduced_where_they_must(grey_16, tmp_path, format_name):
    out = tmp_path / "out"
    notes = save_photo(out, [colored(grey_16)], [grey_16], SaveOptions(format=format_name))
    assert f"16 bits reduced to 8: {format_name} has no more" in notes
    assert np.abs(read_photo(out).pixels.astype(int) - colored(grey_16) // 257).mean() < 8


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("alpha", [False, True])
def test_other_programs_read_our_tiff(write, tmp_path, order, alpha):
    pixels = scene(300, 200)
    image = Image.fromarray(np.dstack([pixels, pixels[..., 0]]) if alpha else pixels)
    photo = read_photo(write(encoded(image, "PNG", exif=exif_block(1, order))))
    out = tmp_path / "out.tif"
    save_photo(out, [photo.pixels], [photo], SaveOptions(format="TIFF"))
    with Image.open(out) as other:
        assert other.mode == ("RGBA" if alpha else "RGB")
        assert (np.asarray(other)[..., :3] == pixels).all()
        assert other.getexif()[315] == "A. Photographer"
    with tifffile.TiffFile(out) as file:
        assert file.byteorder == order
        assert (file.pages[0].asarray()[..., :3] == pixels).all()
        assert file.pages[0].tags[34665].value["DateTimeOriginal"] == "1936:07:04 12:00:00"


@pytest.mark.parametrize("order", ["<", ">"])
def test_16_bit_tiff_of_either_byte_order(grey_16, tmp_path, order):
    from dataclasses import replace

    photo = replace(grey_16, metadata=replace(grey_16.metadata, exif=exif_block(1, order)))
    out = tmp_path / "out.tif"
    save_photo(out, [colored(photo)], [photo], SaveOptions(format="TIFF"))
    assert (tifffile.imread(out) == colored(photo)).all()


def test_large_pictures_become_bigtiff(grey, tmp_path, monkeypatch):
    monkeypatch.setattr("engine.photo._save.BIG", 100)
    out = tmp_path / "out.tif"
    save_photo(out, [colored(grey)], [grey], SaveOptions(format="TIFF"))
    with tifffile.TiffFile(out) as file:
        assert file.is_bigtiff
        assert (file.asarray() == colored(grey)).all()
    assert (read_photo(out).pixels == colored(grey)).all()


def test_every_page_is_saved(write, tmp_path):
    path = tmp_path / "pages.tif"
    with tifffile.TiffWriter(path) as writer:
        for index in range(3):
            writer.write(np.roll(scene(20 + index, 30, 1), index), metadata=None)
    photos = list(read_pages(path))
    out = tmp_path / "out.tif"
    save_photo(out, (colored(photo) for photo in photos), photos, SaveOptions(format="TIFF"))
    for before, after in zip(photos, read_pages(out), strict=True):
        assert (after.pixels == colored(before)).all()
    with Image.open(out) as other:
        assert other.n_frames == 3
    with pytest.raises(SaveError, match="JPEG holds one page, not 3"):
        save_photo(tmp_path / "out.jpg", [], photos, SaveOptions(format="JPEG"))


@pytest.mark.parametrize("format_name", FORMATS)
def test_alpha_is_kept_or_laid_on_white(write, tmp_path, format_name):
    alpha = scene(channels=1)
    alpha[:12] = 0
    image = Image.fromarray(np.dstack([scene(), alpha]))
    photo = read_photo(write(encoded(image, "PNG")))
    out = tmp_path / "out"
    notes = save_photo(out, [photo.pixels], [photo], SaveOptions(format=format_name))
    again = read_photo(out)
    if format_name == "JPEG":
        assert "alpha flattened onto white: JPEG has none" in notes
        assert again.pixels[:8].min() > 245
    else:
        assert np.abs(again.alpha.astype(int) - alpha).max() <= 2
        assert notes == ()


@pytest.mark.parametrize(("quality", "sampling"), [(92, (1, 1)), (80, (2, 2))])
def test_colour_resolution_of_jpegs(grey, tmp_path, quality, sampling):
    out = tmp_path / "out.jpg"
    save_photo(out, [colored(grey)], [grey], SaveOptions(format="JPEG", quality=quality))
    with Image.open(out) as image:
        assert image.layer[0][1:3] == sampling


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("format_name", FORMATS)
def test_nothing_is_overwritten_unless_asked(grey, tmp_path, replace, format_name):
    out = tmp_path / "out"
    out.write_bytes(b"somebody's work")
    if replace:
        save_photo(out, [colored(grey)], [grey], SaveOptions(format=format_name), replace=True)
        assert read_photo(out).format == format_name
        return
    with pytest.raises(SaveError, match="already there"):
        save_photo(out, [colored(grey)], [grey], SaveOptions(format=format_name))
    assert out.read_bytes() == b"somebody's work"


def test_a_file_that_appears_meanwhile_is_not_overwritten(grey, tmp_path):
    out = tmp_path / "out.png"

    def slow_pictures():
        yield colored(grey)
        out.write_bytes(b"somebody's work")

    with pytest.raises(SaveError, match="already there"):
        save_photo(out, slow_pictures(), [grey], SaveOptions(format="TIFF"))
    assert out.read_bytes() == b"somebody's work"
    assert not any(is_temporary(path) for path in tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="a folder that is written to cannot be moved there")
@pytest.mark.parametrize("replace", [False, True])
def test_what_a_disk_took_away_is_removed_when_it_is_back(grey, tmp_path, replace):
    folder, away = tmp_path / "disk", tmp_path / "away"
    folder.mkdir()
    out, options = folder / "out.png", SaveOptions(format="PNG")
    if replace:
        save_photo(out, [colored(grey)], [grey], options)

    def unplugged():
        yield colored(grey)
        folder.rename(away)

    with pytest.raises(SaveError, match="no such folder"):
        save_photo(out, unplugged(), [grey], options, replace=replace)
    assert any(is_temporary(path) for path in away.iterdir())
    with pytest.raises(SaveError, match="no such folder"):  # a try while it is away changes nothing
        save_photo(out, [colored(grey)], [grey], options, replace=replace)
    away.rename(folder)
    save_photo(out, [colored(grey)], [grey], options, replace=replace)
    assert list(folder.iterdir()) == [out]


def test_a_broken_link_counts_as_a_file(grey, tmp_path):
    out = tmp_path / "out.png"
    out.symlink_to(tmp_path / "nowhere")
    with pytest.raises(SaveError, match="already there"):
        save_photo(out, [colored(grey)], [grey], SaveOptions(format="PNG"))
    assert not (tmp_path / "nowhere").exists()


def failing(code, after=0):
    calls = iter(range(10_000))

    def fail(*_, **__):
        if next(calls) >= after:
            raise OSError(code, os.strerror(code))

    return fail


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize(
    ("function", "code", "told"),
    [
        ("fsync", errno.EIO, "the disk says"),
        ("fsync", errno.ENOSPC, "the disk is full"),
        ("fsync", errno.EDQUOT, "share of the disk"),
        ("open", errno.EACCES, "permission denied"),
        ("open", errno.EROFS, "read-only"),
        ("open", errno.ENOENT, "no such folder"),
        ("link", errno.EIO, "the disk says"),
    ],
)
def test_failures_leave_nothing_behind(grey, tmp_path, monkeypatch, format_name, function, code, told):
    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(os, function, failing(code))
    with pytest.raises(SaveError, match=told) as caught:
        save_photo(tmp_path / "out", [colored(grey)], [grey], SaveOptions(format=format_name))
    monkeypatch.undo()
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == code
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_full_disk_at_any_write(grey, tmp_path, monkeypatch, format_name):
    """Fails the n-th write for n = 1, 2, … until the saving succeeds."""
    import builtins

    before = sorted(tmp_path.iterdir())
    really_open = builtins.open

    class Filling:
        def __init__(self, file, room):
            self._file, self._room = file, room

        def write(self, content):
            self._room -= 1
            if self._room < 0:
                raise OSError(errno.ENOSPC, "full")
            return self._file.write(content)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self._file.close()

        def __getattr__(self, name):
            return getattr(self._file, name)

    for room in range(100):
        with monkeypatch.context() as patch:
            patch.setattr(
                "engine.photo._atomic.open", lambda *each, room=room: Filling(really_open(*each), room), raising=False
            )
            caught = None
            try:
                save_photo(tmp_path / "out", [colored(grey)], [grey], SaveOptions(format=format_name))
            except SaveError as error:
                caught = error
        if caught is None:
            assert room > 0
            break
        assert "the disk is full" in str(caught)
        assert caught.__cause__.errno == errno.ENOSPC
        assert sorted(tmp_path.iterdir()) == before
    assert read_photo(tmp_path / "out").width == grey.width


@pytest.mark.parametrize("format_name", FORMATS)
def test_what_cannot_be_read_back_is_not_saved(grey, tmp_path, monkeypatch, format_name):
    really_sync = os.fsync

    def damage_then_sync(descriptor):
        size = os.fstat(descriptor).st_size
        os.ftruncate(descriptor, size // 2)
        really_sync(descriptor)

    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(os, "fsync", damage_then_sync)
    with pytest.raises(SaveError, match="could not be read back whole"):
        save_photo(tmp_path / "out", [colored(grey)], [grey], SaveOptions(format=format_name))
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("format_name", FORMATS)
def test_another_picture_is_not_taken_for_ours(grey, tmp_path, monkeypatch, format_name):
    other = tmp_path / "other"
    save_photo(other, [255 - colored(grey)], [grey], SaveOptions(format=format_name))
    content = other.read_bytes()
    really_sync = os.fsync

    def swap(descriptor):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, content, 0)
        really_sync(descriptor)

    monkeypatch.setattr(os, "fsync", swap)
    with pytest.raises(SaveError, match="could not be read back"):
        save_photo(tmp_path / "out", [colored(grey)], [grey], SaveOptions(format=format_name))


def test_the_file_is_synced_before_it_has_its_name_and_the_folder_after(grey, tmp_path, monkeypatch):
    out, told = tmp_path / "out.png", []
    really_sync, really_link = os.fsync, os.link

    def sync(descriptor):
        told.append("folder" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "file")
        really_sync(descriptor)

    def link(*paths):
        told.append("name")
        really_link(*paths)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "link", link)
    save_photo(out, [colored(grey)], [grey], SaveOptions(format="PNG"))
    assert told == ["file", "name", "folder"]


def test_folders_without_hard_links(grey, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", failing(errno.EPERM))
    out = tmp_path / "out.png"
    save_photo(out, [colored(grey)], [grey], SaveOptions(format="PNG"))
    with pytest.raises(SaveError, match="already there"):
        save_photo(out, [colored(grey)], [grey], SaveOptions(format="PNG"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["grey.png", "out.png"]


def test_long_names_and_missing_folders(grey, tmp_path):
    longest = tmp_path / ("x" * 251 + ".png")
    save_photo(longest, [colored(grey)], [grey], SaveOptions(format="PNG"))
    assert longest.exists()
    with pytest.raises(SaveError, match="no such folder"):
        save_photo(tmp_path / "no" / "out.png", [colored(grey)], [grey], SaveOptions(format="PNG"))
    with pytest.raises(SaveError, match="too long"):
        save_photo(tmp_path / ("x" * 300), [colored(grey)], [grey], SaveOptions(format="PNG"))


@pytest.mark.parametrize(
    "name", ["gr\u00fc\u00dfe \U0001f5bc.png", "-dash.png", "new\nline.png", "100 %s.png", os.fsdecode(b"\xff\xfe.png")]
)
def test_odd_names(grey, tmp_path, name):
    out = tmp_path / name
    save_photo(out, [colored(grey)], [grey], SaveOptions(format="PNG"))
    assert read_photo(out).path == out


def test_a_saved_file_has_the_usual_permissions(grey, tmp_path):
    out = tmp_path / "out.png"
    save_photo(out, [colored(grey)], [grey], SaveOptions(format="PNG"))
    plain = tmp_path / "plain"
    plain.touch()
    assert out.stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize(
    "wrong", [lambda p: p[:-1], lambda p: p.astype(np.float32), lambda p: p[..., 0]], ids=["size", "depth", "grey"]
)
@pytest.mark.parametrize("format_name", FORMATS)
def test_a_picture_that_does_not_belong_is_refused(grey, tmp_path, wrong, format_name):
    with pytest.raises(SaveError, match="does not have the size"):
        save_photo(tmp_path / "out", [wrong(colored(grey))], [grey], SaveOptions(format=format_name))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("count", [0, 2])
def test_the_number_of_pictures_must_be_right(grey, tmp_path, count, format_name):
    with pytest.raises(SaveError, match=r"fewer|more"):
        save_photo(tmp_path / "out", [colored(grey)] * count, [grey], SaveOptions(format=format_name))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (7, 5), (9, 1000)])
@pytest.mark.parametrize("format_name", FORMATS)
def test_odd_sizes(write, tmp_path, shape, format_name):
    pixels = np.resize(np.arange(200, dtype=np.uint8), shape)
    photo = read_photo(write(encoded(pixels, "PNG")))
    out = tmp_path / "out"
    save_photo(out, [np.dstack([photo.pixels] * 3)], [photo], SaveOptions(format=format_name))
    assert read_photo(out).pixels.shape[:2] == shape


@pytest.mark.parametrize("format_name", ["JPEG", "WebP"])
def test_sides_that_a_format_cannot_hold(write, tmp_path, format_name):
    photo = read_photo(write(encoded(np.zeros((1, 65535), np.uint8), "PNG")))
    with pytest.raises(SaveError, match="Save it as PNG or TIFF"):
        save_photo(tmp_path / "out", [np.zeros((1, 65535, 3), np.uint8)], [photo], SaveOptions(format=format_name))


def test_errors_of_the_caller_pass_through(grey, tmp_path):
    from engine.errors import CancelledError

    def cancelled():
        raise CancelledError("The work was cancelled.")
        yield

    for format_name in FORMATS:
        with pytest.raises(EngineError, match="cancelled"):
            save_photo(tmp_path / "out", cancelled(), [grey], SaveOptions(format=format_name))
    assert [path.name for path in tmp_path.iterdir()] == ["grey.png"]


def test_the_same_photo_gives_the_same_bytes(grey, tmp_path):
    for format_name in FORMATS:
        contents = []
        for name in "ab":
            out = tmp_path / f"{name}.{format_name}"
            save_photo(out, [colored(grey)], [grey], SaveOptions(format=format_name, mark=False))
            contents.append(zlib.crc32(out.read_bytes()))
        assert contents[0] == contents[1]


@pytest.mark.parametrize(
    ("source", "bits", "alpha", "expected"),
    [
        ("JPEG", 8, False, "JPEG"), ("JPEG", 16, False, "JPEG"), ("PNG", 16, True, "PNG"), ("TIFF", 32, False, "TIFF"),
        ("WebP", 8, True, "WebP"), ("BMP", 8, False, "PNG"), ("GIF", 8, True, "PNG"), ("RAW", 16, False, "TIFF"),
        ("HEIC", 8, False, "JPEG"), ("HEIC", 8, True, "PNG"), ("AVIF", 8, False, "JPEG"), ("AVIF", 8, True, "PNG"),
    ],
)  # fmt: skip
def test_the_same_format_where_it_can_hold_the_colours(source, bits, alpha, expected):
    assert output_format(source, bit_depth=bits, has_alpha=alpha) == expected
