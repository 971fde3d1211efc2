"""The hint curve: the drawing, the ways, and what must come of them."""

import numpy as np
import pytest
import torch

from engine.colorist import Colorist
from tests.training.making import install, rule_photo
from training.evaluation import Sample, centre_crop
from training.hint_curve import GREY, PATCH, HintTrial, draw_hints
from training.methods import Painter
from training.metrics import View


@pytest.fixture
def painter(monkeypatch):
    monkeypatch.setattr("engine.models.runtime.faster_dtype", lambda run, device: torch.float32)
    install()
    return Painter(Colorist("tiny", "cpu"))


@pytest.fixture
def samples():
    return [Sample(f"{n}.webp", "s", centre_crop(rule_photo(n))) for n in range(3)]


def test_the_drawing_belongs_to_the_name():
    lab = View(centre_crop(rule_photo(0))).lab
    one, again, other = draw_hints("a.webp", lab), draw_hints("a.webp", lab), draw_hints("b.webp", lab)
    np.testing.assert_array_equal(one.corners, again.corners)
    assert (one.corners != other.corners).any()
    np.testing.assert_array_equal(one.first(7).spots, one.spots[:7])
    np.testing.assert_array_equal(draw_hints("a.webp", lab, 50).corners, one.corners[:50])


def test_the_drawing_is_the_protocols():
    """Places N(centre, side/4), kept within the picture; the colour is the mean of 6×6 true pixels; equal area."""
    lab = View(centre_crop(rule_photo(0))).lab
    drawn = [draw_hints(f"{n}.webp", lab) for n in range(40)]
    corners = np.concatenate([each.corners for each in drawn])
    assert corners.min() >= 0
    assert corners.max() <= 256 - PATCH
    middles = corners + PATCH / 2
    inside = middles[(np.abs(middles - 128) < 120).all(axis=1)]
    assert inside.mean(axis=0) == pytest.approx([128, 128], abs=2)
    assert inside.std(axis=0) == pytest.approx([54.5, 54.5], abs=1.5)  # of N(128, 64), cut at ±120
    for n in range(20):
        left, top = drawn[0].corners[n]
        x, y, a, b, radius, kind = drawn[0].spots[n]
        assert (x * 256, y * 256) == pytest.approx((left + 3, top + 3))
        assert (a, b) == pytest.approx(tuple(lab[top : top + 6, left : left + 6, 1:].mean(axis=(0, 1))), abs=1e-3)
        assert np.pi * (radius * 256) ** 2 == pytest.approx(36, rel=1e-4)
        assert kind == 0


def test_later_hints_own_the_pixels():
    drawn = draw_hints("a.webp", View(centre_crop(rule_photo(0))).lab, 60)
    owner = drawn.owner()
    for n, (left, top) in enumerate(drawn.corners):
        patch = owner[top : top + PATCH, left : left + PATCH]
        assert (patch >= n).all()
    assert len(np.unique(owner)) > 40


def test_all_ways(painter, samples):
    trial = HintTrial([0, 3, 40], {"tiny": painter})
    for sample in samples:
        trial.add(sample, View(sample.srgb))
    rows = trial.rows()
    names = [GREY, "tiny: automatic + propagation", "tiny: hinted + propagation"]
    assert [(row.name, row.model) for row in rows] == list(zip(names, ("", "tiny", "tiny"), strict=True))
    grey, automatic, hinted = rows
    for row in rows:
        assert row.points[40].macro["gain"] > row.points[0].macro["gain"] + 1
        assert "trust" not in row.points[0].macro
        assert row.points[40].macro["trust"] < 8
        assert row.wrong.macro["trust"] < 8
        assert row.points[3].spread["gain"].photos == 3
    assert grey.points[0].macro["gain"] == pytest.approx(0, abs=0.01)
    assert automatic.points[0].macro["gain"] == hinted.points[0].macro["gain"]
    assert automatic.points[3].macro["gain"] != hinted.points[3].macro["gain"]


def test_a_network_that_takes_no_hints(painter, samples, monkeypatch):
    monkeypatch.setattr(type(painter.colorist), "takes_hints", property(lambda self: False))
    trial = HintTrial([0, 1], {"tiny": painter})
    trial.add(samples[0], View(samples[0].srgb))
    assert [row.name for row in trial.rows()] == [GREY, "tiny: automatic + propagation"]


def test_nothing_was_tried():
    assert HintTrial([0, 1], {}).rows() == []
