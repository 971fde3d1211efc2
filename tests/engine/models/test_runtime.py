"""What a runtime does about memory, devices and precision; through a `Colorist`, see `tests/engine`."""

import pytest
import torch

from engine.errors import OutOfMemoryError
from engine.models.runtime import BATCH, Runtime
from engine.models.store import find_model
from tests.training.making import install

NO_MEMORY = torch.OutOfMemoryError("out of memory")
LOST = torch.AcceleratorError("CUDA error: unspecified launch failure")


@pytest.fixture
def runtime(monkeypatch):
    """A tiny model that computes in bfloat16, whether or not that is quick here."""
    install()
    monkeypatch.setattr("engine.models.runtime.faster_dtype", lambda run, device: torch.bfloat16)
    return Runtime(find_model("tiny"), "cpu")


@pytest.fixture
def elsewhere(runtime, monkeypatch):
    """The same on a device that is not there."""
    monkeypatch.setattr("engine.models.runtime.choose_device", lambda name: torch.device("meta"))
    monkeypatch.setattr("engine.models.weights.load_network", lambda model, device: runtime.network)
    return Runtime(find_model("tiny"), "auto")


def test_the_batch_shrinks_with_the_memory(runtime):
    assert runtime.batch == BATCH
    for batch, left in ((8, 4), (8, 4), (3, 1)):  # the second was begun before the first had failed
        runtime.give_way(NO_MEMORY, batch)
        assert runtime.batch == left
    assert len(runtime.notes) == 1
    with pytest.raises(OutOfMemoryError):
        runtime.give_way(NO_MEMORY, 1)


@pytest.mark.parametrize("error", [NO_MEMORY, LOST], ids=["memory", "lost"])
def test_the_device_is_left_for_the_cpu(elsewhere, error):
    before, failures = elsewhere.state, [error]

    def work():
        if failures:
            raise failures.pop()
        return elsewhere.device.type

    assert elsewhere.persist(work) == "cpu"
    assert elsewhere.state == (torch.device("cpu"), torch.float32) != before
    assert elsewhere.lost == (error is LOST)
    assert len(elsewhere.notes) == 1


@pytest.mark.parametrize("error", [ValueError("odd"), RuntimeError("shapes do not fit"), LOST])
def test_other_errors_go_up(runtime, error):
    state = runtime.state
    with pytest.raises(type(error), match=str(error)):  # the CPU is not lost, whatever is said
        runtime.give_way(error, 1)
    assert (runtime.state, runtime.notes) == (state, ())


def test_a_precision_that_is_doubted_is_left_once(runtime):
    matrix = torch.full((4, 4), 1.001)
    with runtime.inference():
        assert (matrix @ matrix).dtype == torch.bfloat16
    for _ in range(2):
        runtime.doubt_precision()
    with runtime.inference():
        exact = matrix @ matrix
    assert exact.dtype == torch.float32
    assert exact.is_inference()
    assert runtime.notes == ("bfloat16 is not precise enough on this device; going on in float32.",)


def test_features_of_another_state_fit_again(runtime):
    features = (torch.ones(2, dtype=torch.bfloat16), torch.arange(2))
    assert [part.dtype for part in runtime.here(features)] == [torch.bfloat16, torch.int64]
    runtime.doubt_precision()
    assert [part.dtype for part in runtime.here(features)] == [torch.float32, torch.int64]


def test_the_processor_has_all_channels_of_a_pixel_together(runtime, elsewhere):
    network = runtime.network
    assert all(part.is_contiguous(memory_format=torch.channels_last) for part in network.parameters() if part.ndim == 4)
    network.to(memory_format=torch.contiguous_format)
    elsewhere.give_way(LOST, 1)
    assert all(part.is_contiguous(memory_format=torch.channels_last) for part in network.parameters() if part.ndim == 4)
