"""Which pictures are shown, and what is in them."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.training.making import rule_photo
from training.reporting.gallery import Gallery


@pytest.fixture
def gallery():
    found = Gallery()
    for n in range(12):
        found.add_truth(str(n), rule_photo(n, 64, 64))
        found.add("tiny", str(n), rule_photo(n + 100, 64, 64))
    return found


def test_the_best_the_middling_and_the_worst(gallery):
    gains = {str(n): float(n) for n in range(12)}
    shown = gallery.exhibits("tiny", gains, each=2)
    groups = {group: [one.photo for one in shown if one.group == group] for group in ("best", "median", "worst")}
    assert groups == {"best": ["11", "10"], "median": ["6", "5"], "worst": ["1", "0"]}
    assert [one.gain for one in shown] == [11, 10, 6, 5, 1, 0]


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_few_photos_are_shown_once(gallery, count):
    shown = gallery.exhibits("tiny", {str(n): float(n) for n in range(count)})
    photos = [one.photo for one in shown]
    assert len(set(photos)) == len(photos)
    assert set(photos) <= {str(n) for n in range(count)}


def test_grey_generated_original(gallery):
    shown = gallery.exhibits("tiny", {"3": 1.0})[0]
    with Image.open(io.BytesIO(shown.picture)) as file:
        picture = np.asarray(file).astype(float)
    grey, generated, original = np.split(picture, 3, axis=1)
    assert np.abs(grey - grey.mean(axis=-1, keepdims=True)).max() < 3
    for part, expected in ((generated, rule_photo(103, 64, 64)), (original, rule_photo(3, 64, 64))):
        assert np.abs(part - expected).mean() < 4
