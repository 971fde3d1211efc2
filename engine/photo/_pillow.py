"""The door to Pillow: only the format asked for, quiet, and with this machine's pixel limit instead of its own."""

from __future__ import annotations

import io
import struct
import warnings
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from PIL import Image

from engine.photo._depth import from_float, from_signed, widen_16
from engine.photo._exif import IfdError, orientation_of, parse, strip_header
from engine.photo._limits import check_size, default_pixel_limit
from engine.photo._picture import Metadata
from engine.photo._samples import Header, Reader, Samples, Space
from engine.photo._xmp import XMP_LEFT_OUT, is_sound

if TYPE_CHECKING:
    from numpy.typing import NDArray


def open_image(content: bytes, name: str) -> Image.Image:
    """Opens a picture with one of Pillow's readers and no other.

    Pillow's own limit on pixels is raised to ours, never lowered or lifted, so threads cannot disturb each other; its
    warnings are silenced for its modules alone, for what they tell is told here in notes.

    Args:
        content: The file.
        name: The reader's name in Pillow, such as `GIF`.
    """
    Image.MAX_IMAGE_PIXELS = max(Image.MAX_IMAGE_PIXELS or 0, default_pixel_limit())
    _silence()
    return Image.open(io.BytesIO(content), formats=[name])


def _silence() -> None:
    """Keeps Pillow's warnings off stderr. Not by `catch_warnings`, which is not safe between threads."""
    present = any(each[0] == "ignore" and each[3] is not None and _is_ours(each[3]) for each in warnings.filters)
    if not present:
        warnings.filterwarnings("ignore", module=_PILLOW)


_PILLOW = r"PIL\."


def _is_ours(pattern: Any) -> bool:
    """Whether a filter's pattern is the one that `_silence` sets."""
    return getattr(pattern, "pattern", pattern) == _PILLOW


def samples_of(image: Image.Image) -> Samples:
    """The pixels of an opened picture, whatever its mode; greys stay one channel, transparency becomes alpha."""
    image.load()
    mode = image.mode
    if mode in ("P", "PA"):
        return _of_palette(image)
    if mode in ("LA", "La", "RGBA", "RGBa"):
        straight = image.convert({"La": "LA", "RGBa": "RGBA"}[mode]) if mode.endswith("a") else image
        pixels = np.asarray(straight)
        return _with_alpha(pixels)
    if mode == "1":
        return Samples(pixels=np.asarray(image).astype(np.uint8) * np.uint8(255), space=Space.GREY)
    if mode == "L":
        return _with_key(image, np.asarray(image), Space.GREY)
    if mode == "RGB":
        return _with_key(image, np.asarray(image), Space.RGB)
    if mode == "CMYK":
        return Samples(pixels=np.asarray(image), space=Space.CMYK)
    if mode == "F":
        pixels, notes = from_float(np.asarray(image))
        return Samples(pixels=pixels, space=Space.GREY, notes=notes)
    if mode.startswith("I;16"):
        pixels, notes = widen_16(np.asarray(image).astype(np.uint16))
        return Samples(pixels=pixels, space=Space.GREY, notes=notes)
    if mode == "I":
        pixels, notes = from_signed(np.asarray(image))
        return Samples(pixels=pixels, space=Space.GREY, notes=notes)
    return Samples(pixels=np.asarray(image.convert("RGB")), space=Space.RGB)


def _with_alpha(pixels: NDArray[Any]) -> Samples:
    """Samples of pixels whose last channel is alpha."""
    grey = pixels.shape[2] == 2
    colour = np.ascontiguousarray(pixels[..., 0] if grey else pixels[..., :3])
    return Samples(pixels=colour, space=Space.GREY if grey else Space.RGB, alpha=np.ascontiguousarray(pixels[..., -1]))


def _with_key(image: Image.Image, pixels: NDArray[Any], space: Space) -> Samples:
    """Samples where one value may stand for transparent (PNG's tRNS, GIF)."""
    key = image.info.get("transparency")
    if key is None or isinstance(key, bytes):
        return Samples(pixels=pixels, space=space)
    same = pixels == np.asarray(key, pixels.dtype)
    clear = same.all(axis=2) if pixels.ndim == 3 else same
    return Samples(pixels=pixels, space=space, alpha=np.where(clear, 0, 255).astype(np.uint8))


def _of_palette(image: Image.Image) -> Samples:
    """Samples of a picture with a palette: one channel where the palette holds greys alone."""
    table = np.asarray(image.getpalette("RGB") or [0, 0, 0], np.uint8).reshape(-1, 3)
    table = np.vstack([table, np.zeros((256 - len(table), 3), np.uint8)])
    pixels = np.asarray(image)
    alpha = None
    if image.mode == "PA":
        pixels, alpha = pixels[..., 0], np.ascontiguousarray(pixels[..., 1])
    key = image.info.get("transparency")
    if key is not None:
        opacity = np.full(256, 255, np.uint8)
        if isinstance(key, bytes):
            opacity[: min(len(key), 256)] = np.frombuffer(key[:256], np.uint8)
        else:
            opacity[int(key) & 255] = 0
        alpha = opacity[pixels]
    used = table[: int(pixels.max(initial=0)) + 1]
    grey = bool((used == used[:, :1]).all())
    return Samples(
        pixels=table[:, 0][pixels] if grey else table[pixels],
        space=Space.GREY if grey else Space.RGB,
        alpha=alpha,
    )


def sound_metadata(exif: bytes | None, xmp: bytes | None) -> tuple[bytes | None, bytes | None, tuple[str, ...]]:
    """EXIF and XMP as far as they can be read, with a note about what cannot."""
    notes: tuple[str, ...] = ()
    exif = strip_header(exif)
    if exif is not None:
        try:
            parse(exif)
        except IfdError:
            exif, notes = None, ("the EXIF data are damaged and left out",)
    if xmp is not None and not is_sound(xmp):
        xmp, notes = None, (*notes, XMP_LEFT_OUT)
    return exif, xmp, notes


class PillowReader(Reader):
    """GIF, BMP, WebP, AVIF and HEIC: formats whose headers Pillow can be trusted with."""

    def _read_header(self) -> Header:
        self._image = self._open()
        info = cast("dict[str, Any]", self._image.info)
        exif, xmp, notes = sound_metadata(info.get("exif"), info.get("xmp"))
        frames = int(getattr(self._image, "n_frames", 1))
        if frames > 1:
            notes += (f"first frame of {frames}",)
        return Header(
            width=self._image.width,
            height=self._image.height,
            bit_depth=1 if self._image.mode == "1" else 8,
            orientation=orientation_of(strip_header(info.get("exif"))),
            icc=info.get("icc_profile"),
            metadata=Metadata(exif=exif, xmp=xmp, dpi=_dpi(info)),
            notes=notes,
        )

    def _open(self) -> Image.Image:
        """Opens the file with the one reader that may."""
        # libwebp and libavif take memory for the whole canvas as soon as a file is opened.
        check_size(self.source.path, *_canvas(self.source.at(0, 4096)), None)
        return open_image(self.source.content(), self.source.format.upper())

    def decode(self, *, salvage: bool) -> Samples:
        """Decodes the first frame; these formats cannot be salvaged."""
        del salvage
        self._image.seek(0)
        return samples_of(self._image)


def _canvas(head: bytes) -> tuple[int, int]:
    """Width and height that the first bytes of a WebP or AVIF state; 0 where they state none.

    Sources: RFC 9649 (WebP); ISO/IEC 23008-12, 6.5.3 (the `ispe` property).
    """
    kind = head[12:16] if head.startswith(b"RIFF") else b""
    if kind == b"VP8X" and len(head) >= 30:
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if kind == b"VP8L" and len(head) >= 25:
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and len(head) >= 30:
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    at = head.find(b"ispe") if head[4:8] == b"ftyp" else -1
    return struct.unpack_from(">II", head, at + 8) if 0 < at <= len(head) - 16 else (0, 0)


def _dpi(info: dict[str, Any]) -> tuple[float, float] | None:
    """The resolution that a file states, if it is one."""
    across, down = (float(each) for each in info.get("dpi", (0.0, 0.0)))
    return (across, down) if across > 1.0 and down > 1.0 else None
