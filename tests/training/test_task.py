"""One training step: which losses there are, what they depend on, and that they reach every weight."""

import pytest
import torch

from tests.training.making import packed, rule_photo, tiny_network, tiny_recipe
from training.data.batches import Crops, CropSource
from training.task import ColorTask


@pytest.fixture
def crops() -> Crops:
    photos = packed([rule_photo(n) for n in range(4)], [0, 1, -1, 0])
    return CropSource(photos, torch.device("cpu")).crops(torch.arange(4), 32, torch.Generator(), None)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def losses(crops, labels=2, **changes):
    return ColorTask(tiny_network(), tiny_recipe(**changes), labels).train()(crops, seeded())


def test_all_losses(crops):
    found = losses(crops)
    assert set(found) == {"palette", "huber", "bins", "label"}
    assert all(torch.isfinite(value) and value > 0 for value in found.values())


def test_weights_multiply_and_zero_leaves_out(crops):
    usual = losses(crops)
    other = losses(crops, loss={"huber": 30.0, "bins": 0.0, "label": 0.0})
    assert set(other) == {"palette", "huber"}
    assert float(other["huber"].detach()) == pytest.approx(3 * float(usual["huber"].detach()), rel=1e-4)


def test_without_labels_there_is_no_classifier(crops):
    task = ColorTask(tiny_network(), tiny_recipe(), 0)
    assert task.classify is None
    assert "label" not in task(crops, seeded())
    unlabelled = Crops(crops.srgb, crops.index, torch.full_like(crops.labels, -1))
    assert "label" not in ColorTask(tiny_network(), tiny_recipe(), 2)(unlabelled, seeded())


def test_the_classifier_is_not_part_of_the_network():
    task = ColorTask(tiny_network(), tiny_recipe(), 5)
    assert not [name for name in task.model.state_dict() if "classify" in name]


def test_every_weight_learns(crops):
    task = ColorTask(tiny_network(), tiny_recipe(augmentation={"hinted": 1.0, "true_palette": 1.0}), 2).train()
    torch.stack(list(task(crops, seeded()).values())).sum().backward()
    silent = [name for name, value in task.named_parameters() if value.grad is None or not value.grad.any()]
    assert silent == []


def test_a_step_is_known_by_its_seed(crops):
    task = ColorTask(tiny_network(), tiny_recipe(augmentation={"hinted": 0.5}), 2).eval()
    first, again, other = (float(task(crops, seeded(seed))["huber"].detach()) for seed in (1, 1, 2))
    assert first == again != other
