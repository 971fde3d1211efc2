"""Checkerboards and borders of known strength are found to be that strong, and smooth colours free of both."""

from collections.abc import Callable
from typing import ClassVar

import pytest
import torch
from torch import Tensor

from engine.color.tensors import lab_to_srgb
from engine.models.contract import Colorizer, Features, HintTensors, Prediction
from engine.models.unet_plain import UNetPlain, UNetPlainSpec
from tests.training.making import rule_photo, tiny_network
from training.artefacts import ArtefactError, border, checkerboard, details, measure_artefacts


class Made(Colorizer):
    """Smooth colours by a rule of the photo, and what a test adds to them."""

    multiple: ClassVar[int] = 16

    def __init__(self, add: Callable[[Tensor], Tensor], stride: int = 1) -> None:
        super().__init__()
        self.add = add
        self.output_stride = stride
        self.eval()

    def encode(self, lightness: Tensor) -> Features:
        return (torch.nn.functional.avg_pool2d(lightness, self.output_stride),)

    def decode(self, features: Features, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        ab = torch.cat([(features[0] - 50) * 0.6, (features[0] - 30) * -0.4], dim=1)
        return Prediction(ab + self.add(ab))


def photos(height: int = 96, width: int = 128) -> Tensor:
    """B×1×H×W, L* of blobs."""
    levels = [torch.from_numpy(rule_photo(seed, height, width))[..., 1].float() for seed in range(2)]
    return torch.stack(levels)[:, None] / 2.55


def raster(ab: Tensor, period: int, direction: str = "both") -> Tensor:
    """1 and -1 in turn, each half a period long, in both channels' place B×1×h×w."""
    rows, columns = (torch.arange(side) // (period // 2) % 2 * 2.0 - 1 for side in ab.shape[2:])
    pattern = {"rows": rows[:, None] + 0 * columns, "columns": columns + 0 * rows[:, None]}
    return pattern.get(direction, rows[:, None] * columns).expand(len(ab), 1, -1, -1)


NOTHING = Made(lambda ab: ab * 0)


@pytest.mark.parametrize("period", [2, 4])
@pytest.mark.parametrize("direction", ["both", "rows", "columns"])
@pytest.mark.parametrize("strength", [0.1, 2.0])
def test_a_checkerboard_of_known_strength(period: int, direction: str, strength: float) -> None:
    color = torch.tensor([0.6, 0.8])[:, None, None] * strength
    network = Made(lambda ab: raster(ab, period, direction) * color)
    found = measure_artefacts(network, photos())
    assert found.checkerboard == pytest.approx(strength, rel=0.02)


@pytest.mark.parametrize("stride", [2, 4])
def test_it_is_looked_for_in_pixels_of_the_output(stride: int) -> None:
    network = Made(lambda ab: raster(ab, 2) * torch.tensor([0.6, 0.8])[:, None, None], stride)
    assert measure_artefacts(network, photos(192, 192)).checkerboard == pytest.approx(1, rel=0.02)


def test_it_is_found_where_its_sign_changes() -> None:
    """Strong on the left, gone in the middle, the other way round on the right: the mean over all would be zero."""

    def add(ab: Tensor) -> Tensor:
        return raster(ab, 2) * torch.linspace(-3, 3, ab.shape[3]) * torch.tensor([1.0, 0.0])[:, None, None]

    inner = torch.linspace(-3, 3, 128)[16:-16]
    found = measure_artefacts(Made(add), photos()).checkerboard
    assert found == pytest.approx(float(inner.square().mean().sqrt()), rel=0.1)


def test_smooth_colors_have_neither() -> None:
    found = measure_artefacts(NOTHING, photos())
    assert found.checkerboard < 1e-3
    assert found.border < 1e-3


def test_noise_is_no_checkerboard() -> None:
    noise = torch.randn(2, 2, 160, 160, generator=torch.Generator().manual_seed(1))
    assert checkerboard(noise).max() < 0.1


def test_edges_are_no_checkerboard() -> None:
    """A sharp edge across everything, of 40 units: energy at all frequencies, peaks at none."""
    ab = torch.zeros(1, 2, 128, 128)
    ab[:, :, :, 70:] = 40.0
    assert checkerboard(ab).max() < 0.4
    assert checkerboard(ab.transpose(2, 3)).max() < 0.4
    assert checkerboard(40.0 * (torch.arange(128)[:, None] > torch.arange(128)).expand(1, 2, -1, -1)).max() < 0.4


def test_a_border_of_known_strength() -> None:
    def add(ab: Tensor) -> Tensor:
        change = torch.tensor([3.0, -4.0])[:, None, None].expand_as(ab).clone()
        change[:, :, ab.shape[2] // 8 : -(ab.shape[2] // 8), ab.shape[3] // 8 : -(ab.shape[3] // 8)] = 0
        return change

    for stride in (1, 4):
        found = border(Made(add, stride), photos())
        torch.testing.assert_close(found, torch.full((2,), 5.0), rtol=1e-4, atol=1e-4)
    assert measure_artefacts(Made(add), photos()).checkerboard < 1e-3


def test_what_a_wider_view_changes_everywhere_is_no_border() -> None:
    found = border(Made(lambda ab: torch.full_like(ab, ab.shape[2] / 10)), photos())
    assert found.max() < 0.02


def test_a_picture_that_is_the_photo_has_all_its_detail_and_a_soft_one_little() -> None:
    lightness = (photos() + 8 * torch.randn(2, 1, 96, 128, generator=torch.Generator().manual_seed(3))).clamp(0, 100)
    grey = lab_to_srgb(torch.cat([lightness, torch.zeros(2, 2, 96, 128)], dim=1))
    for share in details(grey, lightness):
        torch.testing.assert_close(share, torch.ones(2), atol=1e-3, rtol=0)
    soft = torch.nn.functional.avg_pool2d(grey, 9, 1, 4)
    soft[:, :, 20:-20, 20:-20] = grey[:, :, 20:-20, 20:-20]
    middle, outer = details(soft, lightness)
    torch.testing.assert_close(middle, torch.ones(2), atol=1e-3, rtol=0)
    assert outer.max() < 0.25


def test_the_cast_is_the_mean_color() -> None:
    network = Made(lambda ab: -ab + torch.tensor([2.0, -7.0])[:, None, None])
    found = measure_artefacts(network, photos())
    assert found.cast == pytest.approx((2, -7), abs=1e-3)
    assert found.detail is None
    assert found.border_detail is None


def test_networks_with_known_faults() -> None:
    torch.manual_seed(0)
    plain = UNetPlain(UNetPlainSpec(encoder=(8, 8), middle=8, decoder=(8, 8))).eval()
    found, ours = measure_artefacts(plain, photos(160, 160)), measure_artefacts(tiny_network(), photos(160, 160))
    assert found.checkerboard > 0.02
    assert found.border > 0.03
    assert ours.checkerboard < found.checkerboard
    assert found.detail is not None
    assert found.border_detail is not None
    assert ours.detail is None


def test_too_small_to_tell() -> None:
    with pytest.raises(ArtefactError, match="28×28 pixels or more; these are 24×32"):
        checkerboard(torch.zeros(1, 2, 24, 32))
