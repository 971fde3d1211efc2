import itertools

import numpy as np
import pytest
from PySide6.QtCore import QRect

from desktop.canvas.cells import SIDE, apron_of, box_of, rendered
from desktop.canvas.mosaic import Mosaic
from desktop.canvas.picture import Source
from desktop.canvas.viewport import Placement
from desktop.pixels import pixels_of
from engine import Pyramid

SIZES = [(3001, 2003), (1024, 1024), (513, 4097), (1, 1), (4096, 7)]
SCALES = [0.031, 0.27, 0.5, 0.499, 0.77, 0.9999, 1.0, 1.0001, 1.9, 5.3]


@pytest.fixture(scope="module")
def pyramids():
    return {size: Pyramid.build(np.zeros((size[1], size[0]), np.uint8)) for size in SIZES}


def placed(pyramid, scale, left=-13, top=-7):
    width, height = max(1, round(pyramid.width * scale)), max(1, round(pyramid.height * scale))
    return Mosaic(Source(pyramid), Placement(left, top, width, height))


@pytest.mark.parametrize(("size", "scale"), list(itertools.product(SIZES, SCALES)))
def test_the_cells_cover_the_photo_without_gap_or_overlap(pyramids, size, scale):
    mosaic = placed(pyramids[size], scale)
    for level in range(pyramids[size].level_count):
        rects = [mosaic.rect_of(cell) for cell in mosaic.cells(mosaic.placement.rect, level)]
        whole = QRect()
        for rect in rects:
            whole = whole.united(rect)
        assert whole == mosaic.placement.rect
        assert sum(rect.width() * rect.height() for rect in rects) == whole.width() * whole.height()


@pytest.mark.parametrize(("size", "scale"), list(itertools.product(SIZES, SCALES)))
def test_the_cells_of_an_area_are_those_that_touch_it(pyramids, size, scale):
    mosaic = placed(pyramids[size], scale)
    every = mosaic.cells(mosaic.placement.rect)
    for area in (QRect(0, 0, 1, 1), QRect(100, 40, 511, 300), QRect(-50, -50, 120, 90)):
        seen = area & mosaic.placement.rect
        assert set(mosaic.cells(area)) == {cell for cell in every if mosaic.rect_of(cell).intersects(seen)}


def test_an_area_beside_the_photo_has_no_cells(pyramids):
    assert placed(pyramids[1024, 1024], 1).cells(QRect(5000, 0, 10, 10)) == []


@pytest.mark.parametrize("scale", SCALES)
def test_the_level_has_all_the_pixels_of_the_screen_and_few_more(pyramids, scale):
    pyramid = pyramids[3001, 2003]
    mosaic = placed(pyramid, scale)
    width, height = pyramid.size(mosaic.level)
    assert mosaic.level == 0 or (width >= mosaic.placement.width and height >= mosaic.placement.height)
    if mosaic.level + 1 < pyramid.level_count:
        assert pyramid.size(mosaic.level + 1)[0] < mosaic.placement.width


def test_the_middle_comes_first(pyramids):
    mosaic = placed(pyramids[3001, 2003], 1, 0, 0)
    first = mosaic.cells(QRect(0, 0, 5 * SIDE, 3 * SIDE))[0]
    assert (first.column, first.row) == (2, 1)


def test_an_apron_ends_with_the_level(pyramids):
    pyramid = pyramids[3001, 2003]
    corner, inner = (next(c for c in placed(pyramid, 1).cells(QRect(-13 + at, -7 + at, 1, 1))) for at in (0, 600))
    assert apron_of(box_of(corner, (3001, 2003)), (3001, 2003)) == (0, 0, SIDE + 1, SIDE + 1)
    assert apron_of(box_of(inner, (3001, 2003)), (3001, 2003)) == (SIDE - 1, SIDE - 1, SIDE + 2, SIDE + 2)


def test_a_fitted_tile_is_as_large_as_its_place(ramp):
    pyramid = Pyramid.build(ramp(1200, 900))
    mosaic = placed(pyramid, 0.8)
    for key in mosaic.keys(mosaic.placement.rect):
        whole, fitted = rendered(key)
        assert fitted.size() == mosaic.rect_of(key.cell).size()
        assert key.whole.size is None
        again = rendered(key, whole)[1]
        assert np.array_equal(pixels_of(again), pixels_of(fitted))


def test_at_100_percent_and_above_tiles_are_not_fitted(pyramids):
    for scale in (1.0, 1.37, 6):
        mosaic = placed(pyramids[3001, 2003], scale)
        assert all(key.size is None for key in mosaic.keys(QRect(0, 0, 2000, 2000)))
