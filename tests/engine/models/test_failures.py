import pytest
import torch

from engine.models.failures import is_device_lost, is_out_of_memory


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        torch.AcceleratorError("CUDA error: out of memory"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
        RuntimeError("MPS backend out of memory"),
        RuntimeError("command buffer exited with error status. Error: Insufficient Memory (00000008:kIOGPU...)"),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 17179869184 bytes."),
    ],
    ids=repr,
)
def test_too_little_memory(error):
    assert is_out_of_memory(error)
    assert not is_device_lost(error)


@pytest.mark.parametrize(
    "error",
    [
        torch.AcceleratorError("CUDA error: unspecified launch failure"),
        torch.AcceleratorError("CUDA error: no kernel image is available for execution on the device"),
        torch.AcceleratorError("anything"),
        RuntimeError("CUDA error: an illegal memory access was encountered"),
        RuntimeError("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"),
        RuntimeError("CUDA error: CUBLAS_STATUS_NOT_INITIALIZED when calling `cublasCreate(handle)`"),
    ],
    ids=repr,
)
def test_a_device_that_failed(error):
    assert is_device_lost(error)
    assert not is_out_of_memory(error)


def test_an_older_torch_is_understood(monkeypatch):
    monkeypatch.delattr(torch, "AcceleratorError")
    assert is_device_lost(RuntimeError("CUDA error: unspecified launch failure"))
    assert not is_device_lost(RuntimeError("shapes do not match"))


@pytest.mark.parametrize(
    "error", [RuntimeError("shapes do not match"), ValueError("cuda error"), OSError("cuda error")]
)
def test_other_errors_are_neither(error):
    assert not is_device_lost(error)
    assert not is_out_of_memory(error)
