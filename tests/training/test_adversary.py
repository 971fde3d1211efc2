"""A critic learns to tell colours apart, and what it says reaches the generator alone."""

import pytest
import torch

from engine.models.registry import build_network
from tests.training.making import fighting_recipe, packed, rule_photo
from training.adversary import Adversary
from training.batch import Batch, Needs, make_batch
from training.data.batches import CropSource
from training.distributed import ALONE
from training.recipe import RecipeError

CPU = torch.device("cpu")
KINDS = ["vanilla", "least-squares", "wasserstein"]


def adversary_of(**changes) -> Adversary:
    torch.manual_seed(0)
    recipe = fighting_recipe(adversary={"spectral": False, "norm": "none", **changes})
    model = build_network(recipe.architecture, recipe.network)
    return Adversary(recipe, model, CPU, ALONE)


@pytest.fixture(scope="module")
def batch() -> Batch:
    crops = CropSource(packed([rule_photo(n) for n in range(4)]), CPU)
    return make_batch(crops, fighting_recipe(), 0, 4, 32, Needs(1, hints=False))


def seeded():
    return torch.Generator().manual_seed(0)


@pytest.mark.parametrize("kind", KINDS)
def test_it_learns_to_tell_true_colors_from_grey(batch, kind):
    adversary = adversary_of(kind=kind, rate=3e-3, scales=1)
    weights = adversary.recipe.loss
    grey = torch.zeros_like(batch.pair.ab)
    history: list[float] = []
    for _ in range(30):
        losses = adversary.losses(batch, grey, weights, seeded())
        assert set(losses) == ({"critic", "penalty"} if kind == "wasserstein" else {"critic"})
        torch.stack(list(losses.values())).sum().backward()
        adversary.step(1.0)
        history.append(float(losses["critic"].detach()))
    assert history[-1] < history[0] - 0.1
    with torch.no_grad():
        assert float(adversary.opinion(batch, grey)) > float(adversary.opinion(batch, batch.pair.ab))


@pytest.mark.parametrize("kind", KINDS)
def test_the_generator_hears_it_and_the_critic_stays(batch, kind):
    adversary = adversary_of(kind=kind)
    made = torch.zeros_like(batch.pair.ab, requires_grad=True)
    adversary.opinion(batch, made).backward()
    assert made.grad is not None
    assert made.grad.abs().sum() > 0
    assert all(value.grad is None for value in adversary.critic.parameters())
    losses = adversary.losses(batch, made * 2, adversary.recipe.loss, seeded())
    before = made.grad.clone()
    torch.stack(list(losses.values())).sum().backward()
    assert torch.equal(made.grad, before)
    assert all(value.grad is not None for value in adversary.critic.parameters())


def test_the_truth_is_shown_as_colorful_as_the_recipe_says(batch):
    adversary = adversary_of()
    dull, vivid = (fighting_recipe(loss={"target_saturation": share}).loss for share in (1.0, 1.5))
    fake = batch.pair.ab * 1.5
    with torch.no_grad():
        told_apart, alike = (float(adversary.losses(batch, fake, loss, seeded())["critic"]) for loss in (dull, vivid))
        same = float(adversary.losses(batch, batch.pair.ab, dull, seeded())["critic"])
    assert told_apart not in (alike, same)


def test_the_generator_has_one_step_in_several():
    adversary = adversary_of(critic_steps=3)
    assert [adversary.generator_is_due(samples) for samples in range(0, 28, 4)] == [False, False, True] * 2 + [False]


def test_a_wasserstein_critic_has_slopes_near_one(batch):
    adversary = adversary_of(kind="wasserstein", rate=3e-3, scales=1)
    grey = torch.zeros_like(batch.pair.ab)
    penalties: list[float] = []
    for _ in range(30):
        losses = adversary.losses(batch, grey, adversary.recipe.loss, seeded())
        torch.stack(list(losses.values())).sum().backward()
        adversary.step(1.0)
        penalties.append(float(losses["penalty"].detach()))
    assert penalties[-1] < 0.5 * penalties[0]


def test_pictures_too_small_for_the_critic():
    with pytest.raises(RecipeError, match="too small") as told:
        adversary_of(layers=4)
    assert "adversary.layers" in told.value.advice


def test_semantic_and_unconditional(batch):
    adversary = adversary_of(semantic=True, conditional=False)
    losses = adversary.losses(batch, batch.pair.ab * 0, adversary.recipe.loss, seeded())
    losses["critic"].backward()
    assert all(value.grad is not None for value in adversary.critic.parameters())
