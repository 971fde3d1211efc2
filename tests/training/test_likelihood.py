"""ab NLL in bits a pixel, of distributions whose answer is known."""

import numpy as np
import pytest

from engine.colorist import Distribution
from engine.models.bins import ab_bins
from tests.training.making import packed, rule_photo
from training.evaluation import centre_crop
from training.likelihood import Ledger, encoded, reference_shares, small_ab
from training.methods import with_ab

BINS = ab_bins().numpy()
SIZE = (16, 16)


def says(probability) -> Distribution:
    """A distribution that is the same everywhere, or Q×h×w."""
    values = np.asarray(probability, np.float32)
    if values.ndim == 1:
        values = np.broadcast_to(values[:, None, None], (len(BINS), *SIZE))
    return Distribution(np.log(np.maximum(values, 1e-9)), BINS)


def of_photo(photo) -> np.ndarray:
    """The softly encoded truth itself, Q×h×w."""
    index, weight = encoded(small_ab(photo, SIZE), BINS)
    flat = np.zeros((index.shape[0], len(BINS)), np.float32)
    np.put_along_axis(flat, index, weight, axis=1)
    return flat.T.reshape(len(BINS), *SIZE)


@pytest.fixture
def photos():
    return [centre_crop(rule_photo(n)) for n in range(4)]


def uniform():
    return says(np.full(len(BINS), 1 / len(BINS)))


def test_knowing_nothing_costs_the_logarithm_of_the_bins(photos):
    ledger = Ledger()
    for photo in photos:
        ledger.add("s", photo, uniform())
    found = ledger.result()
    assert found is not None
    assert found.bits == pytest.approx(np.log2(len(BINS)), rel=1e-4)
    assert found.marginal < found.bits - 1  # these photos have few colours
    assert found.marginal_of == "measured photos"


def test_knowing_all_costs_what_the_encoding_does(photos):
    ledger = Ledger()
    for photo in photos:
        ledger.add("s", photo, says(of_photo(photo)))
    found = ledger.result()
    assert found is not None
    truth = np.stack([of_photo(photo) for photo in photos])
    entropy = -(truth * np.log2(np.maximum(truth, 1e-12))).sum(axis=1).mean()
    assert found.bits == pytest.approx(entropy, abs=0.01)
    assert found.bits < found.marginal


def test_the_marginal_of_the_measured_photos(photos):
    """Told as a model, it costs what the ledger says of it."""
    marginal = np.stack([of_photo(photo) for photo in photos]).mean(axis=(0, 2, 3))
    ledger = Ledger()
    for photo in photos:
        ledger.add("s", photo, says(marginal))
    found = ledger.result()
    assert found is not None
    assert found.bits == pytest.approx(found.marginal, abs=0.01)


def test_the_marginal_of_reference_photos(photos):
    alike, other = (
        Ledger(packed(photos)),
        Ledger(packed([with_ab(photo, np.array([-20, 30], np.float32)) for photo in photos])),
    )
    for ledger in (alike, other):
        for photo in photos:
            ledger.add("s", photo, uniform())
    near, far = alike.result(), other.result()
    assert near is not None
    assert far is not None
    assert near.marginal_of == far.marginal_of == "reference photos"
    assert near.marginal + 2 < far.marginal < 30  # a colour never seen is unlikely, not impossible


def test_shares_of_reference_photos(photos):
    shares = reference_shares(packed(photos), BINS, SIZE)
    assert shares.shape == (len(BINS),)
    assert shares.sum() == pytest.approx(1)
    seen = np.stack([of_photo(photo) for photo in photos]).mean(axis=(0, 2, 3))
    assert np.abs(shares - seen).sum() < 0.3  # every fourth pixel each way is near enough


def test_means_over_sources(photos):
    ledger = Ledger()
    sure = says(of_photo(photos[0]))
    ledger.add("many", photos[0], sure)
    ledger.add("many", photos[0], sure)
    ledger.add("few", photos[1], uniform())
    found = ledger.result()
    assert found is not None
    assert list(found.sources) == ["few", "many"]
    assert found.sources["few"][0] == pytest.approx(np.log2(len(BINS)), rel=1e-4)
    assert found.bits == pytest.approx(np.mean([bits for bits, _ in found.sources.values()]))
    assert found.marginal == pytest.approx(np.mean([marginal for _, marginal in found.sources.values()]))


def test_an_empty_ledger():
    assert Ledger().result() is None


def test_small_ab_is_the_mean():
    photo = rule_photo(0, 64, 64)
    assert small_ab(photo, (1, 1))[0, 0] == pytest.approx(small_ab(photo, (64, 64)).mean(axis=(0, 1)), abs=0.01)
    assert small_ab(photo, (16, 32)).shape == (16, 32, 2)


def test_many_colours_are_encoded_in_parts(monkeypatch):
    ab = np.random.default_rng(0).uniform(-60, 60, (40, 50, 2)).astype(np.float32)
    whole = encoded(ab, BINS)
    monkeypatch.setattr("training.likelihood.CHUNK", 333)
    for one, other in zip(whole, encoded(ab, BINS), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
    assert whole[1].sum(axis=1) == pytest.approx(1, abs=1e-5)
