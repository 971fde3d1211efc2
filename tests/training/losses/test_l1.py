"""Mean absolute error on ab/110."""

import pytest
import torch

from training.losses.l1 import l1


def test_by_hand():
    truth = torch.full((2, 2, 1, 2), 10.0)
    error = torch.tensor([11.0, -22.0]).expand(2, 2, 1, 2)
    assert float(l1(truth + error, truth)) == pytest.approx((0.1 + 0.2) / 2)
    assert float(l1(truth, truth)) == 0
