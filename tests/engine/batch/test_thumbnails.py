from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.batch.thumbnails import SIDE, Thumbnails, side_by_side
from tests.painting import pixels

GREY = np.full((300, 450), 100, np.uint8)
ORANGE = np.dstack([np.full_like(GREY, level) for level in (220, 130, 30)])


def test_before_and_after_lie_side_by_side(tmp_path):
    thumbnails = Thumbnails(tmp_path)
    thumbnails.keep(b"../in/a\xff.jpg", GREY, ORANGE)
    file = thumbnails.path(b"../in/a\xff.jpg")
    assert file.relative_to(tmp_path).parts[0] == "thumbnails"
    shown = pixels(file).astype(int)
    assert shown.shape == (85, 2 * SIDE, 3)
    assert np.abs(shown[:, : SIDE - 4] - 100).max() < 6
    assert np.abs(shown[:, SIDE + 4 :] - (220, 130, 30)).max() < 12
    assert file.stat().st_size < 4000


def test_one_for_each_photo_and_none_for_others(tmp_path):
    thumbnails = Thumbnails(tmp_path)
    for number in range(20):
        thumbnails.keep(str(number).encode(), GREY, ORANGE)
    assert len({thumbnails.path(str(number).encode()) for number in range(20)}) == 20
    assert thumbnails.path(b"20") is None


@pytest.mark.parametrize("shape", [(1, 1), (1, 65535), (40000, 2), (7, 5), (128, 128), (4001, 2999)])
def test_all_sizes_fit_their_box(shape):
    grey = np.full(shape, 200, np.uint8)
    both = side_by_side(grey, np.dstack([grey] * 3))
    height, width = both.shape[:2]
    assert 1 <= height <= SIDE
    assert 2 <= width <= 2 * SIDE
    assert (both == 200).all()


def test_both_ends_of_16_bits_stay(tmp_path):
    ramp = np.linspace(0, 65535, 400).astype(np.uint16)[:, None].repeat(400, axis=1)
    both = side_by_side(ramp, np.dstack([ramp] * 3))
    assert both.dtype == np.uint8
    assert both.min() <= 2
    assert both.max() >= 253


def test_a_large_picture_is_reduced_truly():
    wave = 128 + 90 * np.sin(np.arange(4000) / 4000 * 2 * np.pi * 5)
    large = np.broadcast_to(wave.astype(np.uint8), (3000, 4000))
    exact = np.asarray(Image.fromarray(large).resize((128, 96), Image.Resampling.BOX)).astype(int)
    assert np.abs(side_by_side(large, np.dstack([large] * 3))[:, :128, 0] - exact).max() <= 3


def test_a_new_one_replaces_the_old_and_a_failure_leaves_it(tmp_path, monkeypatch):
    thumbnails = Thumbnails(tmp_path)
    thumbnails.keep(b"a", GREY, ORANGE)
    thumbnails.keep(b"a", ORANGE, ORANGE)
    file = thumbnails.path(b"a")
    before = file.read_bytes()

    def fill_up(self, content):
        with self.open("wb") as opened:
            opened.write(content[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fill_up)
    with pytest.raises(OSError, match="No space"):
        thumbnails.keep(b"a", GREY, ORANGE)
    assert file.read_bytes() == before
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [file]


def test_one_that_a_loss_of_power_left_empty_is_none(tmp_path):
    thumbnails = Thumbnails(tmp_path)
    thumbnails.keep(b"a", GREY, ORANGE)
    thumbnails.path(b"a").write_bytes(b"")
    assert thumbnails.path(b"a") is None


def test_a_place_that_is_gone_is_not_made_up(tmp_path):
    with pytest.raises(FileNotFoundError):
        Thumbnails(tmp_path / "gone" / ".autochrome").keep(b"a", GREY, ORANGE)
    assert not (tmp_path / "gone").exists()
