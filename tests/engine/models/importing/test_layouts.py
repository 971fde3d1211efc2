"""The published layouts with random weights, against our networks after import: names, shapes, equal colours."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.color.tensors import lab_to_srgb, srgb_to_lab
from engine.models.conditioning import hint_tensors
from engine.models.contract import Colorizer
from engine.models.importing.published import PUBLISHED
from engine.models.registry import build_network
from tests.engine.models.importing import layouts

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*spectral_norm.*:FutureWarning"),
    pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning"),
]
CLOSE = 1e-4
"""In ab/110."""


def imported(name: str, layout: nn.Module, **numbers: object) -> Colorizer:
    published = PUBLISHED[name]
    network = build_network(published.architecture, {**published.network, **numbers})
    network.load_state_dict(published.rename(layout.state_dict()), strict=True)
    return network.eval()


def photo(size: tuple[int, int] = (64, 96), batch: int = 2) -> Tensor:
    return torch.rand(batch, 1, *size, generator=torch.Generator().manual_seed(1)) * 100


def check_equal(found: Tensor, theirs: Tensor) -> None:
    assert theirs.abs().max() < 110  # no clamp in the way
    assert theirs.std() > 0.5  # and there are colours
    assert (found - theirs).abs().max() / 110 <= CLOSE


@pytest.mark.parametrize(
    ("name", "build", "megabytes"),
    [
        ("eccv16", layouts.Eccv16, 129),
        ("siggraph17", layouts.Siggraph17, 137),
        ("deoldify", layouts.artistic, 255),
        ("deoldify-stable", layouts.stable, 874),
    ],
)
def test_the_published_size(name: str, build: Callable[[], nn.Module], megabytes: int) -> None:
    published = PUBLISHED[name]
    with torch.device("meta"):
        theirs = published.rename(build().state_dict())
        ours = build_network(published.architecture, published.network).state_dict()
    assert {key: value.shape for key, value in theirs.items()} == {key: value.shape for key, value in ours.items()}
    assert sum(value.numel() * 4 for value in ours.values()) / 1e6 == pytest.approx(megabytes, abs=0.6)


def test_eccv16() -> None:
    torch.manual_seed(0)
    layout = layouts.lived_in(layouts.Eccv16(8, 20), photo())
    network = imported("eccv16", layout, width=8, bins=20)
    with torch.inference_mode():
        prediction = network(photo())
        check_equal(F.interpolate(prediction.ab, scale_factor=4, mode="bilinear"), layout(photo()))
    assert prediction.bins is not None
    assert prediction.logits is not None
    mean = torch.einsum("bqhw,qc->bchw", prediction.logits.softmax(1), prediction.bins)
    torch.testing.assert_close(mean, prediction.ab, rtol=0, atol=1e-3)


def hinted() -> tuple[Tensor, Tensor]:
    """A red spot and a keep over a green one: spots and their mask."""
    spots = [[0.3, 0.4, 60.0, 40.0, 5.0, 0.0], [0.8, 0.5, -50.0, 30.0, 4.0, 0.0], [0.8, 0.5, 0.0, 0.0, 2.0, 1.0]]
    return torch.tensor(spots).expand(2, 3, 6), torch.ones(2, 3, dtype=torch.bool)


@pytest.mark.parametrize("with_hints", [False, True])
def test_siggraph17(with_hints: bool) -> None:
    torch.manual_seed(0)
    hints = hint_tensors(*hinted(), (64, 96))
    ab, mask = hints.planes[:, :2] * 110, hints.planes[:, 2:]
    layout = layouts.lived_in(layouts.Siggraph17(8), photo(), ab, mask)
    network = imported("siggraph17", layout, width=8)
    with torch.inference_mode():
        theirs, logits = layout(photo(), ab, mask) if with_hints else layout(photo())
        prediction = network(photo(), hints if with_hints else None)
    check_equal(prediction.ab, theirs)
    torch.testing.assert_close(prediction.logits, logits, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("name", "build", "numbers"),
    [
        ("deoldify", layouts.small_artistic, layouts.SMALL_ARTISTIC),
        ("deoldify-stable", layouts.small_stable, layouts.SMALL_STABLE),
    ],
    ids=["artistic", "stable"],
)
def test_deoldify(name: str, build: Callable[[], nn.Module], numbers: dict[str, object]) -> None:
    torch.manual_seed(0)
    grey = lab_to_srgb(torch.cat([photo(), torch.zeros(2, 2, 64, 96)], dim=1))
    x = (grey - layouts.IMAGENET_MEAN) / layouts.IMAGENET_STD
    layout = layouts.lived_in(build(), x)
    network = imported(name, layout, **numbers)
    with torch.inference_mode():
        srgb = (layout(x) * layouts.IMAGENET_STD + layouts.IMAGENET_MEAN).clamp(0, 1)
        prediction = network(photo())
    assert srgb.std() > 0.02
    torch.testing.assert_close(prediction.srgb, srgb, rtol=0, atol=1e-5)
    check_equal(prediction.ab, srgb_to_lab(srgb)[:, 1:])
