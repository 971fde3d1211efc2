"""Which device is chosen, and in which precision it computes."""

from types import SimpleNamespace

import pytest
import torch

from engine.device import available_devices, choose_device, faster_dtype
from engine.errors import DeviceError


@pytest.fixture
def has(monkeypatch):
    """Makes this machine one with or without the accelerators."""

    def make(*, cuda=False, mps=False):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)

    return make


@pytest.mark.parametrize(
    ("here", "devices"),
    [
        ({}, ("cpu",)),
        ({"cuda": True}, ("cuda", "cpu")),
        ({"mps": True}, ("mps", "cpu")),
        ({"cuda": True, "mps": True}, ("cuda", "mps", "cpu")),
    ],
    ids=str,
)
def test_the_best_device_comes_first(has, here, devices):
    has(**here)
    assert available_devices() == devices
    assert choose_device().type == choose_device("auto").type == devices[0]
    for name in devices:
        assert choose_device(name).type == name


@pytest.mark.parametrize("name", ["cuda", "mps"])
def test_a_device_that_is_not_here(has, name):
    has()
    with pytest.raises(DeviceError, match=name.upper()) as told:
        choose_device(name)
    assert "cpu" in told.value.advice


@pytest.mark.parametrize("name", ["", "gpu", "CPU", "cuda:0"])
def test_a_device_that_does_not_exist(name):
    with pytest.raises(DeviceError) as told:
        choose_device(name)
    assert "auto, cpu, cuda, mps" in told.value.advice


@pytest.fixture
def taking(monkeypatch):
    """A network that takes so many seconds in each precision, by a clock of its own; None fails."""
    now = [0.0]
    monkeypatch.setattr("engine.device.time", SimpleNamespace(perf_counter=lambda: now[0]))

    def make(**seconds):
        def run(dtype):
            took = seconds[str(dtype).removeprefix("torch.")]
            if took is None:
                raise RuntimeError("not implemented")
            now[0] += took

        return run

    return make


CPU = torch.device("cpu")


def test_bfloat16_is_used_where_it_is_clearly_faster(taking):
    assert faster_dtype(taking(float32=1.2, bfloat16=1.0), CPU) == torch.bfloat16


@pytest.mark.parametrize("bfloat16", [2.0, 1.1, None])
def test_float32_is_used_otherwise(taking, bfloat16):
    assert faster_dtype(taking(float32=1.2, bfloat16=bfloat16), CPU) == torch.float32


def test_what_fails_in_float32_fails(taking):
    with pytest.raises(RuntimeError, match="not implemented"):
        faster_dtype(taking(float32=None, bfloat16=0.0), CPU)


def test_mps_is_not_tried(taking):
    assert faster_dtype(taking(float32=None), torch.device("mps")) == torch.float32
