"""AutoCaCoNet: three switches, and colours that stop at lines."""

import dataclasses

import numpy as np
import pytest
import torch

from engine.models.autocaconet import AutoCaCoNet, AutoCaCoNetSpec, find_regions, with_mean_colors
from engine.models.layers.self_attention import SelfAttention
from tests.engine.models.learning import check_learning, full_size, losses, made, parameters, photos, with_zeroed

SMALL = AutoCaCoNetSpec(widths=(8, 8, 16, 16), dropout=0.1, head=8)


def small(**changes) -> AutoCaCoNet:
    return AutoCaCoNet(dataclasses.replace(SMALL, **changes))


def cartoon(gap: int = 3) -> torch.Tensor:
    """L* 1×1×64×64: two rooms whose wall has a gap, the left one shaded."""
    lightness = torch.full((64, 64), 80.0)
    lightness[:, :31] = torch.linspace(70, 90, 64)[:, None]
    lightness[:, 31:33] = 5
    lightness[30 : 30 + gap, 31:33] = 80
    return lightness[None, None]


def test_full_size():
    assert parameters(lambda: AutoCaCoNet(AutoCaCoNetSpec())) == 17_312_196
    assert full_size(lambda: AutoCaCoNet(AutoCaCoNetSpec())) == (2, 2, 256, 192)


@pytest.mark.parametrize("attention", [True, False])
def test_learning(attention):
    check_learning(lambda: small(attention=attention, correction=False), steps=20, rate=1e-2)


def test_attention_is_a_switch():
    def attentions(**changes) -> int:
        return sum(isinstance(module, SelfAttention) for module in small(**changes).modules())

    assert attentions() == 2
    assert attentions(attention=False) == 0


def test_regions_are_flat_in_use():
    network = made(small)
    with torch.inference_mode():
        ab = network(cartoon()).ab[0]
    left, right = ab[:, :, :28].flatten(1), ab[:, :, 36:].flatten(1)
    assert torch.equal(left, left[:, :1].expand_as(left))
    assert torch.equal(right, right[:, :1].expand_as(right))
    assert not torch.allclose(left[:, 0], right[:, 0])


def test_without_segmentation_the_correction_leaks_through_the_gap():
    network = made(lambda: small(segmentation=False))
    with torch.inference_mode():
        ab = network(cartoon()).ab[0]
    assert torch.equal(ab[:, 10, 10], ab[:, 10, 50])


def test_without_correction_the_networks_own_colours_come_out():
    plain, corrected = made(lambda: small(correction=False)), made(small)
    lightness = cartoon()
    with torch.inference_mode():
        raw, flat = plain(lightness).ab, corrected(lightness).ab
    assert raw[0, 0, :, 5].unique().numel() > 10
    regions = find_regions(lightness, contrast=SMALL.contrast, radius=SMALL.radius, least=2)
    torch.testing.assert_close(with_mean_colors(raw, regions), flat)


def test_training_sees_no_regions():
    network = small()
    history = losses(network, steps=2)
    assert len(history) == 2
    ab = network.train()(cartoon().repeat(2, 1, 1, 1)).ab
    assert ab.requires_grad
    assert network.encode(cartoon().repeat(2, 1, 1, 1))[1].shape == (2, 0, 64, 64)


def test_each_photo_has_its_own_regions():
    both = torch.cat([cartoon(), photos(1)])
    together = find_regions(both, contrast=6.0, radius=4, least=2)
    alone = [find_regions(photo[None], contrast=6.0, radius=4, least=2) for photo in both]
    assert torch.equal(together, torch.cat(alone))
    assert together.dtype == torch.float32


def test_regions_are_found_once_a_photo(monkeypatch):
    network = made(small)
    calls = []
    monkeypatch.setattr(
        "engine.color.trapped_ball.segment", lambda photo, **how: calls.append(1) or np.ones(photo.shape, np.int32)
    )
    with torch.inference_mode():
        features = network.encode(cartoon())
        first, second = network.decode(features).ab, network.decode(features).ab
    assert len(calls) == 1
    assert torch.equal(first, second)


def test_each_map_matters():
    network = made(lambda: small(correction=False))
    with torch.inference_mode():
        features = network.encode(photos(2))
        whole = network.decode(features).ab
        for level in (0, *range(2, len(features))):
            assert not torch.allclose(network.decode(with_zeroed(features, level)).ab, whole, atol=1e-3), level


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({"widths": (8, 8, 8)}, "3 levels"),
        ({"dropout": 1.0}, "dropout of 1.0"),
        ({"radius": 65}, "65 pixels"),
    ],
)
def test_numbers_that_do_not_go_together(numbers, said):
    with pytest.raises(ValueError, match=said):
        AutoCaCoNetSpec(**numbers)
