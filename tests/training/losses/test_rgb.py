"""Mean squared error of display values."""

import pytest
import torch

from training.losses.rgb import rgb_l2


def test_by_hand():
    truth = torch.full((1, 3, 1, 2), 0.5)
    error = torch.tensor([0.1, -0.3]).expand(1, 3, 1, 2)
    assert float(rgb_l2(truth + error, truth)) == pytest.approx((0.01 + 0.09) / 2)
