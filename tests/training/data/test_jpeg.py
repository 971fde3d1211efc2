"""JPEG compression beside that of a real encoder."""

import cv2
import numpy as np
import pytest
import torch

from tests.training.making import rule_photo
from training.data.jpeg import compressed, quantisation


@pytest.fixture
def grey():
    return np.stack([cv2.cvtColor(rule_photo(n, 48, 64), cv2.COLOR_RGB2GRAY) for n in range(3)])


@pytest.mark.parametrize("quality", [10, 30, 50, 75, 95])
def test_as_a_real_file(grey, quality):
    noisy = np.clip(grey + np.random.default_rng(0).normal(0, 12, grey.shape), 0, 255).astype(np.uint8)
    ours = compressed(torch.tensor(noisy)[:, None].float(), torch.full((3,), float(quality)))[:, 0].numpy()
    for ours_one, photo in zip(ours, noisy, strict=True):
        file = cv2.imencode(".jpg", photo, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        real = cv2.imdecode(file, cv2.IMREAD_GRAYSCALE)
        difference = np.abs(ours_one - real)
        # A coefficient between two steps may be rounded otherwise, and then shows in the 64 pixels of its block.
        assert difference.mean() < 0.8
        assert np.median(difference) < 0.5
        assert difference.mean() < 0.35 * max(np.abs(real - photo.astype(float)).mean(), 2.2)


def test_each_picture_has_its_own_quality(grey):
    pictures = torch.tensor(grey)[:, None].float()
    errors = (compressed(pictures, torch.tensor([90.0, 40.0, 5.0])) - pictures).square().mean(dim=(1, 2, 3))
    assert errors.tolist() == sorted(errors.tolist())
    assert errors[2] > 20 * errors[0]


def test_tables_are_scaled_as_usual():
    assert quantisation(torch.tensor([50.0]))[0, 0].tolist() == [16, 11, 10, 16, 24, 40, 51, 61]
    assert quantisation(torch.tensor([100.0])).unique().tolist() == [1]
    assert quantisation(torch.tensor([25.0]))[0, 0, 0] == 32


@pytest.mark.parametrize("size", [(16, 16), (13, 21), (5, 8)])
@pytest.mark.parametrize("offset", [(0, 0), (3, 5), (7, 7)])
def test_blocks_may_begin_anywhere_and_sizes_be_odd(size, offset):
    flat = torch.full((2, 1, *size), 100.0)
    out = compressed(flat, torch.tensor([90.0, 20.0]), offset)
    assert out.shape == flat.shape
    assert (out - 100).abs().max() < 10


def test_the_offset_moves_the_blocks():
    whole = torch.rand(1, 1, 40, 40, generator=torch.Generator().manual_seed(0)) * 255
    quality = torch.tensor([30.0])
    inner = compressed(whole[:, :, 5:, 2:], quality, (5, 2))  # whose first whole block begins where the whole has one
    assert torch.allclose(inner[:, :, 3:, 6:], compressed(whole, quality)[:, :, 8:, 8:], atol=1e-3)
