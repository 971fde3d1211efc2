"""Headers: what a file says before its pixels are read."""

import io

import numpy as np
import pytest
import tifffile

from engine.errors import UnreadablePhotoError
from engine.photo import PhotoHeader, read_header, read_photo
from tests.engine.photo.files import encoded, exif_block, scene, with_jpeg_segments


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "TIFF", "WebP", "BMP", "GIF", "AVIF"])
def test_headers_agree_with_photos(write, format_name):
    path = write(encoded(scene(24, 32), format_name.upper()))
    photo, header = read_photo(path), read_header(path)
    assert header == PhotoHeader(width=32, height=24, page_count=1, format=format_name, bit_depth=photo.bit_depth)
    assert photo.format == format_name


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_sizes_are_those_of_the_upright_photo(write, orientation):
    path = write(with_jpeg_segments(encoded(scene(24, 32), "JPEG"), (0xE1, b"Exif\0\0" + exif_block(orientation))))
    header = read_header(path)
    assert (header.width, header.height) == ((32, 24) if orientation < 5 else (24, 32))
    photo = read_photo(path)
    assert (header.width, header.height) == (photo.width, photo.height)


def test_each_page_has_its_header(write):
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        writer.write(scene(20, 30, 1), metadata=None)
        writer.write(scene(30, 20, 1).astype(np.uint16), metadata=None)
    path = write(file.getvalue())
    first, second = read_header(path), read_header(path, 1)
    assert (first.width, first.height, first.page_count, first.bit_depth) == (30, 20, 2, 8)
    assert (second.width, second.height, second.page_count, second.bit_depth) == (20, 30, 2, 16)
    with pytest.raises(UnreadablePhotoError, match="no page 3"):
        read_header(path, 2)


def test_no_pixels_are_read(write):
    path = write(encoded(scene(400, 400), "JPEG")[:2000])
    assert (read_header(path).width, read_header(path).height) == (400, 400)


def test_what_is_no_picture_is_refused(write):
    with pytest.raises(UnreadablePhotoError):
        read_header(write(b"nothing of the kind"))
