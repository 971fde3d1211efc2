"""Hint planes and tokens: each pixel and each number where it belongs."""

import pytest
import torch
from torch.nn import functional as F

from engine.models.conditioning import SPOT_FIELDS, hint_tensors, no_hints, pooled_planes
from engine.models.contract import HintTensors

RED, GREEN = (55.0, 33.0), (-44.0, 22.0)


def spot(x: float, y: float, color: tuple[float, float] = RED, radius: float = 3.0, kind: float = 0.0) -> list[float]:
    return [x, y, *color, radius, kind]


def paint(*spots: list[float], size: tuple[int, int] = (24, 32), mask: list[bool] | None = None) -> HintTensors:
    made = torch.tensor([list(spots)])
    counted = torch.ones(1, len(spots), dtype=torch.bool) if mask is None else torch.tensor([mask])
    return hint_tensors(made, counted, size)


def naive_plane(spots: list[list[float]], size: tuple[int, int]) -> torch.Tensor:
    """The definition, pixel by pixel: a*/110, b*/110 and mask of a disc around (x, y); later ones over earlier ones."""
    plane = torch.zeros(3, *size)
    for row in range(size[0]):
        for column in range(size[1]):
            for x, y, a, b, radius, kind in spots:
                across, down = column + 0.5 - x * size[1], row + 0.5 - y * size[0]
                if across**2 + down**2 <= radius**2:
                    plane[:, row, column] = torch.tensor([a / 110, b / 110, 1.0]) if kind == 0 else torch.zeros(3)
    return plane


def test_planes_are_discs_of_the_color() -> None:
    spots = [spot(0.3, 0.6), spot(0.45, 0.55, GREEN, 4.2), spot(0.4, 0.5, radius=2.0, kind=1.0), spot(0.98, 0.02)]
    torch.testing.assert_close(paint(*spots).planes[0], naive_plane(spots, (24, 32)))


def test_tokens_say_place_color_and_kind() -> None:
    hints = paint(spot(0.25, 0.75), spot(0.5, 0.125, GREEN, kind=1.0))
    wanted = [[0.25, 0.75, 0.5, 0.3, 0.0], [0.5, 0.125, -0.4, 0.2, 1.0]]
    torch.testing.assert_close(hints.tokens[0], torch.tensor(wanted))
    assert hints.token_mask.tolist() == [[True, True]]


def test_later_spots_lie_over_earlier_ones() -> None:
    first, second = paint(spot(0.5, 0.5), spot(0.5, 0.5, GREEN)), paint(spot(0.5, 0.5, GREEN), spot(0.5, 0.5))
    assert first.planes[0, 0, 12, 16] == pytest.approx(-0.4)
    assert second.planes[0, 0, 12, 16] == pytest.approx(0.5)


def test_keep_erases_what_lies_below_it_and_only_there() -> None:
    hints = paint(spot(0.5, 0.5, radius=8.0), spot(0.5, 0.5, (0.0, 0.0), 3.0, 1.0))
    assert hints.planes[0, :, 12, 16].tolist() == [0.0, 0.0, 0.0]
    assert hints.planes[0, 2, 12, 22] == 1.0


def test_what_is_masked_leaves_no_trace() -> None:
    hints = paint(spot(0.5, 0.5), spot(0.2, 0.2, GREEN), mask=[False, True])
    assert hints.planes[0, 2, 12, 16] == 0.0
    assert hints.tokens[0, 0].tolist() == [0.0] * 5
    torch.testing.assert_close(hints.planes, paint(spot(0.2, 0.2, GREEN)).planes)


@pytest.mark.parametrize(
    ("x", "y"), [(0.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.5, 0.5), (0.51, 0.27), (9.99 / 32, 7.01 / 24)]
)
@pytest.mark.parametrize("radius", [0.0, 0.01, 0.7])
def test_the_smallest_spot_marks_the_pixel_that_it_lies_in(x: float, y: float, radius: float) -> None:
    mask = paint(spot(x, y, radius=radius)).planes[0, 2]
    assert mask[min(int(y * 24), 23), min(int(x * 32), 31)] == 1.0
    assert 1 <= mask.sum() <= 4  # a corner belongs to four pixels


def test_photos_of_a_batch_have_their_own_hints() -> None:
    spots = torch.tensor([[spot(0.5, 0.5)], [spot(0.1, 0.1, GREEN)]])
    hints = hint_tensors(spots, torch.tensor([[True], [True]]), (24, 32))
    for index in range(2):
        alone = hint_tensors(spots[index : index + 1], torch.tensor([[True]]), (24, 32))
        torch.testing.assert_close(hints.planes[index], alone.planes[0])
        torch.testing.assert_close(hints.tokens[index], alone.tokens[0])


def test_no_hints_is_nothing_at_all() -> None:
    hints = no_hints(3, (16, 32))
    assert hints.planes.shape == (3, 3, 16, 32)
    assert not hints.planes.any()
    assert hints.tokens.shape == (3, 0, 5)
    assert hints.token_mask.shape == (3, 0)
    assert SPOT_FIELDS == 6


def test_pooling_keeps_a_small_hint_its_color() -> None:
    hints = paint(spot(10.5 / 32, 9.5 / 24, radius=0.1))
    pooled = pooled_planes(hints.planes, (6, 8))
    share = pooled[0, 2]
    assert share[2, 2] == pytest.approx(1 / 16)
    assert share.sum() == pytest.approx(1 / 16)
    torch.testing.assert_close(pooled[0, :2, 2, 2], torch.tensor([0.5, 0.3]))


def test_pooling_is_the_mean_over_what_is_hinted() -> None:
    hints = paint(spot(0.4, 0.4, radius=5.0), spot(0.6, 0.5, GREEN, 4.0))
    pooled = pooled_planes(hints.planes, (6, 8))[0]
    blocks = F.unfold(hints.planes, 4, stride=4).reshape(3, 16, 6, 8)
    count = blocks[2].sum(dim=0)
    torch.testing.assert_close(pooled[2], count / 16)
    torch.testing.assert_close(pooled[:2], blocks[:2].sum(dim=1) / count.clamp(min=1))


def test_pooling_nothing_gives_nothing() -> None:
    assert not pooled_planes(no_hints(2, (32, 32)).planes, (8, 8)).any()
