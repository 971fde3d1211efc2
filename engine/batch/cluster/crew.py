"""How many actors a cluster is given, and how large they are."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import DeviceError, EngineError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.batch.options import BatchOptions

CORES = 4
"""Of an actor without a GPU: they share one model, whose memory they would otherwise need each."""
PHOTOS = 4
"""Photos of a block to each core: few, for a lost block is looked through again, and the last blocks end together."""


@dataclass(frozen=True, slots=True)
class Node:
    """A machine of a cluster, as Ray counts it."""

    cores: int
    gpus: int


@dataclass(frozen=True, slots=True)
class Crew:
    """The actors of a run.

    Attributes:
        actors: How many.
        cores: Of each: so many photos it works on at the same time.
        gpus: Of each.
        device: Where its network runs.
        queue: Blocks that wait at an actor or are at work there, for each core.
    """

    actors: int
    cores: int
    gpus: int
    device: str
    queue: int = 2

    @property
    def block(self) -> int:
        """Photos that an actor is given together."""
        return PHOTOS * self.cores

    @property
    def one_by_one(self) -> Crew:
        """A crew whose actors have one photo each and no other: what ends its process then takes none along."""
        return dataclasses.replace(self, cores=1, queue=1)


def crew_of(nodes: Sequence[Node], options: BatchOptions) -> Crew:
    """One actor a GPU where the cluster has some and they are wanted; else one for every few cores.

    Machines without a GPU are then left aside: a photo takes them so much longer that the others would wait for them.

    Args:
        nodes: The machines.
        options: What was asked for.

    Raises:
        DeviceError: If the device that was asked for is not in the cluster.
        EngineError: If the cluster has no machine that is large enough.
    """
    if options.device not in ("auto", "cpu", "cuda"):
        raise DeviceError(f"A cluster has no device {options.device}.", "Choose --device auto, cpu or cuda.")
    with_gpus = [node for node in nodes if node.gpus]
    if with_gpus and options.device != "cpu":
        cores = options.jobs or max(min(node.cores // node.gpus for node in with_gpus), 1)
        actors = sum(min(node.gpus, node.cores // cores) for node in with_gpus)
        crew = Crew(actors, cores, 1, "cuda")
    elif options.device == "cuda":
        raise DeviceError("No machine of the cluster has a GPU that Ray knows of.", "Choose --device auto or cpu.")
    else:
        smallest = min((node.cores for node in nodes if node.cores), default=1)
        cores = options.jobs or min(CORES, smallest)
        crew = Crew(sum(node.cores // cores for node in nodes), cores, 0, "cpu")
    if not crew.actors:
        raise EngineError(
            f"No machine of the cluster has {crew.cores} cores to give.", "Choose fewer with --jobs, or add machines."
        )
    return crew
