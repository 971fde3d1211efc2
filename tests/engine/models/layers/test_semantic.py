"""Semantic features for generators and critics."""

import pytest
import torch

from engine.models.layers.semantic import SemanticFeatures

CHANNELS = (8, 8, 16, 16)


@pytest.mark.parametrize(("size", "shape"), [(None, (2, 3)), ((64, 96), (64, 96)), ((7, 10), (7, 10))])
def test_size(size, shape):
    features = SemanticFeatures(5, channels=CHANNELS)
    assert features.width == 5
    assert features(torch.rand(2, 1, 64, 96) * 100, size).shape == (2, 5, *shape)


def test_the_usual_widths_are_resnet_18s():
    with torch.device("meta"):
        features = SemanticFeatures(64)
        assert features(torch.zeros(1, 1, 256, 256)).shape == (1, 64, 8, 8)
    assert sum(value.numel() for value in features.parameters()) == 11_170_240 + 512 * 64 + 64


def test_every_parameter_learns():
    features = SemanticFeatures(5, channels=CHANNELS)
    features(torch.rand(2, 1, 64, 64) * 100).square().mean().backward()
    assert all(value.grad is not None for value in features.parameters())
