"""A `Runtime`: a network on a device, in the precision that is faster there, and what is done when either fails.

A device whose memory is not enough, or that fails altogether, is left for the CPU; a precision that turns out too
coarse, for float32. What was computed before may then lie elsewhere, or not be readable any more: whoever keeps such
tensors compares `state`.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, TypeVar

from engine.device import choose_device, faster_dtype
from engine.errors import OutOfMemoryError
from engine.models.failures import is_device_lost, is_out_of_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import torch

    from engine.models.card import InstalledModel
    from engine.models.contract import Colorizer, Features

log = logging.getLogger(__name__)

BATCH = 8
"""The most photos that go through a network together."""
TRIAL_SIDE = 96

_Result = TypeVar("_Result")


class Runtime:
    """A network, ready to run. Where it runs on the CPU, several threads may use it at once.

    Args:
        installed: The model.
        device: auto, cpu, cuda or mps.

    Raises:
        BadWeightsError: If its weights cannot be used.
        DeviceError: If this machine has no such device.
    """

    def __init__(self, installed: InstalledModel, device: str) -> None:
        import torch

        from engine.models.weights import load_network

        self._installed = installed
        self._device = choose_device(device)
        self._dtype = torch.float32
        self._lost = False
        self._notes: list[str] = []
        self._batch = BATCH
        try:
            self._network = _arranged(load_network(installed, self._device), self._device)
        except (OutOfMemoryError, RuntimeError) as error:
            lost = is_device_lost(error)
            if self._device.type == "cpu" or not (lost or isinstance(error, OutOfMemoryError)):
                raise
            self._go_to_cpu(load_network(installed, torch.device("cpu")), lost=lost)
        try:
            self._dtype = faster_dtype(self._trial, self._device)
        except (MemoryError, RuntimeError) as error:
            self.give_way(error, 1)

    @property
    def network(self) -> Colorizer:
        """The network, on its present device."""
        return self._network

    @property
    def device(self) -> torch.device:
        """Where it runs now."""
        return self._device

    @property
    def dtype(self) -> torch.dtype:
        """What it computes in now."""
        return self._dtype

    @property
    def state(self) -> tuple[torch.device, torch.dtype]:
        """Device and precision: what was computed in another state is better computed again."""
        return self._device, self._dtype

    @property
    def lost(self) -> bool:
        """Whether a device has failed, so that nothing that lay in its memory can be read."""
        return self._lost

    @property
    def batch(self) -> int:
        """How many photos fit through the network together, as far as is known."""
        return self._batch

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know, each said once: that the memory was not enough, for example."""
        return tuple(self._notes)

    @contextmanager
    def inference(self) -> Generator[None]:
        """While the block runs, torch keeps nothing for training, and computes in the present precision."""
        import torch

        dtype = self._dtype  # another thread may change it
        precision = nullcontext() if dtype == torch.float32 else torch.autocast(self._device.type, dtype)
        with torch.inference_mode(), precision:
            yield

    def here(self, features: Features) -> Features:
        """Features on the present device, and fit for the present precision: both may be others than before."""
        import torch

        here = (part.to(self._device) for part in features)
        if self._dtype != torch.float32:
            return tuple(here)  # autocast takes any
        return tuple(part.float() if part.is_floating_point() else part for part in here)

    def persist(self, work: Callable[[], _Result]) -> _Result:
        """Does something for one photo, again where memory or a device has given way meanwhile.

        Raises:
            OutOfMemoryError: If it does not fit into the memory of the CPU.
        """
        while True:
            try:
                return work()
            except (MemoryError, RuntimeError) as error:
                self.give_way(error, 1)

    def give_way(self, error: Exception, batch: int) -> None:
        """After running out of memory: a smaller batch, then the CPU. A device that failed is left at once.

        Args:
            error: What the network raised; anything else than these goes on up.
            batch: How many photos it was given.

        Raises:
            OutOfMemoryError: If there is nothing left to give up.
        """
        here = self._device.type
        if here != "cpu" and is_device_lost(error):
            self._leave_device()
        elif not is_out_of_memory(error):
            raise error
        elif batch == 1 and here == "cpu":
            raise OutOfMemoryError(
                "There is not enough memory to colour even one photo.", "Close other programs and try again."
            ) from error
        else:
            try:
                self._need_less(batch)
            except RuntimeError as also:
                if not is_device_lost(also):
                    raise
                self._leave_device()

    def doubt_precision(self) -> None:
        """Goes on in float32, if the network returned nothing usable in less."""
        import torch

        if self._dtype != torch.float32:
            name = str(self._dtype).removeprefix("torch.")
            self._say(f"{name} is not precise enough on this device; going on in float32.")
            self._dtype = torch.float32

    def _need_less(self, batch: int) -> None:
        import torch

        if self._device.type == "cuda":
            torch.cuda.empty_cache()
        if batch > 1:
            self._batch = min(self._batch, batch // 2)  # another thread may have found less
            self._say("There is little memory; going on with fewer photos at a time.")
        else:
            self._go_to_cpu(self._network.to("cpu"), lost=False)

    def _leave_device(self) -> None:
        """Goes on with the CPU after a device has failed; the weights that lay there cannot be read any more."""
        from engine.models.weights import load_network

        self._go_to_cpu(load_network(self._installed, "cpu"), lost=True)

    def _go_to_cpu(self, network: Colorizer, *, lost: bool) -> None:
        import torch

        device = self._device.type.upper()
        if lost:
            self._say(f"The {device} device has failed; going on with the CPU. To use it again, restart the program.")
        else:
            self._say(f"The memory of the {device} device is not enough; going on with the CPU.")
        self._lost = self._lost or lost
        self._device, self._dtype = torch.device("cpu"), torch.float32
        self._network = _arranged(network, self._device)

    def _say(self, note: str) -> None:
        if note not in self._notes:
            log.warning(note)
            self._notes.append(note)

    def _trial(self, dtype: torch.dtype) -> None:
        """One run on a small input, waited for."""
        import torch

        lightness = torch.full((1, 1, TRIAL_SIDE, TRIAL_SIDE), 50.0, device=self._device)
        with torch.inference_mode(), torch.autocast(self._device.type, dtype, enabled=dtype != torch.float32):
            self._network(lightness).ab.cpu()


def _arranged(network: Colorizer, device: torch.device) -> Colorizer:
    """A network on the processor with all channels of a pixel together, as convolutions like it there.

    It is a tenth to a third quicker so. Other devices keep what they have, for nobody has measured it on them.
    """
    import torch

    return network.to(memory_format=torch.channels_last) if device.type == "cpu" else network
