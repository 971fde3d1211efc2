"""Whether a photo keeps its colours at other sizes."""

import pytest
import torch

from engine.colorist import Colorist
from tests.training.making import install, rule_photo
from training.evaluation import Sample, centre_crop
from training.stability import size_stability


@pytest.fixture
def colorist(monkeypatch):
    monkeypatch.setattr("engine.models.runtime.faster_dtype", lambda run, device: torch.float32)
    install()
    return Colorist("tiny", "cpu")


def test_all_scales(colorist):
    told = []
    samples = [Sample(str(n), "s", centre_crop(rule_photo(n))) for n in range(2)]
    found = size_stability(colorist, samples, lambda: told.append(1))
    assert list(found) == ["0.5x", "2x", "4x"]
    assert all(0 < distance < 2 for distance in found.values())
    assert len(told) == 2


def test_a_model_that_looks_at_the_size_is_found_out(colorist, monkeypatch):
    colors = colorist.colors

    def unstable(prepared):
        found = colors(prepared)
        for n, each in enumerate(found):
            each.ab[...] += 10.0 * n
        return found

    monkeypatch.setattr(colorist, "colors", unstable)
    found = size_stability(colorist, [Sample("a", "s", centre_crop(rule_photo(0)))])
    assert found["0.5x"] > 10
    assert found["4x"] > 35
