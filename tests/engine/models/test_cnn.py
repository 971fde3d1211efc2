"""The encoder-decoders without skips."""

import pytest
import torch

from engine.models.cnn import CnnBaseline, CnnBaselineSpec, Dcc, DccSpec, Dlcnn, DlcnnSpec
from engine.models.contract import AB_BOUND
from tests.engine.models.learning import check_learning, full_size, made, parameters, photos


def small_baseline() -> CnnBaseline:
    return CnnBaseline(CnnBaselineSpec(width=8, bottleneck=4))


def small_dlcnn() -> Dlcnn:
    return Dlcnn(DlcnnSpec(widths=(8, 8, 16, 16), bottleneck=32))


def small_dcc() -> Dcc:
    return Dcc(DccSpec(widths=(4, 8, 16), dilations=(1, 2)))


@pytest.mark.parametrize(
    ("build", "count"),
    [
        (lambda: CnnBaseline(CnnBaselineSpec()), 7_854),
        (lambda: Dlcnn(DlcnnSpec()), 3_855_266),
        (lambda: Dcc(DccSpec()), 2_253_794),
    ],
    ids=["cnn-baseline", "dlcnn", "dcc"],
)
def test_full_size(build, count):
    assert parameters(build) == count
    assert full_size(build) == (2, 2, 256, 192)


def test_the_baseline_has_four_layers_and_a_bottleneck_of_twelve():
    network = CnnBaseline(CnnBaselineSpec())
    layers = [module for module in network.modules() if isinstance(module, (torch.nn.Conv2d, torch.nn.ConvTranspose2d))]
    assert [layer.kernel_size for layer in layers] == [(3, 3)] * 4
    assert network.encode(photos(1))[0].shape == (1, 12, 16, 16)


@pytest.mark.parametrize("build", [small_baseline, small_dlcnn, small_dcc])
def test_learning(build):
    check_learning(build, steps=40, rate=1e-2)


def test_dilated_blocks_see_far_while_the_picture_is_only_quartered():
    lightness = photos(1, 128, 128)
    other = lightness.clone()
    other[..., :8, :8] = 0
    reach = {}
    for dilations in ((1, 1), (8, 8)):
        network = made(lambda d=dilations: Dcc(DccSpec(widths=(4, 8, 16), dilations=d)))
        with torch.inference_mode():
            changed = (network(lightness).ab != network(other).ab)[0].any(dim=0)
        reach[dilations] = int(changed.nonzero().max())
        assert network.encode(lightness)[0].shape[-1] == 32
    assert reach[8, 8] > 2 * reach[1, 1]


def test_ab_of_the_baseline_is_clamped_in_use_and_free_in_training():
    network = small_baseline()
    with torch.no_grad():
        network.decoder[-1].bias.fill_(3.0)
    assert network.train()(photos(1)).ab.max() > 2 * AB_BOUND
    assert network.eval()(photos(1)).ab.max() == AB_BOUND


def test_wrong_numbers_of_widths():
    with pytest.raises(ValueError, match="3 widths are not 4"):
        DlcnnSpec(widths=(8, 8, 8))
    with pytest.raises(ValueError, match="4 widths are not 3"):
        DccSpec(widths=(8, 8, 8, 8))
