"""Where networks run: CUDA where there is one, else MPS, else the CPU; and in which precision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from engine.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

DeviceName = Literal["auto", "cpu", "cuda", "mps"]


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
    """bfloat16 where the device computes in it by itself and the network can; else float32.

    The hardware decides and never the clock: bfloat16 rounds colours a little, and a photo must have the same ones
    tomorrow, or after a run was killed, whatever else the machine had to do at that moment.

    Args:
        run: Runs the network once on a small input in the given precision, and waits for it.
        device: Where it runs.

    Returns:
        torch.float32 or torch.bfloat16.

    Raises:
        RuntimeError: If the network does not run at all.
    """
    import torch

    if _has_bfloat16(device):
        try:
            run(torch.bfloat16)
        except RuntimeError:
            run(torch.float32)
        else:
            return torch.bfloat16
    return torch.float32


def _has_bfloat16(device: torch.device) -> bool:
    """Whether the hardware multiplies in bfloat16; where it only pretends to, that is slower than float32."""
    import torch

    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)
    return device.type == "cpu" and torch.cpu._is_avx512_bf16_supported()  # pyright: ignore[reportPrivateUsage]
