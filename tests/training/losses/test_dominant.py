"""A penalty on colours that dominate the output."""

import pytest
import torch

from engine.models.bins import ab_bins
from training.losses.dominant import dominant_colors

BINS = ab_bins()
BROWN, BLUE, RED, GREEN = ([0.0, 10.0], [0.0, -40.0], [60.0, 40.0], [-50.0, 40.0])


def picture(*colors):
    """One image; each colour takes an equal part of it."""
    return torch.tensor(colors).T.repeat_interleave(8, dim=1)[None, :, None]


def test_one_color_in_place_of_two():
    both, one = picture(BLUE, RED), picture(BLUE, BLUE)
    # With bins far apart, half of the picture is too much of blue's five bins, shares (w, (1 - w)/4 each).
    corner = torch.tensor([1.0, *[torch.exp(torch.tensor(-2.0)).item()] * 4])
    share = corner / corner.sum()
    assert float(dominant_colors(one, both, BINS)) == pytest.approx(0.25 * float(share.square().sum()), rel=1e-3)


def test_the_truth_costs_nothing_wherever_its_colours_lie():
    sky = picture(BLUE, BLUE)
    assert float(dominant_colors(sky, sky, BINS)) == 0
    truth = picture(BLUE, RED, GREEN)
    assert float(dominant_colors(truth.flip(-1), truth, BINS)) == pytest.approx(0, abs=1e-9)


def test_the_more_one_color_dominates_the_more_it_costs():
    truth = picture(BLUE, RED, GREEN, BROWN)
    costs = [
        float(dominant_colors(picture(*colors), truth, BINS))
        for colors in ((BLUE, RED, GREEN, BROWN), (BLUE, RED, BROWN, BROWN), (BLUE, *[BROWN] * 3), [BROWN] * 4)
    ]
    assert costs == sorted(costs)
    assert costs[0] < 1e-9
    assert costs[2] / costs[1] == pytest.approx(4, rel=0.05)  # twice the excess, four times the cost


def test_images_are_judged_one_by_one():
    truth = torch.cat([picture(BLUE, BLUE), picture(RED, RED)])
    assert float(dominant_colors(truth.flip(0), truth, BINS)) > 0.1


def test_gradients_lead_away_from_the_dominating_color():
    truth = picture(BROWN, [0.0, 20.0])
    ab = picture(BROWN, BROWN) + torch.tensor([0.0, 0.1])[None, :, None, None]
    ab.requires_grad_(True)
    dominant_colors(ab, truth, BINS).backward()
    assert ab.grad is not None
    assert torch.isfinite(ab.grad).all()
    assert (ab.grad[:, 1] < 0).all()  # more yellow lowers the cost
