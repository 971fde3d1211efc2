"""Hints drawn from the truth: how many, where, and of which colour."""

import pytest
import torch

from training.data.hint_sampling import MAX_HINTS, RATE, draw_hints

SIZE = 32


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def ab():
    """a* grows to the right, b* downward; 500 photos."""
    axis = torch.linspace(-50, 50, 16)
    one = torch.stack([axis.expand(16, 16), axis[:, None].expand(16, 16)])
    return one.expand(500, 2, 16, 16)


def test_shapes(ab):
    hints = draw_hints(ab, SIZE, 1.0, seeded())
    count = hints.tokens.shape[1]
    assert hints.planes.shape == (500, 3, SIZE, SIZE)
    assert hints.tokens.shape == (500, count, 5)
    assert hints.token_mask.shape == (500, count)
    assert 0 < count <= MAX_HINTS


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_so_many_photos_get_hints(ab, share):
    hints = draw_hints(ab, SIZE, share, seeded())
    hinted = hints.token_mask.any(dim=1).float().mean() if hints.tokens.shape[1] else torch.zeros(())
    assert float(hinted) == pytest.approx(share, abs=0.07)
    assert (hints.planes[:, 2].amax(dim=(1, 2)) > 0).float().mean() == pytest.approx(float(hinted), abs=0.01)


def test_their_number_is_geometric(ab):
    counts = draw_hints(ab, SIZE, 1.0, seeded()).token_mask.sum(dim=1).float()
    assert counts.min() == 1
    assert float((counts == 1).float().mean()) == pytest.approx(RATE, abs=0.05)
    assert float(counts.median()) == pytest.approx(6, abs=1.5)


def test_a_hint_has_the_colour_of_its_place(ab):
    hints = draw_hints(ab, SIZE, 1.0, seeded())
    x, y, a, b, kind = hints.tokens[hints.token_mask].unbind(1)
    assert (kind == 0).all()
    wanted_a, wanted_b = (((place * 16 - 0.5) / 15 - 0.5).clamp(-0.5, 0.5) * 100 / 110 for place in (x, y))
    assert torch.allclose(a, wanted_a, atol=0.01)
    assert torch.allclose(b, wanted_b, atol=0.01)


def test_places_lie_around_the_centre(ab):
    hints = draw_hints(ab, SIZE, 1.0, seeded())
    places = hints.tokens[hints.token_mask][:, :2]
    assert places.min() >= 0.02
    assert places.max() <= 0.98
    assert float(places.mean()) == pytest.approx(0.5, abs=0.02)
    assert float(places.std()) == pytest.approx(0.24, abs=0.03)


def test_hints_are_known_by_their_seed(ab):
    first, again, other = (draw_hints(ab, SIZE, 0.5, seeded(seed)).planes for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
