"""A model as a row: the whole path of a photo, and the network only once a photo."""

import numpy as np
import pytest
import torch

from engine.color.lab import lightness_of, srgb_to_lab
from engine.colorist import Colorist
from engine.render import Look, render
from tests.training.making import install, rule_photo
from training.evaluation import centre_crop
from training.methods import Painter, as_old_print, constant, oracle_mean, widened, with_ab
from training.metrics import View
from training.metrics.gain import gain
from training.metrics.psnr import psnr


@pytest.fixture
def colorist(monkeypatch):
    monkeypatch.setattr("engine.models.runtime.faster_dtype", lambda run, device: torch.float32)
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


def test_an_old_print_is_seen_and_the_true_lightness_shown(colorist):
    photos = [centre_crop(rule_photo(number)) for number in range(6)]
    clean, aged = Painter(colorist), Painter(colorist, aged=True)
    seen = [(clean.automatic(photo), aged.automatic(photo)) for photo in photos]
    assert all(one.ab.shape == other.ab.shape for one, other in seen)
    assert sum(np.abs(one.guide - other.guide).mean() > 1 for one, other in seen) >= 3
    for photo in photos:
        shown = aged.method(Look())(photo)
        assert np.abs(lightness_of(shown) - lightness_of(photo)).mean() < 0.3
        np.testing.assert_array_equal(shown, Painter(colorist, aged=True).method(Look())(photo))


def test_a_seed_ages_in_one_way(colorist):
    prepared = colorist.prepare(centre_crop(rule_photo(0)))
    prints = [as_old_print(prepared, seed).lightness for seed in range(8)]
    assert len({print_.tobytes() for print_ in prints}) > 6
    np.testing.assert_array_equal(prints[3], as_old_print(prepared, 3).lightness)
    assert all(
        print_.shape == prepared.lightness.shape and 0 <= print_.min() <= print_.max() <= 100 for print_ in prints
    )


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


def test_other_colours_keep_the_lightness():
    truth = centre_crop(rule_photo(0, 96, 120))
    colored = with_ab(truth, np.array([8.0, 12.0], np.float32))
    assert np.abs(lightness_of(colored) - lightness_of(truth)).mean() < 0.3
    lab = srgb_to_lab(colored / np.float32(255))
    assert lab[..., 1:].mean(axis=(0, 1)) == pytest.approx([8, 12], abs=0.5)
    own = srgb_to_lab(truth / np.float32(255))[..., 1:]
    assert psnr(View(truth), View(with_ab(truth, own))) > 45


def test_the_oracles_mean_beats_grey():
    orange = np.where(np.arange(256)[:, None] < 200, np.array((30, 40), np.float32), np.array((0, 0), np.float32))
    ab = np.broadcast_to(orange[:, None], (256, 256, 2)).astype(np.float32)
    truth = View(with_ab(np.full((256, 256, 3), 120, np.uint8), ab))
    assert gain(truth, View(oracle_mean(truth.srgb))) > 3
    assert gain(truth, View(constant((-30.0, -40.0))(truth.srgb))) < 0


def test_hints_and_variants_encode_nothing_again(colorist, monkeypatch):
    runs = []
    encode = colorist.encode
    monkeypatch.setattr(colorist, "encode", lambda prepared: runs.append(1) or encode(prepared))
    painter = Painter(colorist)
    truth = centre_crop(rule_photo(0))
    automatic = painter.automatic(truth)
    spot = np.array([[0.5, 0.5, 50, 30, 0.05, 0]], np.float32)
    hinted = painter.hinted(truth, spot)
    rows, columns = hinted.ab.shape[:2]
    assert np.linalg.norm(hinted.ab[rows // 2, columns // 2] - [50, 30]) < 5
    assert painter.hinted(truth, spot[:0]) is automatic
    variants = painter.variants(truth, 3)
    assert len(variants) == 3
    assert len({variant.ab.tobytes() for variant in variants}) == 3
    assert len(runs) == 1


def test_a_model_without_a_distribution_is_asked_once(colorist, monkeypatch):
    asked = []
    monkeypatch.setattr(colorist, "distribution", lambda features: asked.append(1))
    painter = Painter(colorist)
    for n in range(3):
        assert painter.distribution(centre_crop(rule_photo(n))) is None
    assert len(asked) == 1


def test_radii_in_pixels():
    spots = np.array([[0.2, 0.3, 1, 2, 0.01, 1]], np.float32)
    np.testing.assert_allclose(widened(spots, 200), [[0.2, 0.3, 1, 2, 2.0, 1]], rtol=1e-6)
