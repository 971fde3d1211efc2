"""What is particular to the DDColor family; what every architecture does is tested over the registry."""

from dataclasses import replace

import pytest
import torch

from engine.color.tensors import lab_to_srgb
from engine.models.ddcolor import PUBLISHED_TINY, REDUCED, TINY, DDColor, DDColorSpec
from engine.models.grey import grey_srgb

SMALL = DDColorSpec(
    encoder="convnext_tiny.fb_in22k",
    depths=(1, 1, 1, 1),
    widths=(8, 8, 16, 16),
    pixel_width=16,
    levels=(16, 4),
    queries=4,
    query_width=16,
    heads=2,
    feed_forward=16,
)


@pytest.mark.parametrize(
    ("spec", "millions"), [(DDColorSpec(), 227.9), (PUBLISHED_TINY, 55.0), (TINY, 43.4)], ids=["large", "t", "tiny"]
)
def test_the_sources_sizes(spec: DDColorSpec, millions: float) -> None:
    with torch.device("meta"):
        network = DDColor(spec)
    assert sum(value.numel() for value in network.parameters()) / 1e6 == pytest.approx(millions, abs=0.06)


def test_the_reduced_one() -> None:
    with torch.device("meta"):
        network = DDColor(REDUCED)
    assert network.color_decoder.queries.num_embeddings == 50
    assert {block.picture.num_heads for block in network.color_decoder.blocks} == {2}
    assert len(network.color_decoder.blocks) == 4


def test_grey_is_lightness_without_colour() -> None:
    lightness = torch.linspace(0, 100, 64).view(1, 1, 8, 8)
    nothing = torch.zeros_like(lightness)
    expected = lab_to_srgb(torch.cat([lightness, nothing, nothing], dim=1))
    torch.testing.assert_close(grey_srgb(lightness).expand(-1, 3, -1, -1), expected, rtol=0, atol=1e-5)


def test_a_single_picture_of_the_smallest_size_trains() -> None:
    torch.manual_seed(0)
    network = DDColor(SMALL).train()
    before = network.pixel_decoder.to_sixteenth.up.norm.running_mean.clone()
    network(torch.rand(1, 1, 32, 32) * 100).ab.square().mean().backward()
    assert all(torch.isfinite(value.grad).all() for value in network.parameters())
    assert torch.equal(network.pixel_decoder.to_sixteenth.up.norm.running_mean, before)  # one value has no variance
    network(torch.rand(2, 1, 32, 32) * 100)
    assert not torch.equal(network.pixel_decoder.to_sixteenth.up.norm.running_mean, before)


def test_a_convolution_is_divided_by_its_largest_singular_value() -> None:
    torch.manual_seed(0)
    network = DDColor(SMALL).eval()
    for conv in (network.pixel_decoder.to_eighth.conv, network.pixel_decoder.to_full.conv, network.refine):
        norm = torch.linalg.matrix_norm(conv.weight.detach().flatten(1), ord=2)
        assert float(norm) == pytest.approx(1, abs=0.05)


def test_shuffled_pixels_start_without_a_grid() -> None:
    torch.manual_seed(0)
    up = DDColor(SMALL).pixel_decoder.to_full.eval()
    enlarged = up(torch.rand(1, 8, 4, 4))[..., 1:, 1:]  # the blur reaches one pixel up and left
    assert torch.allclose(enlarged[..., 0, 0], enlarged[..., 2, 2], atol=1e-6)
    assert not torch.allclose(enlarged[..., 0, 0], enlarged[..., 4, 4], atol=1e-3)


def test_it_learns_a_colour() -> None:
    torch.manual_seed(0)
    network = DDColor(SMALL).train()
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-2)
    lightness = torch.rand(4, 1, 2, 4).repeat_interleave(16, 2).repeat_interleave(16, 3) * 100
    truth = torch.where(lightness > 50, 1.0, -1.0) * torch.tensor([20.0, -10.0]).view(1, 2, 1, 1)
    errors = []
    for _ in range(40):
        loss = (network(lightness).ab - truth).abs().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        errors.append(loss.item())
    assert errors[-1] < 0.3 * errors[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"encoder": "hf-hub:someone/convnext"}, "not the name"),
        ({"encoder": "resnet18d"}, "not the name"),
        ({"depths": (3, 3, 9)}, "four stages"),
        ({"depths": (3, 3, 900, 3)}, "more than"),
        ({"levels": (16, 32)}, "levels"),
        ({"pixel_width": 15}, "half"),
        ({"heads": 3}, "heads"),
        ({"query_width": 18, "heads": 2}, "heads"),
    ],
)
def test_numbers_that_do_not_go_together(change: dict, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(SMALL, **change)
