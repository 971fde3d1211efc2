"""Scores and rows: against photos whose answer is known."""

import numpy as np
import pytest

from engine.color.lab import lightness_of, srgb_to_lab
from tests.training.making import encoded, grey_photo, hashed_name, rule_photo, write_rule_zip, write_zip
from training.data.entries import DataError
from training.evaluation import (
    MIN_COLORFULNESS,
    SIDE,
    Sample,
    centre_crop,
    in_half,
    load_samples,
    measure,
    psnr,
    score,
    study,
)
from training.methods import constant, oracle_mean, with_ab


def crop(seed=0):
    return centre_crop(rule_photo(seed, 96, 120))


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


def test_psnr():
    photo = crop()
    assert psnr(photo, photo) == pytest.approx(100)
    other = np.clip(photo.astype(int) + np.where(photo > 100, -10, 10), 0, 255).astype(np.uint8)
    assert psnr(photo, other) == pytest.approx(20 * np.log10(255 / 10), abs=1e-3)
    assert psnr(np.zeros_like(photo), np.full_like(photo, 255)) == pytest.approx(0)


def test_the_truth_itself_scores_best():
    truth = study(crop())
    best = score(truth, truth.srgb)
    assert best.psnr == pytest.approx(100)
    assert best.gain == pytest.approx(100 - truth.grey_psnr)
    assert (best.ciede2000, best.colorfulness_error) == (0, 0)
    assert best.chroma == pytest.approx(1)


def test_grey_scores_nothing():
    truth = study(crop())
    grey = score(truth, constant((0.0, 0.0))(truth.srgb))
    assert grey.gain == 0
    assert grey.psnr == pytest.approx(truth.grey_psnr)
    assert grey.chroma < 0.001
    assert grey.colorfulness < 0.1
    assert grey.colorfulness_error == pytest.approx(truth.colorfulness, abs=0.1)
    assert grey.ciede2000 > 5


def test_other_colours_keep_the_lightness():
    truth = crop()
    colored = with_ab(truth, np.array([8.0, 12.0], np.float32))
    assert np.abs(lightness_of(colored) - lightness_of(truth)).mean() < 0.3
    lab = srgb_to_lab(colored / np.float32(255))
    assert lab[..., 1:].mean(axis=(0, 1)) == pytest.approx([8, 12], abs=0.5)
    own = srgb_to_lab(truth / np.float32(255))[..., 1:]
    assert psnr(truth, with_ab(truth, own)) > 45


def test_the_oracles_mean_beats_grey():
    orange = np.where(np.arange(SIDE)[:, None] < 200, np.array((30, 40), np.float32), np.array((0, 0), np.float32))
    ab = np.broadcast_to(orange[:, None], (SIDE, SIDE, 2)).astype(np.float32)
    truth = study(with_ab(np.full((SIDE, SIDE, 3), 120, np.uint8), ab))
    knowing = score(truth, oracle_mean(truth.srgb))
    assert knowing.gain > 3
    wrong = score(truth, constant((-30.0, -40.0))(truth.srgb))
    assert wrong.gain < 0 < knowing.gain


def test_rows_are_means_of_sources():
    """Two photos of one source and one of another: the sources count alike."""
    samples = [Sample("a", "many", crop(0)), Sample("b", "many", crop(1)), Sample("c", "few", crop(2))]
    seen = []
    rows = measure({"grey": constant((0.0, 0.0)), "mean": oracle_mean}, samples, seen.append)
    assert [row.name for row in rows] == ["grey", "mean"]
    assert seen == samples
    for row in rows:
        assert list(row.sources) == ["few", "many"]
        assert row.macro.psnr == pytest.approx((row.sources["few"].psnr + row.sources["many"].psnr) / 2)
    single = [study(sample.srgb).grey_psnr for sample in samples]
    assert rows[0].sources["many"].psnr == pytest.approx((single[0] + single[1]) / 2)
    assert rows[0].macro.gain == 0


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
