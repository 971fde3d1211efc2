"""Garbage is collected on the thread of the window alone.

Python collects whenever enough objects have come into being, on whatever thread that happens. Windows and dialogs hang
together in circles, and Qt allows none of them to be destroyed on another thread: the program would crash, rarely and
without a trace. So the automatic collection is switched off, and a timer of the window looks whether one is due.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY_MS = 500


class Collecting(QObject):
    """Collects garbage on the thread that it was made on, until `stop`.

    Args:
        parent: The owner.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._automatic = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.collect_if_due)
        self._timer.start()

    def settle(self) -> None:
        """Collects everything once, and then leaves what is there now for good: it is what the program consists of.

        A full collection looks through all that lives; without this, through all of the window and of its libraries.
        """
        gc.collect()
        gc.freeze()

    def collect_if_due(self) -> None:
        """Collects the generations whose thresholds are passed, as Python itself would have done."""
        for generation, (count, threshold) in reversed(
            list(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))
        ):
            if threshold and count > threshold:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Lets Python collect by itself again."""
        self._timer.stop()
        gc.unfreeze()
        if self._automatic:
            gc.enable()
