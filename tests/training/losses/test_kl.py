"""The divergence of a latent, in nats a pixel."""

import pytest
import torch

from training.losses.kl import kl


def test_by_hand():
    assert float(kl(torch.tensor([8.0, 24.0]), pixels=64)) == pytest.approx(0.25)
