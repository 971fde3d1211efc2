"""What is no photo, or too large, is refused with its reason, without waiting and without memory."""

import contextlib
import errno
import json
import os
import socket
import struct
import subprocess
import sys
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


READING = """
import json, sys
from pathlib import Path
from engine.errors import EngineError
from engine.photo import count_pages, is_marked, load_decoders, read_photo, read_thumbnail
load_decoders()
started = []
programs = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "os.fork", "os.spawn")
sys.addaudithook(lambda event, _: started.append(event) if event in programs else None)
said = []
for path in sorted(Path(sys.argv[1]).iterdir()):
    for read in (is_marked, count_pages, read_photo, lambda path: read_thumbnail(path, 64)):
        try:
            read(path)
        except EngineError as error:
            said.append(type(error).__name__)
sys.stdout.write(json.dumps({"started": started, "said": said}))
"""


@pytest.mark.skipif(os.name != "posix", reason="the trap is a shell script")
def test_no_program_is_started_whatever_a_file_holds(tmp_path):
    """Pillow would start Ghostscript for PostScript; here a trap of that name waits on the path."""
    trap, files, canary = tmp_path / "bin", tmp_path / "files", tmp_path / "canary"
    trap.mkdir()
    files.mkdir()
    for name in ("gs", "gsc", "gswin64c", "convert", "djpeg", "cjpeg", "xdg-open"):
        (trap / name).write_text(f"#!/bin/sh\necho {name} >> '{canary}'\n")
        (trap / name).chmod(0o755)
    eps = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) (w) file\nshowpage\n"
    bodies = (
        eps,
        b"\xc5\xd0\xd3\xc6" + struct.pack("<7I", 32, len(eps), 0, 0, 0, 0, 0) + eps,
        b"%PDF-1.7\n",
        b"P5\n9 9\n",
    )
    bodies += (b"8BPS\0\1" + bytes(60), b"SIMPLE  =                    T".ljust(2880), b'<svg xmlns="x"/>')
    for number, body in enumerate(bodies):
        for suffix in (".jpg", ".eps", ".tif"):
            (files / f"{number}{suffix}").write_bytes(body)
    answer = subprocess.run(
        [sys.executable, "-c", READING, str(files)],
        env={**os.environ, "PATH": str(trap)},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(answer.stdout)
    assert told["started"] == []
    assert len(told["said"]) == 3 * 3 * len(bodies)
    assert set(told["said"]) <= {"UnsupportedPhotoError", "UnreadablePhotoError"}
    assert not canary.exists()


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
