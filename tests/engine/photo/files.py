"""Makes the small pictures, profiles and metadata that the tests read, by hand, so that nothing tests itself."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image

XYZ_OF_SRGB = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
D65, D50 = np.array([0.95047, 1.0, 1.08883]), np.array([0.9642, 1.0, 0.8249])
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
PRIMARIES = {
    "srgb": ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06), (0.3127, 0.3290)),
    "adobe": ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06), (0.3127, 0.3290)),
    "p3": ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06), (0.3127, 0.3290)),
    "prophoto": ((0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001), (0.3457, 0.3585)),
}


def scene(height=24, width=32, channels=3):
    """A smooth picture without symmetry, so that every way of turning it shows."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    y, x = y / max(height - 1, 1), x / max(width - 1, 1)
    planes = [20 + 215 * (0.7 * x + 0.3 * y), 235 - 200 * (0.4 * x + 0.6 * y**2), 60 + 150 * x * y]
    picture = np.rint(np.stack(planes, axis=-1)).astype(np.uint8)
    return picture if channels == 3 else picture[..., 0].copy()


def encoded(pixels, format_name, **options):
    """A picture as a file's bytes, by Pillow."""
    file = io.BytesIO()
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    image.save(file, format_name, **options)
    return file.getvalue()


def exif_block(orientation=1, order="<", *, thumbnail=None, maker_note=b"", text=b"A. Photographer\0", size=None):
    """An EXIF block: artist, orientation, an EXIF directory, and a thumbnail in a second directory."""
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8)
    exif_tags = [(0x9003, 2, b"1936:07:04 12:00:00\0"), (0xA001, 3, struct.pack(order + "H", 65535))]
    if maker_note:
        exif_tags.append((0x927C, 7, maker_note))
    if size:
        exif_tags += [(0xA002, 4, struct.pack(order + "I", size[0])), (0xA003, 4, struct.pack(order + "I", size[1]))]
    main = [(274, 3, struct.pack(order + "H", orientation)), (315, 2, text), (34665, 4, b"\0\0\0\0")]
    exif_at = 8 + _directory_size(main)
    main[2] = (34665, 4, struct.pack(order + "I", exif_at))
    exif = _directory(exif_tags, order, exif_at, 0)
    after = exif_at + len(exif)
    if thumbnail is None:
        return head + _directory(main, order, 8, 0) + exif
    tags = [
        (259, 3, struct.pack(order + "H", 6)),
        (513, 4, b"\0\0\0\0"),
        (514, 4, struct.pack(order + "I", len(thumbnail))),
    ]
    tags[1] = (513, 4, struct.pack(order + "I", after + _directory_size(tags)))
    return head + _directory(main, order, 8, after) + exif + _directory(tags, order, after, 0) + thumbnail


_UNITS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}


def _directory_size(tags):
    return 6 + 12 * len(tags) + sum(len(value) + len(value) % 2 for _, _, value in tags if len(value) > 4)


def _directory(tags, order, at, following):
    behind = at + 6 + 12 * len(tags)
    table, values = b"", b""
    for tag, kind, value in sorted(tags):
        table += struct.pack(order + "HHI", tag, kind, len(value) // _UNITS[kind])
        if len(value) <= 4:
            table += value.ljust(4, b"\0")
        else:
            table += struct.pack(order + "I", behind + len(values))
            values += value + b"\0" * (len(value) % 2)
    return struct.pack(order + "H", len(tags)) + table + struct.pack(order + "I", following) + values


def tiff_file(tags, data=b"", order="<"):
    """A TIFF of one directory, whose StripOffsets (273) may be given as None: then the data stand behind it."""
    size = 8 + _directory_size([(tag, kind, value or b"\0\0\0\0") for tag, kind, value in tags])
    tags = [(tag, kind, struct.pack(order + "I", size) if value is None else value) for tag, kind, value in tags]
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8)
    return head + _directory(tags, order, 8, 0) + data


def with_jpeg_segments(jpeg, *segments):
    """A JPEG with (marker, body) segments put behind its first marker."""
    packed = b"".join(struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body for marker, body in segments)
    return jpeg[:2] + packed + jpeg[2:]


def png_chunk(kind, body):
    """A PNG chunk."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_png_chunks(png, *chunks):
    """A PNG with (type, body) chunks put behind its header."""
    return png[:33] + b"".join(png_chunk(kind, body) for kind, body in chunks) + png[33:]


def png_chunks_of(png):
    """All chunks of a PNG as (type, body)."""
    at, chunks = 8, []
    while at < len(png):
        size, kind = struct.unpack_from(">I4s", png, at)
        chunks.append((kind, png[at + 8 : at + 8 + size]))
        at += 12 + size
    return chunks


def jpeg_segments_of(jpeg):
    """All segments of a JPEG before its data as (marker, body)."""
    at, segments = 2, []
    while jpeg[at + 1] != 0xDA:
        size = struct.unpack_from(">H", jpeg, at + 2)[0]
        segments.append((jpeg[at + 1], jpeg[at + 4 : at + 2 + size]))
        at += 2 + size
    return segments


def rgb_to_xyz_d50(name):
    """The matrix from linear RGB of a working space to XYZ under D50."""
    *colours, white = PRIMARIES[name]
    basis = np.array([[x / y, 1.0, (1 - x - y) / y] for x, y in colours]).T
    white_xyz = np.array([white[0] / white[1], 1.0, (1 - white[0] - white[1]) / white[1]])
    matrix = basis * np.linalg.solve(basis, white_xyz)
    return _adaptation(white_xyz, D50) @ matrix


def _adaptation(old, new):
    cones_old, cones_new = BRADFORD @ old, BRADFORD @ new
    return np.linalg.inv(BRADFORD) @ np.diag(cones_new / cones_old) @ BRADFORD


def srgb_from(values, gamma, name="srgb"):
    """Values in [0, 1] of a working space of a plain gamma as sRGB in [0, 1], computed directly."""
    if values.ndim == 2:
        return encode_srgb(values**gamma)
    xyz_d65 = _adaptation(D50, D65) @ rgb_to_xyz_d50(name)
    linear = (values**gamma) @ (np.linalg.inv(XYZ_OF_SRGB) @ xyz_d65).T
    return encode_srgb(np.clip(linear, 0.0, 1.0))


def lab_d50_to_srgb(lab):
    """CIELAB under D50 as sRGB in [0, 1], computed directly."""
    middle = (lab[..., 0] + 16) / 116
    roots = np.stack([middle + lab[..., 1] / 500, middle, middle - lab[..., 2] / 200], axis=-1)
    xyz = np.where(roots > 6 / 29, roots**3, 3 * (6 / 29) ** 2 * (roots - 4 / 29)) * D50
    return encode_srgb(np.clip(xyz @ (np.linalg.inv(XYZ_OF_SRGB) @ _adaptation(D50, D65)).T, 0, 1))


def encode_srgb(linear):
    """Linear light in [0, 1] as sRGB."""
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 1e-9) ** (1 / 2.4) - 0.055)


def icc_profile(gamma, name=None):
    """An ICC profile (version 2) of a plain gamma: grey if no primaries are named, else RGB."""
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    tags = {b"desc": b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + b"\0" * 78 + b"\0", b"wtpt": _xyz(D50)}
    tags[b"cprt"] = b"text\0\0\0\0none\0\0\0\0"
    if name is None:
        tags[b"kTRC"] = curve
    else:
        matrix = rgb_to_xyz_d50(name)
        for index, letter in enumerate((b"r", b"g", b"b")):
            tags[letter + b"XYZ"], tags[letter + b"TRC"] = _xyz(matrix[:, index]), curve
    return _profile(b"mntr", b"GRAY" if name is None else b"RGB ", b"XYZ ", tags)


INKS = {0: (100, 0, 0), 1: (60, -20, -25), 2: (50, 45, -5), 4: (85, -5, 50)}


def cmyk_profile():
    """A CMYK profile whose single inks have the CIELAB colours of `INKS`; black is black, and mixtures are dark."""
    corners = bytearray()
    for corner in range(16):
        cyan, magenta, yellow, black = (corner >> shift & 1 for shift in (3, 2, 1, 0))
        lab = (0, 0, 0) if black else INKS.get(cyan + 2 * magenta + 4 * yellow, (30, 0, 0))
        corners += bytes((round(lab[0] * 2.55), lab[1] + 128, lab[2] + 128))
    unit = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    table = (
        b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + unit + bytes(range(256)) * 4 + bytes(corners) + bytes(range(256)) * 3
    )
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + b"\0" * 79,
        b"wtpt": _xyz(D50),
        b"A2B0": table,
    }
    return _profile(b"prtr", b"CMYK", b"Lab ", tags | {b"cprt": b"text\0\0\0\0none\0\0\0\0"})


def _profile(kind, space, connection, tags):
    at, table, body = 132 + 12 * len(tags), b"", b""
    for signature, value in tags.items():
        padded = value + b"\0" * (-len(value) % 4)
        table += signature + struct.pack(">II", at + len(body), len(value))
        body += padded
    size = at + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"test", 0x02400000, kind, space, connection)
    head += struct.pack(">6H", 2020, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def _xyz(values):
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(each * 65536) for each in values))


XMP = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    b'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    b'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Scanner 3" tiff:Orientation="6">'
    b'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Gro\xc3\x9fmutter, 1936</rdf:li></rdf:Alt></dc:title>'
    b'</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)
IIM = b"\x1c\x02\x78\x00\x0cGrandmother."
IPTC = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(IIM)) + IIM + b"\0" * (len(IIM) % 2)
