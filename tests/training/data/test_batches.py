"""Crops of many photos at once: what they show, where they lie, and their order."""

import numpy as np
import pytest
import torch

from tests.training.making import packed, rule_photo
from training.data.batches import CropSource
from training.recipe import AugmentationRecipe

CPU = torch.device("cpu")
PLAIN = AugmentationRecipe(crop=1.0, flip=0.0, rotation=0.0)


def position_photo(height, width):
    """Red tells the column, green the row, blue is 255."""
    rows, columns = np.mgrid[0:height, 0:width]
    red, green = columns * 255 / (width - 1), rows * 255 / (height - 1)
    return np.stack([red, green, np.full((height, width), 255)], axis=-1).round().astype(np.uint8)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_the_centre_square():
    photos = packed([position_photo(64, 128), position_photo(96, 64)])
    crops = CropSource(photos, CPU).crops(torch.tensor([0, 1]), 32, seeded(), None)
    assert crops.srgb.shape == (2, 3, 32, 32)
    assert crops.srgb.dtype == torch.float32
    wide, tall = crops.srgb.numpy()
    assert wide[0, 0, 0] == pytest.approx(32.5 / 127, abs=0.02)  # 32 columns are cut off on either side
    assert wide[0, 0, -1] == pytest.approx(94.5 / 127, abs=0.02)
    assert wide[1, 0, 0] == pytest.approx(0.5 / 63, abs=0.02)
    assert tall[1, 0, 0] == pytest.approx(16.5 / 95, abs=0.02)
    assert (crops.srgb[:, 2] == 1).all()


def test_crops_average_what_they_shrink():
    checks = np.indices((64, 64)).sum(axis=0) % 2 * 255
    photos = packed([np.repeat(checks[..., None], 3, axis=-1).astype(np.uint8)])
    shrunk = CropSource(photos, CPU).crops(torch.tensor([0]), 32, seeded(), None).srgb
    assert shrunk.numpy() == pytest.approx(0.5, abs=1e-6)


def test_a_mirror_image():
    source = CropSource(packed([position_photo(64, 64)]), CPU)
    index = torch.zeros(1, dtype=torch.int64)
    plain = source.crops(index, 32, seeded(), PLAIN).srgb
    mirrored = source.crops(index, 32, seeded(), AugmentationRecipe(crop=1.0, flip=1.0, rotation=0.0)).srgb
    assert torch.allclose(mirrored.flip(-1), plain, atol=0.02)


def test_crops_stay_inside_and_vary():
    photo = position_photo(80, 100)
    photo[[0, -1]] = photo[:, [0, -1]] = (0, 0, 255)
    source = CropSource(packed([photo]), CPU)
    recipe = AugmentationRecipe(crop=0.4, flip=0.0, rotation=0.0)
    crops = source.crops(torch.zeros(64, dtype=torch.int64), 32, seeded(), recipe).srgb
    width = crops[:, 0, 16, -1] - crops[:, 0, 16, 0]
    assert width.min() > 0.4 * 80 / 100 * 0.9
    assert width.max() < 0.85
    assert width.std() > 0.05
    corners = crops[:, :2, 16, 16]
    assert (corners.std(dim=0) > 0.05).all()


def test_a_rotated_crop_keeps_its_scale():
    source = CropSource(packed([position_photo(128, 128)]), CPU)
    recipe = AugmentationRecipe(crop=0.5, flip=0.0, rotation=45.0)
    crops = source.crops(torch.zeros(64, dtype=torch.int64), 32, seeded(1), recipe).srgb
    step = (crops[:, :2, 16, 24] - crops[:, :2, 16, 8]) * 127 / 16  # photo pixels a pixel, along a row of the crop
    length = step.norm(dim=1)
    assert length.min() > 0.5 * 128 / 32 * 0.9
    assert length.max() < 128 / 32 * 1.1
    turned = (step[:, 1].abs() > 0.1).float().mean()
    assert 0.2 < float(turned) < 0.8  # half of them are


def test_an_epoch_shows_every_photo_once():
    source = CropSource(packed([rule_photo(n) for n in range(10)]), CPU)
    first = torch.cat([source.indices(seen, 4, seed=1) for seen in (0, 4, 8)])
    assert sorted(first[:10].tolist()) == list(range(10))
    second = torch.cat([first[10:], source.indices(12, 8, seed=1)])
    assert sorted(second.tolist()) == list(range(10))
    assert first[:10].tolist() != second.tolist()


def test_the_order_is_known_by_seed_and_place():
    source = CropSource(packed([rule_photo(n) for n in range(10)]), CPU)
    one_by_one = [int(source.indices(seen, 1, seed=3)) for seen in range(25)]
    assert source.indices(0, 25, seed=3).tolist() == one_by_one
    assert source.indices(0, 25, seed=4).tolist() != one_by_one


def test_labels_and_places_come_along():
    source = CropSource(packed([rule_photo(n) for n in range(3)], [2, -1, 0]), CPU)
    crops = source.crops(torch.tensor([2, 1, 0]), 32, seeded(), PLAIN)
    assert crops.labels.tolist() == [0, -1, 2]
    assert crops.index.tolist() == [2, 1, 0]


def test_the_same_seed_cuts_the_same_crops():
    source = CropSource(packed([rule_photo(n) for n in range(3)]), CPU)
    index = torch.tensor([0, 1, 2])
    first, again, other = (source.crops(index, 32, seeded(seed), AugmentationRecipe()).srgb for seed in (5, 5, 6))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_photos_that_may_not_be_written_to():
    photos = packed([rule_photo(0), rule_photo(1)])
    photos.pixels.setflags(write=False)
    assert CropSource(photos, CPU).crops(torch.tensor([0]), 32, seeded(), None).srgb.shape == (1, 3, 32, 32)
