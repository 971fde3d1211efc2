"""Ray: connecting to a cluster, and having Ray Data pass blocks of orders to actors and bring their replies.

This is the one module that imports it, and only inside of functions.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import queue
import signal
import sys
import threading
import time
import warnings
from typing import IO, TYPE_CHECKING, Any, cast

from engine.batch.cluster.crew import Node
from engine.batch.cluster.mailbox import Mailbox, Sender
from engine.batch.cluster.worker import Worker, opened, sealed
from engine.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from engine.batch.cluster.crew import Crew
    from engine.batch.cluster.orders import Order, Reply
    from engine.batch.cluster.worker import Parts, Terms
    from engine.batch.events import Event
    from engine.progress import Progress

RETRIES = 5
"""How often Ray repeats a block whose actor died, and that while it is not sure yet that a machine is lost. Without
end, a photo that kills its actor would do so for ever."""
POLL = 0.1
"""Seconds between two looks at the progress and the mailbox."""
_LOCAL_STORE = 200 << 20
"""Bytes that a cluster of this machine alone sets aside: it moves names, not pixels."""
_SETTINGS = {
    "RAY_BACKEND_LOG_LEVEL": "fatal",  # what it logs to the terminal is for its own developers
    "RAY_ENABLE_AUTO_CONNECT": "0",  # or a thread that is left behind at the end would start a cluster of its own
    "RAY_USAGE_STATS_ENABLED": "0",  # nothing about a user's archive is sent to anybody
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}


class ClusterError(EngineError):
    """The cluster cannot be reached, or could not go on."""

    title = "The cluster cannot be used"


def require_ray() -> None:
    """Loads Ray.

    Raises:
        ClusterError: If it is not installed.
    """
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    try:
        _loaded("ray.data")
    except ImportError as error:
        raise ClusterError(
            f"Ray, which --cluster needs, is not installed here ({error}).",
            "Install it with: pip install 'autochrome[cluster]'",
        ) from error


def _loaded(name: str) -> Any:
    """A module of Ray; what it gives and takes is not all typed."""
    return importlib.import_module(name)


class Session:
    """A connection to a cluster. Made by `connected`."""

    def __init__(self) -> None:
        self._ray = _loaded("ray")
        here = _loaded("ray.util.scheduling_strategies").NodeAffinitySchedulingStrategy(
            self._ray.get_runtime_context().get_node_id(), soft=False
        )
        self._mailbox = self._ray.remote(num_cpus=0, scheduling_strategy=here)(Mailbox).remote()

    def nodes(self) -> list[Node]:
        """The machines that are there now."""
        alive: list[dict[str, float]] = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
        return [Node(int(each.get("CPU", 0)), int(each.get("GPU", 0))) for each in alive]

    def events(self) -> list[Event]:
        """What the workers have told since the last time."""
        with contextlib.suppress(self._ray.exceptions.RayError):  # it is only for people who watch
            return self._ray.get(self._mailbox.take.remote())
        return []

    def replies(
        self, blocks: Sequence[Sequence[Order]], parts: Parts, terms: Terms, crew: Crew, progress: Progress
    ) -> Generator[list[Reply]]:
        """Has blocks of orders done, and brings their replies, in the order in which they come.

        A block whose actors died again and again brings none. Where the progress is cancelled there are no more; what
        is at work then ends with the connection.

        Args:
            blocks: The orders.
            parts: What the batch is made of.
            terms: What all workers agree on.
            crew: The actors.
            progress: May cancel it. While it is paused no reply is taken, and so little more is begun.

        Yields:
            The replies of a block, or nothing, so that the caller may look around.

        Raises:
            ClusterError: If the cluster cannot go on.
        """
        dataset = self._dataset(blocks, parts, terms, crew)
        arrived: queue.Queue[list[Reply] | BaseException | None] = queue.Queue(maxsize=len(blocks) + 1)
        threading.Thread(target=_receive, args=(dataset, arrived), name="autochrome-cluster", daemon=True).start()
        while not progress.cancelled:
            if progress.paused:
                time.sleep(POLL)
                continue
            try:
                reply = arrived.get(timeout=POLL)
            except queue.Empty:
                yield []
                continue
            if reply is None:
                return
            if isinstance(reply, BaseException):
                advice = "See that its machines are there, and run the same command again: it goes on from here."
                raise ClusterError(f"The cluster could not go on: {_first_line(reply)}", advice) from reply
            yield reply

    def _dataset(self, blocks: Sequence[Sequence[Order]], parts: Parts, terms: Terms, crew: Crew) -> Any:
        data = _loaded("ray.data")
        # Between one actor and all of them: where a machine is lost, those that have no work left make room for the
        # ones that are to be started anew.
        actors = min(crew.actors, len(blocks))
        pool = data.ActorPoolStrategy(
            min_size=1,
            max_size=actors,
            initial_size=actors,
            max_tasks_in_flight_per_actor=crew.cores * crew.queue,
            max_concurrent_calls_per_actor=crew.cores,
            enable_true_multi_threading=True,
        )
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            # The last two have no other way in, so far.
            return data.from_arrow([sealed(block) for block in blocks]).map_batches(
                Worker,
                fn_constructor_args=(parts, terms, crew, Sender(self._mailbox)),
                batch_size=None,
                batch_format="pyarrow",
                compute=pool,
                num_cpus=crew.cores,
                num_gpus=crew.gpus,
                max_restarts=-1,
                max_task_retries=RETRIES,
            )


@contextlib.contextmanager
def connected(address: str | None) -> Generator[Session]:
    """Connects to a cluster, or starts one of this machine alone; at the end it is left, and all actors end.

    Args:
        address: Of its head, host:port; None starts one.

    Raises:
        ClusterError: If there is none at that address.
    """
    require_ray()
    ray = _loaded("ray")
    how: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.CRITICAL}
    if address is None:
        how |= {"include_dashboard": False, "object_store_memory": _LOCAL_STORE}
    with contextlib.redirect_stdout(cast("IO[str]", _OwnOutput(sys.stdout))):
        try:
            with _signals_kept():
                ray.init(address=address or "local", **how)
        except Exception as error:
            raise _unreachable(address, error) from error
        try:
            _be_quiet()
            yield Session()
        finally:
            ray.shutdown()


def _unreachable(address: str | None, error: Exception) -> ClusterError:
    if address is None:
        advice = "Close other programs, or leave --cluster out: one machine needs none."
        return ClusterError(f"No Ray cluster could be started on this machine: {_first_line(error)}", advice)
    advice = "Check the address; `ray status` on its head tells whether it is up."
    return ClusterError(f"There is no Ray cluster to use at {address}: {_first_line(error)}", advice)


class _OwnOutput:
    """The standard output without what Ray's own threads write there: its lines are the command's.

    Args:
        true: The standard output.
    """

    def __init__(self, true: IO[str]) -> None:
        self._true = true

    def __getattr__(self, name: str) -> Any:
        return getattr(self._true, name)

    def write(self, text: str) -> int:
        """Writes, unless it is one of Ray's threads that asks."""
        return len(text) if threading.current_thread().name.startswith("ray_") else self._true.write(text)


@contextlib.contextmanager
def _signals_kept() -> Generator[None]:
    """Ray takes SIGTERM for itself; here it cancels a run in good order."""
    former = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread() and former is not None:
            signal.signal(signal.SIGTERM, former)


def _be_quiet() -> None:
    """Has Ray Data keep to itself what it does, and go on when a block is lost: the driver asks for it again."""
    context = _loaded("ray.data").DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.max_errored_blocks = -1
    for handler in logging.getLogger("ray.data").handlers:
        # Only Ray's own: whoever listens there too (a test, a program around this one) listens to more than Ray.
        if type(handler).__module__.startswith("ray.") and isinstance(handler, logging.StreamHandler):
            handler.setLevel(logging.CRITICAL + 1)


def _receive(dataset: Any, arrived: queue.Queue[list[Reply] | BaseException | None]) -> None:
    """Takes replies as Ray brings them, on a thread of its own, so that a run can be cancelled meanwhile."""
    try:
        for block in dataset.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
            arrived.put(opened(block))
    except BaseException as error:  # noqa: BLE001 - carried to the thread that waits
        arrived.put(error)
    else:
        arrived.put(None)


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
