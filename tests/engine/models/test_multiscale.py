"""Three scales, semantic features, self-attention."""

import pytest
import torch

from engine.models.multiscale import MultiscaleInput, MultiscaleSpec, MultiscaleUNet
from tests.engine.models.learning import check_learning, full_size, made, parameters, photos, with_zeroed


def small() -> MultiscaleUNet:
    return MultiscaleUNet(
        MultiscaleSpec(stem=4, semantic=4, semantic_channels=(8, 8, 16, 16), widths=(8, 8, 16, 16), dropout=0.1, head=8)
    )


def test_full_size():
    assert parameters(lambda: MultiscaleUNet(MultiscaleSpec())) == 28_547_491
    assert full_size(lambda: MultiscaleUNet(MultiscaleSpec())) == (2, 2, 256, 192)


def test_learning():
    check_learning(small, steps=20, rate=1e-2)


def test_the_three_scales_come_at_one_size_and_each_matters():
    scales = MultiscaleInput(4)
    picture = photos(1, 32, 64)
    seen = {}
    for name, layer in scales.named_children():
        layer.register_forward_hook(lambda _, inputs, outputs, name=name: seen.update({name: inputs[0].shape[-2:]}))
    whole = scales(picture)
    assert whole.shape == (1, 12, 32, 64)
    assert seen == {"at_original": (32, 64), "at_half": (16, 32), "at_double": (64, 128)}
    for n, layer in enumerate((scales.at_original, scales.at_half, scales.at_double)):
        with torch.no_grad():
            layer.weight.add_(1.0)
            changed = scales(picture) - whole
            layer.weight.sub_(1.0)
        per_scale = changed.abs().amax(dim=(0, 2, 3)).view(3, 4).amax(dim=1) > 1e-3
        assert per_scale.tolist() == [n == k for k in range(3)]


def test_half_size_sees_further_and_double_size_less_far():
    """What one pixel reaches through a 3×3 convolution at each of the scales."""
    scales = MultiscaleInput(1)
    with torch.no_grad():
        for layer in scales.children():
            layer.weight.fill_(1.0)
            layer.bias.zero_()
    spot = torch.zeros(1, 1, 32, 32)
    spot[..., 16, 16] = 1.0
    original, half, double = ((part > 0).sum().item() for part in scales(spot)[0])
    assert double <= original < half


def test_semantic_features_and_skips_matter():
    network = made(small)
    lightness = photos(2)
    with torch.no_grad():
        features = network.encode(lightness)
        whole = network.decode(features).ab
        for level in range(len(features)):
            assert not torch.allclose(network.decode(with_zeroed(features, level)).ab, whole, atol=1e-3), level
        network.semantic.narrow.weight.zero_()
        assert not torch.allclose(network(lightness).ab, whole, atol=1e-3)


def test_attention_starts_shut_and_carries_what_is_far_away():
    torch.manual_seed(0)
    network = small().eval()
    assert network.up.attention is not None
    assert network.up.attention.gate.item() == 0
    lightness = photos(2)
    with torch.no_grad():
        shut = network(lightness).ab
        network.up.attention.gate.fill_(5.0)
        assert not torch.allclose(network(lightness).ab, shut, atol=1e-3)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({"semantic_channels": (8, 8)}, "2 widths"),
        ({"widths": (8, 8, 8)}, "3 levels"),
        ({"widths": (8,) * 6}, "6 levels"),
        ({"dropout": 1.5}, "dropout of 1.5"),
    ],
)
def test_numbers_that_do_not_go_together(numbers, said):
    with pytest.raises(ValueError, match=said):
        MultiscaleSpec(**numbers)
