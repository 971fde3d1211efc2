"""Where networks run: CUDA where there is one, else MPS, else the CPU; and in which precision, found by trying."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Literal, get_args

from engine.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

DeviceName = Literal["auto", "cpu", "cuda", "mps"]

TRIAL_RUNS = 3
GAIN_NEEDED = 1.15
"""bfloat16 rounds colours a little, so it is used only where it is at least this much faster."""


def available_devices() -> tuple[str, ...]:
    """The devices of this machine, the best first; "cpu" is always the last."""
    import torch

    found = ["cuda"] if torch.cuda.is_available() else []
    if torch.backends.mps.is_available():
        found.append("mps")
    return (*found, "cpu")


def choose_device(name: str = "auto") -> torch.device:
    """The torch device for a name.

    Args:
        name: auto (the best there is), cpu, cuda or mps.

    Raises:
        DeviceError: If the name is unknown or this machine has no such device.
    """
    import torch

    if name not in get_args(DeviceName):
        raise DeviceError(f'"{name}" is not a device.', f"Choose one of {', '.join(get_args(DeviceName))}.")
    here = available_devices()
    chosen = here[0] if name == "auto" else name
    if chosen not in here:
        raise DeviceError(f"This machine has no {chosen.upper()} device.", f"Available: {', '.join(here)}.")
    return torch.device(chosen)


def faster_dtype(run: Callable[[torch.dtype], None], device: torch.device) -> torch.dtype:
    """float32, or bfloat16 where a quick trial on this machine shows it clearly faster.

    Args:
        run: Runs the network once on a small input in the given precision, and waits for it.
        device: Where it runs.

    Returns:
        torch.float32 or torch.bfloat16.
    """
    import torch

    if device.type == "mps":
        return torch.float32
    seconds: dict[torch.dtype, float] = {}
    for dtype in (torch.float32, torch.bfloat16):
        try:
            run(dtype)  # the first run compiles kernels
            took: list[float] = []
            for _ in range(TRIAL_RUNS):
                start = time.perf_counter()
                run(dtype)
                took.append(time.perf_counter() - start)
        except RuntimeError:
            if dtype == torch.float32:
                raise
            return torch.float32  # no bfloat16 on this device
        seconds[dtype] = min(took)
    faster = seconds[torch.float32] > GAIN_NEEDED * seconds[torch.bfloat16]
    return torch.bfloat16 if faster else torch.float32
