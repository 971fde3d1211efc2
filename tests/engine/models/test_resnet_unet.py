"""ResNet-18 as the way down of a U-Net."""

import pytest
import torch

from engine.models.layers.resnet import ResNetEncoder
from engine.models.resnet_unet import ResNetUNet, ResNetUNetSpec
from tests.engine.models.learning import check_learning, full_size, made, parameters, photos, with_zeroed


def small() -> ResNetUNet:
    return ResNetUNet(ResNetUNetSpec(channels=(8, 8, 16, 16), head=8))


def test_resnet_18_without_its_last_two_layers():
    """11,689,512 parameters as published for RGB, less the classifier's 513,000 and two channels of the first layer."""
    assert parameters(ResNetEncoder) == 11_689_512 - 513_000 - 2 * 64 * 49


def test_full_size():
    assert parameters(lambda: ResNetUNet(ResNetUNetSpec())) == 14_398_786
    assert full_size(lambda: ResNetUNet(ResNetUNetSpec())) == (2, 2, 256, 192)


def test_learning():
    check_learning(small, steps=16, rate=1e-2)


def test_each_map_matters():
    network = made(small)
    with torch.inference_mode():
        features = network.encode(photos(2))
        assert [part.shape[-1] for part in features] == [64, 32, 16, 8, 4, 2]
        whole = network.decode(features).ab
        for level in range(len(features)):
            assert not torch.allclose(network.decode(with_zeroed(features, level)).ab, whole, atol=1e-3), level


def test_pretrained_weights_are_asked_of_timm_for_one_channel(monkeypatch):
    asked = {}

    def create_model(name, **how):
        asked.update(how, name=name)
        return torch.nn.Identity()

    monkeypatch.setattr("engine.models.layers.resnet.timm.create_model", create_model)
    ResNetUNet(ResNetUNetSpec(), pretrained=True)
    assert asked["pretrained"] is True
    assert asked["name"] == "resnet18"
    assert asked["in_chans"] == 1


def test_mid_grey_is_centred_as_the_published_weights_expect():
    encoder = ResNetEncoder((8, 8, 16, 16)).eval()
    seen = []
    encoder.body.conv1.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    encoder(torch.full((1, 1, 32, 32), 44.9))
    encoder(torch.full((1, 1, 32, 32), 67.5))
    assert [float(value.mean()) for value in seen] == pytest.approx([0.0, 1.0], abs=1e-5)


def test_wrong_number_of_widths():
    with pytest.raises(ValueError, match="3 widths are not 4"):
        ResNetUNetSpec(channels=(8, 8, 8))
