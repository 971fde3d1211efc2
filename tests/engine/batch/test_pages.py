"""What a source that was read takes of the memory."""

import numpy as np
from PIL import Image

from engine.batch.pages import read_source
from engine.colorist import Prepared
from tests.painting import make_photo

SEEN = np.zeros((100, 100), np.float32)


def read(path):
    return read_source(path, lambda pixels: Prepared(SEEN), salvage=False, pixel_limit=None)


def test_what_the_network_sees_of_a_small_photo_counts(tmp_path):
    pages = read(make_photo(tmp_path / "x.png", width=4, height=4))
    assert pages.kept
    assert pages.cost > 3 * SEEN.nbytes


def test_of_many_pages_all_that_is_kept_counts(tmp_path):
    first, *others = [Image.new("L", (40, 30), shade) for shade in range(1, 21)]
    first.save(tmp_path / "x.tif", save_all=True, append_images=others)
    pages = read(tmp_path / "x.tif")
    assert (len(pages.photos), pages.kept) == (20, False)
    assert 20 * 3 * SEEN.nbytes < pages.cost < 20 * (3 * SEEN.nbytes + 40 * 30)


def test_metadata_count(tmp_path):
    plain = make_photo(tmp_path / "plain.jpg")
    told = make_photo(tmp_path / "told.jpg", comment=b"x" * 50_000)
    assert read(told).cost - read(plain).cost >= 50_000
