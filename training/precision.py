"""In which precision a run computes, and what makes it repeatable."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from training.recipe import ScheduleRecipe


def autocast(device: torch.device, schedule: ScheduleRecipe) -> torch.autocast:
    """The context in which a recipe's layers run."""
    wanted = schedule.precision == "bfloat16" or (schedule.precision == "auto" and bfloat16_is_fast(device))
    return torch.autocast(device.type, torch.bfloat16, enabled=wanted)


def bfloat16_is_fast(device: torch.device) -> bool:
    """Whether the device multiplies bfloat16 matrices in hardware."""
    if device.type == "cpu":
        return torch.cpu._is_avx512_bf16_supported()  # pyright: ignore - torch offers no public question
    return device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)


def make_repeatable(device: torch.device, schedule: ScheduleRecipe) -> None:
    """Has CUDA add in a fixed order wherever it can, so that a resumed run equals an unbroken one bit by bit.

    The CPU does so by itself, with the same number of threads. A recipe that would rather be fast says so
    (`ScheduleRecipe.repeatable`): the gradients of resizing alone take several times as long in a fixed order.
    """
    if device.type != "cuda" or not schedule.repeatable:
        return
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # what cuBLAS asks for in return
    torch.backends.cudnn.benchmark = False
    torch.use_deterministic_algorithms(True, warn_only=True)
    rules: Any = torch.utils.deterministic  # a module that is a class, which its stub does not know
    rules.fill_uninitialized_memory = False  # nobody reads what was not written
