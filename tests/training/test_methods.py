"""A model as a row: the whole path of a photo, and the network only once a photo."""

import numpy as np
import pytest
import torch

from engine.color.lab import lightness_of
from engine.render import Look, render
from engine.session import Colorist
from tests.training.making import install, rule_photo
from training.evaluation import centre_crop
from training.methods import Painter


@pytest.fixture
def colorist(monkeypatch):
    monkeypatch.setattr("engine.session.faster_dtype", lambda run, device: torch.float32)
    install()
    return Colorist("tiny", "cpu")


def test_a_model_colours_like_the_program(colorist):
    truth = centre_crop(rule_photo(0))
    colors = colorist.colors([colorist.prepare(truth)])[0]
    expected = render(truth, colors, Look(saturation=2.0))
    np.testing.assert_array_equal(Painter(colorist).method(Look(saturation=2.0))(truth), expected)


def test_a_model_sees_only_the_lightness(colorist):
    truth = centre_crop(rule_photo(0))
    grey = np.rint(255 * ((lightness_of(truth) + 16) / 116) ** 3).clip(0, 255)  # nearly; another picture all the same
    other = np.repeat(grey[..., None], 3, axis=-1).astype(np.uint8)
    assert Painter(colorist).method(Look())(other).shape == truth.shape


def test_the_network_runs_once_a_photo(colorist, monkeypatch):
    runs = []
    encode = colorist.encode
    monkeypatch.setattr(colorist, "encode", lambda prepared: runs.append(1) or encode(prepared))
    painter = Painter(colorist)
    methods = [painter.method(Look(saturation=saturation)) for saturation in (0.5, 1.0, 2.0)]
    photos = [centre_crop(rule_photo(n)) for n in range(2)]
    pictures = [method(photo) for photo in photos for method in methods]
    assert painter.distribution(photos[1]) is not None
    assert len(runs) == 2
    assert len({picture.tobytes() for picture in pictures}) == 6
