"""FID and KID: of distributions whose distance is known, and against torch-fidelity."""

import numpy as np
import pytest
import scipy.linalg
import torch

from tests.training.making import rule_photo
from training.metrics.inception import InceptionLedger, frechet_distance, inception_extractor, kernel_distance
from training.metrics.weight_file import MetricWeightsError

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")


@pytest.fixture
def features():
    chance = np.random.default_rng(0)
    mixing = chance.normal(size=(12, 12))
    return chance.normal(size=(300, 12)), chance.normal(size=(250, 12)) @ mixing + 0.5


def test_frechet_distance_by_the_matrix_root(features):
    one, other = features
    first, second = np.cov(one.T), np.cov(other.T)
    root = scipy.linalg.sqrtm(first @ second)
    expected = np.sum((one.mean(0) - other.mean(0)) ** 2) + np.trace(first + second - 2 * root.real)
    assert frechet_distance(one, other) == pytest.approx(expected, rel=1e-6)
    assert frechet_distance(one, one) == pytest.approx(0, abs=1e-6)
    assert frechet_distance(one, one + 2) == pytest.approx(4 * 12, rel=1e-6)


def test_kernel_distance_by_the_sum(features):
    one, other = (each[:20] for each in features)

    def k(x, y):
        return (x @ y / 12 + 1) ** 3

    within = [np.mean([k(x, y) for n, x in enumerate(each) for m, y in enumerate(each) if n != m])
              for each in (one, other)]  # fmt: skip
    between = np.mean([k(x, y) for x in one for y in other])
    assert kernel_distance(one, other) == pytest.approx(sum(within) - 2 * between, rel=1e-9)


def test_kernel_distance_is_unbiased():
    chance = np.random.default_rng(1)
    found = [kernel_distance(chance.normal(size=(40, 8)), chance.normal(size=(40, 8))) for _ in range(200)]
    assert abs(np.mean(found)) < 3 * np.std(found) / 200**0.5
    assert min(found) < 0 < max(found)


def test_against_torch_fidelity(features):
    fidelity = pytest.importorskip("torch_fidelity")
    from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
    from torch_fidelity.metric_kid import kernel_poly, mmd2

    assert fidelity is not None
    one, other = (each[:250] for each in features)
    stats = [fid_features_to_statistics(torch.tensor(each)) for each in (one, other)]
    expected = fid_statistics_to_metric(*stats, verbose=False)["frechet_inception_distance"]
    assert frechet_distance(one, other) == pytest.approx(expected, rel=1e-6)
    settings = {"kid_kernel_poly_degree": 3, "kid_kernel_poly_gamma": None, "kid_kernel_poly_coef0": 1}
    kernels = [kernel_poly(x, y, **settings) for x, y in ((one, one), (one, other), (other, other))]
    assert kernel_distance(one, other) == pytest.approx(mmd2(*kernels), rel=1e-6)


def test_few_photos_get_kid_and_many_fid(monkeypatch):
    ledger = InceptionLedger(lambda srgb: srgb.reshape(-1, 3).mean(axis=0).astype(float))
    assert ledger.result() == {}
    photos = [rule_photo(n) for n in range(6)]
    for photo in photos:
        ledger.add_truth(photo)
        ledger.add("same", photo)
        ledger.add("dark", photo // 2)
    found = ledger.result()
    assert {distance.kind for distance in found.values()} == {"KID"}
    assert found["dark"].value > found["same"].value
    assert found["same"].photos == 6
    monkeypatch.setattr("training.metrics.inception.LEAST_FOR_FID", 6)
    found = ledger.result()
    assert found["same"].kind == "FID"
    assert found["same"].value == pytest.approx(0, abs=1e-6)


def test_weights_of_another_network(tmp_path):
    pytest.importorskip("torch_fidelity")
    torch.save({"layer.weight": torch.zeros(3)}, tmp_path / "other.pth")
    with pytest.raises(MetricWeightsError, match=r"other\.pth does not fit"):
        inception_extractor(tmp_path / "other.pth")
    with pytest.raises(MetricWeightsError, match="no file"):
        inception_extractor(tmp_path / "none.pth")
