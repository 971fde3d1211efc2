"""What a network's failure means: too little memory, or a device that is gone. Anything else is a fault of ours.

Torch has no common class for either. Its errors are told apart by class where there is one, else by the words of the
library that failed.
"""

from __future__ import annotations

_NO_MEMORY = (
    "out of memory",
    "outofmemory",
    "not enough memory",
    "insufficient memory",
    "allocate memory",
    "alloc_failed",
)
"""The CPU's allocator has no error class of its own; each system, and each library of CUDA's, has its own words."""
_NO_DEVICE = (
    "cuda error",
    "cuda driver error",
    "cudnn error",
    "cublas error",
    "cublas_status",
    "command buffer exited",
)


def is_out_of_memory(error: Exception) -> bool:
    """Whether a device, or the CPU, had too little memory: something smaller may go well."""
    import torch

    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and _says(error, _NO_MEMORY)


def is_device_lost(error: Exception) -> bool:
    """Whether a device has failed: its driver was reset, it fell off the bus, or it cannot run this at all.

    CUDA says the same to every later call of this process, and what lay in the device's memory cannot be read again.
    """
    import torch

    if is_out_of_memory(error):
        return False
    told = getattr(torch, "AcceleratorError", ())  # younger than the oldest torch that we take
    return isinstance(error, told) or (isinstance(error, RuntimeError) and _says(error, _NO_DEVICE))


def _says(error: Exception, words: tuple[str, ...]) -> bool:
    text = str(error).lower()
    return any(word in text for word in words)
