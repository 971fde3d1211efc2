"""The Huber loss on ab/110."""

import pytest
import torch

from training.losses.huber import huber


def loss(error, delta=0.1):
    truth = torch.full((2, 2, 3, 3), 20.0)
    return float(huber(truth + error, truth, delta))


def test_square_near_and_straight_far():
    assert loss(0.0) == 0
    assert loss(5.5) == pytest.approx(0.05**2 / (2 * 0.1))
    assert loss(-5.5) == pytest.approx(loss(5.5))
    assert loss(55.0) == pytest.approx(0.5 - 0.1 / 2)
    assert loss(11.0) == pytest.approx(0.05)


def test_its_gradient_is_bounded():
    ab = torch.tensor([[[[-90.0, 1.0, 90.0]]] * 2], requires_grad=True)
    huber(ab, torch.zeros_like(ab), 0.1).backward()
    assert ab.grad is not None
    steps = ab.grad.flatten() * ab.numel() * 110
    assert steps.abs().max() == pytest.approx(1, abs=1e-5)
    assert steps[1] == pytest.approx(1 / 110 / 0.1, abs=1e-5)
