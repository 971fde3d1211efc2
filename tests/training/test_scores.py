"""Figures of many photos: means within sources, then over them; and their spread."""

import numpy as np
import pytest

from tests.training.making import rule_photo
from training.evaluation import Sample, centre_crop
from training.methods import constant, oracle_mean
from training.metrics import LIGHT_METRICS, View
from training.scores import Scoreboard, judge


def sample(name, source):
    return Sample(name, source, rule_photo(0))


def test_sources_count_alike():
    """Two photos of one source and one of another."""
    board = Scoreboard()
    for name, source, value in (("a", "many", 1.0), ("b", "many", 3.0), ("c", "few", 10.0)):
        board.enter("m", sample(name, source), {"psnr": value})
        board.enter("other", sample(name, source), {"psnr": 0.0})
    row, other = board.rows()
    assert (row.name, other.name) == ("m", "other")
    assert list(row.sources) == ["few", "many"]
    assert row.sources["many"] == {"psnr": 2.0}
    assert row.macro == {"psnr": 6.0}
    assert other.macro == {"psnr": 0.0}
    assert [score.photo for score in board.scores] == ["a", "a", "b", "b", "c", "c"]


def test_the_spread_is_that_of_the_photos():
    values = np.random.default_rng(0).normal(20, 3, 30)
    board = Scoreboard()
    for n, value in enumerate(values):
        board.enter("m", sample(str(n), "s" if n % 3 else "t"), {"x": float(value)})
    spread = board.rows()[0].spread["x"]
    assert (spread.mean, spread.sd) == pytest.approx((values.mean(), values.std()))
    assert (spread.min, spread.max, spread.photos) == (values.min(), values.max(), 30)


def test_a_figure_that_a_photo_lacks():
    board = Scoreboard()
    board.enter("m", sample("a", "one"), {"x": 1.0, "rare": 5.0})
    board.enter("m", sample("b", "one"), {"x": 2.0})
    board.enter("m", sample("c", "two"), {"x": 3.0})
    row = board.rows()[0]
    assert row.sources == {"one": {"x": 1.5, "rare": 5.0}, "two": {"x": 3.0}}
    assert row.macro == {"x": 2.25, "rare": 5.0}
    assert row.spread["rare"].photos == 1


def test_judging():
    truth = View(centre_crop(rule_photo(0, 96, 120)))
    best = judge(truth, truth, LIGHT_METRICS)
    assert best["psnr"] == 100
    assert best["chroma"] == pytest.approx(1)
    assert [best[key] for key in ("ciede2000", "colorfulness_error", "hue_error", "mse", "rmse")] == [0] * 5
    grey = judge(truth, View(constant((0.0, 0.0))(truth.srgb)), LIGHT_METRICS)
    assert (grey["gain"], grey["hue_error"]) == pytest.approx((0, 90))
    assert (grey["chroma"], grey["colorfulness"], grey["bleeding"]) == pytest.approx((0, 0, 0), abs=0.1)
    assert "hue_error" not in judge(truth.grey, View(oracle_mean(truth.srgb)), LIGHT_METRICS)
