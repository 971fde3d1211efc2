"""The quick look at held-out photos."""

import pytest
import torch

from engine.models.contract import Prediction
from tests.training.making import packed, rule_photo, tiny_network
from training.data.augmentation import true_pair
from training.monitor import SIZE, Monitor

CPU = torch.device("cpu")


@pytest.fixture
def monitor():
    return Monitor(packed([rule_photo(n) for n in range(3)]), CPU)


class Constant(torch.nn.Module):
    """Colours everything alike, and cheats where it is told the truth."""

    def __init__(self, ab=None):
        super().__init__()
        self.ab = ab

    def forward(self, lightness):
        shape = (len(lightness), 2, lightness.shape[2] // 4, lightness.shape[3] // 4)
        return Prediction(torch.zeros(shape) if self.ab is None else self.ab)


def test_grey_gains_nothing(monitor):
    assert monitor.measure(Constant()) == {"gain_db": 0.0, "chroma_share": 0.0}


def test_the_truth_gains_much(monitor):
    srgb = monitor.crops.crops(torch.arange(3), SIZE, torch.Generator(), None).srgb
    found = monitor.measure(Constant(true_pair(srgb).ab))
    assert found["gain_db"] > 10
    assert found["chroma_share"] == pytest.approx(1.0, abs=0.001)


def test_a_network_has_bits(monitor):
    assert 5 < monitor.measure(tiny_network())["bits"] < 20


def test_more_photos_than_one_batch():
    many = Monitor(packed([rule_photo(n % 3) for n in range(33)]), CPU)
    few = Monitor(packed([rule_photo(n) for n in range(3)]), CPU)
    network = tiny_network()
    assert many.measure(network)["bits"] == pytest.approx(few.measure(network)["bits"], abs=0.01)
