"""The bins of ab, and what is spread over them."""

import numpy as np
import pytest
import torch

from engine.color.lab import srgb_to_lab
from engine.models.bins import GRID, NEIGHBOURS, SIGMA, ab_bins, annealed_mean, soft_encode


@pytest.fixture(scope="module")
def bins() -> torch.Tensor:
    return ab_bins()


def srgb_colors() -> torch.Tensor:
    """ab of a fine grid over sRGB, its surface among it."""
    steps = np.linspace(0, 1, 48, dtype=np.float32)
    lab = srgb_to_lab(np.stack(np.meshgrid(steps, steps, steps), axis=-1))
    return torch.from_numpy(lab[..., 1:].reshape(-1, 2).copy())


def test_bins_are_distinct_points_of_the_grid(bins: torch.Tensor) -> None:
    assert bins.shape[1] == 2
    assert bins.dtype == torch.float32
    assert len(torch.unique(bins, dim=0)) == len(bins)
    assert not (bins % GRID).any()
    assert bins.abs().max() <= 110
    assert (bins == 0).all(dim=1).any()  # grey is one of them
    assert len(bins) == 248  # published weights have heads of this many; another number would not load them


def test_the_same_bins_each_time(bins: torch.Tensor) -> None:
    assert torch.equal(bins, ab_bins())


def test_every_color_of_srgb_is_near_a_bin(bins: torch.Tensor) -> None:
    nearest = torch.cat([torch.cdist(part, bins).amin(dim=1) for part in srgb_colors().split(20_000)])
    assert nearest.max() <= 7.7
    assert (nearest <= 7.08).float().mean() > 0.999  # half the diagonal of a cell


def test_soft_encode_is_its_definition(bins: torch.Tensor) -> None:
    ab = torch.rand(2, 3, 2, generator=torch.Generator().manual_seed(2)) * 120 - 60
    index, weight = soft_encode(ab, bins)
    assert index.shape == weight.shape == (2, 3, NEIGHBOURS)
    for row in range(2):
        for column in range(3):
            distances = [float((ab[row, column] - center).square().sum()) for center in bins]
            nearest = sorted(range(len(bins)), key=distances.__getitem__)[:NEIGHBOURS]
            raw = {bin_: np.exp(-distances[bin_] / (2 * SIGMA**2)) for bin_ in nearest}
            found = dict(zip(index[row, column].tolist(), weight[row, column].tolist(), strict=True))
            assert set(found) == set(raw)
            for bin_, value in raw.items():
                assert found[bin_] == pytest.approx(value / sum(raw.values()), abs=1e-4)


def test_soft_weights_sum_to_one_and_find_the_color_again(bins: torch.Tensor) -> None:
    colors = srgb_colors()[::500]
    index, weight = soft_encode(colors, bins)
    torch.testing.assert_close(weight.sum(dim=-1), torch.ones(len(colors)))
    again = (bins[index] * weight[..., None]).sum(dim=1)
    assert (again - colors).norm(dim=1).median() < 1.0


def logits_over(bins: torch.Tensor) -> torch.Tensor:
    return torch.randn(2, len(bins), 3, 4, generator=torch.Generator().manual_seed(3)) * 2


def test_cold_annealed_mean_is_the_mode(bins: torch.Tensor) -> None:
    logits = logits_over(bins)
    modes = bins[logits.argmax(dim=1)].permute(0, 3, 1, 2)
    torch.testing.assert_close(annealed_mean(logits, bins, 1e-3), modes, atol=1e-2, rtol=0)


def test_warm_annealed_mean_is_the_mean_and_a_hot_one_that_of_all_bins(bins: torch.Tensor) -> None:
    logits = logits_over(bins)
    mean = torch.einsum("bqhw,qc->bchw", logits.softmax(dim=1), bins)
    torch.testing.assert_close(annealed_mean(logits, bins, 1.0), mean)
    everything = bins.mean(dim=0)[None, :, None, None].expand(2, 2, 3, 4)
    torch.testing.assert_close(annealed_mean(logits, bins, 1e6), everything, atol=1e-2, rtol=0)
