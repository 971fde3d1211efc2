"""JPEGs of many kinds, made by the tests, and what lies in them, told by jpeglib's own reader."""

import io

import cv2
import imagecodecs
import jpeglib
import numpy as np
from PIL import Image

from engine.photo import SaveOptions, read_photo, save_photo

KINDS = {
    "grey": ("L", {}),
    "grey, progressive": ("L", {"progressive": True}),
    "grey, restart markers": ("L", {"restart_marker_blocks": 3}),
    "colour 4:4:4": ("RGB", {"subsampling": 0}),
    "colour 4:2:2": ("RGB", {"subsampling": 1}),
    "colour 4:2:0": ("RGB", {"subsampling": 2}),
    "colour 4:2:0, progressive": ("RGB", {"subsampling": 2, "progressive": True}),
    "colour 4:2:0, restart markers": ("RGB", {"subsampling": 2, "restart_marker_rows": 1}),
}
SIZES = [(1, 1), (7, 5), (17, 33), (64, 48)]


def jpeg(kind="grey", size=(64, 48), quality=80, **options):
    """A JPEG's bytes: a picture with slopes and grain."""
    width, height = size
    grain = np.random.default_rng(width * height).normal(0, 6, (height, width))
    slope = np.linspace(30, 220, width) + np.linspace(0, 20, height)[:, None]
    grey = np.clip(slope + grain, 0, 255).astype(np.uint8)
    mode, more = KINDS[kind]
    pixels = grey if mode == "L" else np.dstack([grey, 255 - grey // 2, grey[::-1]])
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality, **more, **options)
    return file.getvalue()


def coefficients(path):
    """A file's luma coefficients and their table."""
    read = jpeglib.read_dct(str(path))
    return read.Y.copy(), read.get_component_qt(0).copy()


def luma(path):
    """What a decoder makes of a file's luma, as stored."""
    decoded = imagecodecs.jpeg8_decode(path.read_bytes(), outcolorspace="gray")
    return decoded.reshape(decoded.shape[:2])


def painted(photo, ab=(18.0, 25.0)):
    """A photo in one colour at its own lightness."""
    grey = photo.pixels if photo.pixels.ndim == 2 else cv2.cvtColor(photo.pixels, cv2.COLOR_RGB2GRAY)
    lab = cv2.cvtColor(np.dstack([grey] * 3).astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    lab[..., 1:] = ab
    return np.rint(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB) * 255).astype(np.uint8)


def save_exact(path, out, colored=None, **options):
    """Colours a JPEG with its luma kept; what the report says."""
    photo = read_photo(path)
    pixels = painted(photo) if colored is None else colored
    return save_photo(out, [pixels], [photo], SaveOptions(format="same", luma="exact", **options))
