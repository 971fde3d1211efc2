"""Which device is chosen, and in which precision it computes."""

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


CPU = torch.device("cpu")


@pytest.fixture
def hardware(monkeypatch):
    """A processor that has bfloat16, or has not."""
    return lambda has: monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: has)


def network(*, fails=()):
    """Runs in a precision, and not in others; remembers which were asked for."""
    asked = []

    def run(dtype):
        asked.append(dtype)
        if dtype in fails:
            raise RuntimeError("not implemented")

    return run, asked


def test_the_hardware_decides_and_not_the_clock(hardware):
    hardware(True)
    run, asked = network()
    assert faster_dtype(run, CPU) == torch.bfloat16
    assert asked == [torch.bfloat16]


def test_without_the_hardware_nothing_is_tried(hardware):
    hardware(False)
    run, asked = network()
    assert faster_dtype(run, CPU) == torch.float32
    assert asked == []


def test_a_network_that_cannot_is_run_in_float32(hardware):
    hardware(True)
    run, _ = network(fails=[torch.bfloat16])
    assert faster_dtype(run, CPU) == torch.float32


def test_what_fails_in_float32_too_fails(hardware):
    hardware(True)
    run, _ = network(fails=[torch.bfloat16, torch.float32])
    with pytest.raises(RuntimeError, match="not implemented"):
        faster_dtype(run, CPU)


@pytest.mark.parametrize(("capability", "dtype"), [((7, 5), torch.float32), ((8, 0), torch.bfloat16)])
def test_of_cuda_cards_the_newer(monkeypatch, capability, dtype):
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)
    assert faster_dtype(network()[0], torch.device("cuda")) == dtype


def test_mps_is_not_tried():
    run, asked = network()
    assert faster_dtype(run, torch.device("mps")) == torch.float32
    assert asked == []
