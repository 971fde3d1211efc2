"""Pictures that are damaged or made to do harm: all made here, each number always the same one."""

from __future__ import annotations

import io
import struct
import zlib

import imagecodecs
import numpy as np
import tifffile
from PIL import Image

from tests.engine.photo.files import (
    IPTC,
    XMP,
    encoded,
    exif_block,
    icc_profile,
    png_chunk,
    scene,
    tiff_file,
    with_jpeg_segments,
    with_png_chunks,
)

PIXEL_LIMIT = 4_000_000
BIGGEST = 2**32 - 1


def sound_pictures():
    """Name → file: of each format those that take different ways through their decoders, with all their metadata."""
    exif, icc = b"Exif\0\0" + exif_block(6, thumbnail=encoded(scene(8, 8), "JPEG")), icc_profile(2.2, "adobe")
    colour, grey = scene(96, 128), scene(96, 128, 1)
    xmp_segment = (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP)
    iptc_segment = (0xED, b"Photoshop 3.0\0" + IPTC)
    return {
        "baseline.jpg": with_jpeg_segments(
            encoded(colour, "JPEG", exif=exif, icc_profile=icc, dpi=(300, 300)), xmp_segment, iptc_segment
        ),
        "progressive.jpg": encoded(grey, "JPEG", progressive=True),
        "inks.jpg": encoded(Image.fromarray(colour).convert("CMYK"), "JPEG"),
        "colour.png": with_png_chunks(
            encoded(colour, "PNG", icc_profile=icc, exif=exif[6:]),
            (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
            (b"zTXt", b"Title\0\0" + zlib.compress(b"Grandmother")),
        ),
        "palette.png": encoded(Image.fromarray(colour).quantize(16), "PNG", transparency=3),
        "deep.png": bytes(imagecodecs.png_encode(grey.astype(np.uint16) * 257)),
        "clear.png": encoded(np.dstack([colour, grey]), "PNG"),
        "strips.tif": _tiff(colour.astype(np.uint16) * 257, compression="zlib", rowsperstrip=8),
        "tiles.tif": _tiff(grey, compression="lzw", tile=(32, 32)),
        "pages.tif": _pages(grey, 3),
        "fax.tif": encoded(Image.fromarray(grey > 99), "TIFF", compression="group4"),
        "tags.tif": encoded(
            Image.fromarray(colour), "TIFF", tiffinfo={315: "A. Photographer", 700: XMP}, icc_profile=icc
        ),
        "lossy.webp": encoded(colour, "WEBP", exif=exif, icc_profile=icc),
        "lossless.webp": encoded(np.dstack([colour, grey]), "WEBP", lossless=True),
        "moving.gif": encoded(Image.fromarray(grey), "GIF", save_all=True, append_images=[Image.fromarray(255 - grey)]),
        "colour.bmp": encoded(colour, "BMP"),
        "palette.bmp": encoded(Image.fromarray(grey).quantize(16), "BMP"),
    }


def mutated(content, seed):
    """A file with one to three damages."""
    random = np.random.default_rng(seed)
    content = bytearray(content)
    for _ in range(int(random.integers(1, 4))):
        # Headers are short and decide most: half of the damages fall there.
        reach = max(len(content) if random.random() < 0.5 else min(len(content), 400), 1)
        at = int(random.integers(0, reach))
        DAMAGES[int(random.integers(0, len(DAMAGES)))](content, at, random)
    return bytes(content)


def _cut(content, at, random):
    del content[max(at, 1) :]


def _flip(content, at, random):
    for place in random.integers(0, max(len(content), 1), int(random.integers(1, 9))):
        if place < len(content):
            content[place] ^= 1 << int(random.integers(0, 8))


def _flip_here(content, at, random):
    if at < len(content):
        content[at] ^= 1 << int(random.integers(0, 8))


def _zeros(content, at, random):
    size = min(int(random.integers(1, 600)), len(content) - at)
    content[at : at + size] = bytes(max(size, 0))


def _noise(content, at, random):
    size = min(int(random.integers(1, 64)), len(content) - at)
    content[at : at + size] = random.bytes(max(size, 0))


def _number(content, at, random):
    """A number that programs do not expect, in either order."""
    numbers = (0, 1, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, BIGGEST, len(content))
    form = (">I", "<I", ">H", "<H")[int(random.integers(0, 4))]
    number = numbers[int(random.integers(0, len(numbers)))]
    packed = struct.pack(form, number & (0xFFFF if form[1] == "H" else BIGGEST))
    content[at : at + len(packed)] = packed


def _repeated(content, at, random):
    size = int(random.integers(1, 400))
    content[at:at] = content[at : at + size] * int(random.integers(1, 20))


def _lost(content, at, random):
    del content[at : at + int(random.integers(1, 200))]


DAMAGES = (_cut, _flip, _flip_here, _zeros, _noise, _number, _repeated, _lost)


def hostile_pictures():
    """Name → file: headers that promise too much, structures that never end, and a little that unpacks to a lot."""
    return dict((*_hostile_jpegs(), *_hostile_pngs(), *_hostile_tiffs(), *_hostile_others()))


def _hostile_jpegs():
    jpeg = encoded(scene(96, 128), "JPEG")
    frame = jpeg.index(b"\xff\xc0")
    yield "huge.jpg", jpeg[: frame + 5] + struct.pack(">HH", 65535, 65535) + jpeg[frame + 9 :]
    yield "long.jpg", jpeg[: frame + 5] + struct.pack(">HH", 65535, 60) + jpeg[frame + 9 :]
    yield "flat.jpg", jpeg[: frame + 5] + struct.pack(">HH", 0, 128) + jpeg[frame + 9 :]
    yield "channels.jpg", jpeg[: frame + 9] + b"\xff" + jpeg[frame + 10 :]
    yield "sampling.jpg", jpeg[: frame + 11] + b"\xff" + jpeg[frame + 12 :]
    yield "precision.jpg", jpeg[: frame + 4] + b"\x10" + jpeg[frame + 5 :]
    yield "arithmetic.jpg", jpeg[: frame + 1] + b"\xc9" + jpeg[frame + 2 :]
    yield "lossless.jpg", jpeg[: frame + 1] + b"\xc3" + jpeg[frame + 2 :]
    yield "segments.jpg", with_jpeg_segments(jpeg, *[(0xE1, b"Exif\0\0" + exif_block(6))] * 2000)
    yield "profile.jpg", with_jpeg_segments(jpeg, *[(0xE2, b"ICC_PROFILE\0\1\xff" + bytes(60000))] * 30)
    yield "restarts.jpg", with_jpeg_segments(jpeg, (0xDD, b"\0\1"))
    yield "scans.jpg", scan_bomb(512, 300)
    loop = bytearray(exif_block(1, thumbnail=b"\xff\xd8\xff\xd9"))
    loop[-4 - 4 - 36 - 4 :] = struct.pack("<I", 8) * ((4 + 4 + 36 + 4) // 4)
    yield "exif loop.jpg", with_jpeg_segments(jpeg, (0xE1, b"Exif\0\0" + bytes(loop)))


def scan_bomb(side, scans):
    """A progressive JPEG of a few bytes a scan, each of which makes a decoder go through the whole picture again."""

    def segment(marker, body):
        return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body

    def scan(first, last, high, low, coded):
        return segment(0xDA, bytes((1, 1, 0x00, first, last, high << 4 | low))) + coded

    blocks = (-(-side // 8)) ** 2
    runs = -(-blocks // (2**15 - 1))
    nothing = ("0" + "1" * 14) * runs  # one word for 32,767 blocks without a coefficient
    nothing = int(nothing.ljust(-(-len(nothing) // 8) * 8, "0"), 2).to_bytes(-(-len(nothing) // 8), "big")
    nothing = nothing.replace(b"\xff", b"\xff\0")
    counts = bytes((1, *[0] * 15))
    return b"".join((
        b"\xff\xd8",
        segment(0xDB, bytes((0, *[1] * 64))),
        segment(0xC2, struct.pack(">BHHB", 8, side, side, 1) + bytes((1, 0x11, 0))),
        segment(0xC4, b"\x00" + counts + b"\x00"),
        segment(0xC4, b"\x10" + counts + b"\xe0"),
        scan(0, 0, 0, 0, bytes(-(-blocks // 8))),
        scan(1, 63, 0, 1, nothing),
        scan(1, 63, 1, 0, nothing) * scans,
        b"\xff\xd9",
    ))  # fmt: skip


def _hostile_pngs():
    png = encoded(scene(96, 128), "PNG")

    def headed(width, height, bits=8, kind=2, interlaced=0):
        return png[:8] + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, interlaced))

    zeros = zlib.compress(bytes(20_000_000), 9)
    yield "huge.png", headed(2**31 - 1, 2**31 - 1) + png[33:]
    yield "bomb.png", headed(60000, 60000, 1, 0) + png_chunk(b"IDAT", zeros) + png_chunk(b"IEND", b"")
    yield "negative.png", headed(2**31, 2**32 - 1) + png[33:]
    yield "line.png", headed(3_999_999, 1, 8, 0) + png_chunk(b"IDAT", zlib.compress(bytes(4_000_000))) + png[-12:]
    yield "more than promised.png", headed(8, 8, 8, 0) + png_chunk(b"IDAT", zeros) + png[-12:]
    yield "interlaced.png", headed(128, 96, 8, 2, 1) + png[33:]
    yield "text.png", with_png_chunks(png, (b"zTXt", b"Title\0\0" + zeros))
    yield "texts.png", with_png_chunks(png, *[(b"zTXt", b"Title\0\0" + zeros[:9000])] * 100)
    yield "profile.png", with_png_chunks(png, (b"iCCP", b"icc\0\0" + zeros))
    yield "xmp.png", with_png_chunks(png, (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zeros))
    yield "raw profile.png", with_png_chunks(png, (b"zTXt", b"Raw profile type exif\0\0" + zeros))
    yield "chunk.png", png[:33] + struct.pack(">I4s", 2**31 - 1, b"IDAT") + png[41:]
    yield "chunks.png", png[:33] + png_chunk(b"IDAT", b"") * 50_000 + png[33:]
    yield "frames.png", with_png_chunks(png, (b"acTL", struct.pack(">II", BIGGEST, BIGGEST)))
    yield "no palette.png", headed(128, 96, 8, 3) + png[33:]
    for name, filling in (("xml", b"<a>" * 200_000), ("entities", _entities())):
        yield f"{name}.png", with_png_chunks(png, (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + filling))


def _entities():
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    return b'<!DOCTYPE a [<!ENTITY l0 "ha">' + laughs + b"]><a>&l9;</a>"


def _hostile_tiffs():
    def short(*numbers):
        return struct.pack(f"<{len(numbers)}H", *numbers)

    def long(*numbers):
        return struct.pack(f"<{len(numbers)}I", *numbers)

    def grey(changes, data=bytes(96 * 128)):
        tags = {256: (3, short(128)), 257: (3, short(96)), 258: (3, short(8)), 259: (3, short(1)), 262: (3, short(1))}
        tags |= {273: (4, None), 277: (3, short(1)), 278: (4, long(96)), 279: (4, long(len(data)))} | changes
        return tiff_file([(tag, *entry) for tag, entry in tags.items()], data)

    zeros = zlib.compress(bytes(20_000_000), 9)
    yield "huge.tif", grey({256: (4, long(BIGGEST)), 257: (4, long(BIGGEST))})
    yield "wide.tif", grey({256: (4, long(BIGGEST)), 257: (4, long(1))})
    yield "channels.tif", grey({277: (3, short(65535))})
    yield "bits.tif", grey({258: (3, short(64))})
    yield "strips.tif", grey({278: (4, long(0))})
    yield "outside.tif", grey({273: (4, long(BIGGEST))})
    yield "lengths.tif", grey({279: (4, long(BIGGEST))})
    yield "tiles.tif", grey({322: (4, long(1 << 20)), 323: (4, long(1 << 20)), 324: (4, long(8)), 325: (4, long(9))})
    yield "many tiles.tif", grey({322: (4, long(16)), 323: (4, long(16)), 324: (4, long(*[8] * 99)), 325: (4, long(9))})
    yield "more than promised.tif", grey({259: (3, short(8))}, zeros)
    yield "exif of itself.tif", grey({34665: (4, long(8)), 34853: (4, long(8)), 330: (4, long(8))})
    yield "compression.tif", grey({259: (3, short(34712))})
    yield "jpeg.tif", grey({259: (3, short(7))}, encoded(scene(96, 128, 1), "JPEG"))
    yield "old jpeg.tif", grey({259: (3, short(6)), 262: (3, short(6)), 277: (3, short(3))})
    loop = bytearray(grey({}))
    loop[8 + 2 + 12 * 9 : 8 + 2 + 12 * 9 + 4] = long(8)
    yield "loop.tif", bytes(loop)
    entries = bytearray(grey({}))
    entries[8:10] = short(65535)
    yield "entries.tif", bytes(entries)
    count = bytearray(grey({}))
    count[8 + 2 + 4 : 8 + 2 + 8] = long(BIGGEST)
    yield "count.tif", bytes(count)
    yield "big.tif", b"II" + struct.pack("<HHHQQ", 43, 8, 0, 16, 2**64 - 1) + bytes(64)


def _hostile_others():
    gif, bmp = encoded(scene(96, 128, 1), "GIF"), encoded(scene(96, 128), "BMP")
    webp = encoded(scene(96, 128), "WEBP", lossless=True)
    at = gif.index(b",", 13 + 3 * 2 ** ((gif[10] & 7) + 1))
    yield "huge.gif", gif[:6] + struct.pack("<HH", 65535, 65535) + gif[10:]
    yield "frame.gif", gif[: at + 5] + struct.pack("<HH", 65535, 65535) + gif[at + 9 :]
    yield "frames.gif", gif[:-1] + gif[at:-1] * 2000 + b";"
    yield "comments.gif", gif[:at] + (b"!\xfe" + (b"\xff" + bytes(255)) * 4000 + b"\0") + gif[at:]
    yield "huge.bmp", bmp[:18] + struct.pack("<ii", 2**31 - 1, 2**31 - 1) + bmp[26:]
    yield "negative.bmp", bmp[:18] + struct.pack("<ii", -128, -(2**31)) + bmp[26:]
    yield "colours.bmp", bmp[:28] + struct.pack("<H", 8) + bmp[30:46] + struct.pack("<I", BIGGEST) + bmp[50:]
    yield "runs.bmp", bmp[:28] + struct.pack("<HI", 8, 1) + bmp[34:]
    yield "offset.bmp", bmp[:10] + struct.pack("<I", BIGGEST) + bmp[14:]
    yield "huge.webp", webp[:21] + b"\xff\xff\xff\x0f" + webp[25:]
    yield (
        "canvas.webp",
        (b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X" + struct.pack("<I", 10) + b"\2\0\0\0" + b"\xff" * 6),
    )
    yield "length.webp", webp[:4] + struct.pack("<I", BIGGEST) + webp[8:16] + struct.pack("<I", BIGGEST) + webp[20:]


def _tiff(pixels, **options):
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, photometric="rgb" if pixels.ndim == 3 else None, metadata=None, **options)
    return file.getvalue()


def _pages(pixels, count):
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        for number in range(count):
            writer.write(np.roll(pixels, number), metadata=None)
    return file.getvalue()
