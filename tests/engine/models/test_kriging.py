"""Kriging spreads hints by likeness: exact at a hint, alike where things are alike, nothing where they are not."""

import pytest
import torch

from engine.models.conditioning import hint_tensors
from engine.models.kriging import Kriging
from engine.models.photo import PhotoNet, PhotoSpec

SIDE = 16
X, Y = 4.5 / SIDE, 8.5 / SIDE
"""The middle of a pixel in the left half."""
PYRAMID = (4, 6, 8)


def two_halves() -> torch.Tensor:
    """1×1×64×64: the left half dark, the right half light."""
    lightness = torch.full((1, 1, 4 * SIDE, 4 * SIDE), 30.0)
    lightness[..., 2 * SIDE :] = 80.0
    return lightness


def flat_pyramid() -> tuple[torch.Tensor, ...]:
    return tuple(torch.zeros(1, channels, SIDE >> n, SIDE >> n) for n, channels in enumerate(PYRAMID))


def spread(kriging, maps, given, ab):
    return kriging.spread(maps, given, ab)[0]


def hints(*rows: tuple[float, ...]):
    spots = torch.tensor(rows).view(1, -1, 6)
    return hint_tensors(spots, torch.ones(1, len(rows), dtype=torch.bool), (4 * SIDE, 4 * SIDE))


@pytest.fixture
def kriging() -> Kriging:
    torch.manual_seed(0)
    return Kriging(PYRAMID).eval()


@pytest.fixture
def maps(kriging):
    return kriging.maps(flat_pyramid(), two_halves())


@torch.no_grad()
def test_without_hints_nothing_changes(kriging, maps):
    ab = torch.randn(1, 2, SIDE, SIDE)
    assert torch.equal(spread(kriging, maps, hints(), ab), ab)


@torch.no_grad()
def test_a_hint_is_there_and_reaches_what_is_alike(kriging, maps):
    found = spread(kriging, maps, hints((X, Y, 40.0, -20.0, 1.0, 0.0)), torch.zeros(1, 2, SIDE, SIDE))
    there = found[0, :, SIDE // 2, SIDE // 4]
    assert torch.allclose(there, torch.tensor([40.0, -20.0]), rtol=0.1)
    near, other = found[0, 0, SIDE // 2 - 2, SIDE // 4], found[0, 0, SIDE // 2, SIDE - 2]
    assert float(near) > 15
    assert abs(float(other)) < 1  # in the light half, which is nothing like it


@torch.no_grad()
def test_a_kept_place_holds_a_hint_off(kriging, maps):
    ab = torch.zeros(1, 2, SIDE, SIDE)
    colored = (0.25, 0.3, 40.0, 0.0, 1.0, 0.0)
    alone = spread(kriging, maps, hints(colored), ab)
    kept = spread(kriging, maps, hints(colored, (0.25, 0.6, 0.0, 0.0, 1.0, 1.0)), ab)
    row, column = round(0.6 * SIDE), SIDE // 4
    assert abs(float(kept[0, 0, row, column])) < 0.2 * abs(float(alone[0, 0, row, column]))


@torch.no_grad()
def test_a_hint_of_short_reach_is_about_its_surroundings(kriging):
    flat = kriging.maps(flat_pyramid(), torch.full((1, 1, 4 * SIDE, 4 * SIDE), 50.0))
    ab = torch.zeros(1, 2, SIDE, SIDE)
    given = hints((X, Y, 40.0, 0.0, 1.0, 0.0))
    wide, narrow = (kriging.spread(flat, given, ab, torch.tensor([[reach]]))[0][0, 0] for reach in (1.0, 0.0))
    row, column = SIDE // 2, SIDE // 4
    assert abs(float(narrow[row, column]) - 40) < 4
    assert float(wide[0, SIDE - 1]) > 2 * abs(float(narrow[0, SIDE - 1]))


@torch.no_grad()
def test_masked_tokens_count_for_nothing(kriging, maps):
    one = hints((0.25, 0.3, 40.0, 0.0, 1.0, 0.0))
    two = hints((0.25, 0.3, 40.0, 0.0, 1.0, 0.0), (0.3, 0.7, -60.0, 9.0, 1.0, 0.0))
    mask = torch.tensor([[True, False]])
    masked = type(two)(two.planes, two.tokens, mask)
    ab = torch.zeros(1, 2, SIDE, SIDE)
    assert torch.allclose(spread(kriging, maps, one, ab), spread(kriging, maps, masked, ab), atol=1e-3)


@torch.no_grad()
def test_correlations_are_a_covariance(kriging, maps):
    found = kriging.correlation(maps)[0]
    assert found.shape == (SIDE**2, SIDE**2)
    assert torch.allclose(found, found.T, atol=1e-5)
    assert torch.allclose(found.diagonal(), torch.ones(SIDE**2), atol=1e-4)
    assert float(torch.linalg.eigvalsh(found.double()).min()) > -1e-3


def test_it_learns_through_the_solve(kriging):
    found = spread(
        kriging,
        kriging.maps(tuple(torch.randn_like(level) for level in flat_pyramid()), two_halves()),
        hints((0.25, 0.3, 40.0, 0.0, 1.0, 0.0), (0.7, 0.7, -10.0, 5.0, 1.0, 0.0)),
        torch.zeros(1, 2, SIDE, SIDE),
    )
    found.square().mean().backward()
    silent = [name for name, value in kriging.named_parameters() if value.grad is None or not value.grad.any()]
    assert silent == []


def test_the_number_of_kernels_is_checked():
    with pytest.raises(ValueError, match="9 kernels"):
        Kriging(PYRAMID, 9)


@torch.no_grad()
def test_a_network_with_kriging_spreads_hints_itself():
    numbers = {"channels": (8, 16, 24, 32), "stem_width": 8, "pyramid": (16, 16, 16), "queries": 4, "query_width": 16}
    plain, own = (PhotoNet(PhotoSpec(**numbers, heads=2, palettes=4, kriging=count)).eval() for count in (0, 2))
    lightness = two_halves()
    features = own.encode(lightness)
    given = hints((X, Y, 40.0, -20.0, 1.0, 0.0))
    assert not plain.spreads_hints
    assert plain.correlation(features, lightness) is None
    assert own.spreads_hints
    found, asked = own.spread_hints(features, lightness, own.decode(features).ab, given)
    assert float(asked[0, 0, SIDE // 2, SIDE // 4]) > 0.85
    assert float(asked[0, 0, 0, SIDE - 1]) < 0.2
    assert torch.allclose(found[0, :, SIDE // 2, SIDE // 4], torch.tensor([40.0, -20.0]), rtol=0.15)
    looks = own.descriptors(features, lightness)
    assert looks is not None
    assert looks.shape[2:] == (SIDE, SIDE)
