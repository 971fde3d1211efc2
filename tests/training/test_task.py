"""One training step: which losses there are, what they depend on, and that they reach every weight."""

import pytest
import torch

from engine.models.registry import build_network
from tests.training.making import TINY, packed, rule_photo, tiny_network, tiny_recipe
from training.batch import Batch, Needs, make_batch
from training.data.batches import CropSource
from training.recipe import RecipeError
from training.task import ColorTask


def batch_of(labels=(0, 1, -1, 0), stride=4, **changes) -> Batch:
    """Four photos, as a recipe draws them."""
    crops = CropSource(packed([rule_photo(n) for n in range(4)], list(labels)), torch.device("cpu"))
    return make_batch(crops, tiny_recipe(**changes), 0, 4, 32, Needs(stride, hints=True))


@pytest.fixture
def batch() -> Batch:
    return batch_of()


def losses(batch, labels=2, **changes):
    return ColorTask(tiny_network(), labels).train()(batch, tiny_recipe(**changes).loss)[0]


def test_all_losses(batch):
    found = losses(batch)
    assert set(found) == {"palette", "huber", "bins", "label"}
    assert all(torch.isfinite(value) and value > 0 for value in found.values())


def test_weights_multiply_and_zero_leaves_out(batch):
    usual = losses(batch)
    other = losses(batch, loss={"huber": 30.0, "bins": 0.0, "label": 0.0})
    assert set(other) == {"palette", "huber"}
    assert float(other["huber"].detach()) == pytest.approx(3 * float(usual["huber"].detach()), rel=1e-4)


def test_without_labels_there_is_no_classifier(batch):
    task = ColorTask(tiny_network())
    assert task.classify is None
    assert "label" not in task(batch, tiny_recipe().loss)[0]
    assert "label" not in losses(batch_of(labels=(-1, -1, -1, -1)))


def test_the_classifier_is_not_part_of_the_network():
    task = ColorTask(tiny_network(), 5)
    assert not [name for name in task.model.state_dict() if "classify" in name]


def test_every_weight_learns():
    batch = batch_of(augmentation={"hinted": 1.0, "true_palette": 1.0})
    task = ColorTask(tiny_network(), 2).train()
    torch.stack(list(task(batch, tiny_recipe().loss)[0].values())).sum().backward()
    silent = [name for name, value in task.named_parameters() if value.grad is None or not value.grad.any()]
    assert silent == []


@torch.no_grad()
def test_losses_of_shares_have_the_mean_of_the_whole(batch):
    """What several processes average is what one would have computed."""
    task = ColorTask(tiny_network(), 2).eval()
    whole = task(batch, tiny_recipe().loss)[0]
    shares = [task(batch.share(rank, 2), tiny_recipe().loss)[0] for rank in range(2)]
    for name, value in whole.items():
        assert float(sum(share[name] for share in shares)) / 2 == pytest.approx(float(value), rel=1e-4), name


@torch.no_grad()
def test_comparisons_by_name(batch):
    names = ("l1", "l2", "huber", "pairwise", "mean_color", "dominant", "colorfulness")
    none = {"bins": 0.0, "palette": 0.0, "label": 0.0}
    found = losses(batch, loss={**dict.fromkeys(names, 1.0), **none})
    assert set(found) == set(names)
    doubled = losses(batch, loss={**dict.fromkeys(names, 2.0), **none})
    assert all(float(doubled[name]) == pytest.approx(2 * float(found[name]), rel=1e-4) for name in names)


def test_colors_alone(batch):
    task = ColorTask(tiny_network(), 2).eval()
    with torch.no_grad():
        none, ab = task(batch, None, wants_colors=True)
        _, with_losses = task(batch, tiny_recipe().loss)
    assert none == {}
    assert ab.shape == (4, 2, 8, 8)
    assert torch.equal(ab, with_losses)


@pytest.mark.parametrize("name", ["srgb", "kl", "own"])
def test_what_the_network_does_not_have(batch, name):
    with pytest.raises(RecipeError, match=f'"{name}"') as told:
        losses(batch, loss={name: 1.0})
    assert f'"loss.{name}"' in told.value.advice


@torch.no_grad()
def test_rebalancing_weighs_rare_colors(batch):
    network = tiny_network()
    weights = torch.full((len(network.get_buffer("bins")),), 3.0)
    usual, rare = (ColorTask(network, 0, counts)(batch, tiny_recipe().loss)[0]["bins"] for counts in (None, weights))
    assert float(rare) == pytest.approx(3 * float(usual), rel=1e-4)


@torch.no_grad()
def test_the_perceptual_loss_is_no_part_of_the_state(batch):
    class Judge(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.ones(1))

        def forward(self, shown, truth):
            assert shown.shape == truth.shape == (4, 3, 8, 8)
            return (shown - truth).abs().mean() * self.weight

    task = ColorTask(tiny_network(), perceptual=Judge())
    weights = tiny_recipe(loss={"perceptual": 2.0, "perceptual_weights": "vgg.pth"}).loss
    assert float(task(batch, weights)[0]["perceptual"]) > 0
    assert not [name for name, _ in task.named_parameters() if not name.startswith("model.")]


def test_kriging_sees_what_hints_add():
    batch = batch_of(augmentation={"hinted": 1.0})
    network = build_network("photo", {**TINY, "kriging": 1})
    weights = tiny_recipe(loss={"huber": 0.0, "bins": 0.0, "palette": 0.0, "label": 0.0, "kriging": 1.0}).loss
    losses, _ = ColorTask(network).train()(batch, weights)
    losses["kriging"].backward()
    learnt = {name.split(".")[0] for name, value in network.named_parameters() if value.grad is not None}
    assert learnt == {"kriging"}


def test_kriging_without_hints_is_no_loss():
    batch = batch_of(augmentation={"hinted": 0.0})
    network = build_network("photo", {**TINY, "kriging": 1})
    losses, _ = ColorTask(network).train()(batch, tiny_recipe(loss={"kriging": 1.0}).loss)
    assert float(losses["kriging"].detach()) == 0


def test_a_network_without_kriging_cannot_train_it(batch):
    with pytest.raises(RecipeError, match="kriging"):
        losses(batch, loss={"kriging": 1.0})
