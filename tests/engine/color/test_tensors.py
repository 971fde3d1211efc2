"""CIELAB of tensors equals CIELAB of arrays."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from engine.color import gamut, lab, tensors


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def pictures() -> np.ndarray:
    """2×16×16×3 sRGB, with black, white and near-black among it."""
    srgb = np.random.default_rng(5).random((2, 16, 16, 3), np.float32)
    srgb[0, 0] *= 0.05
    srgb[0, 1, 0], srgb[0, 1, 1] = 0.0, 1.0
    return srgb


def as_tensor(picture: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(picture).permute(0, 3, 1, 2)


def as_picture(tensor: torch.Tensor) -> np.ndarray:
    return tensor.permute(0, 2, 3, 1).numpy()


def test_to_lab_and_back_equals_numpy() -> None:
    srgb = pictures()
    there = tensors.srgb_to_lab(as_tensor(srgb))
    np.testing.assert_allclose(as_picture(there), lab.srgb_to_lab(srgb), atol=5e-4)
    np.testing.assert_allclose(as_picture(tensors.lab_to_srgb(there)), srgb, atol=1e-4)


def test_linear_light_equals_numpy_outside_of_srgb_too() -> None:
    wild = np.random.default_rng(6).uniform([0, -120, -120], [100, 120, 120], (1, 16, 16, 3)).astype(np.float32)
    ours = as_picture(tensors.lab_to_linear_rgb(as_tensor(wild)))
    np.testing.assert_allclose(ours, lab.lab_to_linear_rgb(wild), atol=2e-5)


def test_curves_equal_numpy() -> None:
    values = np.linspace(0, 1, 1001, dtype=np.float32)
    for ours, theirs in ((tensors.linearize, lab.linearize), (tensors.encode_srgb, lab.encode_srgb)):
        np.testing.assert_allclose(ours(torch.from_numpy(values)).numpy(), theirs(values), atol=1e-6)


def test_gradients_are_finite_at_black() -> None:
    black = torch.zeros(1, 3, 2, 2, requires_grad=True)
    tensors.srgb_to_lab(black).sum().backward()
    assert black.grad is not None
    assert torch.isfinite(black.grad).all()
    dark = torch.zeros(1, 3, 2, 2, requires_grad=True)
    tensors.lab_to_srgb(dark).sum().backward()
    assert dark.grad is not None
    assert torch.isfinite(dark.grad).all()


def test_fit_chroma_is_close_to_that_of_numpy() -> None:
    wild = np.random.default_rng(7).uniform([2, -110, -110], [98, 110, 110], (2, 16, 16, 3)).astype(np.float32)
    ours, theirs = as_picture(tensors.fit_chroma(as_tensor(wild))), gamut.fit_chroma(wild)
    np.testing.assert_array_equal(ours[..., 0], wild[..., 0])
    assert gamut.in_gamut(ours, tolerance=2e-4).all()
    np.testing.assert_allclose(ours, theirs, atol=110 * 2**0.5 * 2**-8)


def test_fit_chroma_leaves_what_exists() -> None:
    shown = tensors.srgb_to_lab(as_tensor(pictures()))
    torch.testing.assert_close(tensors.fit_chroma(shown), shown, rtol=0, atol=0)
