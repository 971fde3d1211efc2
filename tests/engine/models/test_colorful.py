"""Colorization as classification: decoding, bins, sizes; what every architecture does is tested over the registry."""

import pytest
import torch

from engine.errors import BadWeightsError
from engine.models.bins import ab_bins, soft_encode
from engine.models.colorful import ColorfulNet, ColorfulSpec, Eccv16Net, Eccv16Spec
from engine.models.registry import build_network
from tests.engine.models.learning import made, parameters, photos, true_colors


def colorful(temperature: float = 0.38) -> ColorfulNet:
    return made(lambda: ColorfulNet(ColorfulSpec(width=4, temperature=temperature)))


def eccv16() -> Eccv16Net:
    return made(lambda: Eccv16Net(Eccv16Spec(width=4, bins=9)))


def test_the_published_size() -> None:
    assert parameters(lambda: Eccv16Net(Eccv16Spec())) == 32_236_011


@pytest.mark.parametrize("build", [colorful, eccv16])
def test_a_quarter_of_the_size(build) -> None:
    network = build()
    with torch.inference_mode():
        for height, width in ((8, 8), (8, 40), (72, 16)):
            prediction = network(torch.rand(2, 1, height, width) * 100)
            assert prediction.ab.shape == (2, 2, height // 4, width // 4)
            assert prediction.logits.shape == (2, len(prediction.bins), height // 4, width // 4)


@pytest.mark.parametrize("build", [colorful, eccv16])
def test_bfloat16_is_near_float32(build) -> None:
    network = build()
    with torch.inference_mode():
        ab = network(photos(1)).ab
        with torch.autocast("cpu", torch.bfloat16):
            rough = network(photos(1))
    assert rough.ab.dtype == torch.float32
    assert (rough.ab - ab).abs().mean() < 2


def logits_for(*colors: tuple[float, float]) -> tuple[torch.Tensor]:
    """Logits 1×Q×1×1 of a distribution that finds these colours equally likely."""
    index, weight = soft_encode(torch.tensor(colors), ab_bins())
    probability = torch.zeros(len(ab_bins())).index_add(0, index.flatten(), weight.flatten())
    return ((probability / len(colors)).clamp(min=1e-9).log().view(1, -1, 1, 1),)


def test_low_temperature_is_vivid_and_one_is_brown() -> None:
    features = logits_for((60.0, 40.0), (60.0, 40.0), (60.0, 40.0), (-50.0, 40.0))
    red, middle, brown = (colorful(t).decode(features).ab.flatten().tolist() for t in (0.05, 0.38, 1.0))
    assert brown == pytest.approx([32.5, 40.0], abs=1.5)
    assert red == pytest.approx([60.0, 40.0], abs=6)
    assert brown[0] + 5 < middle[0] <= red[0] + 5


def test_the_bins_of_eccv16_are_its_last_weights() -> None:
    network = eccv16()
    with torch.no_grad():
        network.centres.weight.zero_()
        network.centres.weight[:, 3, 0, 0] = torch.tensor([0.5, -0.25])
    logits = torch.full((1, 9, 1, 1), -50.0)
    logits[:, 3] = 50.0
    prediction = network.decode((logits,))
    assert prediction.ab.flatten().tolist() == pytest.approx([55.0, -27.5])
    assert prediction.bins[3].tolist() == pytest.approx([55.0, -27.5])


def test_it_learns_the_rule_from_soft_targets() -> None:
    torch.manual_seed(0)
    network = ColorfulNet(ColorfulSpec(width=4)).train()
    optimizer = torch.optim.Adam(network.parameters(), 3e-3)
    lightness = photos(4)
    truth = torch.nn.functional.avg_pool2d(true_colors(lightness), 4)
    index, weight = soft_encode(truth.permute(0, 2, 3, 1), network.bins)
    errors = []
    for _ in range(50):
        prediction = network(lightness)
        log_probability = prediction.logits.log_softmax(1).permute(0, 2, 3, 1)
        loss = -(log_probability.gather(-1, index) * weight).sum(-1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        errors.append((prediction.ab - truth).abs().mean().item())
    assert errors[-1] < 0.5 * errors[0], errors


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan")])
def test_a_temperature_is_above_zero(temperature: float) -> None:
    with pytest.raises(BadWeightsError, match="temperature"):
        build_network("colorful", {"width": 4, "temperature": temperature})
