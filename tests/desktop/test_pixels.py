import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from desktop.pixels import image_of, pixels_of


def test_there_and_back():
    picture = np.random.default_rng(0).integers(0, 256, (7, 5, 3), np.uint8)
    image = image_of(picture)
    assert (image.width(), image.height()) == (5, 7)
    assert np.array_equal(pixels_of(image), picture)


def test_grey():
    picture = np.arange(12, dtype=np.uint8).reshape(3, 4)
    assert np.array_equal(pixels_of(image_of(picture)), np.repeat(picture[..., None], 3, axis=2))


def test_an_image_owns_its_memory():
    picture = np.full((4, 4, 3), 100, np.uint8)
    image = image_of(picture)
    picture[:] = 0
    assert image.pixelColor(1, 1) == QColor(100, 100, 100)


@pytest.mark.parametrize("shape", [(0, 4, 3), (4, 0)])
def test_nothing_is_a_null_image(shape):
    assert image_of(np.zeros(shape, np.uint8)).isNull()


def test_parts_of_a_larger_picture():
    picture = np.random.default_rng(1).integers(0, 256, (20, 20, 3), np.uint8)
    part = picture[3:9, 4:15]
    assert np.array_equal(pixels_of(image_of(part)), part)


def test_transparent_parts_lie_on_white():
    image = QImage(2, 1, QImage.Format.Format_ARGB32)
    image.setPixelColor(0, 0, QColor(10, 20, 30, 255))
    image.setPixelColor(1, 0, QColor(10, 20, 30, 0))
    assert pixels_of(image).tolist() == [[[10, 20, 30], [255, 255, 255]]]


def test_alpha_is_kept():
    picture = np.array([[[200, 100, 50, 255], [200, 100, 50, 0]]], np.uint8)
    picture.flags.writeable = False
    image = image_of(picture)
    assert image.pixelColor(0, 0) == QColor(200, 100, 50)
    assert image.pixelColor(1, 0).alpha() == 0
