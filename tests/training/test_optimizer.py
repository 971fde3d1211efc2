"""Optimisers and the moving average."""

import pytest
import torch

from tests.training.making import tiny_network, tiny_recipe
from training.optimizer import Average, clip, make_optimizer, set_rate

CPU = torch.device("cpu")


def test_only_weights_decay():
    groups = make_optimizer(tiny_network(), tiny_recipe().schedule, CPU).param_groups
    assert [group["weight_decay"] > 0 for group in groups] == [True, False]
    assert all(value.ndim >= 2 for value in groups[0]["params"])
    assert all(value.ndim < 2 for value in groups[1]["params"])


@pytest.mark.parametrize(("name", "kind"), [("adam", torch.optim.Adam), ("adamw", torch.optim.AdamW)])
def test_the_recipe_chooses(name, kind):
    schedule = tiny_recipe(schedule={"optimizer": name, "betas": [0.5, 0.9]}).schedule
    optimizer = make_optimizer(tiny_network(), schedule, CPU)
    assert type(optimizer) is kind
    assert optimizer.param_groups[0]["betas"] == (0.5, 0.9)
    set_rate(optimizer, 0.125)
    assert [group["lr"] for group in optimizer.param_groups] == [0.125, 0.125]


def test_gradients_are_shortened_unless_told_otherwise():
    value = torch.nn.Parameter(torch.zeros(2))
    value.grad = torch.tensor([3.0, 4.0])
    clip([value], 0.0)
    assert float(value.grad.norm()) == 5
    clip([value], 1.0)
    assert float(value.grad.norm()) == pytest.approx(1, abs=1e-4)


def test_the_average_follows_slowly_and_counts_whole_numbers():
    layer = torch.nn.BatchNorm1d(1)
    average = Average(layer, decay=0.9)
    with torch.no_grad():
        layer.weight.fill_(11.0)
    layer.get_buffer("num_batches_tracked").add_(7)
    average.update(layer)
    assert float(average.state["weight"]) == pytest.approx(1 + 10 * (1 - 2 / 11))
    assert int(average.state["num_batches_tracked"]) == 7
    for _ in range(200):
        average.update(layer)
    assert float(average.state["weight"]) == pytest.approx(11, abs=1e-3)
