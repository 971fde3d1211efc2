"""Best of four."""

import pytest
import torch

from engine.colorist import Colorist
from engine.render import Look
from tests.training.making import install, rule_photo
from training.evaluation import Sample, centre_crop
from training.methods import Painter, rendered
from training.metrics import View
from training.metrics.psnr import psnr
from training.variants import VariantTrial, four_label, offered_label


@pytest.fixture
def painter(monkeypatch):
    monkeypatch.setattr("engine.models.runtime.faster_dtype", lambda run, device: torch.float32)
    install()
    return Painter(Colorist("tiny", "cpu"))


def test_the_best_of_what_is_offered(painter):
    sample = Sample("a", "s", centre_crop(rule_photo(0)))
    truth = View(sample.srgb)
    trial = VariantTrial({"tiny": painter})
    trial.add(sample, truth)
    four, offered = trial.rows()
    assert (four.name, offered.name) == (four_label("tiny"), offered_label("tiny"))
    ratios = [psnr(truth, View(rendered(sample.srgb, colors))) for colors in painter.variants(sample.srgb, 4)]
    automatic = psnr(truth, View(painter.method(Look())(sample.srgb)))
    assert four.macro["psnr"] == pytest.approx(max(ratios))
    assert offered.macro["psnr"] == pytest.approx(max(automatic, *ratios[:3]))


def test_a_model_without_palettes(painter, monkeypatch):
    monkeypatch.setattr(painter.colorist, "palettes", lambda features: [])
    trial = VariantTrial({"tiny": painter})
    sample = Sample("a", "s", centre_crop(rule_photo(0)))
    trial.add(sample, View(sample.srgb))
    assert trial.rows() == []
