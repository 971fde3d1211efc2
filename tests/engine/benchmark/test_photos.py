"""The photos that a benchmark makes are what their names say, and the same each time."""

import numpy as np
import pytest
from PIL import Image

from engine.benchmark import photos
from engine.photo import SourceKind, read_photo


@pytest.fixture
def made(tmp_path, monkeypatch):
    monkeypatch.setattr(photos, "MEGAPIXELS_12", (400, 300))
    return {subject.name: subject.make(tmp_path) for subject in photos.subjects()}


def test_three_kinds_of_photo(made):
    found = {name: read_photo(path) for name, path in made.items()}
    facts = {name: (photo.format, photo.bit_depth, photo.width, photo.height) for name, photo in found.items()}
    assert facts == {
        "12 MP grey JPEG": ("JPEG", 8, 400, 300),
        "12 MP colour JPEG": ("JPEG", 8, 400, 300),
        "12 MP 16-bit TIFF": ("TIFF", 16, 400, 300),
    }
    kinds = [photo.source_kind for photo in found.values()]
    assert kinds == [SourceKind.GREY, SourceKind.COLOUR, SourceKind.GREY]


def test_their_size():
    width, height = photos.MEGAPIXELS_12
    assert width * height == 12_000_000


def test_they_are_the_same_each_time(made, tmp_path):
    before = {name: path.read_bytes() for name, path in made.items()}
    after = {subject.name: subject.make(tmp_path).read_bytes() for subject in photos.subjects()}
    assert before == after


def test_the_deep_one_has_levels_between_those_of_8_bits(made):
    with Image.open(made["12 MP 16-bit TIFF"]) as picture:
        assert len(np.unique(np.asarray(picture))) > 1000


def test_a_given_photo_stays_where_it_is(tmp_path):
    path = tmp_path / "mine.png"
    (subject,) = photos.subjects(path)
    assert (subject.name, subject.make(tmp_path / "elsewhere")) == ("mine.png", path)
