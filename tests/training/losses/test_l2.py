"""Mean squared error on ab/110."""

import pytest
import torch

from training.losses.l2 import l2


def test_by_hand():
    truth = torch.full((2, 2, 1, 2), 10.0)
    error = torch.tensor([11.0, -22.0]).expand(2, 2, 1, 2)
    assert float(l2(truth + error, truth)) == pytest.approx((0.1**2 + 0.2**2) / 2)
    assert float(l2(truth, truth)) == 0
