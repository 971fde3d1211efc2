"""What a run tells about itself: `log.jsonl`, and TensorBoard's files where that is installed."""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

log = logging.getLogger(__name__)

NAME = "log.jsonl"


class Record:
    """The log of a run. A disk that is full costs lines, never the run.

    Args:
        folder: The run's folder; `log.jsonl` and `tensorboard/` are made in it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer: Any = None
        self._silent = False

    def write(self, samples: int, **facts: Any) -> None:
        """Adds a line, and each number in it to TensorBoard.

        Args:
            samples: Photos seen.
            facts: What to tell; numbers, text, and tables of such.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with (self._folder / NAME).open("a", encoding="utf-8") as file:
                file.write(json.dumps({"time": round(time.time()), "samples": samples, **facts}) + "\n")
            self._plot(samples, facts, "")
        except OSError as error:
            if not self._silent:
                log.warning("The log in %s cannot be written: %s.", self._folder, error.strerror)
            self._silent = True

    def close(self) -> None:
        """Ends TensorBoard's file."""
        if self._writer:
            self._writer.close()
        self._writer = None

    def _plot(self, samples: int, facts: Mapping[str, Any], where: str) -> None:
        for name, value in facts.items():
            if isinstance(value, dict):
                self._plot(samples, cast("dict[str, Any]", value), f"{where}{name}/")
            elif isinstance(value, int | float) and (writer := self._opened()):
                writer.add_scalar(f"{where}{name}", value, samples)

    def _opened(self) -> Any:
        """TensorBoard's writer, opened at the first number; False where it is not installed."""
        if self._writer is None:
            try:
                from torch.utils.tensorboard import SummaryWriter  # pyright: ignore[reportPrivateImportUsage]
            except ImportError:
                self._writer = False
            else:
                self._writer = SummaryWriter(str(self._folder / "tensorboard"))
        return self._writer
