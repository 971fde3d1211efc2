"""What is no photo, or too large, is refused with its reason, without waiting and without memory."""

import contextlib
import errno
import os
import socket
import struct
import threading
import time
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image

from engine.errors import EngineError, PhotoTooLargeError, UnreadablePhotoError, UnsupportedPhotoError
from engine.photo import count_pages, default_pixel_limit, is_marked, read_photo, read_thumbnail
from tests.engine.photo.files import encoded, png_chunk, scene, tiff_file


@pytest.mark.parametrize(
    ("content", "error", "told"),
    [
        (b"", UnreadablePhotoError, "the file is empty"),
        (b"hello world, this is text", UnreadablePhotoError, "not a picture"),
        (b"<!DOCTYPE html><html><body>404</body></html>", UnreadablePhotoError, "a web page"),
        (b"\n <html>", UnreadablePhotoError, "a web page"),
        (b"PK\x03\x04" + bytes(60), UnreadablePhotoError, "a ZIP archive"),
        (b"MZ" + bytes(60), UnreadablePhotoError, "a program"),
        (b'<?xml version="1.0"?><svg xmlns="x"/>', UnreadablePhotoError, "a drawing"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", UnsupportedPhotoError, "PostScript"),
        (b"8BPS\0\1" + bytes(60), UnsupportedPhotoError, "Photoshop"),
        (b"%PDF-1.7\n", UnsupportedPhotoError, "PDF"),
        (b"SIMPLE  =                    T", UnsupportedPhotoError, "FITS"),
        (b"\xff\x0a" + bytes(60), UnsupportedPhotoError, "JPEG XL"),
        (b"P5\n2 2\n255\nabcd", UnsupportedPhotoError, "PNM"),
        (b"\0\0\1\0\1\0" + bytes(60), UnsupportedPhotoError, "icon"),
        (bytes(1000), UnreadablePhotoError, "not a picture"),
    ],
)
def test_other_contents_are_named(write, content, error, told):
    path = write(content, "photo.jpg")
    for read in (read_photo, count_pages, lambda each: read_thumbnail(each, 64)):
        with pytest.raises(error, match=told) as caught:
            read(path)
        assert caught.value.path == path
    assert not is_marked(path)


def test_no_decoder_starts_on_foreign_contents(write, monkeypatch):
    def never(*_, **__):
        raise AssertionError("a decoder was started")

    monkeypatch.setattr(Image, "open", never)
    monkeypatch.setattr("subprocess.Popen", never)
    with pytest.raises(UnsupportedPhotoError):
        read_photo(write(b"%!PS-Adobe-3.0 EPSF-3.0\n", "photo.jpg"))


def in_time(read, path):
    """Runs a reading in a thread that must end within seconds."""
    caught = []

    def work():
        try:
            read(path)
        except EngineError as error:
            caught.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(5)
    assert not thread.is_alive(), "reading blocks"
    return caught[0]


def test_what_is_no_file_is_refused_at_once(tmp_path, monkeypatch):
    fifo, folder, link = tmp_path / "fifo.jpg", tmp_path / "folder.jpg", tmp_path / "link.jpg"
    os.mkfifo(fifo)
    folder.mkdir()
    link.symlink_to("/dev/zero")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.jpg")
        for path in (fifo, folder, link, tmp_path / "socket.jpg"):
            assert "a folder, a pipe or a device" in str(in_time(read_photo, path))
            assert not is_marked(path)


def test_missing_and_forbidden_files(tmp_path, monkeypatch):
    with pytest.raises(UnreadablePhotoError, match="no such file"):
        read_photo(tmp_path / "nothing.jpg")
    with pytest.raises(UnreadablePhotoError, match="too long"):
        read_photo(tmp_path / ("x" * 300 + ".jpg"))
    path = tmp_path / "photo.jpg"
    path.write_bytes(encoded(scene(), "JPEG"))

    def forbidden(*_, **__):
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(os, "open", forbidden)
    with pytest.raises(UnreadablePhotoError, match="permission denied"):
        read_photo(path)


def png_bomb(side):
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", head)
        + png_chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + png_chunk(b"IEND", b"")
    )


def tiff_bomb(side):
    tags = [(256, 4, struct.pack("<I", side)), (257, 4, struct.pack("<I", side)), (258, 3, struct.pack("<H", 8))]
    tags += [
        (262, 3, struct.pack("<H", 1)),
        (273, 4, None),
        (278, 4, struct.pack("<I", side)),
        (279, 4, struct.pack("<I", 9)),
    ]
    return tiff_file(tags, bytes(9))


def gif_bomb(side):
    gif = bytearray(encoded(Image.new("P", (4, 4)), "GIF"))
    gif[6:10] = struct.pack("<HH", side, side)
    return bytes(gif)


def bmp_bomb(side):
    bmp = bytearray(encoded(scene(), "BMP"))
    bmp[18:26] = struct.pack("<ii", side, side)
    return bytes(bmp)


def jpeg_bomb(side):
    jpeg = encoded(scene(channels=1), "JPEG")
    at = jpeg.index(b"\xff\xc0")
    return jpeg[: at + 5] + struct.pack(">HH", side, side) + jpeg[at + 9 :]


@pytest.mark.parametrize("bomb", [png_bomb, tiff_bomb, gif_bomb, bmp_bomb, jpeg_bomb])
def test_bombs_are_refused_before_memory_is_taken(write, bomb, monkeypatch):
    monkeypatch.setattr("engine.photo._limits._available_memory", lambda: iter([2 << 30]))
    path = write(bomb(60_000))
    tracemalloc.start()
    try:
        with pytest.raises(PhotoTooLargeError, match=r"3,600 megapixels; 72 fit .* 100\.6 GB"):
            read_photo(path)
        assert tracemalloc.get_traced_memory()[1] < 20 << 20
    finally:
        tracemalloc.stop()
    with pytest.raises(PhotoTooLargeError):
        read_thumbnail(path, 64)


def test_the_limit_is_the_callers_where_one_is_given(write):
    path = write(encoded(scene(), "PNG"))
    with pytest.raises(PhotoTooLargeError, match="megapixels"):
        read_photo(path, pixel_limit=700)
    assert read_photo(path, pixel_limit=768).width == 32


@pytest.mark.parametrize(
    ("memory", "limit"), [([24 << 30, 12 << 30], 429_496_729), ([1 << 20], 16_000_000), ([], 143_165_576)]
)
def test_the_limit_follows_the_memory(monkeypatch, memory, limit):
    monkeypatch.setattr("engine.photo._limits._available_memory", lambda: iter(memory))
    assert default_pixel_limit() == limit


def test_the_limit_heeds_the_address_space():
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    before = default_pixel_limit()
    resource.setrlimit(resource.RLIMIT_AS, (3 << 40, hard))
    try:
        assert abs(default_pixel_limit() - before) < before / 5
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    assert before > 16_000_000


def test_a_scan_larger_than_pillows_own_limit_is_read(write, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    grey = np.zeros((64, 64), np.uint8)
    for format_name in ("PNG", "GIF", "BMP", "WEBP"):
        assert read_photo(write(encoded(grey, format_name))).width == 64


def test_tiles_larger_than_the_picture_are_refused(write):
    numbers = {256: 8, 257: 8, 262: 1, 277: 1, 322: 1 << 20, 323: 1 << 20}
    tags = [(tag, 4, struct.pack("<I", value)) for tag, value in numbers.items()]
    content = tiff_file(
        [*tags, (258, 3, struct.pack("<H", 8)), (324, 4, struct.pack("<I", 8)), (325, 4, struct.pack("<I", 9))]
    )
    with pytest.raises(UnreadablePhotoError, match="tiles are larger"):
        read_photo(write(content))


def test_overlapping_directories_end_soon(write):
    """Ten thousand directories in one file of a few kilobytes: each begins inside the one before."""
    content = bytearray(b"II*\0" + struct.pack("<I", 8) + bytes(70_000))
    for at in range(8, 20_000, 2):
        struct.pack_into("<H", content, at, 4000)
    path = write(bytes(content))
    started = time.monotonic()
    with contextlib.suppress(EngineError):
        count_pages(path)
    assert time.monotonic() - started < 5
