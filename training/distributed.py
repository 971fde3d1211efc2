"""Several processes that train one network together, as `torchrun` starts them; one process alone is a group of one.

Each rank computes its share of every batch; torch's DistributedDataParallel averages the gradients. Rank 0 alone
writes.
"""

from __future__ import annotations

import datetime as dt
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

if TYPE_CHECKING:
    from collections.abc import Generator

PATIENCE = dt.timedelta(hours=2)
"""How long a rank waits for the others: rank 0 reads photos, measures and writes while they do."""


@dataclass(frozen=True, slots=True)
class Group:
    """The processes of a run.

    Attributes:
        rank: Which one this is.
        size: How many there are.
    """

    rank: int = 0
    size: int = 1

    @property
    def first(self) -> bool:
        """Whether this process is the one that writes and speaks."""
        return self.rank == 0

    def wait(self) -> None:
        """Waits until all are here."""
        if self.size > 1:
            dist.barrier()

    def any(self, flag: bool, device: torch.device) -> bool:
        """Whether the flag is set anywhere."""
        if self.size == 1:
            return flag
        flags = torch.tensor([float(flag)], device=device)
        dist.all_reduce(flags)
        return bool(flags.item() > 0)

    def from_first(self, value: float, device: torch.device) -> float:
        """Rank 0's number, everywhere."""
        if self.size == 1:
            return value
        number = torch.tensor([value], dtype=torch.float32 if device.type == "mps" else torch.float64, device=device)
        dist.broadcast(number, 0)
        return float(number.item())

    def mean(self, losses: dict[str, Tensor]) -> dict[str, Tensor]:
        """The mean of each number over all ranks; their names are the same everywhere."""
        if self.size == 1 or not losses:
            return losses
        together = torch.stack([value.detach().float() for value in losses.values()])
        dist.all_reduce(together)
        return dict(zip(losses, together / self.size, strict=True))

    def parallel(self, module: nn.Module, device: torch.device) -> nn.Module:
        """The module, its gradients averaged over the group; itself where there is nobody else or nothing to learn."""
        if self.size == 1 or not any(value.requires_grad for value in module.parameters()):
            return module
        places = [device] if device.type == "cuda" else None
        # Not every loss reaches every weight in every batch: labels, hints and palettes come and go.
        wrapped: Any = DistributedDataParallel(module, device_ids=places, find_unused_parameters=True)
        return wrapped


ALONE = Group()


@contextmanager
def joined(device: torch.device) -> Generator[tuple[Group, torch.device]]:
    """Joins the group that `torchrun` has started this process in.

    Args:
        device: What was asked for; "cuda" becomes this process's own GPU.

    Yields:
        The group, and the device of this process.
    """
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        # With its number, for the thread that makes the batches would take its own present device.
        yield ALONE, torch.device("cuda", torch.cuda.current_device()) if device.type == "cuda" else device
        return
    if device.type == "cuda":
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=PATIENCE)
    try:
        yield Group(dist.get_rank(), dist.get_world_size()), device
    finally:
        dist.destroy_process_group()
