"""The colours of a picture that a network made."""

import numpy as np
import torch

from engine.color import lab
from engine.models.rgb import ab_of_srgb


def test_they_are_those_of_cielab_in_any_precision() -> None:
    srgb = torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(1)).bfloat16()
    with torch.autocast("cpu", torch.bfloat16):
        ab = ab_of_srgb(srgb)
    assert ab.dtype == torch.float32
    true = lab.srgb_to_lab(srgb.float().permute(0, 2, 3, 1).numpy())[..., 1:]
    np.testing.assert_allclose(ab.permute(0, 2, 3, 1).numpy(), true, atol=1e-3)


def test_the_gradient_is_finite_from_black_to_white() -> None:
    srgb = torch.linspace(0, 1, 27).reshape(1, 3, 3, 3).requires_grad_()
    ab_of_srgb(srgb).square().sum().backward()
    assert srgb.grad is not None
    assert torch.isfinite(srgb.grad).all()
