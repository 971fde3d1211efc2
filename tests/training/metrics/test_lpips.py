"""LPIPS: against torchmetrics with the same weights; and files that do not fit."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from tests.training.making import rule_photo
from training.metrics import View
from training.metrics.lpips import CONVOLUTIONS, Lpips, linear_name, lpips_metric
from training.metrics.weight_file import MetricWeightsError

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")


@pytest.fixture(scope="module")
def tensors():
    chance = torch.Generator().manual_seed(0)
    made = {}
    for layer, (n, (inputs, outputs, kernel, _, _)) in enumerate(CONVOLUTIONS.items()):
        scale = (2 / (inputs * kernel * kernel)) ** 0.5
        made[f"features.{n}.weight"] = torch.randn(outputs, inputs, kernel, kernel, generator=chance) * scale
        made[f"features.{n}.bias"] = torch.randn(outputs, generator=chance) * 0.1
        made[linear_name(layer)] = torch.rand(1, outputs, 1, 1, generator=chance)
    return made


@pytest.fixture(scope="module")
def pair():
    return View(rule_photo(0, 96, 96)), View(rule_photo(1, 96, 96))


def by_torchmetrics(tensors, pair, own_linear):
    module = pytest.importorskip("torchmetrics.functional.image.lpips")
    network = module._LPIPS(pretrained=own_linear, net="alex", pnet_rand=True, use_dropout=True)
    state = {f"net.slice{place}.{n}.{kind}": tensors[f"features.{n}.{kind}"]
             for place, n in enumerate(CONVOLUTIONS, start=1) for kind in ("weight", "bias")}  # fmt: skip
    if not own_linear:
        for n in range(5):
            state |= {name: tensors[linear_name(n)] for name in (linear_name(n), f"lins.{n}.model.1.weight")}
    missing, unexpected = network.load_state_dict(state, strict=False)
    assert not unexpected
    assert all(name.startswith("lin") for name in missing) is True
    with torch.inference_mode():
        return float(network(pair[1].tensor, pair[0].tensor, normalize=True))


def test_against_torchmetrics(tensors, pair, tmp_path):
    save_file(tensors, tmp_path / "lpips.safetensors")
    metric = lpips_metric(tmp_path / "lpips.safetensors")
    expected = by_torchmetrics(tensors, pair, own_linear=False)
    assert expected > 0.01
    assert metric.measure(*pair) == pytest.approx(expected, rel=1e-4)
    assert metric.measure(pair[0], pair[0]) == pytest.approx(0, abs=1e-6)


def test_linear_weights_that_torchmetrics_carries(tensors, pair, tmp_path):
    pytest.importorskip("torchmetrics")
    bare = {name: value for name, value in tensors.items() if name.startswith("features.")}
    torch.save(bare | {"classifier.1.bias": torch.zeros(3)}, tmp_path / "alexnet.pth")
    found = lpips_metric(tmp_path / "alexnet.pth").measure(*pair)
    assert found == pytest.approx(by_torchmetrics(tensors, pair, own_linear=True), rel=1e-4)


def test_a_batch(tensors):
    batch = torch.rand(2, 3, 64, 64) * 2 - 1
    distances = Lpips(tensors)(batch, batch.flip(0))
    assert distances.shape == (2,)
    np.testing.assert_allclose(distances[0], distances[1], rtol=1e-4)  # it is symmetric


def test_weights_that_do_not_fit(tensors):
    short = {name: value for name, value in tensors.items() if name != "features.8.bias"}
    with pytest.raises(MetricWeightsError, match=r"features\.8\.bias"):
        Lpips(short)
    with pytest.raises(MetricWeightsError, match=r"lin2\.model\.1\.weight"):
        Lpips(tensors | {linear_name(2): torch.zeros(1, 3, 1, 1)})


@pytest.mark.parametrize("kind", ["missing", "garbage.pth", "garbage.safetensors", "pickle.pth", "list.pth"])
def test_files_that_are_none(tmp_path, kind):
    file = tmp_path / kind
    if kind.startswith("garbage"):
        file.write_bytes(b"this is no weight file")
    elif kind == "pickle.pth":
        torch.save({"weights": Path}, file)  # a class: only an unpickler would read it
    elif kind == "list.pth":
        torch.save([torch.zeros(3)], file)
    with pytest.raises(MetricWeightsError) as told:
        lpips_metric(file)
    assert kind in told.value.sentence
    assert "safetensors" in told.value.advice
