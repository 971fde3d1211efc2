"""DeOldify's U-Net: sizes, norms and its edge; equality with the published layout is tested with the import."""

import pytest
import torch

from engine.errors import BadWeightsError
from engine.models.deoldify import STABLE, DeOldifyNet, DeOldifySpec
from engine.models.registry import build_network
from engine.models.rgb import ab_of_srgb
from tests.engine.models.learning import losses, made, photos

ARTISTIC = DeOldifySpec(encoder="resnet18", channels=(8, 8, 16, 16))
WIDE = DeOldifySpec(encoder="resnet26", channels=(4, 4, 8, 8), deep=False, width=0.0625)


@pytest.fixture(scope="module")
def network() -> DeOldifyNet:
    return made(lambda: DeOldifyNet(ARTISTIC))


@pytest.mark.parametrize(
    ("spec", "count", "widths"),
    [(DeOldifySpec(), 63_646_881, [768, 768, 672, 300]), (STABLE, 218_222_197, [512, 512, 512, 256])],
    ids=["artistic", "stable"],
)
def test_the_published_sizes(spec: DeOldifySpec, count: int, widths: list[int]) -> None:
    with torch.device("meta"):
        network = DeOldifyNet(spec)
    assert sum(value.numel() for value in network.parameters()) == count
    assert [level.outputs for level in network.levels] == widths


def test_the_picture_and_its_colours(network: DeOldifyNet) -> None:
    with torch.inference_mode():
        prediction = network(photos(2, 64, 96))
    assert prediction.srgb.shape == (2, 3, 64, 96)
    assert prediction.srgb.min() >= 0
    assert prediction.srgb.max() <= 1
    torch.testing.assert_close(prediction.ab, ab_of_srgb(prediction.srgb))


def test_one_level_attends_to_itself(network: DeOldifyNet) -> None:
    gates = [name for name, _ in network.named_parameters() if name.endswith("gate")]
    assert gates == ["levels.1.attention.gate"]


def test_every_convolution_on_the_way_up_is_divided_by_its_largest_singular_value() -> None:
    torch.manual_seed(0)
    network = DeOldifyNet(ARTISTIC)
    for name in ("middle.0.0", "levels.0.up.conv", "levels.3.convs.1.0", "levels.1.attention.value", "cross.1", "out"):
        weight = network.get_submodule(name).weight.detach().flatten(1)
        assert torch.linalg.matrix_norm(weight, 2) == pytest.approx(1.0, abs=0.1), name


def test_shuffled_pixels_start_without_checkerboards() -> None:
    torch.manual_seed(0)
    up = DeOldifyNet(ARTISTIC).last_up
    weight = up.conv.weight.detach()
    assert torch.allclose(weight[0::4], weight[3::4])
    assert not torch.allclose(weight[0::4], weight[0::4].roll(1, 0))


@pytest.mark.parametrize("spec", [ARTISTIC, WIDE], ids=["deep", "wide"])
def test_it_learns(spec: DeOldifySpec) -> None:
    torch.manual_seed(0)
    history = losses(DeOldifyNet(spec), steps=10)
    assert sum(history[-3:]) < 0.85 * sum(history[:3]), history


def test_bfloat16_is_near_float32(network: DeOldifyNet) -> None:
    with torch.inference_mode():
        ab = network(photos(1)).ab
        with torch.autocast("cpu", torch.bfloat16):
            rough = network(photos(1)).ab
    assert rough.dtype == torch.float32
    assert (rough - ab).abs().mean() < 5


def test_the_gradient_reaches_what_is_out_of_range(network: DeOldifyNet) -> None:
    normalised = torch.full((1, 3, 2, 2), 2.9, requires_grad=True)
    try:
        prediction = network.train().decode((normalised,))
    finally:
        network.eval()
    assert prediction.srgb.max() > 1
    prediction.srgb.sum().backward()
    assert normalised.grad.abs().min() > 0


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({"encoder": "hf-hub:someone/something"}, "plain ResNet"),
        ({"encoder": "resnet50d"}, "plain ResNet"),
        ({"width": 0.0}, "width"),
        ({"width": float("inf")}, "width"),
        ({"deep": False, "width": 0.001}, "without channels"),
        ({"deep": 1}, '"deep"'),
    ],
)
def test_numbers_that_cannot_be(numbers: dict[str, object], said: str) -> None:
    with pytest.raises(BadWeightsError, match=said):
        build_network("deoldify", {"encoder": "resnet18", "channels": [8, 8, 16, 16], **numbers})
