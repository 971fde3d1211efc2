"""Mean pairwise squared error, and the mean colour that it leaves free."""

import pytest
import torch

from training.losses.l2 import l2
from training.losses.pairwise import mean_color, pairwise


@pytest.fixture
def pair():
    generator = torch.Generator().manual_seed(0)
    return tuple(torch.rand(3, 2, 4, 5, generator=generator) * 100 - 50 for _ in range(2))


def test_half_the_mean_over_all_pairs_of_places(pair):
    ab, truth = pair
    error = ((ab - truth) / 110).flatten(2)
    pairs = (error[..., :, None] - error[..., None, :]).square().mean()
    assert float(pairwise(ab, truth)) == pytest.approx(float(pairs) / 2, rel=1e-5)
    n = error.shape[-1]
    formula = error.square().sum(-1) / n - error.sum(-1).square() / n**2
    assert float(pairwise(ab, truth)) == pytest.approx(float(formula.mean()), rel=1e-5)


def test_a_cast_over_an_image_is_free_but_for_its_mean_colour(pair):
    _, truth = pair
    cast = torch.tensor([[11.0, 0.0], [0.0, 0.0], [-22.0, 33.0]])[:, :, None, None]
    assert float(pairwise(truth + cast, truth)) == pytest.approx(0, abs=1e-9)
    assert float(mean_color(truth + cast, truth)) == pytest.approx((0.1**2 + 0.2**2 + 0.3**2) / 6, rel=1e-4)


def test_the_two_together_are_the_squared_error(pair):
    ab, truth = pair
    assert float(pairwise(ab, truth) + mean_color(ab, truth)) == pytest.approx(float(l2(ab, truth)), rel=1e-5)
