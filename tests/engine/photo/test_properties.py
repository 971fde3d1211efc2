"""Whatever a sound picture is like, reading and saving it keeps its size, its depth, its alpha and its greys."""

import io
import struct

import imagecodecs
import numpy as np
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import PhotoError
from engine.photo import Photo, SaveOptions, SourceKind, read_header, read_photo, save_photo
from tests.engine.photo.files import encoded, exif_block, icc_profile, with_jpeg_segments, with_png_chunks

PROFILES = {
    None: None,
    "grey": icc_profile(2.2),
    "adobe": icc_profile(2.2, "adobe"),
    "damaged": b"no profile at all" * 9,
}

pictures = st.fixed_dictionaries(
    {
        "format": st.sampled_from(["JPEG", "PNG", "TIFF", "WEBP"]),
        "height": st.integers(1, 40),
        "width": st.integers(1, 40),
        "channels": st.sampled_from([1, 2, 3, 4]),
        "deep": st.booleans(),
        "orientation": st.integers(1, 8),
        "profile": st.sampled_from(list(PROFILES)),
        "seed": st.integers(0, 1000),
    }
)


def made(picture):
    """A file as described, as far as its format can; its content, and how many bits and whether alpha it has."""
    height, width, channels = picture["height"], picture["width"], picture["channels"]
    deep = picture["deep"] and picture["format"] in ("PNG", "TIFF")
    if picture["format"] in ("JPEG", "WEBP"):
        channels = {1: 1, 2: 1, 3: 3, 4: 4 if picture["format"] == "WEBP" else 3}[channels]
    random = np.random.default_rng(picture["seed"])
    dtype = np.uint16 if deep else np.uint8
    pixels = random.integers(0, np.iinfo(dtype).max, (height, width, channels), dtype, endpoint=True)
    pixels[0, 0] = np.iinfo(dtype).max  # so that the depth is not taken for 12 bits of 16
    if channels in (2, 4):
        pixels[0, 0, -1] = 0
    return content_of(picture, pixels[..., 0] if channels == 1 else pixels), 16 if deep else 8, channels in (2, 4)


def content_of(picture, pixels):
    orientation, icc = picture["orientation"], PROFILES[picture["profile"]]
    exif = exif_block(orientation)
    more = {} if icc is None else {"icc_profile": icc}
    if picture["format"] == "JPEG":
        return with_jpeg_segments(encoded(pixels, "JPEG", **more), (0xE1, b"Exif\0\0" + exif))
    if picture["format"] == "WEBP":
        return encoded(pixels, "WEBP", lossless=True, exif=b"Exif\0\0" + exif, **more)
    if picture["format"] == "PNG":
        chunks = [(b"eXIf", exif)]
        if icc is not None:
            chunks.append((b"iCCP", b"icc\0\0" + imagecodecs.zlib_encode(icc)))
        return with_png_chunks(bytes(imagecodecs.png_encode(pixels)), *chunks)
    file = io.BytesIO()
    alpha = pixels.ndim == 3 and pixels.shape[2] in (2, 4)
    tifffile.imwrite(
        file,
        pixels,
        photometric="rgb" if pixels.ndim == 3 and pixels.shape[2] >= 3 else "minisblack",
        extrasamples=["unassalpha"] if alpha else None,
        planarconfig="contig" if pixels.ndim == 3 else None,
        iccprofile=icc,
        metadata=None,
        extratags=[(274, 3, 1, orientation, True)],
    )
    return file.getvalue()


@given(picture=pictures)
@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_size_depth_alpha_and_greys_are_kept(tmp_path, picture):
    path, out = tmp_path / "photo", tmp_path / "out"
    content, bits, alpha = made(picture)
    path.write_bytes(content)
    photo = read_photo(path)
    size = (picture["height"], picture["width"])
    upright = size if picture["orientation"] < 5 else size[::-1]
    assert photo.pixels.shape[:2] == upright
    assert (photo.pixels.dtype == np.uint16) == (bits == 16)
    assert (photo.alpha is not None) == alpha
    header = read_header(path)
    assert (header.height, header.width, header.bit_depth) == (*upright, photo.bit_depth)
    if photo.pixels.ndim == 2:
        assert photo.source_kind in (SourceKind.GREY, SourceKind.BITONAL)
    rgb = photo.pixels if photo.pixels.ndim == 3 else np.dstack([photo.pixels] * 3)
    save_photo(out, [rgb], [photo], SaveOptions(format="PNG" if picture["seed"] % 2 else "TIFF"), replace=True)
    again = read_photo(out)
    assert ((np.dstack([again.pixels] * 3) if again.pixels.ndim == 2 else again.pixels) == rgb).all()
    assert (again.alpha is None) == (photo.alpha is None)
    assert photo.alpha is None or (again.alpha == photo.alpha).all()
    assert read_header(out).height == upright[0]  # upright, and nothing says that it is not


HEADS = [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"RIFF\0\0\0\0WEBP", b"BM", b"GIF89a", b""]
HEADS += [b"\0\0\0\x18ftypavif", b"II+\0" + struct.pack("<HHQ", 8, 0, 16)]


@given(content=st.binary(max_size=300), head=st.sampled_from(HEADS), salvage=st.booleans())
@settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_bytes_are_a_photo_or_an_error_that_names_the_file(tmp_path, content, head, salvage):
    path = tmp_path / "photo.jpg"
    path.write_bytes(head + content)
    outcome: object = None
    try:
        outcome = read_photo(path, salvage=salvage, pixel_limit=1_000_000)
    except PhotoError as error:
        outcome = error
    assert outcome.path == path
    assert isinstance(outcome, Photo) or outcome.cause.endswith(".")
