"""Libraries that may not be installed."""

import sys

import pytest

from training.metrics.extra import MissingExtraError, installed, required
from training.metrics.ssim import ssim


def test_what_is_there():
    assert installed("numpy")
    assert required("numpy.linalg", "This").norm([3, 4]) == 5


def test_what_is_not():
    assert not installed("no_such_library.part")
    with pytest.raises(MissingExtraError, match="This needs no_such_library, which is not installed") as told:
        required("no_such_library.part", "This")
    assert "pip install 'autochrome[train]'" in told.value.advice


def test_a_metric_says_what_it_needs(monkeypatch):
    monkeypatch.setitem(sys.modules, "torchmetrics", None)
    monkeypatch.setitem(sys.modules, "torchmetrics.functional.image", None)
    with pytest.raises(MissingExtraError, match="SSIM needs torchmetrics"):
        ssim(None, None)
