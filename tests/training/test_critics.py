"""Critics: what they see, at which scales, and how much of the picture one score looks at."""

import pytest
import torch

from tests.training.making import tiny_recipe
from training.critics import Critic, PatchCritic, smallest_side

LIGHTNESS = torch.linspace(5, 95, 2 * 32 * 32).reshape(2, 1, 32, 32)
AB = torch.rand(2, 2, 32, 32, generator=torch.Generator().manual_seed(0)) * 60 - 30


def critic_of(**changes):
    torch.manual_seed(0)
    return Critic(tiny_recipe(adversary={"width": 4, "layers": 2, **changes}).adversary)


def test_the_published_size():
    with torch.device("meta"):
        critic = PatchCritic(3, tiny_recipe().adversary)
        scores = critic(torch.empty(1, 3, 256, 256))
    assert scores.shape == (1, 1, 30, 30)
    # 2.769 M for the six channels of two RGB pictures, as its authors count; ours has three fewer.
    assert sum(value.numel() for value in critic.parameters()) == 2_768_705 - 3 * 64 * 4 * 4


def test_three_layers_see_seventy_pixels():
    critic = PatchCritic(3, tiny_recipe(adversary={"width": 2, "norm": "none"}).adversary)
    picture = torch.rand(1, 3, 256, 256, requires_grad=True)
    critic(picture)[0, 0, 15, 15].backward()
    rows, columns = picture.grad.abs().sum(dim=(0, 1)).nonzero().unbind(1)
    assert int(rows.max() - rows.min()) + 1 == 70
    assert int(columns.max() - columns.min()) + 1 == 70


def test_several_scales():
    scores = critic_of(scales=2)(torch.rand(2, 3, 64, 64))
    assert [tuple(score.shape) for score in scores] == [(2, 1, 14, 14), (2, 1, 6, 6)]


@pytest.mark.parametrize("norm", ["batch", "instance", "none"])
@pytest.mark.parametrize(("layers", "scales"), [(1, 1), (2, 1), (2, 2), (3, 1)])
def test_the_smallest_picture(norm, layers, scales):
    recipe = tiny_recipe(adversary={"width": 2, "layers": layers, "scales": scales, "norm": norm}).adversary
    side = smallest_side(recipe)
    scores = Critic(recipe)(torch.rand(2, 3, side, side))
    assert scores[-1].shape == (2, 1, 1, 1)


def test_conditional_critics_see_lightness_and_ab_others_the_picture():
    picture = critic_of(conditional=True).picture(LIGHTNESS, AB)
    assert torch.allclose(picture[:, :1], LIGHTNESS / 50 - 1)
    assert torch.allclose(picture[:, 1:], AB / 110)
    shown = critic_of(conditional=False).picture(LIGHTNESS, AB * 0)
    assert shown.shape == (2, 3, 32, 32)
    assert float((shown[:, 0] - shown[:, 2]).abs().max()) < 0.01  # grey
    assert float(shown.min()) >= -1
    assert float(shown.max()) <= 1


def test_spectral_norm_bounds_every_layer():
    critic = critic_of(spectral=True, norm="none").train()
    with torch.no_grad():
        for value in critic.parameters():
            if value.ndim == 4:
                value.mul_(100)
        for _ in range(50):
            critic(torch.rand(2, 3, 32, 32))
    layers = [layer for layer in critic.modules() if isinstance(layer, torch.nn.Conv2d)]
    assert len(layers) == 4
    for layer in layers:
        largest = torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2)
        assert float(largest) == pytest.approx(1, abs=0.05)


def test_semantic_critics_are_told_what_the_photo_shows():
    critic = critic_of(semantic=True)
    told = critic.told(LIGHTNESS)
    assert told is not None
    assert told.shape[:2] == (2, 32)
    picture = critic.picture(LIGHTNESS, AB)
    with torch.no_grad():
        first, other = critic(picture, told)[0], critic(picture, told + 1)[0]
    assert not torch.equal(first, other)
    assert critic_of().told(LIGHTNESS) is None
