"""Colours carried over from a reference, and references that survive saving."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
import tomli_w
import torch
from safetensors.torch import save

from engine.color.tensors import srgb_to_lab
from engine.errors import BadWeightsError
from engine.models.card import InstalledModel, read_card
from engine.models.histogram import HistogramSpec, HistogramTransfer, carry_colors, cumulated, match_histogram
from engine.models.registry import build_network
from engine.models.weights import load_network, verify_weights
from tests.training.making import rule_photo

NUMBERS = {"references": 6, "side": 32}


def photos(*seeds: int, side: int = 32) -> torch.Tensor:
    """B×3×s×s uint8; bright is blue, dark is orange."""
    return torch.stack([torch.from_numpy(rule_photo(seed, side, side)) for seed in seeds]).permute(0, 3, 1, 2)


def filled(references: torch.Tensor) -> HistogramTransfer:
    network = HistogramTransfer(HistogramSpec(references=len(references), side=references.shape[-1])).eval()
    network.get_buffer("references").copy_(references)
    return network


def lightness_of(srgb: torch.Tensor) -> torch.Tensor:
    return srgb_to_lab(srgb.float() / 255)[:, :1]


def test_cumulated_shares() -> None:
    lightness = torch.tensor([[0.0, 10.0], [10.0, 99.5]])[None, None]
    found = cumulated(lightness)[0]
    assert found.shape == (101,)
    assert [found[level].item() for level in (0, 9, 10, 99, 100)] == [0.25, 0.25, 0.75, 0.75, 1.0]


def test_matching_spreads_values_as_the_target_is_spread() -> None:
    generator = torch.Generator().manual_seed(1)
    values, target = torch.rand(2, 4000, generator=generator) ** 3 * 40, torch.randn(2, 1500, generator=generator)
    matched = match_histogram(values, target)
    shares = torch.linspace(0.02, 0.98, 25)
    torch.testing.assert_close(matched.quantile(shares, dim=1), target.quantile(shares, dim=1), atol=0.02, rtol=0)
    order = values.argsort(dim=1)
    assert (matched.gather(1, order).diff(dim=1) >= 0).all()


def test_matching_with_itself_changes_nothing_and_keeps_equal_values_equal() -> None:
    values = torch.rand(1, 500, generator=torch.Generator().manual_seed(2))
    torch.testing.assert_close(match_histogram(values, values), values)
    few = torch.tensor([[3.0, 1.0, 1.0, 3.0]])
    assert match_histogram(few, values).unique().numel() == 2


def test_a_photo_gets_its_colors_back_from_itself() -> None:
    srgb = photos(3, side=64)
    carried = carry_colors(lightness_of(srgb), srgb / 255)
    true = srgb_to_lab(srgb / 255)[:, 1:]
    assert carried.shape == true.shape
    assert (carried - true).norm(dim=1).mean() < 0.2 * true.norm(dim=1).mean()


def test_brightness_and_contrast_of_the_scan_do_not_matter() -> None:
    """That is what the matching is for: a faded print takes the same colours."""
    srgb = photos(3, side=64)
    lightness = lightness_of(srgb)
    whole, faded = (carry_colors(seen, srgb / 255) for seen in (lightness, 30 + 0.5 * lightness))
    torch.testing.assert_close(whole, faded)


def test_deviation_tells_apart_what_is_equally_light() -> None:
    """Left flat, right rough, both L* 50 in the mean: colours follow the roughness."""
    generator = torch.Generator().manual_seed(4)
    rough = 50 + 12 * torch.randn(1, 1, 64, 32, generator=generator)
    lightness = torch.cat([50 + 0.5 * torch.randn(1, 1, 64, 32, generator=generator), rough], dim=3)
    grey = lightness / 100
    red = torch.cat([grey[..., :32], grey[..., 32:] * 0.9], dim=3)
    reference = torch.cat([red, grey, grey], dim=1).clamp(0, 1)  # the rough half is cyan
    carried = carry_colors(lightness_of((reference * 255).byte()), reference)
    assert carried[:, 0, :, 40:].mean() < -2
    assert carried[:, 0, :, :24].mean().abs() < 1


def test_any_sizes() -> None:
    lightness = torch.rand(2, 1, 48, 112, generator=torch.Generator().manual_seed(5)) * 100
    for height, width in [(16, 16), (40, 23), (200, 90)]:
        reference = torch.rand(2, 3, height, width, generator=torch.Generator().manual_seed(6))
        ab = carry_colors(lightness, reference)
        assert ab.shape == (2, 2, 48, 112)
        # Every colour is one of the reference's.
        known = srgb_to_lab(reference)[:, 1:].flatten(2)
        for n in range(2):
            colors = {tuple(color) for color in known[n].T.tolist()}
            assert {tuple(color) for color in ab[n].flatten(1).T.tolist()} <= colors


def test_the_reference_is_the_one_whose_lightness_is_spread_alike() -> None:
    """Six references of six lightnesses and six colours; a photo as light as the fourth gets the fourth's colour."""
    generator = torch.Generator().manual_seed(7)
    colors = torch.tensor([[90, 20, 20], [40, 90, 40], [60, 60, 150], [190, 150, 60], [220, 120, 220], [220, 250, 250]])
    noise = torch.randint(-5, 6, (6, 1, 32, 32), generator=generator)
    references = (colors[:, :, None, None] + noise).clamp(0, 255).byte()
    network = filled(references)
    with torch.inference_mode():
        for n in range(6):
            seen = lightness_of(references[n : n + 1].flip(-1)).repeat(1, 1, 2, 2)
            ab = network(seen).ab
            true = srgb_to_lab(references[n : n + 1].float() / 255)[:, 1:].mean(dim=(0, 2, 3))
            torch.testing.assert_close(ab.mean(dim=(0, 2, 3)), true, atol=3, rtol=0)


def test_the_result_is_the_same_in_low_precision() -> None:
    network = filled(photos(0, 1, 2))
    lightness = lightness_of(photos(5, side=64))
    with torch.inference_mode():
        exact = network(lightness).ab
        with torch.autocast("cpu", torch.bfloat16):
            assert torch.equal(network(lightness).ab, exact)


def written(folder: Path, network: HistogramTransfer) -> InstalledModel:
    content = save({name: value.contiguous() for name, value in network.state_dict().items()})
    (folder / "carry.safetensors").write_bytes(content)
    card = {
        "id": "carry",
        "purpose": "For tests.",
        "architecture": "histogram",
        "licence": "Apache-2.0",
        "sha256": hashlib.sha256(content).hexdigest(),
        "parameters": 0,
        "inference_side": 64,
        "date": "2026-01-31",
        "commit": "abc1234",
        "network": NUMBERS,
        "training": {"photos": 6, "collections": ["one"], "torch": "2.6"},
        "recipe": {},
    }
    (folder / "carry.toml").write_text(tomli_w.dumps(card), encoding="utf-8")
    return InstalledModel(card=read_card(folder / "carry.toml"), weights=folder / "carry.safetensors", bundled=False)


def test_references_survive_saving_bit_by_bit(tmp_path: Path) -> None:
    network = filled(photos(*range(6)))
    model = written(tmp_path, network)
    loaded = load_network(model)
    references = loaded.get_buffer("references")
    assert references.dtype == torch.uint8
    assert torch.equal(references, network.get_buffer("references"))
    assert loaded.reference_count == 6
    np.testing.assert_array_equal(loaded(lightness_of(photos(9))).ab, network(lightness_of(photos(9))).ab)
    assert len(verify_weights(model)) == 4


@pytest.mark.parametrize("dtype", [torch.float16, torch.int64])
def test_references_of_another_type_are_refused(tmp_path: Path, dtype: torch.dtype) -> None:
    network = filled(photos(*range(6)))
    network.references = network.get_buffer("references").to(dtype)
    with pytest.raises(BadWeightsError, match=r'"references" is of type \w+, not uint8'):
        load_network(written(tmp_path, network))


def test_numbers_that_do_not_go_together() -> None:
    with pytest.raises(BadWeightsError, match="cannot be sampled"):
        build_network("histogram", {"side": 8})
