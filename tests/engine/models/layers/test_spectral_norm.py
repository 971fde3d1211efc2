"""Our spectral norm against torch's, whose state it shares."""

import copy
from collections.abc import Callable

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

from engine.models.layers.spectral_norm import spectral_norm


@pytest.fixture
def make() -> Callable[[], nn.Conv2d]:
    def conv() -> nn.Conv2d:
        torch.manual_seed(0)
        return nn.Conv2d(3, 8, 3, bias=False)

    return conv


def largest(conv: nn.Conv2d) -> float:
    return torch.linalg.matrix_norm(conv.weight.detach().flatten(1), ord=2).item()


def test_the_largest_singular_value_is_one_from_the_start(make: Callable[[], nn.Conv2d]) -> None:
    assert largest(make()) < 0.9
    assert largest(spectral_norm(make()).eval()) == pytest.approx(1, abs=0.03)


def test_state_and_result_are_those_of_torch(make: Callable[[], nn.Conv2d]) -> None:
    theirs, ours = parametrizations.spectral_norm(make()), spectral_norm(make())
    ours.load_state_dict(theirs.state_dict(), strict=True)
    for training in (False, True, True):
        torch.testing.assert_close(ours.train(training).weight, theirs.train(training).weight)


def test_it_follows_a_weight_that_changes_while_training_and_only_then(make: Callable[[], nn.Conv2d]) -> None:
    conv = spectral_norm(make()).eval()
    with torch.no_grad():
        conv.get_parameter("parametrizations.weight.original").copy_(torch.randn(8, 3, 3, 3))
    before = copy.deepcopy(conv.state_dict())
    assert largest(conv) > 1.2
    assert all(torch.equal(before[name], value) for name, value in conv.state_dict().items())
    for _ in range(30):
        conv.train()(torch.zeros(1, 3, 3, 3))
    assert largest(conv.eval()) == pytest.approx(1, abs=0.01)


def test_two_passes_before_one_backward_pass(make: Callable[[], nn.Conv2d]) -> None:
    conv = spectral_norm(make()).train()
    picture = torch.rand(1, 3, 5, 5)
    (conv(picture) + conv(picture)).square().mean().backward()
    grad = conv.get_parameter("parametrizations.weight.original").grad
    assert grad is not None
    assert torch.isfinite(grad).all()


def test_full_precision_under_autocast(make: Callable[[], nn.Conv2d]) -> None:
    conv = spectral_norm(make()).eval()
    expected = conv.weight
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(conv.weight, expected)


def test_nothing_is_computed_on_meta(make: Callable[[], nn.Conv2d]) -> None:
    source = spectral_norm(make()).eval()
    with torch.device("meta"):
        empty = spectral_norm(make()).eval()
    assert all(value.is_meta for value in empty.state_dict().values())
    assert empty(torch.empty(1, 3, 5, 5, device="meta")).is_meta
    empty.load_state_dict(source.state_dict(), strict=True, assign=True)
    assert torch.equal(empty.weight, source.weight)
