"""What decoding a source and encoding its coloured result cost by themselves, with the settings of a save.

No check, no profile, no metadata, no file written: the least that any program must do, which all stages are compared
with.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
import tifffile
from PIL import Image

from engine.photo import read_photo, to_8

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from engine.photo import OutputFormat

QUALITY = 92
PNG_LEVEL, TIFF_LEVEL = 1, 4
STRIP_BYTES = 512 << 10


def decode_bare(path: Path, form: str) -> None:
    """Decodes a picture file; by our own reader where nothing else on this machine can.

    Args:
        path: The file.
        form: Its format, as of `Photo.format`.
    """
    if form == "TIFF":
        tifffile.imread(path, key=0)
        return
    try:
        with Image.open(path) as opened:
            opened.load()
    except (OSError, Image.DecompressionBombError):  # HEIC and RAW, JPEGs of 12 bits, very large pictures
        read_photo(path)


def encode_bare(colored: NDArray[Any], form: OutputFormat) -> None:
    """Encodes a coloured picture into memory.

    Args:
        colored: H×W×3 sRGB, uint8 or uint16.
        form: The output's format.
    """
    if form == "TIFF":
        rows = max(1, STRIP_BYTES // colored[0].nbytes)
        tifffile.imwrite(
            BytesIO(),
            colored,
            photometric="rgb",
            rowsperstrip=rows,
            compression="deflate",
            compressionargs={"level": TIFF_LEVEL},
            predictor=True,
            maxworkers=1,
        )
    elif form == "PNG":
        ways = imagecodecs.PNG
        imagecodecs.png_encode(
            np.ascontiguousarray(colored), PNG_LEVEL, strategy=ways.STRATEGY.RLE, filter=ways.FILTER.PAETH
        )
    elif form == "WebP":
        Image.fromarray(to_8(colored)).save(BytesIO(), form, quality=QUALITY, method=4, exact=True)
    else:
        Image.fromarray(to_8(colored)).save(BytesIO(), form, quality=QUALITY, subsampling=0, optimize=True)
