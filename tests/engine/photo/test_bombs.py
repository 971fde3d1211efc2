"""Small files that promise, or would become, very much: refused or read, with little memory and in little time.

They are read in a process that may not use much of either, so what is unbounded ends it.
"""

import json
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image

from engine.errors import UnreadablePhotoError
from engine.photo import count_pages, read_header, read_pages, read_photo, read_thumbnail
from tests.engine.photo.files import (
    encoded,
    icc_profile,
    jpeg_segments_of,
    scene,
    tiff_file,
    with_jpeg_segments,
    with_png_chunks,
)
from tests.engine.photo.test_refusals import bmp_bomb, gif_bomb, jpeg_bomb, png_bomb, tiff_bomb

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limits of a process are those of Linux")

ROOM = 640 << 20
SECONDS = 60
MANY = 60_000


def packed(size):
    return zlib.compress(bytes(size), 9)


def webp_bomb(kind, side):
    if kind == "VP8L":
        content = bytearray(encoded(scene(), "WEBP", lossless=True))
        at = content.index(b"VP8L") + 9
        bits = struct.unpack_from("<I", content, at)[0] & ~((1 << 28) - 1) | (side - 1) | (side - 1) << 14
        struct.pack_into("<I", content, at, bits)
        return bytes(content)
    frames = [Image.fromarray(np.roll(scene(), shift, axis=1)) for shift in (0, 8)]
    content = bytearray(encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:]))
    at = content.index(b"VP8X") + 12
    content[at : at + 6] = struct.pack("<I", side - 1)[:3] * 2
    return bytes(content)


def avif_bomb(side):
    content = bytearray(encoded(scene(), "AVIF"))
    struct.pack_into(">II", content, content.index(b"ispe") + 8, side, side)
    return bytes(content)


def too_large():
    """Name → a small file of thousands of megapixels."""
    return {
        "1 bit.png": png_bomb(MANY),
        "strip.tif": tiff_bomb(MANY),
        "frame.gif": gif_bomb(MANY),
        "rows.bmp": bmp_bomb(MANY),
        "frame.jpg": jpeg_bomb(MANY),
        "still.webp": webp_bomb("VP8L", 16383),
        "moving.webp": webp_bomb("VP8X", MANY),
        "grid.avif": avif_bomb(MANY),
        "honest 30000.png": png_bomb(30_000),
    }


def xmp(packet):
    return with_png_chunks(
        encoded(scene(), "PNG"), (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(packet, 9))
    )


def overlapping_exif():
    """Four thousand tags that all claim the same megabyte."""
    entries = b"".join(struct.pack("<HHII", 1000 + number, 7, 1 << 20, 8) for number in range(4000))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", 4000) + entries + bytes(4) + bytes(1 << 20)


def pages(count, more=b"", **tags):
    """A TIFF of many pages of one pixel, all of which name the same bytes."""
    entries = {256: (3, 1), 257: (3, 1), 258: (3, 8), 259: (3, 1), 262: (3, 1), 273: (4, 0), 277: (3, 1), 278: (3, 1)}
    entries |= {279: (4, 1)} | {int(tag[1:]): value for tag, value in tags.items()}
    size = 6 + 12 * len(entries)
    content = bytearray(b"II*\0\x08\0\0\0")
    for number in range(count):
        content += struct.pack("<H", len(entries))
        for tag, (kind, value) in sorted(entries.items()):
            length = 1 if kind != 7 else len(more)
            place = 8 + count * size if kind == 7 else value
            content += struct.pack("<HHII", tag, kind, length, place)
        content += struct.pack("<I", 8 + (number + 1) * size if number < count - 1 else 0)
    return bytes(content) + more


def two_widths():
    """A TIFF that states a huge size first, and a small one for whoever takes the last."""
    tags = [(256, 4, struct.pack("<I", MANY)), (257, 4, struct.pack("<I", MANY))]
    sound = tiff_file(
        [
            *tags,
            *((tag, 4, struct.pack("<I", 8)) for tag in (254, 255)),
            (258, 3, struct.pack("<H", 8)),
            (262, 3, b"\1\0"),
            (273, 4, None),
            (277, 3, b"\1\0"),
            (278, 4, struct.pack("<I", 8)),
            (279, 4, struct.pack("<I", 64)),
        ],
        bytes(64),
    )
    count = struct.unpack_from("<H", sound, 8)[0]
    table = [sound[10 + 12 * n : 22 + 12 * n] for n in range(count)]
    small = [struct.pack("<HHII", tag, 4, 1, 8) for tag in (256, 257)]
    width, height = (next(entry for entry in table if entry[:2] == tag[:2]) for tag in small)
    rest = [entry for entry in table if struct.unpack("<H", entry[:2])[0] not in (254, 255, 256, 257)]
    return sound[:10] + b"".join([width, small[0], height, small[1], *rest]) + sound[10 + 12 * count :]


def wide_samples():
    """Sixteen channels of eight bytes: a pixel of 128 bytes."""
    numbers = {256: 4000, 257: 4000, 278: 4000, 279: 1 << 10}
    tags = [(tag, 4, struct.pack("<I", value)) for tag, value in numbers.items()]
    tags += [(258, 3, struct.pack("<16H", *[64] * 16)), (339, 3, struct.pack("<16H", *[3] * 16))]
    tags += [(tag, 3, struct.pack("<H", value)) for tag, value in {259: 8, 262: 1, 277: 16}.items()]
    return tiff_file([*tags, (338, 3, bytes(30)), (273, 4, None)], packed(1 << 20)[: 1 << 10].ljust(1 << 10, b"\0"))


def unbounded():
    """Name → a small file of one small picture, in whose metadata or structure there is no end of something."""
    png, jpeg = encoded(scene(), "PNG"), encoded(scene(), "JPEG")
    digits = b"Raw profile type exif\0\0" + zlib.compress(b"a " * 8_000_000, 9)
    return {
        "blanks.png": with_png_chunks(png, *[(b"zTXt", digits)] * 20),
        "profiles.png": with_png_chunks(png, *[(b"iCCP", b"x\0\0" + packed(16 << 20))] * 100),
        "texts.png": with_png_chunks(png, *[(b"zTXt", b"x\0\0" + packed(1 << 20))] * 2000),
        "chunks.png": with_png_chunks(png, *[(b"abCd", b"")] * 200_000),
        "elements.png": xmp(b"<a>" + b"<b/>" * (1 << 20) + b"</a>"),
        "attributes.png": xmp(b"<a " + b" ".join(b'b%d=""' % number for number in range(300_000)) + b"/>"),
        "deep.png": xmp(b"<a>" * 100_000 + b"</a>" * 100_000),
        "packets.png": xmp(b"<?xpacket " * 200_000),
        "exif.png": with_png_chunks(png, (b"eXIf", overlapping_exif())),
        "zeros.jpg": jpeg[:20] + bytes(4 << 20) + jpeg[20:],
        "padding.jpg": jpeg[:20] + b"\xff" * (4 << 20) + jpeg[20:],
        "alone.jpg": jpeg[:20] + b"\xff\x01" * (2 << 20) + jpeg[20:],
        "comments.jpg": jpeg[:2] + b"\xff\xfe\0\2" * 1_000_000 + jpeg[2:],
        "resources.jpg": with_jpeg_segments(jpeg, *[(0xED, b"Photoshop 3.0\0" + bytes(65_000))] * 200),
        "pages.tif": pages(1000),
        "packets.tif": pages(300, bytes(8 << 20), t700=(7, 0)),
        "two sizes.tif": two_widths(),
        "channels.tif": wide_samples(),
        "strip.tif": tiff_file(
            [
                *((tag, 3, struct.pack("<H", value)) for tag, value in {256: 8, 257: 8, 258: 8, 259: 8}.items()),
                *((tag, 3, struct.pack("<H", value)) for tag, value in {262: 1, 277: 1, 278: 8}.items()),
                (273, 4, None),
                (279, 4, struct.pack("<I", 1 << 20)),
            ],
            packed(1 << 27).ljust(1 << 20, b"\0"),
        ),
    }


def told(folder, files):
    """What a process of little memory and time says of files."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    command = [sys.executable, "-m", "tests.engine.photo.reading_bombs", str(folder), str(ROOM), str(SECONDS)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in answer.stdout.splitlines()]
    assert (answer.returncode, answer.stderr) == (0, ""), lines[-1:]
    assert {line["name"] for line in lines} == set(files)
    return lines


def test_what_promises_too_many_pixels_is_refused_before_memory_is_taken(tmp_path):
    for line in told(tmp_path / "files", too_large()):
        assert line["error"] == "PhotoTooLargeError", line
        assert "GB of free memory" in line["said"], line
        assert line["grown"] < 50 << 20, line


def test_what_has_no_end_is_bounded(tmp_path):
    for line in told(tmp_path / "files", unbounded()):
        assert line["grown"] < 300 << 20, line
        known = ("", "UnreadablePhotoError", "PhotoTooLargeError")
        assert line["error"] in known, line
        if line["name"] in ("blanks.png", "profiles.png", "elements.png", "deep.png", "packets.png", "exif.png"):
            assert line["said"] == "1 pages", line  # the picture is sound, and what is too much was left out
        if line["name"] in ("profiles.png", "texts.png", "elements.png", "exif.png", "packets.tif"):
            assert any("left out" in note or "sRGB assumed" in note for note in line["notes"]), line
        if line["name"] == "two sizes.tif":
            assert line["error"], line


def test_pages_beyond_the_most_are_not_dropped_in_silence(write):
    path = write(pages(10_001))
    assert count_pages(path) == 10_000
    assert read_header(path, 9999).page_count == 10_000
    assert "of its pages, only the first 10,000 are read" in read_photo(path, page=3).notes


def test_pieces_without_number_are_refused(write, monkeypatch):
    monkeypatch.setattr("engine.photo._png._MOST_CHUNKS", 100)
    with pytest.raises(UnreadablePhotoError, match="millions of pieces"):
        read_photo(write(with_png_chunks(encoded(scene(), "PNG"), *[(b"abCd", b"")] * 100)))
    monkeypatch.setattr("engine.photo._markers._MOST_SEGMENTS", 100)
    with pytest.raises(UnreadablePhotoError, match="before the picture begins"):
        read_photo(write(with_jpeg_segments(encoded(scene(), "JPEG"), *[(0xFE, b"")] * 100)))


def test_scans_without_number_are_refused(write):
    content = encoded(scene(channels=1), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    for count, refused in ((400, False), (600, True)):
        path = write(content[:last] + content[last:-2] * count + content[-2:])
        for read in (read_photo, lambda each: read_thumbnail(each, 16)):
            if refused:
                with pytest.raises(UnreadablePhotoError, match="hundreds of scans"):
                    read(path)
            else:
                read(path)


def test_scans_of_one_colour_each_are_counted_too(write):
    """A baseline picture's scans go over the whole of it as well, unless the first one holds all colours."""
    content = encoded(scene(), "JPEG")
    scan = content.index(b"\xff\xda")
    alone = b"\xff\xda\0\x08\1\1\0\0\x3f\0" + bytes(4)
    with pytest.raises(UnreadablePhotoError, match="hundreds of scans"):
        read_photo(write(content[:scan] + alone * 600 + content[-2:]))
    assert read_photo(write(content[:scan] + alone * 3 + content[-2:])).width == 32


@pytest.mark.parametrize("progressive", [True, False])
def test_what_stands_behind_a_picture_is_none_of_its_scans(write, progressive):
    """Another picture, or the film of a moving photo."""
    content = encoded(scene(), "JPEG", progressive=progressive)
    photo = read_photo(write(content + b"\0\0\0\x18ftypmp42" + b"\xff\xda\0\x08" * 1000 + content))
    assert (photo.pixels == read_photo(write(content, "alone.jpg")).pixels).all()


def test_a_comment_between_scans_does_not_end_the_picture(write):
    content = encoded(scene(channels=1), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    comment = b"\xff\xfe\0\4\xff\xd9"
    path = write(content[:last] + comment + content[last:-2] * 600 + content[-2:])
    with pytest.raises(UnreadablePhotoError, match="hundreds of scans"):
        read_photo(path)


def test_thumbnails_among_many_pages_cost_no_page(write):
    reduced = bytearray(pages(12_000, t254=(4, 0)))
    size = 6 + 12 * 10
    for number in range(1, 12_000, 2):
        at = 8 + number * size + 2
        assert reduced[at : at + 2] == b"\xfe\0"
        reduced[at + 8] = 1
    path = write(bytes(reduced))
    assert count_pages(path) == 6000
    assert not any("only the first" in note for note in read_photo(path, page=5999).notes)


def test_pages_that_cannot_be_found_are_not_dropped_in_silence(write):
    whole = pages(5)
    told = "the list of its pages is damaged; any others are left out"
    size = (len(whole) - 8) // 5
    photo = read_photo(write(whole[: 8 + 3 * size]))
    assert photo.page_count == 3
    assert told in photo.notes
    circle = whole[:-4] + struct.pack("<I", 8)
    assert told not in read_photo(write(circle, "circle.tif")).notes


def test_the_first_of_many_pages_keeps_its_long_packet_and_all_keep_their_profile(write, tmp_path):
    packet = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    packet += b'<rdf:Description rdf:about="" xmlns:a="b" a:t="' + b"y" * 2_000_000
    packet += b'"/></rdf:RDF></x:xmpmeta>'
    profile = icc_profile(1.8).ljust(1 << 20, b"\0")
    with tifffile.TiffWriter(tmp_path / "book.tif") as file:
        for number in range(300):
            extra = [(34675, 7, len(profile), profile, True)] if number in (0, 299) else []
            extra += [] if number else [(700, 1, len(packet), packet, True)]
            file.write(scene(channels=1), photometric="minisblack", extratags=extra, metadata=None)
    first, last, plain = (read_photo(tmp_path / "book.tif", page=page) for page in (0, 299, 7))
    assert len(first.metadata.xmp) > 2_000_000
    for photo in (first, last):
        assert not any("left out" in note for note in photo.notes)
        assert (photo.pixels != plain.pixels).any()


def test_a_tiff_that_was_replaced_is_walked_again(write):
    assert len(list(read_pages(write(pages(3), "a.tif")))) == 3
    assert len(list(read_pages(write(pages(5), "a.tif")))) == 5


def test_sound_metadata_are_not_taken_for_a_bomb(write):
    """What is large, and still far from what is refused, comes along."""
    packet = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    packet += b'<rdf:Description rdf:about=""><rdf:Bag>' + b"<rdf:li>ancestor</rdf:li>" * 20_000
    packet += b"</rdf:Bag></rdf:Description></rdf:RDF></x:xmpmeta>"
    photo = read_photo(write(xmp(b'<?xpacket begin="\xef\xbb\xbf" id="x"?>' + packet + b"<?xpacket end='w'?>")))
    assert photo.metadata.xmp is not None
    texts = [(b"tEXt", b"Title\0" + bytes([65 + number]) * 1000) for number in range(26)]
    photo = read_photo(write(with_png_chunks(encoded(scene(), "PNG"), *texts)))
    assert len(photo.metadata.png_chunks) == 26


def test_stray_bytes_between_segments_are_passed_over(write):
    jpeg = encoded(scene(), "JPEG", icc_profile=icc_profile(1.8, "prophoto"))
    behind = 20
    assert jpeg_segments_of(jpeg)[0][0] == 0xE0
    for stray in (b"\0" * 4094, b"\0" * 4095, b"\0" * 4096, b"\xff" * 5000, b"\xff\0" * 3000, b"\xff\xd1", b"x"):
        photo = read_photo(write(jpeg[:behind] + stray + jpeg[behind:]))
        assert (photo.pixels == read_photo(write(jpeg)).pixels).all()
        assert read_thumbnail(write(jpeg[:behind] + stray + jpeg[behind:]), 16).shape == (12, 16, 3)
