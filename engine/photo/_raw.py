"""Formats behind optional extras: cameras' raw files through rawpy, HEIC through pillow-heif."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import UnsupportedPhotoError
from engine.photo._picture import Metadata
from engine.photo._pillow import PillowReader, open_image
from engine.photo._samples import Header, Reader, Samples, Space

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image


def _extra(path: Path, module: str, extra: str, kind: str) -> Any:
    """A module that may not be installed.

    Raises:
        UnsupportedPhotoError: If it is not; names the extra that brings it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        advice = f"{kind} needs: pip install 'autochrome[{extra}]'"
        raise UnsupportedPhotoError(
            path, f"{kind} is read only with an extra that is not installed.", advice
        ) from error


class HeicReader(PillowReader):
    """HEIC, which pillow-heif hands over upright."""

    def _open(self) -> Image.Image:
        _extra(self.source.path, "pillow_heif", "heif", "HEIC").register_heif_opener()
        return open_image(self.source.content(), "HEIF")


class RawReader(Reader):
    """Raw sensor data, developed by LibRaw with the camera's white balance into 16-bit sRGB, upright."""

    def _read_header(self) -> Header:
        rawpy = _extra(self.source.path, "rawpy", "raw", "RAW")
        self.source.file.seek(0)
        self._raw = rawpy.imread(self.source.file)
        sizes = self._raw.sizes
        return Header(
            width=int(sizes.iwidth),
            height=int(sizes.iheight),
            bit_depth=16,
            metadata=Metadata(),
            notes=("developed from raw sensor data; its metadata are not carried over",),
        )

    def decode(self, *, salvage: bool) -> Samples:
        del salvage
        with self._raw as raw:
            pixels = raw.postprocess(output_bps=16, use_camera_wb=True, no_auto_bright=False)
        return Samples(pixels=np.ascontiguousarray(pixels), space=Space.RGB)
