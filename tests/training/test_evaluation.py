"""Which photos are measured with, and cut how."""

import numpy as np
import pytest

from tests.training.making import encoded, grey_photo, hashed_name, rule_photo, write_rule_zip, write_zip
from training.data.entries import DataError
from training.evaluation import MIN_COLORFULNESS, SIDE, centre_crop, in_half, load_samples


@pytest.mark.parametrize(
    ("name", "half"),
    [
        ("museum-0a1b2c3d4e.webp", "choose"),
        ("museum-7fffffffff.webp", "choose"),
        ("museum-8000000000.webp", "test"),
        ("deep/er/museum-fa1b2c3d4e.jpg", "test"),
        ("a-b-c-123456.png", "choose"),
    ],
)
def test_halves_by_the_hash_in_the_name(name, half):
    assert in_half(name, half)
    assert not in_half(name, "test" if half == "choose" else "choose")
    assert in_half(name, "all")


def test_halves_of_names_without_a_hash():
    names = [f"holiday {n}.jpg" for n in range(400)]
    choose = [name for name in names if in_half(name, "choose")]
    assert set(names) - set(choose) == {name for name in names if in_half(name, "test")}
    assert 150 < len(choose) < 250
    assert in_half("x/holiday 1.jpg", "choose") == in_half("holiday 1.jpg", "choose")  # wherever it lies


@pytest.mark.parametrize("size", [(256, 256), (300, 500), (500, 300), (100, 90), (256, 257), (48, 700)], ids=str)
def test_the_centre_crop(size):
    found = centre_crop(rule_photo(0, *size))
    assert found.shape == (SIDE, SIDE, 3)
    assert found.flags.c_contiguous


def test_the_centre_crop_is_the_centre():
    wide = np.zeros((256, 512, 3), np.uint8)
    wide[:, 128:384] = rule_photo(0, 256, 256)
    np.testing.assert_array_equal(centre_crop(wide), rule_photo(0, 256, 256))


def test_loading_samples(tmp_path):
    names = write_rule_zip(tmp_path / "photos-val.zip", 12)
    found = load_samples([tmp_path], "*val*.zip", "all")
    assert sorted(sample.name for sample in found.samples) == sorted(names)
    assert {sample.srgb.shape for sample in found.samples} == {(SIDE, SIDE, 3)}
    halves = [load_samples([tmp_path], "*val*.zip", half).samples for half in ("test", "choose")]
    assert sum(map(len, halves)) == 12
    one = load_samples([tmp_path], "*val*.zip", "all", exclude=["two"])
    assert {sample.source for sample in one.samples} == {"one"}


def test_photos_that_cannot_be_measured_are_named(tmp_path):
    files = {
        "good.webp": encoded(rule_photo(0)),
        "grey.webp": encoded(grey_photo()),
        "broken.webp": encoded(rule_photo(1))[:300],
    }
    write_zip(tmp_path / "p.zip", files)
    found = load_samples([tmp_path], "*.zip", "all")
    assert [sample.name for sample in found.samples] == ["good.webp"]
    assert (found.grey, found.damaged) == (["grey.webp"], ["broken.webp"])
    assert MIN_COLORFULNESS == 10


def test_nothing_to_measure_with(tmp_path):
    write_zip(tmp_path / "p.zip", {hashed_name("s", 0): encoded(grey_photo())})
    with pytest.raises(DataError, match="no photo with colours") as told:
        load_samples([tmp_path], "*.zip", "all")
    assert "1 are grey" in told.value.advice


def test_the_first_photos_of_a_fixed_shuffle(tmp_path):
    write_rule_zip(tmp_path / "photos-val.zip", 12)
    everything = load_samples([tmp_path], "*val*.zip", "all")
    few, more = (load_samples([tmp_path], "*val*.zip", "all", photos=count) for count in (3, 8))
    names = [sample.name for sample in few.samples]
    assert names == [sample.name for sample in more.samples][:3]
    assert names != sorted(sample.name for sample in everything.samples)[:3]  # not the first by name: one source
    assert (few.candidates, len(few.samples), len(more.samples)) == (12, 3, 8)
    assert len(load_samples([tmp_path], "*val*.zip", "all", photos=99).samples) == 12


def test_grey_photos_do_not_count_among_the_first(tmp_path):
    files = {hashed_name("s", n): encoded(grey_photo() if n % 2 else rule_photo(n)) for n in range(10)}
    write_zip(tmp_path / "p.zip", files)
    assert len(load_samples([tmp_path], "*.zip", "all", photos=5).samples) == 5
